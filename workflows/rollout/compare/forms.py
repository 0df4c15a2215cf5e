"""Differences between forms: questions that came, went, or are asked otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.formspec import Form
from workflows.formspec.fields import Field
from workflows.rollout.compare.changes import Change, Group, Kind, differing, paired

MARKS = (
    ("minimum", "minimum"),
    ("maximum", "maximum"),
    ("min_length", "min_length"),
    ("max_length", "max_length"),
    ("min_items", "min_items"),
    ("max_items", "max_items"),
    ("pattern", "pattern"),
    ("earliest", "earliest"),
    ("latest", "latest"),
    ("default", "default"),
)
"""Aspect → attribute of the limits of a field."""


def compare_forms(before: Mapping[str, Form], after: Mapping[str, Form]) -> Iterator[Change]:
    """Forms that came or went, with their fields; in those on both sides the fields."""
    for name, kind in paired(before, after):
        form = after.get(name) or before[name]
        was, now = _form(before.get(name)), _form(after.get(name))
        details = differing(was, now)
        if kind is not None or details:
            yield Change(
                Group.FORM, kind or Kind.CHANGED, "form", name, form.title, name, form.title,
                details if kind is None else (),
            )  # fmt: skip
        yield from _fields(form, before.get(name), after.get(name))


def _form(form: Form | None) -> dict[str, str]:
    if form is None:
        return {}
    said = {"title_zh": form.title["zh"], "title_en": form.title.get("en", "")}
    return said | {"order": " ".join(field.name for field in form.fields)}


def _fields(form: Form, before: Form | None, after: Form | None) -> Iterator[Change]:
    old = dict(before.walk()) if before else {}
    new = dict(after.walk()) if after else {}
    for path, kind in paired(old, new):
        was = _aspects(old[path]) if path in old else {}
        now = _aspects(new[path]) if path in new else {}
        details = differing(was, now)
        if kind is None and not details:
            continue
        field = new[path] if path in new else old[path]
        yield Change(
            Group.FORM, kind or Kind.CHANGED, "field", form.name, form.title, path, field.title,
            details,
        )  # fmt: skip


def _aspects(field: Field) -> dict[str, str]:
    """Everything that is meant by a question, aspect → text, the empty ones left out."""
    said = {
        "title_zh": field.title.get("zh", ""),
        "title_en": field.title.get("en", ""),
        "help_zh": field.help.get("zh", ""),
        "help_en": field.help.get("en", ""),
        "type": field.type,
        "widget": str(field.widget),
        "required": "yes" if field.required else "",
        "store": str(field.store),
        "condition": field.visible.text if field.visible else "",
        "choices": "；".join(f"{one.value} {one.title.get('zh', '')}" for one in field.choices),
        "accept": "、".join(field.accept),
        "multiple": "yes" if field.multiple else "",
        "integer": "yes" if field.integer else "",
        "must_be_true": "yes" if field.must_be_true else "",
    }
    for aspect, attribute in MARKS:
        value = getattr(field, attribute)
        said[aspect] = "" if value in (None, 0, "") else str(value)
    return {aspect: text for aspect, text in said.items() if text}
