"""The tree of units and what a lane's scope means in it."""

from __future__ import annotations

import pytest

from tests.factories.organisation import SMALL_TREE, add_user, small_organisation
from workflows.errors import InvalidInputError, RuleError
from workflows.organisation.tables import Unit
from workflows.organisation.units import (
    UnitRecord,
    add_units,
    find_path,
    load_unit,
    resolve_scope,
)
from workflows.storage import SYSTEM, Database, IdSource


@pytest.fixture
def organisation(database: Database) -> Database:
    small_organisation(database)
    return database


def _resolve(database: Database, scope: str, unit: str, role: str | None = None) -> str:
    with database.reading(SYSTEM) as session:
        return resolve_scope(session, scope, unit, role)


def test_units_know_path_county_and_grid_level(organisation: Database) -> None:
    with organisation.reading(SYSTEM) as session:
        village = load_unit(session, "1111-TW")
        town = session.get_one(Unit, "111")
        city_office = session.get_one(Unit, "1-ZZ")
    assert (village.path, village.county_code, village.grid_level) == (
        "/1/11/111/1111/1111-TW/",
        "11",
        None,
    )
    assert (town.county_code, town.grid_level) == ("11", 1)
    assert city_office.county_code == "1"


def test_units_already_there_are_left_alone(organisation: Database) -> None:
    with organisation.transaction(SYSTEM) as session:
        assert add_units(session, SMALL_TREE) == 0
        assert add_units(session, [UnitRecord("112", "己乡", "己乡", "乡", "乡", "11")]) == 1


def test_unit_under_an_unknown_parent_is_refused(organisation: Database) -> None:
    lost = UnitRecord("99", "庚乡", "庚乡", "乡", "乡", "98")
    with pytest.raises(InvalidInputError) as caught, organisation.transaction(SYSTEM) as session:
        add_units(session, [lost])
    assert (caught.value.message.code, caught.value.message.params) == (
        "unit.unknown",
        {"code": "98"},
    )


def test_path_of_an_unknown_unit_is_refused(organisation: Database) -> None:
    with organisation.reading(SYSTEM) as session:
        assert find_path(session, "111") == "/1/11/111/"
        with pytest.raises(InvalidInputError):
            find_path(session, "nowhere")


@pytest.mark.parametrize(
    ("scope", "unit", "expected"),
    [
        ("owner", "111-TW", "111-TW"),
        ("", "111-TW", "111-TW"),
        ("court", "1111-TW", "11-FY"),
        ("court", "1-ZZ", "1-FY"),
        ("county", "1111-TW", "11-ZZ"),
        ("county", "12", "12"),
        ("parent", "1111-TW", "111"),
        ("parent", "111-TW", "11-ZZ"),
        ("parent", "11-ZZ", "1-ZZ"),
        ("parent", "111", "11-ZZ"),
        ("111-SFS", "111-TW", "111-SFS"),
    ],
)
def test_scope_leads_to_a_unit(
    organisation: Database, scope: str, unit: str, expected: str
) -> None:
    assert _resolve(organisation, scope, unit) == expected


def test_scope_prefers_the_office_where_the_role_is_held(
    organisation: Database, ids: IdSource
) -> None:
    add_user(organisation, ids, "anna", "司法所@111-SFS")
    assert _resolve(organisation, "parent", "1111-TW", "司法所") == "111-SFS"
    assert _resolve(organisation, "parent", "1111-TW", "民警") == "111"


@pytest.mark.parametrize(
    ("scope", "unit", "code"),
    [
        ("court", "12", "unit.no_court"),
        ("parent", "1-ZZ", "unit.nothing_above"),
        ("parent", "1", "unit.nothing_above"),
    ],
)
def test_scope_that_leads_nowhere_is_refused(
    organisation: Database, scope: str, unit: str, code: str
) -> None:
    with pytest.raises(RuleError) as caught:
        _resolve(organisation, scope, unit)
    assert caught.value.message.code == code


def test_unknown_scope_is_an_unknown_unit(organisation: Database) -> None:
    with pytest.raises(InvalidInputError):
        _resolve(organisation, "galaxy", "111-TW")
