"""One row that waits, with the cases it may belong to and what a new case would begin with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.facts import names_in
from workflows.cases.platform import Platform
from workflows.cases.queries.starts import Offer, list_offers
from workflows.cases.tables import CaseRecord
from workflows.formspec import Form, flatten
from workflows.formspec.fields import Field, Widget
from workflows.outside.known import load_known
from workflows.outside.queries.lists import RowView, row_views
from workflows.outside.recognise import read_day
from workflows.outside.store import load_row
from workflows.outside.systems import Column, System, Systems, plain_heading
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id

MOST_PARTIES = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case a row may belong to. `may_write`: whether the actor may give it the number."""

    id: str
    number: str
    title: str
    parties: tuple[str, ...]
    on: date
    references: tuple[str, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class Beginning:
    """A start form the row fills in: where it is, and its inputs as a browser would post them."""

    process: str
    form: str
    unit: str
    unit_name: str
    title: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row. `beginnings`: one for each unit where the actor may open such a case."""

    row: RowView
    candidates: tuple[Candidate, ...]
    beginnings: tuple[Beginning, ...]
    now: datetime


def load_row_page(platform: Platform, actor: Actor, systems: Systems, row: str) -> RowPage:
    """Raises NotVisibleError, InvalidInputError."""
    with platform.database.reading(actor) as session:
        found = load_row(session, row)
        view = row_views(session, platform, [found], whole=True)[0]
        system = systems.load(found.system)
        candidates = _candidates(session, system, view.candidates)
    waits = view.state in ("open", "dismissed", "preview")
    beginnings = _beginnings(platform, actor, system, view) if waits else ()
    return RowPage(view, candidates, beginnings, platform.clock.now())


def _candidates(session: Session, system: System, ids: Collection[int]) -> tuple[Candidate, ...]:
    known = load_known(session, system, ids)
    rows = session.execute(
        select(CaseRecord.id, CaseRecord.title, CaseRecord.parties_text).where(
            CaseRecord.id.in_(known)
        )
    )
    texts = {row.id: row for row in rows}
    return tuple(
        Candidate(
            id=encode_id(one),
            number=known[one].number,
            title=texts[one].title,
            parties=names_in(texts[one].parties_text),
            on=known[one].on,
            references=tuple(sorted(known[one].refs)),
            may_write=known[one].may_write is None,
        )
        for one in ids
        if one in known and one in texts
    )


def _beginnings(
    platform: Platform, actor: Actor, system: System, row: RowView
) -> tuple[Beginning, ...]:
    if system.opens is None or "open_case" not in actor.abilities:
        return ()
    process, name = system.opens
    return tuple(
        Beginning(
            process=process,
            form=start.name,
            unit=offer.unit,
            unit_name=offer.unit_name,
            title=start.title,
            pairs=_pairs(offer.forms[start.form], system, row.cells),
        )
        for offer in list_offers(platform, actor)
        if offer.process == process
        for start in _starts(offer, name)
    )


def _starts(offer: Offer, name: str) -> list[Any]:
    return [start for start in offer.starts if start.name == name]


def _pairs(form: Form, system: System, cells: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the form would post for the row: names and values, lists repeated."""
    pairs = flatten(form, raw_values(form, system, cells))
    return tuple((name, value) for name, values in pairs.items() for value in values)


def raw_values(form: Form, system: System, cells: Mapping[str, str]) -> dict[str, Any]:
    """The row as raw values of a start form: facts the form asks for, and its parties."""
    by_heading = {heading: column for column in system.columns for heading in column.headings}
    raw: dict[str, Any] = {}
    sides: dict[str, dict[str, list[str]]] = {}
    for header, text in cells.items():
        column = by_heading.get(plain_heading(header))
        if column is None or column.source is None:
            continue
        source = column.source
        if source.kind == "party" and source.side:
            sides.setdefault(source.side, {})[source.name] = text.split("、")[:MOST_PARTIES]
        elif source.kind == "fact" and (field := form.find(source.name)) is not None:
            raw[field.name] = _raw(field, column, text)
        elif source.kind == "word" and source.name == "occurred_on":
            raw |= _first_day(form, text)
    parties = next((one.name for one in form.fields if one.widget is Widget.PARTIES), None)
    if parties is not None and sides:
        raw[parties] = [party for side, values in sides.items() for party in _side(side, values)]
    return raw


def _side(side: str, values: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """One party for each name; other values go with the names where there are as many."""
    names = values.get("name", [])
    parties = []
    for place, name in enumerate(names):
        more = {
            field: texts[place]
            for field, texts in values.items()
            if len(texts) == len(names) and "•" not in texts[place]
        }
        kind = (
            "organisation" if name.endswith(("公司", "合作社", "委员会", "局", "厂")) else "person"
        )
        parties.append({**more, "name": name, "side": side, "kind": kind})
    return parties


def _raw(field: Field, column: Column, text: str) -> str:
    """A choice by its value, a day in ISO form, anything else as it stands."""
    ours = {theirs: value for value, theirs in column.words.items()}
    if text in ours:
        return ours[text]
    for choice in field.choices:
        if text in (choice.title["zh"], str(choice.value)):
            return str(choice.value)
    if field.widget is Widget.DATE:
        day = read_day(text)
        return text if day is None else day.isoformat()
    return text.replace(",", "").removesuffix("元") if field.widget is Widget.MONEY else text


def _first_day(form: Form, text: str) -> dict[str, str]:
    """The day a matter came in, into the form's first date."""
    day = read_day(text)
    field = next((one for one in form.fields if one.widget is Widget.DATE), None)
    return {} if day is None or field is None else {field.name: day.isoformat()}
