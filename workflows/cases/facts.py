"""Facts of a matter: what is plain, what is sealed, and how a change is laid over them. Pure.

Expressions and searches see plain facts only. Of a party everything that identifies a person
beyond the name is sealed: ID number, birth date, phone, address, and whatever a form asks that is
not on the list below (个人信息保护法 art. 28, 51: separate, encrypted storage).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.cases.decision import Json

PLAIN_PARTY_FIELDS = frozenset(
    {
        "id",
        "name",
        "kind",
        "side",
        "gender",
        "ethnicity",
        "occupation",
        "id_pending",
        "credit_code",
        "legal_representative",
        "agent_name",
        "agent_power",
        "represents",
        "guardian_of",
        "ended",
    }
)
"""What expressions, lists and searches may see of a party; all other fields are sealed."""

INDEXED_FIELDS = ("id_number", "credit_code")
"""The first one present is what a party is recognised by in other cases (blind index)."""

PARTIES_TEXT_CHARACTERS = 400
TITLE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class PartyPlan:
    """A submitted party list laid over the stored one.

    `plain`: the whole new list with ids, for expressions. `sealed`: row id → sealed fields as
    submitted, to be laid over the stored ones. `added`, `removed`: row ids.
    """

    plain: tuple[Mapping[str, Json], ...]
    sealed: Mapping[int, Mapping[str, Json]]
    added: frozenset[int]
    removed: frozenset[int]


def plan_parties(
    submitted: Sequence[Mapping[str, Json]],
    existing: Sequence[Mapping[str, Json]],
    *,
    next_id: Callable[[], int],
    encode: Callable[[int], str],
    decode: Callable[[str], int],
) -> PartyPlan:
    """Matches submitted parties with stored ones by id, else by name and kind; the rest is new.

    A stored party that is missing in the submission is removed. A stored plain field the form
    did not ask for is kept.
    """
    left = {str(party["id"]): party for party in existing}
    plain: list[Mapping[str, Json]] = []
    sealed: dict[int, Mapping[str, Json]] = {}
    added: set[int] = set()
    for party in submitted:
        known = _find(party, left)
        if known is None:
            row_id = next_id()
            added.add(row_id)
            known = {"id": encode(row_id)}
        else:
            row_id = decode(str(known["id"]))
            del left[str(known["id"])]
        given = {name: value for name, value in party.items() if name != "id"}
        plain.append({**known, **{n: v for n, v in given.items() if n in PLAIN_PARTY_FIELDS}})
        sealed[row_id] = {n: v for n, v in given.items() if n not in PLAIN_PARTY_FIELDS}
    removed = frozenset(decode(party_id) for party_id in left)
    return PartyPlan(tuple(plain), sealed, frozenset(added), removed)


def _find(
    party: Mapping[str, Json], left: Mapping[str, Mapping[str, Json]]
) -> Mapping[str, Json] | None:
    if party.get("id") in left:
        return left[party["id"]]
    if party.get("id"):
        return None
    same = (
        known
        for known in left.values()
        if known.get("name") == party.get("name") and known.get("kind") == party.get("kind")
    )
    return next(same, None)


def parties_text(parties: Sequence[Mapping[str, Json]]) -> str:
    """Names in order, joined by 、."""
    names = [str(party.get("name", "")) for party in parties if not party.get("ended")]
    return "、".join(filter(None, names))[:PARTIES_TEXT_CHARACTERS]


def names_in(text: str) -> tuple[str, ...]:
    """The names `parties_text` joined."""
    return tuple(text.split("、")) if text else ()


def case_title(facts: Mapping[str, Json], parties: Sequence[Mapping[str, Json]], kind: str) -> str:
    """The fact `title`, else “甲与乙 · kind”."""
    given = str(facts.get("title") or "").strip()
    if given:
        return given[:TITLE_CHARACTERS]
    names = names_in(parties_text(parties))
    who = f"{names[0]} 等 {len(names)} 人" if len(names) > 2 else " 与 ".join(names)
    return f"{who} · {kind}"[:TITLE_CHARACTERS] if who else kind[:TITLE_CHARACTERS]


def identity_text(fields: Mapping[str, Any]) -> str:
    """What a party is recognised by, in one form: upper case, no blanks; "" if unknown."""
    for name in INDEXED_FIELDS:
        value = "".join(str(fields.get(name) or "").upper().split())
        if value:
            return value
    return ""
