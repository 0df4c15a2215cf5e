"""Parties as pages show them: names plain, identities masked, secrets opened only here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.cases.queries.records import PartyView
from workflows.cases.submission import open_party
from workflows.cases.tables import Party
from workflows.formspec.fields import Field
from workflows.formspec.party import PARTY_FIELDS
from workflows.storage.ids import decode_id
from workflows.storage.vault import CaseKey

SHOWN = ("gender", "ethnicity", "birth_date", "occupation", "address", "legal_representative")
"""What the list of parties says of each besides name, side and numbers, in this order."""

FIELDS: Mapping[str, Field] = {field.name: field for field in PARTY_FIELDS}


def party_views(
    parties: Sequence[Mapping[str, Any]],
    rows: Sequence[Party],
    key: CaseKey,
    language: str,
) -> tuple[PartyView, ...]:
    """Every party in order. `rows`: theirs in the party table."""
    sealed = {row.id: open_party(key, row.id, row.sealed) for row in rows}
    names = {str(party.get("id")): str(party.get("name", "")) for party in parties}
    return tuple(
        _view(party, sealed.get(decode_id(str(party["id"])), {}), names, language)
        for party in parties
    )


def whole_party(party: Mapping[str, Any], sealed: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of a party, for a form that asks for them again."""
    return {**sealed, **party}


def mask(number: str | None) -> str | None:
    """6209 •••• 1513; short numbers lose all but their last two characters."""
    if not number:
        return None
    if len(number) < 9:
        return f"•••• {number[-2:]}"
    return f"{number[:4]} •••• {number[-4:]}"


def _view(
    party: Mapping[str, Any], sealed: Mapping[str, Any], names: Mapping[str, str], language: str
) -> PartyView:
    every = whole_party(party, sealed)
    values = ((name, _shown(name, every[name], language)) for name in SHOWN if every.get(name))
    return PartyView(
        id=str(party["id"]),
        name=str(party.get("name", "")),
        kind=str(party.get("kind", "person")),
        side=str(party.get("side", "")),
        id_masked=mask(every.get("id_number") or every.get("credit_code")),
        phone_masked=mask(every.get("phone")),
        facts=tuple(values),
        represents=names.get(str(party.get("represents"))),
        guardian_of=names.get(str(party.get("guardian_of"))),
        ended=party.get("ended"),
    )


def _shown(name: str, value: Any, language: str) -> str:
    field, tongue = FIELDS[name], "en" if language.startswith("en") else "zh"
    chosen = next((choice for choice in field.choices if choice.value == value), None)
    return chosen.title[tongue] if chosen else str(value)
