"""What of a case can be set right: its registered facts and its parties, each value with a mark.

Numbers of persons are masked for everybody and sealed facts are not shown: the mark stands for
what the reader did not see, so that the correction still refuses what changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from workflows.cases.access import CaseSubject, Level, check, level_of
from workflows.cases.corrections import OUTSIDE_FORMS, is_correctable, value_mark
from workflows.cases.decision import Json
from workflows.cases.field_words import value_words
from workflows.cases.platform import Platform
from workflows.cases.queries.party_views import mask, whole_party
from workflows.cases.reading_log import record_reading
from workflows.cases.snapshot import load_parts
from workflows.cases.submission import open_party, open_sealed
from workflows.cases.tables import NORMAL, CaseKeyRow, CaseRecord, Party, Run
from workflows.catalogue.package import Package
from workflows.errors import NotVisibleError
from workflows.formspec import Field, Form, Store, Widget
from workflows.formspec.fields import Titles
from workflows.formspec.party import PARTY_FIELDS, is_relevant
from workflows.messages import Message
from workflows.organisation.tables import Unit
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import CaseKey

MASKED = frozenset({Widget.ID_NUMBER, Widget.PHONE})
"""Numbers of a person: a list shows them in part."""
RELATIONS = ("represents", "guardian_of")
"""Party fields whose value is another party's id."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One value. `words`: what stands there, for people; `value`: the plain value for an input,
    None where `is_hidden`; `is_empty`: nothing was registered; `mark`: see `value_mark`."""

    path: str
    field: Field
    words: str | Message
    value: Json
    is_hidden: bool
    is_empty: bool
    mark: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts one form collected, in its order. `title`: the form's."""

    title: Titles
    values: tuple[Registered, ...]


@dataclass(frozen=True, slots=True)
class PartyGroup:
    """One party's values, in the order forms ask for them."""

    id: str
    name: str
    side: str
    values: tuple[Registered, ...]


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A case as far as it can be set right."""

    case: str
    number: str
    title: str
    unit: str
    facts: tuple[FactGroup, ...]
    parties: tuple[PartyGroup, ...]

    def find(self, path: str) -> Registered | None:
        """The value at a path of `corrections`."""
        return next((one for one in self.values() if one.path == path), None)

    def values(self) -> Iterator[Registered]:
        """Every value, facts first."""
        groups: tuple[FactGroup | PartyGroup, ...] = (*self.facts, *self.parties)
        return (one for group in groups for one in group.values)


@dataclass(frozen=True, slots=True)
class _Marker:
    """Makes records of values; knows how marks are made and what other parties are called."""

    platform: Platform
    names: Mapping[str, str]

    def value(self, path: str, field: Field, value: Json) -> Registered:
        is_empty = value in (None, "", [])
        is_hidden = field.widget in MASKED or path.startswith("/sealed/")
        return Registered(
            path=path,
            field=field,
            words=self._words(field, value) if not is_hidden or is_empty else _covered(path, value),
            value=None if is_hidden else value,
            is_hidden=is_hidden and not is_empty,
            is_empty=is_empty,
            mark=value_mark(self.platform.vault.blind_index, path, value),
        )

    def _words(self, field: Field, value: Json) -> str | Message:
        if field.name in RELATIONS:
            return self.names.get(str(value), "—")
        return value_words(field, value)


def load_correction_page(platform: Platform, actor: Actor, case: str) -> CorrectionPage:
    """What one actor may set right in a case, five statements. Reading a case that needs a grant
    is recorded.

    Raises InvalidInputError (malformed id), NotVisibleError, ForbiddenError, KeyDestroyedError.
    """
    case_id = decode_id(case)
    with platform.database.reading(actor) as session:
        found = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped, Unit.short_name)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .join(Unit, Unit.code == CaseRecord.unit_code)
            .where(CaseRecord.id == case_id)
        ).one_or_none()
        level = Level.NONE if found is None else level_of(actor, load_parts(session, case_id))
        if found is None or level is Level.NONE:
            raise NotVisibleError("cases.unknown_case")
        record: CaseRecord = found.CaseRecord
        subject = CaseSubject(
            unit_path=record.unit_path,
            unit_name=found.short_name,
            status=record.status,
            access_class=record.access_class,
            level=level,
        )
        check(actor, "correct", subject)
        page = _page(session, platform, record, platform.vault.open_key(found.wrapped))
    if record.access_class != NORMAL and not actor.is_system:
        record_reading(platform, actor, case_id)
    return page


def _page(session: Session, platform: Platform, case: CaseRecord, key: CaseKey) -> CorrectionPage:
    package = _package(session, platform, case)
    names = {str(party["id"]): str(party.get("name", "")) for party in case.parties}
    marker = _Marker(platform, names)
    rows = session.scalars(select(Party).where(Party.case_id == case.id)).all()
    return CorrectionPage(
        case=encode_id(case.id),
        number=case.number,
        title=case.title,
        unit=case.unit_code,
        facts=tuple(_facts(marker, package, case.facts, open_sealed(case, key))),
        parties=tuple(_parties(marker, case.parties, rows, key)),
    )


def _package(session: Session, platform: Platform, case: CaseRecord) -> Package:
    """The package corrections are checked by: of the first open run, else of the newest."""
    runs = session.execute(
        select(Run.version_id, Run.status).where(Run.case_id == case.id).order_by(Run.id)
    ).all()
    chosen = next((run for run in runs if run.status == "open"), runs[-1])
    return platform.catalogue.load(session, chosen.version_id)


def _facts(
    marker: _Marker, package: Package, facts: Mapping[str, Any], sealed: Mapping[str, Any]
) -> Iterator[FactGroup]:
    """Known facts by the form that asks for them; each once, under the form that fits best."""
    known = {Store.CASE: facts, Store.SEALED: sealed}
    starts = [package.forms[start.form] for start in package.manifest.starts]
    starts.sort(key=lambda form: -len(_known(form, known)))
    others = [form for form in package.forms.values() if form not in starts]
    seen: set[str] = set()
    for form in [*starts, *others]:
        fields = [field for field in _known(form, known) if field.name not in seen]
        seen |= {field.name for field in fields}
        values = tuple(
            marker.value(f"/{field.store}/{field.name}", field, known[field.store][field.name])
            for field in fields
        )
        if values:
            yield FactGroup(form.title, values)


def _known(form: Form, known: Mapping[Store, Mapping[str, Any]]) -> list[Field]:
    return [
        field
        for field in form.fields
        if is_correctable(field) and field.name in known.get(field.store, ())
    ]


def _parties(
    marker: _Marker, parties: Sequence[Mapping[str, Any]], rows: Sequence[Party], key: CaseKey
) -> Iterator[PartyGroup]:
    sealed = {row.id: open_party(key, row.id, row.sealed) for row in rows}
    fields = [field for field in PARTY_FIELDS if field.name != "id"]
    fields += OUTSIDE_FORMS.values()
    for party in parties:
        every = whole_party(party, sealed.get(decode_id(str(party["id"])), {}))
        yield PartyGroup(
            id=str(party["id"]),
            name=str(party.get("name", "")),
            side=str(party.get("side", "")),
            values=tuple(
                marker.value(f"/parties/{party['id']}/{field.name}", field, every.get(field.name))
                for field in fields
                if is_relevant(field.name, party.get("kind"))
            ),
        )


def _covered(path: str, value: Json) -> str | Message:
    """What a list shows of a value it may not show."""
    if path.startswith("/sealed/"):
        return Message("cases.value_hidden")
    return mask(str(value)) or "—"
