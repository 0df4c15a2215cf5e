"""Leave people enter themselves, posts that end, addresses of calendars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.organisation import add_user, small_organisation
from tests.factories.storage import user
from tests.factories.times import START
from workflows.errors import ForbiddenError, InvalidFormError, NotVisibleError, RuleError
from workflows.organisation.accounts import find_by_token, issue_token, load_account
from workflows.organisation.actors import load_actor
from workflows.organisation.delegations import (
    LONGEST,
    Leave,
    delegate,
    end_delegation,
    list_leaves,
    list_substitutes,
    take_leave,
)
from workflows.organisation.feeds import feed_since, find_by_feed, issue_feed, revoke_feed
from workflows.organisation.posts import end_post
from workflows.organisation.tables import Account, Post
from workflows.storage import SYSTEM, Actor, Database, HeldPost, IdSource

DAY = date(2026, 9, 3)
ONE = timedelta(days=1)
ADMIN = user("chief", HeldPost("系统管理员", "111", "/1/11/111/", "subtree", frozenset({"admin"})))


@pytest.fixture
def people(database: Database, ids: IdSource) -> dict[str, int]:
    """Username → account id."""
    small_organisation(database)
    posts = {
        "anna": "人民调解员@111-TW",
        "bert": "人民调解员@111-TW",
        "cara": "调委会主任@111-TW",
        "dora": "人民调解员@1111-TW",
        "emil": "业委会委员@111-TW",
    }
    return {name: add_user(database, ids, name, post) for name, post in posts.items()}


def actor(database: Database, account: int) -> Actor:
    return load_actor(database, account, DAY)


def take(database: Database, ids: IdSource, account: int, **changes: object) -> int:
    values = {
        "absent": "anna",
        "substitute": "bert",
        "from_on": DAY,
        "to_on": DAY + 6 * ONE,
        "reason": "年休假",
        **changes,
    }
    with database.transaction(actor(database, account)) as session:
        return take_leave(session, ids, Leave(**values), DAY).id  # type: ignore[arg-type]


def test_colleagues_of_the_unit_can_stand_in_those_of_the_same_role_first(
    database: Database, people: dict[str, int]
) -> None:
    with database.transaction(SYSTEM) as session:
        found = list_substitutes(session, people["anna"], DAY)
    assert [(one.username, one.same_role) for one in found] == [("bert", True), ("cara", False)]


def test_a_closed_account_stands_in_for_nobody(database: Database, people: dict[str, int]) -> None:
    with database.transaction(SYSTEM) as session:
        session.get_one(Account, people["bert"]).active = False
        session.flush()
        found = list_substitutes(session, people["anna"], DAY)
    assert [one.username for one in found] == ["cara"]


def test_a_leave_is_listed_for_both_until_it_is_over(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    take(database, ids, people["anna"])
    with database.reading(SYSTEM) as session:
        own = list_leaves(session, people["anna"], DAY + 6 * ONE)
        other = list_leaves(session, people["bert"], DAY)
        over = list_leaves(session, people["anna"], DAY + 7 * ONE)
    assert [(one.absent, one.substitute, one.is_own) for one in own] == [("anna", "bert", True)]
    assert [one.is_own for one in other] == [False]
    assert over == ()


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"from_on": DAY - ONE}, "/from_on", "delegation.past"),
        ({"to_on": DAY - ONE}, "/to_on", "delegation.dates_turned"),
        ({"to_on": DAY + LONGEST}, "/to_on", "delegation.too_long"),
        ({"substitute": "dora"}, "/substitute", "delegation.no_colleague"),
        ({"substitute": "emil"}, "/substitute", "delegation.no_colleague"),
        ({"substitute": ""}, "/substitute", "delegation.no_colleague"),
        ({"reason": "  "}, "/reason", "delegation.reason_missing"),
        ({"reason": "长" * 201}, "/reason", "delegation.reason_long"),
    ],
)
def test_a_wrong_leave_names_the_field(
    database: Database,
    ids: IdSource,
    people: dict[str, int],
    changes: dict[str, object],
    path: str,
    code: str,
) -> None:
    with pytest.raises(InvalidFormError) as refused:
        take(database, ids, people["anna"], **changes)
    assert [(one.path, one.message.code) for one in refused.value.errors] == [(path, code)]


def test_days_are_handed_over_once(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    take(database, ids, people["anna"])
    with pytest.raises(RuleError) as refused:
        take(database, ids, people["anna"], substitute="cara", from_on=DAY + 6 * ONE)
    assert refused.value.message.code == "delegation.overlaps"
    later = DAY + 7 * ONE
    assert take(database, ids, people["anna"], from_on=later, to_on=later) > 0


def test_different_roles_may_have_different_substitutes(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    other = add_user(database, ids, "fritz", "人民调解员@111-TW", "记录人@111-TW")
    take(database, ids, other, absent="fritz", role="人民调解员")
    assert take(database, ids, other, absent="fritz", role="记录人", substitute="cara") > 0


def test_who_is_away_stands_in_for_nobody(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    take(database, ids, people["bert"], absent="bert", substitute="cara")
    with pytest.raises(RuleError) as refused:
        take(database, ids, people["anna"])
    assert refused.value.message.code == "delegation.substitute_away"


@pytest.mark.parametrize(("username", "may"), [("anna", True), ("bert", False), ("cara", False)])
def test_the_absent_person_ends_a_leave_and_nobody_else(
    database: Database, ids: IdSource, people: dict[str, int], username: str, may: bool
) -> None:
    leave = take(database, ids, people["anna"])
    try:
        with database.transaction(actor(database, people[username])) as session:
            end_delegation(session, leave, DAY + 2 * ONE)
        ended = True
    except ForbiddenError:
        ended = False
    assert ended is may
    days = [len(load_actor(database, people["bert"], DAY + n * ONE).posts) for n in (1, 2)]
    assert days == ([2, 1] if may else [2, 2])


def test_an_administrator_ends_a_leave(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    leave = take(database, ids, people["anna"])
    with database.transaction(ADMIN) as session:
        end_delegation(session, leave, DAY)
    with database.reading(SYSTEM) as session:
        assert list_leaves(session, people["anna"], DAY) == ()


def test_a_leave_that_is_over_stays_as_it_was(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    leave = take(database, ids, people["anna"])
    with database.transaction(ADMIN) as session:
        end_delegation(session, leave, DAY + 30 * ONE)
    with database.reading(SYSTEM) as session:
        assert list_leaves(session, people["anna"], DAY)[0].to_on == DAY + 6 * ONE


def test_a_leave_nobody_knows_is_not_there(database: Database, people: dict[str, int]) -> None:
    with pytest.raises(NotVisibleError), database.transaction(ADMIN) as session:
        end_delegation(session, 1, DAY)


def test_the_post_of_who_is_away_names_them(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    take(database, ids, people["anna"])
    posts = actor(database, people["bert"]).posts
    assert [(post.delegated_from, post.absent) for post in posts] == [(None, None), ("anna",) * 2]


# --- posts ----------------------------------------------------------------------------------------


def post_of(database: Database, username: str) -> Post:
    with database.reading(SYSTEM) as session:
        person = load_account(session, username).person_id
        return session.query(Post).filter(Post.person_id == person).one()


def test_an_administrator_ends_a_post_on_a_day(database: Database, people: dict[str, int]) -> None:
    post = post_of(database, "anna")
    with database.transaction(ADMIN) as session:
        end_post(session, post.id, "anna", DAY, DAY)
    assert [len(load_actor(database, people["anna"], on).posts) for on in (DAY, DAY + ONE)] == [
        1,
        0,
    ]


def test_nobody_else_ends_a_post(database: Database, people: dict[str, int]) -> None:
    post = post_of(database, "anna")
    elsewhere = user("far", HeldPost("系统管理员", "12", "/1/12/", "subtree", frozenset({"admin"})))
    for who in (actor(database, people["cara"]), elsewhere):
        with pytest.raises(ForbiddenError), database.transaction(who) as session:
            end_post(session, post.id, "anna", DAY, DAY)


def test_a_post_ends_for_who_holds_it_only(database: Database, people: dict[str, int]) -> None:
    post = post_of(database, "anna")
    with pytest.raises(NotVisibleError), database.transaction(ADMIN) as session:
        end_post(session, post.id, "bert", DAY, DAY)


@pytest.mark.parametrize(
    ("last_on", "code"), [(DAY - ONE, "post.end_past"), (DAY + 9 * ONE, "post.end_late")]
)
def test_a_post_ends_neither_in_the_past_nor_later_than_it_does(
    database: Database, people: dict[str, int], last_on: date, code: str
) -> None:
    post = post_of(database, "anna")
    with database.transaction(ADMIN) as session:
        end_post(session, post.id, "anna", DAY + ONE, DAY)
    with pytest.raises(RuleError) as refused, database.transaction(ADMIN) as session:
        end_post(session, post.id, "anna", last_on, DAY)
    assert refused.value.message.code == code


# --- calendars by address -------------------------------------------------------------------------


def test_a_new_address_makes_the_old_one_void(database: Database, people: dict[str, int]) -> None:
    with database.transaction(SYSTEM) as session:
        first = issue_feed(session, people["anna"], START)
    with database.transaction(SYSTEM) as session:
        second = issue_feed(session, people["anna"], START + ONE)
    with database.reading(SYSTEM) as session:
        assert find_by_feed(session, first, DAY) is None
        found = find_by_feed(session, second, DAY)
        assert found is not None
        assert found.username == "anna"
        assert feed_since(session, people["anna"]) == START + ONE


def test_a_revoked_address_and_a_closed_account_open_nothing(
    database: Database, people: dict[str, int]
) -> None:
    with database.transaction(SYSTEM) as session:
        token = issue_feed(session, people["anna"], START)
        session.flush()
        session.get_one(Account, people["anna"]).active = False
        session.flush()
        assert find_by_feed(session, token, DAY) is None
        session.get_one(Account, people["anna"]).active = True
        session.flush()
        assert revoke_feed(session, people["anna"])
        assert find_by_feed(session, token, DAY) is None
        assert not revoke_feed(session, people["anna"])


def test_the_secret_of_a_calendar_is_no_token_and_a_token_no_secret(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    with database.transaction(SYSTEM) as session:
        feed = issue_feed(session, people["anna"], START)
        token = issue_token(session, ids, username="anna", now=START)
    with database.reading(SYSTEM) as session:
        assert find_by_token(session, feed, DAY) is None
        assert find_by_feed(session, token, DAY) is None


def test_delegating_twice_is_refused_to_the_system_too(
    database: Database, ids: IdSource, people: dict[str, int]
) -> None:
    leave = Leave("anna", "dora", DAY, DAY, "培训")
    with database.transaction(SYSTEM) as session:
        delegate(session, ids, leave)
    with pytest.raises(RuleError), database.transaction(SYSTEM) as session:
        delegate(session, ids, leave)
