"""One case in the order of a system's form, to be copied over there by hand."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.cases.access import CaseSubject, Level, may
from workflows.cases.acting import writing
from workflows.cases.case_bonds import note_reference
from workflows.cases.case_commands import InHand, take_case, write_line
from workflows.cases.decision import today_of
from workflows.cases.moments import check_reason
from workflows.cases.platform import Platform
from workflows.cases.reading_log import record_reading
from workflows.cases.snapshot import load_open_runs, sees_nothing
from workflows.cases.timeline import Line
from workflows.errors import ForbiddenError, NotVisibleError
from workflows.messages import Message
from workflows.outside.export import whole_cases
from workflows.outside.row_acts import check_number
from workflows.outside.systems import System
from workflows.outside.values import Material, hides, load_materials, row_values
from workflows.outside.writers import tab_row
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id


@dataclass(frozen=True, slots=True)
class Cell:
    """One column. `is_masked`: some of it is hidden from this reader now."""

    header: str
    text: str
    is_masked: bool


@dataclass(frozen=True, slots=True)
class CopyPage:
    """`numbers`: the case's in this system; `row`: all values as one line for a spreadsheet.
    `may_write`: whether the actor may note the number received back; `may_see_whole`: whether
    masked numbers may be shown for a reason."""

    case: str
    number: str
    title: str
    cells: tuple[Cell, ...]
    row: str
    numbers: tuple[str, ...]
    may_write: bool
    may_see_whole: bool
    is_whole: bool


def load_copy_page(platform: Platform, actor: Actor, system: System, case: str) -> CopyPage:
    """The case with ID numbers masked. Reading a restricted case is recorded.

    Raises InvalidInputError (malformed id), NotVisibleError (not there, or not seen whole),
    ForbiddenError for an accusation.
    """
    material = _load(platform, actor, case)
    if material.is_restricted and not actor.is_system:
        record_reading(platform, actor, material.case.id)
    return _page(platform, actor, system, case, material, whole=False)


def show_whole(
    platform: Platform, actor: Actor, system: System, case: str, reason: str
) -> CopyPage:
    """The same with whole ID numbers; who, when and why stands in the record of the case.

    Raises like `load_copy_page`, RuleError (no reason), ForbiddenError.
    """
    why = check_reason(reason)
    material = _load(platform, actor, case)
    if not whole_cases(actor, [material]):
        raise ForbiddenError("outside.may_not_see_whole")
    with writing(platform, actor) as session:
        hand = take_seen(session, platform, actor, case)
        sentence = Message("outside.did_see_whole", {"system": system.name})
        write_line(hand, Line("read", sentence, hand.now, "person", detail=why))
    return _page(platform, actor, system, case, material, whole=True)


def note_number(platform: Platform, actor: Actor, system: System, case: str, typed: str) -> str:
    """The number received over there becomes a reference of the case; its tidy form.

    Raises InvalidFormError (not like a number of this system), NotVisibleError, ForbiddenError.
    The same number again changes nothing.
    """
    number = check_number(system, typed)
    with writing(platform, actor) as session:
        hand = take_case(session, platform, actor, case, "add_reference")
        words = {"system": system.name, "number": number}
        note_reference(hand, system.name, number, Message("cases.did_add_reference", words))
    return number


def take_seen(session: Session, platform: Platform, actor: Actor, case: str) -> InHand:
    """The case, locked, for a line about its being read; nothing else of it changes."""
    loaded, runs = load_open_runs(session, platform, decode_id(case))
    if sees_nothing(actor, loaded):
        raise NotVisibleError("cases.unknown_case")
    return InHand(session, platform, loaded, runs, platform.clock.now())


def _load(platform: Platform, actor: Actor, case: str) -> Material:
    case_id = decode_id(case)
    with platform.database.reading(actor) as session:
        material = load_materials(session, platform, [case_id]).get(case_id)
    if material is None:
        raise NotVisibleError("cases.unknown_case")
    if material.is_accusation:
        raise ForbiddenError("outside.accusation")
    return material


def _page(
    platform: Platform,
    actor: Actor,
    system: System,
    case: str,
    material: Material,
    *,
    whole: bool,
) -> CopyPage:
    row = material.case
    shown = {row.id} if whole else set()
    texts = row_values(system, material, today_of(platform.clock.now()), whole_numbers=shown)
    cells = tuple(
        Cell(column.header, text, bool(text) and hides(column) and not whole)
        for column, text in zip(system.columns, texts, strict=True)
    )
    subject = CaseSubject(
        row.unit_path, material.unit.short_name, row.status, row.access_class, Level.FULL
    )
    return CopyPage(
        case=case,
        number=row.number,
        title=row.title,
        cells=cells,
        row=tab_row(texts),
        numbers=tuple(number for name, number in material.references if name in system.names),
        may_write=may(actor, "add_reference", subject) is None,
        may_see_whole=bool(whole_cases(actor, [material])),
        is_whole=whole,
    )
