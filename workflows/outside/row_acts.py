"""What a person does with a row that waits: give it to a case, put it aside, take it up again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from workflows.cases.acting import writing
from workflows.cases.case_bonds import note_reference
from workflows.cases.case_commands import take_case
from workflows.cases.moments import check_reason
from workflows.cases.platform import Platform
from workflows.cases.tables import CaseRecord
from workflows.errors import AlreadyDoneError, FieldError, InvalidFormError
from workflows.messages import Message
from workflows.outside.apply import Opened, open_rows, record
from workflows.outside.findings import Finding, Match
from workflows.outside.store import load_file, load_row, seal_row
from workflows.outside.systems import System, Systems, spellings, tidy_number
from workflows.outside.tables import OutsideFile, OutsideRow
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id


@dataclass(frozen=True, slots=True)
class GiveRow:
    """A row belongs to this case. `case`: outside id, or `our_number` as typed; `number`: a
    corrected number of the system, "" = the row's own."""

    row: str
    case: str = ""
    our_number: str = ""
    number: str = ""


def give_row(platform: Platform, actor: Actor, systems: Systems, command: GiveRow) -> str:
    """Writes the row's number to a case a person chose; the case's outside id.

    Raises NotVisibleError, ForbiddenError, InvalidFormError (no such 受理号, an odd number),
    InvalidInputError, AlreadyDoneError (done with another case).
    """
    with writing(platform, actor) as session:
        row = load_row(session, command.row, lock=True)
        system = systems.load(row.system)
        one = open_rows(session, platform, [row])[0]
        case = command.case or _find_case(session, command.our_number)
        number = check_number(system, command.number or one.body.facts.number)
        if row.state == "done":
            return _done_before(row, case)
        hand = take_case(session, platform, actor, case, "add_reference")
        sentence = Message(
            "outside.did_match",
            {"system": system.name, "number": number, "line": row.line},
        )
        note_reference(hand, system.name, number, sentence)
        session.flush()
        reason = Message("outside.by_hand", {"number": hand.loaded.case.number})
        _record_number(one, number)
        match = Match(Finding.BY_HAND, reason, hand.loaded.case.id)
        record(session, platform, one, match)
        return encode_id(hand.loaded.case.id)


def dismiss_row(platform: Platform, actor: Actor, row: str, reason: str) -> None:
    """Puts a row aside: it stays visible with the reason and may be taken up again.

    Raises NotVisibleError, RuleError (no reason), AlreadyDoneError.
    """
    why = check_reason(reason)
    with writing(platform, actor) as session:
        found = load_row(session, row, lock=True)
        if found.state == "done":
            raise AlreadyDoneError("outside.row_done")
        one = open_rows(session, platform, [found])[0]
        found.state, found.finding = "dismissed", Finding.DISMISSED.value
        body = replace(one.body, note=why)
        found.body = seal_row(one.key, found.file_id, found.line, body)
        found.changed_at, found.changed_by_name = platform.clock.now(), actor.name


def discard_file(platform: Platform, actor: Actor, file: str) -> None:
    """Throws a preview away: its rows are deleted and its key is destroyed. A file of which rows
    were applied stays. Raises NotVisibleError, AlreadyDoneError."""
    with writing(platform, actor) as session:
        kept = load_file(session, file, lock=True)
        if kept.state == "discarded":
            return
        if kept.state != "preview" or _is_begun(session, kept):
            raise AlreadyDoneError("outside.applied_already")
        session.execute(
            delete(OutsideRow)
            .where(OutsideRow.file_id == kept.id)
            .execution_options(synchronize_session=False)
        )
        kept.state, kept.wrapped = "discarded", None


def check_number(system: System, typed: str) -> str:
    """A number of the system in its tidy form. Raises InvalidFormError."""
    number = tidy_number(typed)
    if len(number) > 120 or not system.accepts(number):
        why = Message("outside.odd_number", {"example": system.example})
        raise InvalidFormError([FieldError("/number", why)])
    return number


def _is_begun(session: Session, file: OutsideFile) -> bool:
    begun = select(OutsideRow.line).where(
        OutsideRow.file_id == file.id, OutsideRow.state != "preview"
    )
    return session.scalar(begun.limit(1)) is not None


def _done_before(row: OutsideRow, case: str) -> str:
    """The same again is no fault: somebody pressed twice."""
    if row.case_id is None or encode_id(row.case_id) != case:
        raise AlreadyDoneError("outside.row_done")
    return case


def _record_number(one: Opened, number: str) -> None:
    one.row.number_index = one.row.number_index if number == one.body.facts.number else ""


def _find_case(session: Session, our_number: str) -> str:
    typed = "".join(our_number.split())
    wanted = (typed, *spellings(tidy_number(typed)))
    found = session.scalar(select(CaseRecord.id).where(CaseRecord.number.in_(wanted)).limit(1))
    if not typed or found is None:
        raise InvalidFormError([FieldError("/our_number", Message("web.no_such_number"))])
    return encode_id(found)
