"""From an account to an actor: posts of a day, leave, statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.organisation import FOUNDED, add_user, small_organisation
from tests.factories.storage import counted_statements, user
from workflows.errors import ForbiddenError, NotSignedInError, RuleError
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.organisation.candidates import find_candidates
from workflows.organisation.delegations import Leave, delegate, end_delegation
from workflows.organisation.names import list_posts, load_named, load_names
from workflows.organisation.roles import save_built_in_roles
from workflows.organisation.tables import Account, Post, Role
from workflows.storage import SYSTEM, Actor, Database, HeldPost, IdSource

DAY = date(2026, 9, 3)


@pytest.fixture
def organisation(database: Database) -> Database:
    small_organisation(database)
    return database


def _leave(database: Database, ids: IdSource, actor: Actor = SYSTEM, **changes) -> int:
    values = {"from_on": DAY, "to_on": DAY + timedelta(days=6), "reason": "年休假", **changes}
    with database.transaction(actor) as session:
        return delegate(session, ids, Leave("anna", "bert", **values)).id


def test_actor_carries_the_posts_of_the_day(organisation: Database, ids: IdSource) -> None:
    account = add_user(organisation, ids, "anna", "人民调解员@111-TW", "网格长@111")
    with organisation.transaction(SYSTEM) as session:
        person = load_account(session, "anna").person_id
        past = Post(id=ids.next(), person_id=person, role="记录人", unit_code="111-TW", kind="任职")
        past.from_on, past.to_on = FOUNDED, DAY - timedelta(days=1)
        session.add(past)
    actor = load_actor(organisation, account, DAY)
    assert (actor.username, actor.name, actor.language, actor.kind) == (
        "anna",
        "anna",
        "zh-Hans",
        "user",
    )
    assert [(post.role, post.unit, post.unit_path, post.reach) for post in actor.posts] == [
        ("人民调解员", "111-TW", "/1/11/111/111-TW/", "unit"),
        ("网格长", "111", "/1/11/111/", "subtree"),
    ]
    assert load_actor(organisation, account, DAY - timedelta(days=1)).pairs == (
        ("人民调解员", "111-TW"),
        ("网格长", "111"),
        ("记录人", "111-TW"),
    )


def test_area_role_reaches_the_place_its_office_serves(
    organisation: Database, ids: IdSource
) -> None:
    account = add_user(organisation, ids, "anna", "中心主任@11-ZZ")
    (post,) = load_actor(organisation, account, DAY).posts
    assert (post.unit, post.unit_path, post.reach) == ("11-ZZ", "/1/11/", "subtree")
    assert post.covers("/1/11/111/1111/1111-TW/")
    assert not post.covers("/1/12/")


def test_posts_of_record_give_no_right(organisation: Database, ids: IdSource) -> None:
    account = add_user(organisation, ids, "anna", "村委会委员@1111")
    assert load_actor(organisation, account, DAY).posts == ()


def test_load_actor_takes_one_statement_whatever_the_posts(
    organisation: Database, ids: IdSource
) -> None:
    account = add_user(organisation, ids, "anna", "人民调解员@111-TW", "记录人@111-TW")
    add_user(organisation, ids, "bert", "人民调解员@1111-TW")
    with counted_statements(organisation) as statements:
        load_actor(organisation, account, DAY)
    assert len(statements) == 1


def test_closed_or_absent_account_is_no_actor(organisation: Database, ids: IdSource) -> None:
    account = add_user(organisation, ids, "anna")
    with organisation.transaction(SYSTEM) as session:
        session.get_one(Account, account).active = False
    for number in (account, 5):
        with pytest.raises(NotSignedInError) as caught:
            load_actor(organisation, number, DAY)
        assert caught.value.message.code == "account.closed"


def test_substitute_gets_the_posts_during_the_leave_only(
    organisation: Database, ids: IdSource
) -> None:
    add_user(organisation, ids, "anna", "人民调解员@111-TW", "记录人@111-TW")
    substitute = add_user(organisation, ids, "bert", "人民调解员@1111-TW")
    _leave(organisation, ids, role="人民调解员")
    posts = load_actor(organisation, substitute, DAY + timedelta(days=6)).posts
    assert [(post.role, post.unit, post.delegated_from) for post in posts] == [
        ("人民调解员", "1111-TW", None),
        ("人民调解员", "111-TW", "anna"),
    ]
    assert len(load_actor(organisation, substitute, DAY + timedelta(days=7)).posts) == 1
    assert len(load_actor(organisation, substitute, DAY - timedelta(days=1)).posts) == 1


def test_candidates_during_a_leave_are_the_substitute(
    organisation: Database, ids: IdSource
) -> None:
    add_user(organisation, ids, "anna", "人民调解员@111-TW")
    add_user(organisation, ids, "bert")
    _leave(organisation, ids)
    with organisation.reading(SYSTEM) as session:
        during = find_candidates(session, "人民调解员", "111-TW", DAY)
        after = find_candidates(session, "人民调解员", "111-TW", DAY + timedelta(days=7))
    assert [(found.username, found.instead_of) for found in during] == [("bert", "anna")]
    assert [(found.username, found.instead_of) for found in after] == [("anna", None)]


def test_delegation_ends_the_day_before_the_return(organisation: Database, ids: IdSource) -> None:
    add_user(organisation, ids, "anna", "人民调解员@111-TW")
    substitute = add_user(organisation, ids, "bert")
    leave = _leave(organisation, ids)
    with organisation.transaction(SYSTEM) as session:
        end_delegation(session, leave, DAY + timedelta(days=2))
    days = [
        len(load_actor(organisation, substitute, DAY + timedelta(days=n)).posts) for n in (1, 2)
    ]
    assert days == [1, 0]


def test_delegation_that_never_began_disappears(organisation: Database, ids: IdSource) -> None:
    add_user(organisation, ids, "anna", "人民调解员@111-TW")
    substitute = add_user(organisation, ids, "bert")
    leave = _leave(organisation, ids)
    with organisation.transaction(SYSTEM) as session:
        end_delegation(session, leave, DAY)
    assert load_actor(organisation, substitute, DAY).posts == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to_on": DAY - timedelta(days=1)}, "delegation.dates_turned"),
        ({"role": "民警"}, "delegation.nothing_held"),
        ({"unit": "1111-TW"}, "delegation.nothing_held"),
    ],
)
def test_delegation_refuses(organisation: Database, ids: IdSource, changes, code: str) -> None:
    add_user(organisation, ids, "anna", "人民调解员@111-TW")
    add_user(organisation, ids, "bert")
    with pytest.raises(RuleError) as caught:
        _leave(organisation, ids, **changes)
    assert caught.value.message.code == code


def test_delegation_to_oneself_is_refused(organisation: Database, ids: IdSource) -> None:
    add_user(organisation, ids, "anna", "人民调解员@111-TW")
    leave = Leave("anna", "anna", DAY, DAY, "年休假")
    with pytest.raises(RuleError) as caught, organisation.transaction(SYSTEM) as session:
        delegate(session, ids, leave)
    assert caught.value.message.code == "delegation.to_oneself"


def test_nobody_delegates_for_somebody_else(organisation: Database, ids: IdSource) -> None:
    add_user(organisation, ids, "anna", "人民调解员@111-TW")
    add_user(organisation, ids, "bert")
    with pytest.raises(ForbiddenError):
        _leave(organisation, ids, user("bert"))
    admin = user("chief", HeldPost("系统管理员", "1-ZZ", "/1/", "subtree", frozenset({"admin"})))
    assert _leave(organisation, ids, admin) > 0
    later = {"from_on": DAY + timedelta(days=30), "to_on": DAY + timedelta(days=31)}
    assert _leave(organisation, ids, user("anna"), **later) > 0


def test_names_of_units_roles_and_people(organisation: Database, ids: IdSource) -> None:
    add_user(organisation, ids, "anna")
    with organisation.reading(SYSTEM) as session:
        names = load_names(session)
        people = load_named(session, ["anna", "nobody", "111-TW"])
    assert names.units["111-TW"] == "丙调委"
    assert names.roles["人民调解员"] == "People's mediator"
    assert people == {"anna": "anna", "111-TW": "丙镇调委会"}


def test_posts_of_a_person_newest_first(organisation: Database, ids: IdSource) -> None:
    account = add_user(organisation, ids, "anna", "人民调解员@111-TW")
    with organisation.reading(SYSTEM) as session:
        (post,) = list_posts(session, account)
    assert (post.role, post.title_en, post.unit_name, post.from_on, post.to_on, post.kind) == (
        "人民调解员",
        "People's mediator",
        "丙调委",
        FOUNDED,
        None,
        "任职",
    )


def test_built_in_roles_follow_the_file_and_own_roles_stay(organisation: Database) -> None:
    with organisation.transaction(SYSTEM) as session:
        session.get_one(Role, "人民调解员").abilities = []
        own = Role(
            key="河长", title_en="River chief", reach="unit", acts="staff", abilities=["claim"]
        )
        own.built_in = False
        session.add(own)
    with organisation.transaction(SYSTEM) as session:
        save_built_in_roles(session)
    with organisation.reading(SYSTEM) as session:
        assert "claim" in session.get_one(Role, "人民调解员").abilities
        assert session.get_one(Role, "河长").title_en == "River chief"
