"""Somebody joins a case, or is a party no more: death, dissolution, replacement, leaving.

Acts outside the diagram. A list of parties is a fact of the case, so every step from now on reads
the new one; work items that were made for one party each stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.acting import act_on_run, writing
from workflows.cases.case_commands import CaseChanged, InHand, answer, take_case, write_line
from workflows.cases.decision import Command, CommandKind, FactsChange
from workflows.cases.facts import PartyPlan, plan_parties
from workflows.cases.idempotency import body_hash, take_key
from workflows.cases.moments import check_occurred_at, check_reason
from workflows.cases.platform import Platform
from workflows.cases.submission import party_index, save_parties
from workflows.cases.tables import Party
from workflows.cases.timeline import Line
from workflows.errors import FieldError, InvalidFormError, RuleError
from workflows.formspec import Form, load_form, read_values
from workflows.messages import Message
from workflows.storage import Actor
from workflows.storage.ids import decode_id, encode_id

WHYS = ("died", "dissolved", "replaced", "left")
"""Why somebody is a party no more."""

FORM: Form = load_form(
    {
        "type": "object",
        "title": "新的当事人",
        "x-i18n": {"en": {"title": "New party"}},
        "properties": {
            "parties": {
                "type": "array",
                "title": "新的当事人",
                "x-i18n": {"en": {"title": "New party"}},
                "x-widget": "parties",
                "x-store": "party",
                "minItems": 1,
                "maxItems": 1,
            }
        },
        "additionalProperties": False,
    },
    {},
    name="new_party",
)
"""What is asked of a party who joins: the same as of those who are there."""


@dataclass(frozen=True, slots=True)
class AddParty:
    """A party joins. `raw`: an answer to FORM; `instead_of`: id of the party whose place it takes,
    `why` then one of WHYS. `occurred_at` as in `CompleteTask`."""

    case: str
    raw: Mapping[str, Any]
    reason: str
    instead_of: str | None = None
    why: str = "replaced"
    occurred_at: datetime | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class EndParty:
    """A party (id) is one no more; `why`: one of WHYS."""

    case: str
    party: str
    why: str
    reason: str
    occurred_at: datetime | None = None
    idempotency_key: str | None = None


def add_party(platform: Platform, actor: Actor, command: AddParty) -> CaseChanged:
    """Adds a party, alone or in the place of another.

    Raises NotVisibleError, ForbiddenError, RuleError, KeyReusedError, InvalidFormError (what is
    wrong with the new party, or that it is one already).
    """
    reason, now = check_reason(command.reason), platform.clock.now()
    occurred_at = check_occurred_at(command.occurred_at, now, reason)
    body = {
        "case": command.case,
        "raw": command.raw,
        "instead_of": command.instead_of,
        "why": command.why,
        "reason": reason,
    }
    values = read_values(FORM, command.raw, now=now)
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, body_hash("add_party", body), now)
        if first is not None:
            return CaseChanged(**first)
        hand = take_case(session, platform, actor, command.case, "add_party")
        (new,) = values.parties or ({},)
        ended = {command.instead_of: command.why} if command.instead_of else {}
        plan = _plan(hand, [new], ended)
        _check_new(hand, new)
        line = _joined(hand, str(new["name"]), command.instead_of, occurred_at or now, reason)
        _apply(hand, plan, ended, line)
        return answer(hand, command.idempotency_key)


def end_party(platform: Platform, actor: Actor, command: EndParty) -> CaseChanged:
    """A party dies, is dissolved or leaves; at least one party stays. Raises like `add_party`."""
    reason, now = check_reason(command.reason), platform.clock.now()
    occurred_at = check_occurred_at(command.occurred_at, now, reason)
    body = {
        "case": command.case,
        "party": command.party,
        "why": command.why,
        "reason": reason,
    }
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, body_hash("end_party", body), now)
        if first is not None:
            return CaseChanged(**first)
        hand = take_case(session, platform, actor, command.case, "end_party")
        ended = {command.party: command.why}
        plan = _plan(hand, [], ended)
        if all(party.get("ended") for party in plan.plain):
            raise RuleError("cases.last_party")
        sentence = Message(
            "cases.did_end_party",
            {"name": _name(hand, command.party), "why": Message(f"cases.party_{command.why}")},
        )
        line = Line("end_party", sentence, occurred_at or now, "person", detail=reason)
        _apply(hand, plan, ended, line)
        return answer(hand, command.idempotency_key)


def _plan(hand: InHand, new: list[Mapping[str, Any]], ended: Mapping[str, str]) -> PartyPlan:
    """The list as it shall be. RuleError for a party that is not there, or is one no more."""
    stored = hand.loaded.case.parties
    for party_id, why in ended.items():
        known = next((party for party in stored if party["id"] == party_id), None)
        if known is None or known.get("ended") or why not in WHYS:
            raise RuleError("cases.no_such_party")
    kept = [
        {"id": party["id"], **({"ended": ended[party["id"]]} if party["id"] in ended else {})}
        for party in stored
    ]
    return plan_parties(
        [*kept, *new],
        stored,
        next_id=hand.platform.ids.next,
        encode=encode_id,
        decode=decode_id,
    )


def _check_new(hand: InHand, new: Mapping[str, Any]) -> None:
    """Whoever is a party already does not become one again."""
    index = party_index(hand.platform, {}, new)
    if not index:
        return
    same = select(Party.name).where(
        Party.case_id == hand.loaded.case.id, Party.id_index == index, Party.ended_at.is_(None)
    )
    name = hand.session.scalar(same.limit(1))
    if name is not None:
        message = Message("cases.party_there_already", {"name": name})
        raise InvalidFormError([FieldError("/parties/0/name", message)])


def _apply(hand: InHand, plan: PartyPlan, ended: Mapping[str, str], line: Line) -> None:
    session, platform, case = hand.session, hand.platform, hand.loaded.case
    save_parties(session, platform, case, hand.loaded.key, plan, hand.now)
    session.flush()
    for party_id, why in ended.items():
        row = session.get_one(Party, decode_id(party_id))
        row.ended_at, row.ended_why = hand.now, why
    write_line(hand, line)
    for run in hand.runs:
        package = platform.catalogue.load(session, run.run.version_id)
        change = FactsChange(parties=plan.plain)
        act_on_run(
            session, platform, run, package, Command(CommandKind.CORRECT, hand.now, facts=change)
        )
    session.flush()


def _joined(hand: InHand, name: str, instead_of: str | None, at: datetime, reason: str) -> Line:
    params: dict[str, object] = {"name": name}
    code = "cases.did_add_party"
    if instead_of:
        code, params["old"] = "cases.did_replace_party", _name(hand, instead_of)
    return Line("add_party", Message(code, params), at, "person", detail=reason)


def _name(hand: InHand, party_id: str) -> str:
    names = {party["id"]: party.get("name", "") for party in hand.loaded.case.parties}
    return str(names[party_id])
