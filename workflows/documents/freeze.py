"""Plain facts of one moment: all that a document's text is filled from, for ever.

A document never looks at the record again. A name corrected later changes the next document, not
this one; that is what makes it evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from workflows.cases.sealing import open_json, seal_json
from workflows.storage.types import Ciphertext
from workflows.storage.vault import CaseKey

Frozen: TypeAlias = Mapping[str, Any]
"""JSON-able, keys as in docs/documents.md: case, parties, unit, run, data, people, today."""


ID_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)


def freeze(
    *,
    case: Mapping[str, Any],
    parties: Sequence[Mapping[str, Any]],
    unit: Mapping[str, Any],
    run: Mapping[str, Any],
    data: Mapping[str, Any],
    people: Mapping[str, str],
    today: date,
) -> Frozen:
    """One moment's facts in the shape templates know.

    `case` and `parties` include the sealed fields. `people`: username or unit
    code → name of everybody and every unit the values mention. Parties get `no` (1, 2, …) and,
    where the birth date is known, `age` on `today`; rows of a table get `no` too.
    """
    return {
        "case": _numbered(dict(case)),
        "parties": [_party(party, number, today) for number, party in enumerate(parties, 1)],
        "unit": dict(unit),
        "run": dict(run),
        "data": _numbered(dict(data)),
        "people": {username: {"name": name} for username, name in people.items()},
        "today": today.isoformat(),
    }


def _party(party: Mapping[str, Any], number: int, today: date) -> dict[str, Any]:
    """A party with its number and age. What an ID number says of its holder is not asked twice."""
    whole = {**_told_by(party.get("id_number")), **{k: v for k, v in party.items() if v}}
    return {**whole, "no": number, "age": age_on(whole.get("birth_date"), today)}


def _told_by(id_number: object) -> dict[str, str]:
    """Birth date and gender written in an 18-digit ID number (GB 11643); nothing for another."""
    if not isinstance(id_number, str) or not ID_NUMBER.fullmatch(id_number):
        return {}
    born = f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}"
    return {"birth_date": born, "gender": "男" if int(id_number[16]) % 2 else "女"}


def age_on(birth_date: object, day: date) -> int | None:
    """Full years of life on `day` (公历, 民法典 200 条); None where the birth date is not known or
    lies ahead."""
    if not isinstance(birth_date, str):
        return None
    try:
        born = date.fromisoformat(birth_date)
    except ValueError:
        return None
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return years if years >= 0 else None


def _numbered(values: dict[str, Any]) -> dict[str, Any]:
    """Rows of tables (lists of objects) with their number, so that texts can count them."""
    return {
        name: [{**row, "no": number} for number, row in enumerate(value, 1)]
        if _are_rows(value)
        else value
        for name, value in values.items()
    }


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def seal_facts(key: CaseKey, document_id: int, frozen: Frozen) -> Ciphertext:
    """The facts under the case's key, bound to their row."""
    return seal_json(key, frozen, _place(document_id))


def open_facts(key: CaseKey, document_id: int, sealed: bytes) -> Frozen:
    """The facts again. Raises SealBrokenError if they belong to another row."""
    frozen: Frozen = open_json(key, sealed, _place(document_id))
    return frozen


def _place(document_id: int) -> str:
    return f"document/{document_id}/facts"
