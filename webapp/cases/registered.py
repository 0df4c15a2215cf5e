"""What is registered of a case, value by value, to pick what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from webapp.cases.known import known_people
from webapp.pages.formats import spoken, titled
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.queries.correction_page import (
    CorrectionPage,
    Registered,
    load_correction_page,
)
from workflows.formspec import Widget
from workflows.messages import Message

ASKS = (Widget.PERSON, Widget.UNIT)
"""Widgets whose value stands for somebody: an account's or a unit's key."""


@dataclass(frozen=True, slots=True)
class Row:
    """One registered value in the list. `url`: where it is set right."""

    title: str
    words: str
    url: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading. `empty`: fields nothing was registered for. `tag`: a party's side."""

    title: str
    tag: str
    rows: tuple[Row, ...]
    empty: tuple[Row, ...]


def render(case: str) -> str:
    """Everything registered, each value with the way to its correction."""
    page = load_correction_page(platform(), current_actor(), case)
    names = people(page)
    groups = [_group(page, titled(facts.title), "", facts.values, names) for facts in page.facts]
    parties = [_group(page, party.name, party.side, party.values, names) for party in page.parties]
    return render_page("cases/correct.html", page=page, groups=groups, parties=parties)


def _group(
    page: CorrectionPage,
    title: str,
    tag: str,
    values: Sequence[Registered],
    names: Mapping[str, str],
) -> Group:
    rows = [
        Row(
            title=titled(one.field.title),
            words=words(one, names),
            url=url_for("cases.correct_value", case=page.case, what=one.path),
            is_empty=one.is_empty,
        )
        for one in values
    ]
    known = tuple(row for row in rows if not row.is_empty)
    return Group(title, tag, known, tuple(row for row in rows if row.is_empty))


def words(one: Registered, names: Mapping[str, str]) -> str:
    """What stands there, in the reader's language; people and units by their names."""
    if isinstance(one.words, Message):
        return spoken(one.words)
    return names.get(one.words, one.words) if one.field.widget in ASKS else one.words


def people(page: CorrectionPage) -> dict[str, str]:
    """Names of people and units the values speak of; asks only where there are any."""
    widgets = {one.field.widget for one in page.values() if not one.is_empty}
    return {key: name for pairs in known_people(widgets, page.unit).values() for key, name in pairs}
