"""Signing in, lockout, tokens, passwords, adding accounts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher

from tests.factories.organisation import PASSWORD, add_user, small_organisation
from tests.factories.storage import counted_statements, user
from tests.factories.times import START
from workflows.errors import ForbiddenError, InvalidFormError, InvalidInputError
from workflows.organisation.accounts import (
    LOCK_AFTER,
    LOCK_FOR,
    add_account,
    authenticate,
    change_password,
    find_by_token,
    find_signed_in,
    issue_token,
    load_account,
    revoke_tokens,
    set_language,
)
from workflows.organisation.passwords import hash_password
from workflows.organisation.tables import Account, ApiToken
from workflows.storage import SYSTEM, Database, IdSource

DAY = date(2026, 9, 3)
NEW = "another long password"


@pytest.fixture
def anna(database: Database, ids: IdSource) -> int:
    """The account of a mediator."""
    small_organisation(database)
    return add_user(database, ids, "anna", "人民调解员@111-TW")


def _refusal(database: Database, password: str, moment=START, username="anna") -> str:
    with pytest.raises(ForbiddenError) as caught:
        authenticate(database, username, password, now=moment)
    return caught.value.message.code


def test_right_password_gives_the_actor_with_posts(database: Database, anna: int) -> None:
    signed_in = authenticate(database, "anna", PASSWORD, now=START)
    assert signed_in.actor.account_id == anna
    assert signed_in.actor.pairs == (("人民调解员", "111-TW"),)


def test_wrong_password_unknown_name_and_closed_account_sound_the_same(
    database: Database, anna: int
) -> None:
    assert _refusal(database, "wrong") == "account.wrong"
    assert _refusal(database, PASSWORD, username="nobody") == "account.wrong"
    with database.transaction(SYSTEM) as session:
        session.get_one(Account, anna).active = False
    assert _refusal(database, PASSWORD) == "account.wrong"


def test_five_wrong_passwords_lock_for_fifteen_minutes(database: Database, anna: int) -> None:
    codes = [_refusal(database, "wrong") for _ in range(LOCK_AFTER)]
    assert codes == ["account.wrong"] * 4 + ["account.locked"]
    almost = START + LOCK_FOR - timedelta(seconds=1)
    assert _refusal(database, PASSWORD, almost) == "account.locked"
    assert authenticate(database, "anna", PASSWORD, now=START + LOCK_FOR).actor.name == "anna"


def test_lock_says_how_many_minutes_are_left(database: Database, anna: int) -> None:
    for _ in range(LOCK_AFTER):
        _refusal(database, "wrong")
    with pytest.raises(ForbiddenError) as caught:
        authenticate(database, "anna", PASSWORD, now=START + timedelta(minutes=10, seconds=30))
    assert caught.value.message.params == {"minutes": 5}


def test_right_password_forgets_the_failures(database: Database, anna: int) -> None:
    for _ in range(LOCK_AFTER - 1):
        _refusal(database, "wrong")
    authenticate(database, "anna", PASSWORD, now=START)
    assert _refusal(database, "wrong") == "account.wrong"


def test_after_a_lock_counting_begins_anew(database: Database, anna: int) -> None:
    for _ in range(LOCK_AFTER):
        _refusal(database, "wrong")
    assert _refusal(database, "wrong", START + LOCK_FOR) == "account.wrong"


def test_hash_of_older_settings_is_made_anew(database: Database, anna: int) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with database.transaction(SYSTEM) as session:
        session.get_one(Account, anna).password_hash = old
    authenticate(database, "anna", PASSWORD, now=START)
    with database.reading(SYSTEM) as session:
        stored = session.get_one(Account, anna).password_hash
    assert "m=19456,t=2" in stored


def test_session_lasts_until_the_password_changes(database: Database, anna: int) -> None:
    stamp = authenticate(database, "anna", PASSWORD, now=START).stamp
    fresh = change_password(database, anna, PASSWORD, NEW, now=START)
    with database.reading(SYSTEM) as session:
        assert find_signed_in(session, anna, stamp, DAY) is None
        actor = find_signed_in(session, anna, fresh, DAY)
    assert actor is not None
    assert actor.username == "anna"
    assert authenticate(database, "anna", NEW, now=START).stamp == fresh


def test_session_of_a_closed_or_absent_account_is_over(database: Database, anna: int) -> None:
    stamp = authenticate(database, "anna", PASSWORD, now=START).stamp
    with database.transaction(SYSTEM) as session:
        session.get_one(Account, anna).active = False
    with database.reading(SYSTEM) as session:
        assert find_signed_in(session, anna, stamp, DAY) is None
        assert find_signed_in(session, 1, stamp, DAY) is None


@pytest.mark.parametrize(
    ("present", "new", "path", "code"),
    [
        ("wrong", NEW, "/present", "account.wrong"),
        (PASSWORD, "short", "/new", "account.password_short"),
        (PASSWORD, "my name is Anna", "/new", "account.password_guessable"),
        (PASSWORD, "aaaaaaaaaaaa", "/new", "account.password_guessable"),
    ],
)
def test_password_change_refused(
    database: Database, anna: int, present: str, new: str, path: str, code: str
) -> None:
    with pytest.raises(InvalidFormError) as caught:
        change_password(database, anna, present, new, now=START)
    assert [(error.path, error.message.code) for error in caught.value.errors] == [(path, code)]
    assert authenticate(database, "anna", PASSWORD, now=START).actor.name == "anna"


def test_guessing_in_the_password_form_locks_too(database: Database, anna: int) -> None:
    for _ in range(LOCK_AFTER):
        with pytest.raises(InvalidFormError):
            change_password(database, anna, "wrong", NEW, now=START)
    with pytest.raises(ForbiddenError):
        change_password(database, anna, PASSWORD, NEW, now=START)


def test_token_leads_to_its_account(database: Database, anna: int, ids: IdSource) -> None:
    with database.transaction(SYSTEM) as session:
        token = issue_token(session, ids, username="anna", now=START)
    with counted_statements(database) as statements, database.reading(SYSTEM) as session:
        actor = find_by_token(session, token, DAY)
    assert actor is not None
    assert actor.account_id == anna
    assert len(statements) == 1


def test_token_is_stored_as_a_hash_only(database: Database, anna: int, ids: IdSource) -> None:
    with database.transaction(SYSTEM) as session:
        token = issue_token(session, ids, username="anna", now=START)
        session.flush()
        stored = session.query(ApiToken).one().token_hash
    assert token.startswith("fq_")
    assert token not in stored
    assert len(stored) == 64


def test_unknown_revoked_or_closed_token_leads_nowhere(
    database: Database, anna: int, ids: IdSource
) -> None:
    with database.transaction(SYSTEM) as session:
        tokens = [issue_token(session, ids, username="anna", now=START) for _ in range(2)]
    with database.reading(SYSTEM) as session:
        assert find_by_token(session, "fq_guess", DAY) is None
    with database.transaction(SYSTEM) as session:
        session.get_one(Account, anna).active = False
    with database.reading(SYSTEM) as session:
        assert find_by_token(session, tokens[0], DAY) is None
    with database.transaction(SYSTEM) as session:
        session.get_one(Account, anna).active = True
        assert revoke_tokens(session, "anna") == 2
    with database.reading(SYSTEM) as session:
        assert find_by_token(session, tokens[1], DAY) is None


def test_token_of_an_unknown_account_is_refused(database: Database, ids: IdSource) -> None:
    with pytest.raises(InvalidInputError), database.transaction(SYSTEM) as session:
        issue_token(session, ids, username="nobody", now=START)


def test_language_is_kept(database: Database, anna: int) -> None:
    with database.transaction(SYSTEM) as session:
        set_language(session, anna, "en")
    assert authenticate(database, "anna", PASSWORD, now=START).actor.language == "en"
    with pytest.raises(InvalidInputError), database.transaction(SYSTEM) as session:
        set_language(session, anna, "tlh")


def test_add_account_says_everything_that_is_wrong(
    database: Database, anna: int, ids: IdSource
) -> None:
    with pytest.raises(InvalidFormError) as caught, database.transaction(SYSTEM) as session:
        add_account(
            session,
            ids,
            username="anna",
            name="Anna",
            password="short",
            posts=["人民调解员@111-TW", "国王@111-TW", "民警@nowhere"],
            now=START,
        )
    assert [(error.path, error.message.code) for error in caught.value.errors] == [
        ("/username", "account.taken"),
        ("/password", "account.password_short"),
        ("/posts/1", "role.unknown"),
        ("/posts/2", "unit.unknown"),
    ]


@pytest.mark.parametrize("username", ["", "a", "Anna", "张三", "a" * 41, "1anna", "an na"])
def test_add_account_refuses_malformed_usernames(
    database: Database, ids: IdSource, username: str
) -> None:
    with pytest.raises(InvalidFormError) as caught, database.transaction(SYSTEM) as session:
        add_account(session, ids, username=username, name="x", password=NEW, now=START)
    assert caught.value.errors[0].message.code == "account.username_malformed"


def test_only_administrators_add_accounts(database: Database, ids: IdSource) -> None:
    with pytest.raises(ForbiddenError), database.transaction(user("bert")) as session:
        add_account(session, ids, username="carl", name="Carl", password=NEW, now=START)


def test_posts_of_a_new_account_begin_today(database: Database, anna: int, ids: IdSource) -> None:
    with database.transaction(SYSTEM) as session:
        add_account(
            session,
            ids,
            username="carl",
            name="Carl",
            password=NEW,
            posts=["记录人@111-TW"],
            now=START,
        )
    signed_in = authenticate(database, "carl", NEW, now=START)
    assert signed_in.actor.pairs == (("记录人", "111-TW"),)
    with database.reading(SYSTEM) as session:
        carl = load_account(session, "carl").id
        stamp = signed_in.stamp
        before = find_signed_in(session, carl, stamp, DAY - timedelta(days=1))
    assert before is not None
    assert before.posts == ()


def test_equal_passwords_have_different_hashes() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)
