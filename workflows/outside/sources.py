"""Where a column's value comes from: the whole vocabulary a system's file may use.

What was said and conceded while mediating, and what an accusation holds, has no name here: a file
that asks for it is refused, and an expression does not see it (特邀调解规定 2016 art. 22; 信访工作
条例 art. 30).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.errors import InvalidInputError
from workflows.formspec.party import PARTY_FIELDS, SIDES

CASE_WORDS = frozenset(
    {"number", "title", "kind", "status", "stage", "unit", "unit_code", "process", "opened_on"}
    | {"occurred_on", "closed_on", "opened_by", "run_number", "reference", "outcome", "days"}
)
"""`number` is our 受理号, `reference` the case's number in the system the file describes; `outcome`
how its first procedure ended, `days` from its opening to its closing."""

PARTY_NAMES = frozenset(field.name for field in PARTY_FIELDS) - {"id"}
CLOCK_PARTS = frozenset({"due_on", "status"})
FEEL_NAMES = ("case", "parties", "unit", "today", "number", "reference", "status", "clocks")
"""What an expression of a column sees: plain facts only, as conditions in diagrams do. `clocks` is
rule → due date of the open ones."""

NEVER = frozenset(
    {"concessions", "session_summary", "session_evidence", "undisputed", "disputed"}
    | {"failure_reason", "sham_grounds", "sham_note", "mediation_terms", "mediation_failure"}
    | {"accused", "accused_unit", "accusation", "accusation_papers", "reported_unit", "kept_number"}
    | {"reading_note", "inquiry_text", "heard_statement"}
)
"""Facts that leave by no list."""

ACCUSATION = frozenset({"accused", "accused_unit", "accusation", "accusation_papers"})
"""Sealed facts that mark a matter as an accusation."""

_FACT = re.compile(r"case\.([a-z][a-z0-9_]*)")
_PARTY = re.compile(r"(?:party\.(\w+)|parties)\.([a-z_]+)")
_REFERENCE = re.compile(r"reference\.(.{1,60})")
_CLOCK = re.compile(r"clock\.([a-z_]+)\.([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Source:
    """`kind`: word | fact | party | reference | clock; `name`: which one; `side`: of a party, ""
    for all; `part`: of a clock."""

    kind: str
    name: str
    side: str = ""
    part: str = ""


def read_source(text: str) -> Source:
    """`from` of a column. InvalidInputError for a name that is not in the vocabulary."""
    if text in CASE_WORDS:
        return Source("word", text)
    if (fact := _FACT.fullmatch(text)) is not None:
        if fact[1] in NEVER:
            raise InvalidInputError("outside.never", name=text)
        return Source("fact", fact[1])
    party = _PARTY.fullmatch(text)
    if party is not None and party[2] in PARTY_NAMES and party[1] in (None, *SIDES):
        return Source("party", party[2], side=party[1] or "")
    if (other := _REFERENCE.fullmatch(text)) is not None:
        return Source("reference", other[1])
    clock = _CLOCK.fullmatch(text)
    if clock is not None and clock[2] in CLOCK_PARTS:
        return Source("clock", clock[1], part=clock[2])
    raise InvalidInputError("outside.unknown_source", name=text[:80])


def may_leave(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a case without what never leaves."""
    return {name: value for name, value in facts.items() if name not in NEVER}
