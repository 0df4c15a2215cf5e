"""The demo on both databases: units of seven counties, people, accounts."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.factories.organisation import DEMO_PASSWORD, demo
from tests.factories.times import START
from workflows.errors import ForbiddenError, InvalidInputError
from workflows.organisation.accounts import authenticate
from workflows.organisation.actors import load_actor
from workflows.organisation.candidates import find_candidates
from workflows.organisation.demo import build_demo, ensure_demo_account, list_demo_accounts
from workflows.organisation.tables import Account, Person, Unit
from workflows.storage import SYSTEM, Database, IdSource

TOWN = "620902104-TW"
COUNTIES = ("620902", "620921", "620922", "620923", "620924", "620981", "620982")
USERNAMES = (
    "intake head mediator mediator2 recorder owner approver liaison judge petition petition_head"
    " department reviewer grid dispatcher director supervisor police police_head counsellor"
    " archivist city auditor admin"
)


def test_build_demo_adds_all_units_people_and_accounts(database: Database, ids: IdSource) -> None:
    demo(database, ids)
    with database.reading(SYSTEM) as session:
        counts = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Unit, Person, Account)
        ]
    assert counts == [623, 141, 24]


def test_build_demo_twice_changes_nothing(database: Database, ids: IdSource) -> None:
    demo(database, ids)
    with database.transaction(SYSTEM) as session:
        assert build_demo(session, ids, password="something else", now=START) is False
    assert authenticate(database, "head", DEMO_PASSWORD, now=START).actor.name == "郝建业"


def test_every_county_has_centre_court_and_three_grid_levels(
    database: Database, ids: IdSource
) -> None:
    demo(database, ids)
    for county in COUNTIES:
        with database.reading(SYSTEM) as session:
            kinds = set(session.scalars(select(Unit.kind).where(Unit.county_code == county)))
            levels = set(session.scalars(select(Unit.grid_level).where(Unit.county_code == county)))
        assert {"综治中心", "人民法院", "人民调解委员会"} <= kinds
        assert {1, 2, 3} <= levels


def test_list_demo_accounts_names_all_with_their_first_post(
    database: Database, ids: IdSource
) -> None:
    demo(database, ids)
    with database.reading(SYSTEM) as session:
        accounts = list_demo_accounts(session)
    assert tuple(account.username for account in accounts) == tuple(USERNAMES.split())
    by_name = {account.username: account for account in accounts}
    assert {(by_name[name].role, by_name[name].unit) for name in ("mediator", "mediator2")} == {
        ("人民调解员", TOWN)
    }
    head = by_name["head"]
    assert (head.role, head.title_en, head.unit_name) == (
        "调委会主任",
        "Committee head",
        "西峰镇调委会",
    )
    assert by_name["grid"].unit.startswith("620924")
    assert by_name["dispatcher"].unit.startswith("620981")


def test_list_demo_accounts_without_demo_is_empty(database: Database) -> None:
    with database.reading(SYSTEM) as session:
        assert list_demo_accounts(session) == ()


def test_candidates_of_the_town_committee_are_both_mediators(
    database: Database, ids: IdSource
) -> None:
    demo(database, ids)
    with database.reading(SYSTEM) as session:
        found = find_candidates(session, "人民调解员", TOWN, date(2026, 9, 3))
    assert {candidate.username for candidate in found} == {"mediator", "mediator2"}


def test_ensure_demo_account_invents_a_person_once(database: Database, ids: IdSource) -> None:
    demo(database, ids)
    wanted = "复查复核人@620902-XF"
    with database.transaction(SYSTEM) as session:
        first = ensure_demo_account(session, ids, wanted, now=START).id
    with database.transaction(SYSTEM) as session:
        assert ensure_demo_account(session, ids, wanted, now=START).id == first
    actor = authenticate(database, wanted, DEMO_PASSWORD, now=START).actor
    assert actor.pairs == (("复查复核人", "620902-XF"),)


def test_ensure_demo_account_prefers_the_person_who_holds_the_post(
    database: Database, ids: IdSource
) -> None:
    demo(database, ids)
    with database.transaction(SYSTEM) as session:
        account = ensure_demo_account(session, ids, "人民调解员@620902104201-TW", now=START)
        account_id = account.id
    assert load_actor(database, account_id, date(2026, 9, 3)).name == "柴永贵"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mediator9", "demo.account_malformed"),
        ("国王@620902-XF", "role.unknown"),
        ("民警@000000", "unit.unknown"),
    ],
)
def test_ensure_demo_account_refuses_what_it_does_not_know(
    database: Database, ids: IdSource, text: str, code: str
) -> None:
    demo(database, ids)
    with pytest.raises(InvalidInputError) as caught, database.transaction(SYSTEM) as session:
        ensure_demo_account(session, ids, text, now=START)
    assert caught.value.message.code == code


def test_ensure_demo_account_without_demo_is_refused(database: Database, ids: IdSource) -> None:
    with pytest.raises(InvalidInputError) as caught, database.transaction(SYSTEM) as session:
        ensure_demo_account(session, ids, f"人民调解员@{TOWN}", now=START)
    assert caught.value.message.code == "demo.absent"


def test_wrong_demo_password_is_refused(database: Database, ids: IdSource) -> None:
    demo(database, ids)
    with pytest.raises(ForbiddenError):
        authenticate(database, "head", "not the password", now=START)
