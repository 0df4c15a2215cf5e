"""What a form shows besides its values: people and units to choose from, names of files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from webapp.cases.signatures import signatures_of
from webapp.forms.build import Known
from webapp.pages.now import platform, today
from webapp.pages.reference import role_title
from webapp.security import current_actor
from workflows.cases.queries.records import TaskPage
from workflows.cases.tables import StoredFile
from workflows.formspec import Form, Widget
from workflows.organisation.tables import Account, Person, Post, Unit
from workflows.storage import Session
from workflows.storage.ids import ALPHABET, LENGTH, decode_id, encode_id

Options = list[tuple[str, str]]


def known(form: Form, values: Mapping[str, Any], unit: str, task: TaskPage | None = None) -> Known:
    """For a form filled in for `unit`; asks the database only for what the form has. `task`: what
    it belongs to, without which nobody signs and nothing depends on a case."""
    options = known_people({field.widget for _name, field in form.walk()}, unit)
    wanted = sorted(_file_ids(form, values))
    files: dict[str, tuple[str, int]] = {}
    if wanted:
        with platform().database.reading(current_actor()) as session:
            files = _files(session, wanted)
    if task is None:
        return Known(options=options, files=files, today=today())
    return Known(
        options=options,
        files=files,
        today=today(),
        signatures=signatures_of(form, task.row.id),
        case=task.facts,
    )


def known_people(widgets: Collection[Widget], unit: str) -> dict[str, Options]:
    """People and units to choose from in `unit`, by widget; only for widgets that ask for them."""
    options: dict[str, Options] = {}
    if not {Widget.PERSON, Widget.UNIT} & set(widgets):
        return options
    with platform().database.reading(current_actor()) as session:
        if Widget.PERSON in widgets:
            options["person"] = _people(session, unit, today())
        if Widget.UNIT in widgets:
            options["unit"] = _units(session, unit)
    return options


def _people(session: Session, unit: str, on: date) -> Options:
    """(username, name and roles) of everybody with a post in the unit today, by name."""
    rows = session.execute(
        select(Account.username, Person.name, Post.role)
        .join(Person, Person.id == Account.person_id)
        .join(Post, Post.person_id == Person.id)
        .where(Post.unit_code == unit, Post.from_on <= on, Post.to_on >= on, Account.active)
        .order_by(Person.name, Account.username, Post.role)
    ).all()
    roles: dict[tuple[str, str], list[str]] = {}
    for username, name, role in rows:
        roles.setdefault((username, name), []).append(role_title(role))
    return [
        (username, f"{name} · {' · '.join(dict.fromkeys(held))}")
        for (username, name), held in roles.items()
    ]


def _units(session: Session, unit: str) -> Options:
    """(code, name) of the units of the same county, from the top down."""
    county = select(Unit.county_code).where(Unit.code == unit).scalar_subquery()
    rows = session.execute(
        select(Unit.code, Unit.short_name)
        .where(or_(Unit.county_code == county, Unit.code == county))
        .order_by(Unit.path)
    ).all()
    return [(code, name) for code, name in rows]


def _files(session: Session, ids: Iterable[int]) -> dict[str, tuple[str, int]]:
    """Outside id → (name, bytes) of files the actor sent or the case holds."""
    rows = session.execute(
        select(StoredFile.id, StoredFile.name, StoredFile.size_bytes).where(StoredFile.id.in_(ids))
    ).all()
    return {encode_id(number): (name, size) for number, name, size in rows}


def _file_ids(form: Form, values: Mapping[str, Any]) -> set[int]:
    found: set[int] = set()
    for name, field in form.walk():
        if field.widget is Widget.FILE:
            parent, _, column = name.rpartition(".")
            holders = [values] if not parent else _rows(values.get(parent))
            for holder in holders:
                found |= set(_ids(holder.get(column or name)))
    return found


def _rows(value: Any) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def _ids(value: Any) -> Iterable[int]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and len(one) == LENGTH and set(one) <= set(ALPHABET):
            yield decode_id(one)
