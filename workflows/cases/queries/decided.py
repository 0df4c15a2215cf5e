"""Why each decision of a case came out as it did: the rules that matched and on which values.

Read from the journal, where every command keeps what its decision tables saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select

from workflows.cases.access import Level, level_of
from workflows.cases.decision import DecisionTrace, Json
from workflows.cases.field_words import value_words
from workflows.cases.journal_format import traces_from_journal
from workflows.cases.moving import is_move
from workflows.cases.platform import Platform
from workflows.cases.reading_log import record_reading
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import NORMAL, CaseKeyRow, CaseRecord, JournalEntry, Run
from workflows.catalogue.package import Package
from workflows.decisions import Sheet, SheetRule
from workflows.errors import NotVisibleError
from workflows.formspec.fields import Titles
from workflows.formspec.party import PARTY_FIELDS
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id

Said = str | Message


@dataclass(frozen=True, slots=True)
class DecidedView:
    """One decision. `inputs`: label → what was there; `rules`: those the outcome is made of, with
    the texts of their cells; `outputs`: label → what came out."""

    at: datetime
    process: Titles
    step: Titles
    title: str
    inputs: tuple[tuple[str, Said], ...]
    rules: tuple[SheetRule, ...]
    outputs: tuple[tuple[str, Said], ...]


@dataclass(frozen=True, slots=True)
class DecidedPage:
    """All decisions of a case the reader may see the facts of, newest first."""

    case_id: str
    case_number: str
    case_title: str
    decisions: tuple[DecidedView, ...]
    now: datetime


def load_decided(platform: Platform, actor: Actor, case: str) -> DecidedPage:
    """Decisions hold facts: only for who sees the whole case; four statements.

    Raises InvalidInputError (malformed id), NotVisibleError, KeyDestroyedError (erased).
    """
    case_id = decode_id(case)
    with platform.database.reading(actor) as session:
        found = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .where(CaseRecord.id == case_id)
        ).one_or_none()
        parts = () if found is None else load_parts(session, case_id)
        if found is None or level_of(actor, parts) is not Level.FULL:
            raise NotVisibleError("cases.unknown_case")
        key = platform.vault.open_key(found.wrapped)
        entries = [
            (run, line.at, open_json(key, line.entry, journal_place(run.id, line.number)))
            for run, line in _lines(session, case_id)
            if level_of(actor, parts, run.id) is Level.FULL
        ]
        views = [
            view
            for version, at, entry in _with_versions(entries)
            for view in _views(platform.catalogue.load(session, version), at, entry)
        ]
    if found.CaseRecord.access_class != NORMAL and not actor.is_system:
        record_reading(platform, actor, case_id)
    return DecidedPage(
        case_id=case,
        case_number=found.CaseRecord.number,
        case_title=found.CaseRecord.title,
        decisions=tuple(reversed(views)),
        now=platform.clock.now(),
    )


def _lines(session: Session, case_id: int) -> Iterator[tuple[Run, JournalEntry]]:
    rows = session.execute(
        select(Run, JournalEntry)
        .join(JournalEntry, JournalEntry.run_id == Run.id)
        .where(Run.case_id == case_id)
        .order_by(JournalEntry.at, JournalEntry.run_id, JournalEntry.number)
    )
    return ((row.Run, row.JournalEntry) for row in rows)


def _with_versions(
    entries: Sequence[tuple[Run, datetime, Mapping[str, Json]]],
) -> Iterator[tuple[int, datetime, Mapping[str, Json]]]:
    """The lines, oldest first, each with the version its run stood on when it was written."""
    later: dict[int, int] = {}
    found = []
    for run, at, entry in reversed(entries):
        found.append((later.get(run.id, run.version_id), at, entry))
        if is_move(entry):
            later[run.id] = entry["from"]
    return reversed(found)


def _views(package: Package, at: datetime, entry: Mapping[str, Json]) -> Iterator[DecidedView]:
    for trace in traces_from_journal(entry):
        called = package.process.decisions.get(trace.decision)
        sheet = called.source.sheet(trace.decision) if called else None
        yield DecidedView(
            at=at,
            process=package.manifest.title,
            step=package.process.title_of(trace.element),
            title=called.name if called else trace.decision,
            inputs=_inputs(package, sheet, trace),
            rules=tuple(rule for rule in sheet.rules if rule.number in trace.matched)
            if sheet
            else (),
            outputs=tuple(
                (sheet.outputs.get(name, name) if sheet else name, _said(package, name, value))
                for name, value in trace.outputs.items()
            ),
        )


def _inputs(
    package: Package, sheet: Sheet | None, trace: DecisionTrace
) -> tuple[tuple[str, Said], ...]:
    """Values of plain names in the words of the form that asks for them."""
    reads = sheet.inputs if sheet else {}
    return tuple(
        (label, _said(package, reads.get(label, ""), value))
        for label, value in trace.inputs.items()
    )


def _said(package: Package, name: str, value: Json) -> Said:
    """A value in the words of the form that asks for `name`, if one does; `somebody.kind` in
    those of a party's field."""
    owner, _dot, member = name.rpartition(".")
    forms = () if owner else (form.fields for form in package.forms.values())
    fields = chain(PARTY_FIELDS if owner else (), *forms)
    field = next((field for field in fields if field.name == member), None)
    return value_words(field, value) if field else _plain(value)


def _plain(value: Json) -> Said:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return Message("cases.value_yes" if value else "cases.value_no")
    if isinstance(value, list):
        return "；".join(str(part) for part in value)
    return str(value)
