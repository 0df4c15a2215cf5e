"""Files and rows as they are kept: sealed under the file's key, opened for who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.cases.platform import Platform
from workflows.cases.sealing import message_from_json, message_to_json, open_json, seal_json
from workflows.errors import ForbiddenError, NotVisibleError
from workflows.messages import Message
from workflows.outside.findings import Match
from workflows.outside.recognise import RowFacts
from workflows.outside.tables import ABILITY, OutsideFile, OutsideRow
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, decode_item, encode_id
from workflows.storage.types import Ciphertext
from workflows.storage.vault import CaseKey


@dataclass(frozen=True, slots=True)
class Body:
    """What a row holds under seal. `cells`: by heading; `candidates`: row ids of cases."""

    cells: Mapping[str, str]
    facts: RowFacts
    reason: Message
    candidates: tuple[int, ...] = ()
    note: str = ""
    """Why somebody put it aside."""


def check_may(actor: Actor, unit_path: str, unit_name: str) -> None:
    """Raises ForbiddenError unless some post of the actor handles outside lists there."""
    if not actor.is_system and not actor.may_in(ABILITY, unit_path):
        raise ForbiddenError("outside.may_not", unit=unit_name)


def seal_row(key: CaseKey, file_id: int, line: int, body: Body) -> Ciphertext:
    """The row's contents for its place."""
    facts = body.facts
    plain = {
        "cells": dict(body.cells),
        "number": facts.number,
        "our_number": facts.our_number,
        "names": list(facts.names),
        "ids": list(facts.ids),
        "on": None if facts.on is None else facts.on.isoformat(),
        "problem": None if facts.problem is None else message_to_json(facts.problem),
        "reason": message_to_json(body.reason),
        "candidates": list(body.candidates),
        "note": body.note,
    }
    return seal_json(key, plain, _place(file_id, line))


def open_row(key: CaseKey, row: OutsideRow) -> Body:
    """What `seal_row` sealed."""
    plain: dict[str, Any] = open_json(key, row.body, _place(row.file_id, row.line))
    problem = plain["problem"]
    facts = RowFacts(
        line=row.line,
        number=plain["number"],
        our_number=plain["our_number"],
        names=tuple(plain["names"]),
        ids=tuple(plain["ids"]),
        on=None if plain["on"] is None else date.fromisoformat(plain["on"]),
        problem=None if problem is None else message_from_json(problem),
    )
    return Body(
        cells=plain["cells"],
        facts=facts,
        reason=message_from_json(plain["reason"]),
        candidates=tuple(plain["candidates"]),
        note=plain["note"],
    )


def bare(body: Body, match: Match) -> Body:
    """What is left of a row that is done: its number, and how it ended."""
    facts = RowFacts(body.facts.line, body.facts.number, "", (), (), None)
    return Body({}, facts, match.reason)


def seal_name(key: CaseKey, file_id: int, name: str) -> Ciphertext:
    """The name of a file."""
    return seal_json(key, {"name": name}, f"outside_file/{file_id}")


def open_name(platform: Platform, file: OutsideFile) -> str:
    """The name of a file, "" once its key is destroyed."""
    if file.wrapped is None:
        return ""
    key = platform.vault.open_key(file.wrapped)
    return str(open_json(key, file.body, f"outside_file/{file.id}")["name"])


def load_file(session: Session, file: str | int, *, lock: bool = False) -> OutsideFile:
    """A file the actor may see. NotVisibleError, InvalidInputError (malformed id)."""
    file_id = decode_id(file) if isinstance(file, str) else file
    found = session.get(OutsideFile, file_id, with_for_update=lock or None)
    if found is None:
        raise NotVisibleError("outside.unknown_file")
    return found


def load_row(session: Session, row: str, *, lock: bool = False) -> OutsideRow:
    """A row the actor may see. NotVisibleError, InvalidInputError (malformed id)."""
    file_id, line = decode_item(row)
    found = session.get(OutsideRow, (file_id, line), with_for_update=lock or None)
    if found is None:
        raise NotVisibleError("outside.unknown_row_id")
    return found


def row_id(row: OutsideRow) -> str:
    """How a row is called outside."""
    return f"{encode_id(row.file_id)}-{row.line}"


def _place(file_id: int, line: int) -> str:
    return f"outside_row/{file_id}/{line}"
