"""What is frozen when a document is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.documents.freeze import age_on, freeze, open_facts, seal_facts
from workflows.storage.vault import SealBrokenError, Vault


def test_freeze_numbers_parties_and_rows_and_counts_ages() -> None:
    frozen = freeze(
        case={"kind": "property", "schedule": [{"what": "a"}, {"what": "b"}]},
        parties=[
            {"name": "赵秀兰", "birth_date": "1968-09-04"},
            {"name": "祁连运输队", "kind": "organisation"},
        ],
        unit={"code": "620902104-TW", "name": "肃州区西峰镇人民调解委员会"},
        run={"number": None},
        data={"clauses": [{"what": "c"}], "tags": ["x", "y"], "empty": []},
        people={"mediator": "柴永贵"},
        today=date(2026, 9, 3),
    )
    assert [(p["no"], p["age"]) for p in frozen["parties"]] == [(1, 57), (2, None)]
    assert frozen["case"]["schedule"] == [{"what": "a", "no": 1}, {"what": "b", "no": 2}]
    assert frozen["data"] == {
        "clauses": [{"what": "c", "no": 1}],
        "tags": ["x", "y"],
        "empty": [],
    }
    assert frozen["people"] == {"mediator": {"name": "柴永贵"}}
    assert frozen["today"] == "2026-09-03"


def test_freeze_leaves_what_it_was_given_alone() -> None:
    parties = [{"name": "赵秀兰"}]
    data = {"clauses": [{"what": "c"}]}
    freeze(case={}, parties=parties, unit={}, run={}, data=data, people={}, today=date(2026, 9, 3))
    assert parties == [{"name": "赵秀兰"}]
    assert data == {"clauses": [{"what": "c"}]}


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1968-09-03", 58),
        ("1968-09-04", 57),
        ("2008-02-29", 18),
        ("2026-09-03", 0),
        ("2026-09-04", None),
        ("不详", None),
        ("", None),
        (None, None),
    ],
)
def test_age_is_full_years(born: object, age: int | None) -> None:
    assert age_on(born, date(2026, 9, 3)) == age


def test_facts_open_only_in_their_own_row() -> None:
    vault = Vault(bytes(32))
    key = vault.open_key(vault.new_case_key())
    sealed = seal_facts(key, 7, {"case": {"title": "水管破裂"}})
    assert open_facts(key, 7, sealed) == {"case": {"title": "水管破裂"}}
    assert "水管".encode() not in sealed
    with pytest.raises(SealBrokenError):
        open_facts(key, 8, sealed)
