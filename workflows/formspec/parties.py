"""Reading one party: what a person has and an organisation has not, and what follows from an
ID number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.errors import FieldError
from workflows.formspec.fields import Field
from workflows.formspec.id_numbers import birth_date_of, gender_of
from workflows.formspec.party import PERSON, is_relevant
from workflows.formspec.reader import Reader, point
from workflows.formspec.scalars import is_empty, message_for


def read_party(field: Field, row: Mapping[str, Any], reader: Reader, path: str) -> dict[str, Any]:
    """One party with the values that were given, nothing else.

    A kind left out is a person. Fields of the other kind are ignored. The ID number may wait
    where `id_pending` is ticked. Birth date and gender follow from the ID number; typed ones
    must agree with it.
    """
    row = {**row, "kind": PERSON} if is_empty(row.get("kind")) else row
    reader.refuse_unknown(field, row, path)
    party: dict[str, Any] = {}
    for column in field.fields:
        if not is_relevant(column.name, row.get("kind")):
            continue
        where = point(path, column.name)
        raw = row.get(column.name)
        if column.name == "id_number" and _may_wait(row) and is_empty(raw):
            continue
        value = reader.read(column, raw, where)
        if value is not None:
            party[column.name] = value
    _derive(field, party, reader, path)
    return party


def same_person_errors(
    field: Field, parties: Sequence[Mapping[str, Any]], positions: Sequence[int], path: str
) -> list[FieldError]:
    """An error for every party whose ID number stands further up already."""
    first: dict[str, int] = {}
    errors: list[FieldError] = []
    column = field.column("id_number")
    for position, party in zip(positions, parties, strict=True):
        number = party.get("id_number")
        if number is None or column is None:
            continue
        if number in first:
            message = message_for(column, "same_person", n=first[number] + 1)
            errors.append(FieldError(f"{path}/{position}/id_number", message))
        first.setdefault(number, position)
    return errors


def _may_wait(row: Mapping[str, Any]) -> bool:
    return row.get("id_pending") in (True, "true")


def _derive(field: Field, party: dict[str, Any], reader: Reader, path: str) -> None:
    number = party.get("id_number")
    if number is not None or not party.get("id_pending"):
        party.pop("id_pending", None)
    if number is None:
        return
    derived = {"birth_date": birth_date_of(number), "gender": gender_of(number)}
    for name, value in derived.items():
        column = field.column(name)
        if column is not None and party.get(name, value) != value:
            reader.refuse(column, point(path, name), "not_as_id_number")
        party[name] = value
