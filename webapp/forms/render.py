"""A form as HTML, and its errors as links for the summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.forms.build import Builder, Known, id_of
from webapp.forms.controls import MOST_RADIOS
from webapp.forms.spelling import title_of
from webapp.pages.now import today
from workflows.errors import FieldError
from workflows.formspec import Field, Form, Widget
from workflows.messages import say

TOP = "f-top"
"""Id of the form's beginning: where links go that belong to no field."""


def render_form(
    form: Form,
    values: Mapping[str, Any],
    errors: Iterable[FieldError],
    language: str,
    *,
    known: Known | None = None,
    warnings: Iterable[FieldError] = (),
) -> Markup:
    """All fields, without the `<form>` around them and without its buttons.

    `values`: raw or plain, by field name; wrong shapes show as empty. `known`: people, units and
    files the form speaks of; None: nothing but today's date. Needs a request for the language.
    """
    known = known or Known(today=today())
    builder = Builder(language, errors, warnings, known)
    template = current_app.jinja_env.get_template("forms/form.html")
    return Markup(template.render(page=builder.page(form, values), top=TOP))  # noqa: S704


def render_field(
    field: Field,
    value: Any,
    errors: Iterable[FieldError],
    language: str,
    *,
    known: Known | None = None,
) -> Markup:
    """One question by itself, named as the field is; errors by its path (`/name`)."""
    builder = Builder(language, errors, (), known or Known(today=today()))
    template = current_app.jinja_env.get_template("forms/field.html")
    return Markup(template.render(shown=builder.input(field, value)))  # noqa: S704


def error_links(
    form: Form, errors: Iterable[FieldError], language: str
) -> tuple[tuple[str, str], ...]:
    """(id to jump to, sentence) for the summary; the sentence says which row or party."""
    return tuple(_link(form, error, language) for error in errors)


def _link(form: Form, error: FieldError, language: str) -> tuple[str, str]:
    sentence = say(error.message, language)
    parts = error.path.split("/")[1:]
    field = form.find(parts[0]) if parts else None
    if field is None:
        return TOP, sentence
    if field.repeats:
        return _row_link(field, parts, sentence, language)
    if field.widget is Widget.LOCATION:
        part = (field.column(parts[1]) if len(parts) > 1 else None) or field.fields[0]
        return control_id(part, f"{field.name}.{part.name}"), sentence
    return control_id(field, field.name), sentence


def _row_link(field: Field, parts: list[str], sentence: str, language: str) -> tuple[str, str]:
    if len(parts) < 2 or not parts[1].isdigit():
        return id_of(field.name), sentence
    number = int(parts[1]) + 1
    if field.widget is Widget.PARTIES:
        told = _("第 %(number)s 位当事人：%(sentence)s", number=number, sentence=sentence)
    else:
        title = title_of(field.title, language)
        told = _(
            "%(title)s第 %(number)s 条：%(sentence)s", title=title, number=number, sentence=sentence
        )
    row = f"{field.name}.{parts[1]}"
    column = field.column(parts[2]) if len(parts) > 2 else None
    target = id_of(row) if column is None else control_id(column, f"{row}.{column.name}")
    return target, told


def control_id(field: Field, name: str) -> str:
    """The id of the control that takes the focus for a field."""
    first = id_of(name)
    if field.widget is Widget.FILE:
        return f"{first}-upload"
    if field.widget is Widget.CHECKLIST:
        return f"{first}-0"
    few = 0 < len(field.choices) <= MOST_RADIOS and not name.endswith(".side")
    asks = field.widget is Widget.BOOLEAN and field.required and not field.must_be_true
    return f"{first}-0" if few or asks else first
