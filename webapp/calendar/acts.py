"""Looking at and entering a calendar year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import structlog
from flask import flash
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from webapp.calendar import inputs, page
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.recount import OWN_CALENDARS, check_may_enter, order_year, preview_year
from workflows.deadlines.calendar import CalendarYear, load_built_in_years
from workflows.deadlines.calendar_text import read_year
from workflows.deadlines.stored import list_years
from workflows.errors import ForbiddenError, InvalidFormError, InvalidInputError
from workflows.organisation.tables import Unit
from workflows.organisation.units import load_unit
from workflows.storage import SYSTEM, Actor

log = structlog.get_logger("fengqiao.calendar")

Answer: TypeAlias = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who may enter what, and what is known. `units`: (code, name), "" first where the actor may
    enter everybody's; `years`: unit code → years."""

    units: tuple[tuple[str, str], ...]
    years: Mapping[str, tuple[CalendarYear, ...]]


def desk() -> Desk:
    """The actor's; two statements."""
    actor = current_actor()
    with platform().database.reading(SYSTEM) as session:
        places = session.scalars(
            select(Unit).where(Unit.kind.in_(OWN_CALENDARS)).order_by(Unit.path)
        )
        units = [(unit.code, unit.name) for unit in places if _may(actor, unit.path)]
        entered = list_years(session)
    years = {unit: tuple(found) for unit, found in entered.items() if unit and unit in dict(units)}
    national = {year.year: year for year in (*load_built_in_years(), *entered.get("", ()))}
    everybody = [("", "")] if _may(actor, None) else []
    return Desk((*everybody, *units), {"": tuple(national.values()), **years})


def preview(form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Answer:
    """What would change, or the form with what is wrong in it."""
    try:
        sent = inputs.read(form, files)
    except InvalidFormError as refused:
        return page.render_years(desk(), inputs.read(form), refused.errors), 422
    if "_edit" in form:
        return page.render_years(desk(), sent)
    try:
        path, year = _checked(sent)
    except InvalidFormError as refused:
        return page.render_years(desk(), sent, refused.errors), 422
    known = desk().years.get(sent.unit, ())
    before = next((one for one in known if one.year == year.year), None)
    moved = preview_year(platform(), sent.unit, year)
    return page.render_preview(sent, path, before, year, moved)


def load(form: Mapping[str, str]) -> Answer | None:
    """Enters it; the form again where it is wrong."""
    sent = inputs.read(form)
    try:
        _name, year = _checked(sent)
    except InvalidFormError as refused:
        return page.render_years(desk(), sent, refused.errors), 422
    actor = current_actor()
    order_year(platform(), actor, sent.unit, year)
    log.info("calendar entered", by=actor.username, unit=sent.unit, year=year.year)
    flash(_("已录入 %(year)s 年的节假日安排，期限正在重新推算。", year=year.year), "done")
    return None


def _checked(sent: inputs.Sent) -> tuple[str, CalendarYear]:
    """(name of the unit, the year). Raises ForbiddenError, InvalidFormError."""
    if not sent.unit:
        check_may_enter(current_actor(), None)
        return "", read_year(sent.typed)
    with platform().database.reading(SYSTEM) as session:
        try:
            unit = load_unit(session, sent.unit)
        except InvalidInputError as error:
            raise ForbiddenError("deadline.calendar_not_yours") from error
        name, path = unit.name, unit.path
    check_may_enter(current_actor(), path)
    return name, read_year(sent.typed)


def _may(actor: Actor, path: str | None) -> bool:
    try:
        check_may_enter(actor, path)
    except ForbiddenError:
        return False
    return True
