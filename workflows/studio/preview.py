"""A form as it stands in the studio: read from two texts that may be broken at any moment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from workflows.cases.platform import Platform
from workflows.formspec import Form, FormDefinitionError, FormFinding, load_form
from workflows.messages import Message
from workflows.rollout.places import READERS, check_place, read_place
from workflows.storage import Actor

SCHEMA, UI = "schema", "ui"
"""The two files of a form."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text somebody is writing. `file`: "schema", "ui", or "text" of a
    document; `line`: from 1, None where only `place` (a path in the JSON) is known."""

    severity: str
    file: str
    line: int | None
    place: str
    message: Message


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form that may be drawn, None with the reasons why not."""

    form: Form | None
    problems: tuple[Problem, ...]


def check_reader(platform: Platform, actor: Actor, package: str) -> None:
    """Whoever may open the studio may see previews. Raises ForbiddenError, InvalidInputError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)


def read_form_draft(name: str, schema: str, ui: str) -> FormDraft:
    """The form of two JSON texts. Never raises for what is wrong with them."""
    problems: list[Problem] = []
    read = [_json(text, file, problems) for file, text in ((SCHEMA, schema), (UI, ui or "{}"))]
    if problems:
        return FormDraft(None, tuple(problems))
    try:
        return FormDraft(load_form(read[0], read[1], name=name), ())
    except FormDefinitionError as broken:
        found = (one for one in broken.findings if isinstance(one, FormFinding))
        errors = (_problem(one) for one in found if one.severity == "error")
        return FormDraft(None, tuple(errors))


def _json(text: str, file: str, problems: list[Problem]) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as broken:
        message = Message("studio.not_json", {"line": broken.lineno, "column": broken.colno})
        problems.append(Problem("error", file, broken.lineno, "", message))
    except RecursionError:
        problems.append(Problem("error", file, 1, "", Message("form.definition.schema_too_deep")))
    return None


def _problem(found: FormFinding) -> Problem:
    file = UI if found.path.startswith("ui:") else SCHEMA
    return Problem(found.severity, file, None, found.path, found.message)
