"""Setting one registered value right: its page, what is wrong with the new one, doing it.

What a new value must be like is decided in `workflows.cases`; a value the reader may not see whole
is masked here as there, and is only ever replaced.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from webapp.cases.known import known_people
from webapp.cases.registered import people, words
from webapp.forms.build import Known
from webapp.forms.render import control_id, render_field
from webapp.pages.formats import data, spoken, titled
from webapp.pages.language import current_language
from webapp.pages.layout import render_page
from webapp.pages.now import now, platform, today
from webapp.security import check_text, current_actor
from workflows.cases.case_commands import CorrectCase, correct
from workflows.cases.corrections import Target, read_value
from workflows.cases.queries.correction_page import (
    RELATIONS,
    CorrectionPage,
    Registered,
    load_correction_page,
)
from workflows.errors import (
    FieldError,
    InvalidFormError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
    StaleRevisionError,
)
from workflows.formspec import Field, Widget, parse_value
from workflows.messages import Message

Answer: TypeAlias = str | Response | tuple[str, int]
NEW, REASON = "new", "reason"
"""Names of the two inputs; an error's path is the name behind a slash."""
LONGEST_REASON = 1000
REFUSALS = (InvalidFormError, InvalidInputError, RuleError, StaleRevisionError)


@dataclass(frozen=True, slots=True)
class Asking:
    """One value about to be replaced."""

    page: CorrectionPage
    one: Registered
    party: str

    @property
    def title(self) -> Markup:
        """The field, with the party's name before it."""
        name = data(titled(self.one.field.title))
        return Markup("{} · {}").format(data(self.party), name) if self.party else name


@dataclass(frozen=True, slots=True)
class Typed:
    """What was posted. `value`: still as typed, None when the page is opened."""

    value: Any = None
    reason: str = ""
    clear: bool = False
    mark: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template of one value reads. `now`: what stands there, masked where it must be."""

    heading: Markup
    now: str
    control: Markup
    hint: str
    may_clear: bool
    cleared: bool
    mark: str
    key: str
    reason: str
    reason_error: str
    refusal: str
    errors: tuple[tuple[str, str], ...]


def ask(case: str, path: str) -> str:
    """The page of one value. NotVisibleError where the case has no such value."""
    return _render(_load(case, path), Typed(key=secrets.token_urlsafe(12)), [])


def do(case: str, path: str, posted: ImmutableMultiDict[str, str]) -> Answer:
    """Sets it right; else the page again with every error and what was typed."""
    asking = _load(case, path)
    typed = _read(asking, posted)
    errors = _check(asking, typed)
    if errors:
        return _render(asking, typed, errors), 422
    command = CorrectCase(
        case=case,
        path=path,
        old=None,
        new=None if typed.clear else typed.value,
        reason=typed.reason,
        idempotency_key=typed.key or None,
        mark=typed.mark,
    )
    try:
        correct(platform(), current_actor(), command)
    except REFUSALS as refused:
        return _render(_load(case, path), typed, _said(refused)), 422
    flash(Markup(_("已更正：%(title)s。")) % {"title": asking.title}, "done")  # noqa: S704
    return redirect(url_for("cases.case", case=case), 303)


def _load(case: str, path: str) -> Asking:
    page = load_correction_page(platform(), current_actor(), case)
    one = page.find(path)
    if one is None:
        raise NotVisibleError("web.no_such_page")
    party = next((group.name for group in page.parties if one in group.values), "")
    return Asking(page, one, party)


def _read(asking: Asking, posted: ImmutableMultiDict[str, str]) -> Typed:
    for name, text in posted.items(multi=True):
        check_text(name)
        check_text(text)
    return Typed(
        value=parse_value(_asked(asking.one), posted.to_dict(flat=False)),
        reason=posted.get(REASON, "").strip()[:LONGEST_REASON],
        clear=asking.one.is_hidden and posted.get("clear") == "yes",
        mark=posted.get("mark", "")[:64],
        key=posted.get("_key", "")[:100],
    )


def _check(asking: Asking, typed: Typed) -> list[FieldError]:
    """Both inputs at once, before anything is locked."""
    errors: list[FieldError] = []
    field = _asked(asking.one)
    if not typed.clear:
        try:
            read_value(Target(field, "case"), typed.value, now())
        except InvalidFormError as wrong:
            errors += wrong.errors
    if not typed.reason:
        errors.append(FieldError(f"/{REASON}", Message("cases.reason_missing")))
    return errors


def _said(refused: Exception) -> list[FieldError]:
    if isinstance(refused, InvalidFormError):
        return list(refused.errors)
    assert isinstance(refused, InvalidInputError | RuleError | StaleRevisionError)
    return [FieldError("/", refused.message)]


def _asked(one: Registered) -> Field:
    """The field as the page asks for it: always, under the input's name. What is not shown needs
    an answer, so that an input left empty clears nothing; so does a tick box, which has no third
    state here."""
    field = one.field
    asks = field.required or one.is_hidden or field.widget is Widget.BOOLEAN
    return replace(field, name=NEW, visible=None, default=None, required=asks)


def _render(asking: Asking, typed: Typed, errors: Sequence[FieldError]) -> str:
    one, field = asking.one, _asked(asking.one)
    sentences = {error.path: spoken(error.message) for error in errors}
    opened = typed.value is None and not errors
    value = one.value if opened else typed.value
    shown = Shown(
        heading=Markup(_("更正：%(title)s")) % {"title": asking.title},  # noqa: S704
        now=words(one, people(asking.page)),
        control=render_field(field, value, errors, current_language(), known=_known(asking)),
        hint=_hint(one.field),
        may_clear=one.is_hidden and not one.field.required,
        cleared=typed.clear,
        mark=one.mark,
        key=typed.key,
        reason=typed.reason,
        reason_error=sentences.get(f"/{REASON}", ""),
        refusal=sentences.get("/", ""),
        errors=tuple((_target(field, path), text) for path, text in sentences.items()),
    )
    return render_page("cases/correct_value.html", page=asking.page, one=one, shown=shown)


def _target(field: Field, path: str) -> str:
    """The id a link of the error summary leads to."""
    if path == "/":
        return "stands"
    if path == f"/{REASON}":
        return REASON
    part = next((p for p in field.fields if path == f"/{NEW}/{p.name}"), None)
    if field.widget is Widget.LOCATION:
        part = part or field.fields[0]
        return control_id(part, f"{NEW}.{part.name}")
    return control_id(field, NEW)


def _hint(field: Field) -> str:
    if field.widget is Widget.ID_NUMBER:
        return _("性别和出生日期不会跟着改，不对的要另外更正。")
    if field.name == "ended":
        return _("例如：去世、撤回申请。写明以后，列表里不再列这个人；经过都留着。")
    return ""


def _known(asking: Asking) -> Known:
    """What may be chosen: people and units, or the other parties."""
    options: dict[str, list[tuple[str, str]]] = {}
    options |= known_people({asking.one.field.widget}, asking.page.unit)
    if asking.one.field.name in RELATIONS:
        options[NEW] = [
            (party.id, party.name)
            for party in asking.page.parties
            if asking.one not in party.values
        ]
    return Known(options=options, today=today())
