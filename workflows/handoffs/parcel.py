"""What goes over: exactly what the sender's package names, and nothing beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.catalogue.handoffs import ALWAYS, HandoffKind
from workflows.formspec import Form

Parcel = Mapping[str, Any]
"""{"values": {name: value}, "parties": [{…}] or None}: JSON-able."""


def pack(
    declared: HandoffKind,
    *,
    case: Mapping[str, Any],
    sealed: Mapping[str, Any],
    data: Mapping[str, Any],
    parties: Sequence[Mapping[str, Any]],
) -> Parcel:
    """The parcel of a handoff. `case`, `data`: plain facts and process values; a name that both
    have is the fact. `sealed`: sealed facts; `parties`: with their sealed fields. What is empty
    stays at home, and so do the sender's own ids of parties."""
    plain = {**data, **case}
    values = {name: plain[name] for name in declared.fields if _is_known(plain.get(name))}
    values |= {name: sealed[name] for name in declared.sealed if _is_known(sealed.get(name))}
    if declared.parties is None:
        return {"values": values, "parties": None}
    wanted = (*ALWAYS, *(name for name in declared.parties if name not in (*ALWAYS, "id")))
    people = [
        {name: party[name] for name in wanted if _is_known(party.get(name))}
        for party in parties
        if not party.get("ended")
    ]
    return {"values": values, "parties": people}


def unpack(parcel: Parcel, form: Form) -> dict[str, Any]:
    """The parcel as an answer to the start form of the other side."""
    raw = dict(parcel["values"])
    if parcel["parties"] is not None and form.parties is not None:
        raw[form.parties.name] = parcel["parties"]
    return raw


def held_ids(data: Mapping[str, Any]) -> frozenset[str]:
    """Outside ids of the handoffs that process data speak of: the `handoff` of any context."""
    found = (value.get("handoff") for value in data.values() if isinstance(value, Mapping))
    return frozenset(one for one in found if isinstance(one, str))


def _is_known(value: Any) -> bool:
    return value not in (None, "", [])
