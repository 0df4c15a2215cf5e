"""Acts that bind or close off a case: merge, seal, references to other systems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workflows.cases.acting import writing
from workflows.cases.case_commands import (
    CaseChanged,
    CaseCommand,
    InHand,
    answer,
    end_run,
    take_case,
    write_line,
)
from workflows.cases.decision import CommandKind
from workflows.cases.idempotency import body_hash, take_key
from workflows.cases.moments import check_reason
from workflows.cases.platform import Platform
from workflows.cases.seal_run import close_off
from workflows.cases.tables import ExternalRef
from workflows.cases.timeline import Line
from workflows.errors import InvalidInputError, RuleError
from workflows.messages import Message
from workflows.storage import Actor


@dataclass(frozen=True, slots=True)
class MergeCase:
    """`case` turned out to be the same matter as `into`; both are outside ids."""

    case: str
    into: str
    reason: str
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class AddReference:
    """The case's number in another system (`system`: court, 信访, 110, 12345…)."""

    case: str
    system: str
    number: str
    reason: str = ""
    idempotency_key: str | None = None


def merge(platform: Platform, actor: Actor, command: MergeCase) -> CaseChanged:
    """Ends a duplicate: its runs are voided, it points to the case that goes on, both timelines
    say so. Nothing moves; what is in the duplicate stays readable there.

    Raises NotVisibleError, ForbiddenError, RuleError (no reason, one of the two is restricted),
    InvalidInputError (into itself), KeyReusedError.
    """
    reason = check_reason(command.reason)
    if command.case == command.into:
        raise InvalidInputError("cases.merge_itself")
    asked = body_hash("merge", {"case": command.case, "into": command.into, "reason": reason})
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, asked, platform.clock.now())
        if first is not None:
            return CaseChanged(**first)
        # In the order of their ids, so that two merges can never wait for each other.
        order = sorted((command.case, command.into))
        hands = {case: take_case(session, platform, actor, case, "merge") for case in order}
        _check_same_class(hands.values())
        _merge(hands[command.case], hands[command.into], reason)
        session.flush()
        return answer(hands[command.case], command.idempotency_key)


def seal(platform: Platform, actor: Actor, command: CaseCommand) -> CaseChanged:
    """Takes a case from colleagues' sight: from now on only persons who take part in it see it,
    and it is found by its number only. Sealing is no way to take part: whoever seals a case
    others handle loses sight of it too. Raises like `merge`."""
    reason = check_reason(command.reason)
    asked = body_hash("seal", {"case": command.case, "reason": reason})
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, asked, platform.clock.now())
        if first is not None:
            return CaseChanged(**first)
        hand = take_case(session, platform, actor, command.case, "seal")
        _seal(hand, reason)
        session.flush()
        return answer(hand, command.idempotency_key)


def add_reference(platform: Platform, actor: Actor, command: AddReference) -> CaseChanged:
    """Notes the case's number in another system; a reference that is there already changes
    nothing. Raises like `merge`."""
    system, number = command.system.strip(), command.number.strip()
    if not 0 < len(system) <= 60 or not 0 < len(number) <= 120:
        raise InvalidInputError("cases.bad_reference")
    asked = body_hash("add_reference", {"case": command.case, "system": system, "number": number})
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, asked, platform.clock.now())
        if first is not None:
            return CaseChanged(**first)
        hand = take_case(session, platform, actor, command.case, "add_reference")
        sentence = Message("cases.did_add_reference", {"system": system, "number": number})
        note_reference(hand, system, number, sentence, command.reason.strip() or None)
        session.flush()
        return answer(hand, command.idempotency_key)


def note_reference(
    hand: InHand, system: str, number: str, sentence: Message, detail: str | None = None
) -> bool:
    """Adds the reference and its line in the record, unless it is there; whether it was added."""
    session, case_id = hand.session, hand.loaded.case.id
    if session.get(ExternalRef, (case_id, system, number)) is not None:
        return False
    session.add(
        ExternalRef(
            case_id=case_id,
            system=system,
            number=number,
            added_at=hand.now,
            added_by=session.actor.account_id,
        )
    )
    write_line(hand, Line("add_reference", sentence, hand.now, "system", detail=detail))
    return True


def _check_same_class(hands: Iterable[InHand]) -> None:
    """Each of two merged cases names the other in its record: a restricted one would be named
    where everybody reads. RuleError."""
    if len({hand.loaded.case.access_class for hand in hands}) > 1:
        raise RuleError("cases.merge_restricted")


def _merge(gone: InHand, kept: InHand, reason: str) -> None:
    duplicate, target = gone.loaded.case, kept.loaded.case
    into = Message("cases.did_merge", {"number": target.number})
    write_line(gone, Line("merge", into, gone.now, "system", detail=reason))
    for run in gone.runs:
        end_run(gone, run, CommandKind.VOID, None, reason)
    duplicate.status, duplicate.merged_into = "merged", target.id
    duplicate.closed_at = gone.now
    taken = Message("cases.took_in", {"number": duplicate.number})
    write_line(kept, Line("merge", taken, kept.now, "system", detail=reason))


def _seal(hand: InHand, reason: str) -> None:
    close_off(hand.session, hand.platform, hand.loaded.case, hand.now)
    write_line(hand, Line("seal", Message("cases.did_seal"), hand.now, "system", detail=reason))
