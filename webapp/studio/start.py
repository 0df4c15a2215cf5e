"""Beginning a package: what was sent → use case → its studio, or the page with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from flask import Response as Drawn
from flask import redirect, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from webapp.diagrams.files import with_picture
from webapp.diagrams.svg import paint
from webapp.pages.formats import spoken
from webapp.pages.kept import examined
from webapp.pages.language import current_language
from webapp.pages.now import platform
from webapp.security import current_actor
from webapp.studio import start_inputs, start_page
from workflows.errors import ConflictError, FengqiaoError, InvalidInputError
from workflows.rollout.places import Place
from workflows.rollout.versions import VersionView
from workflows.studio.starting import find_starting_point, load_start_page, start_from
from workflows.studio.starting_import import StartImport, start_import

Answer: TypeAlias = Response | tuple[str, int]
FILES = "files"
"""Stands in the place of a starting point's name where files were sent."""
FIELDS: Mapping[str, str] = {
    "package.bad_key": "key",
    "studio.key_taken": "key",
    "studio.key_unfit": "key",
    "studio.title_missing": "title_zh",
    "studio.title_long": "title_zh",
}
"""Code of a refusal → the field it is about."""
IMPORT_FIELDS = {"key": "import_key", "title_zh": "import_title"}
MOST_LAID_OUT = 10
"""Of files at a time: laying one out takes a second or two."""
SVG = "image/svg+xml; charset=utf-8"


def show(name: str) -> str:
    """The page; `name`: the starting point that was chosen, "" for none. Raises NotVisibleError."""
    chosen = find_starting_point(name) if name else None
    return start_page.render(load_start_page(platform(), current_actor()), chosen)


def picture(name: str) -> Drawn:
    """The diagram of a starting point. Raises NotVisibleError."""
    drawn = paint(find_starting_point(name).drawn, language=current_language())
    return Drawn(drawn, content_type=SVG)


def make(form: Mapping[str, str], files: MultiDict[str, FileStorage]) -> Answer:
    """The studio of the new package."""
    name = form.get("from", "")[:60]
    typed: dict[str, str] = {}
    try:
        typed = start_inputs.read_typed(form)
        made = _take_files(typed, files) if name == FILES else _copy(name, typed)
    except (InvalidInputError, ConflictError) as refused:
        return _again(name, typed, refused)
    package = Place(made.key, made.unit).name
    return redirect(url_for("studio.studio", package=package, _anchor="diagram"), 303)


def _copy(name: str, typed: Mapping[str, str]) -> VersionView:
    command = start_inputs.read_start(name, typed)
    return start_from(platform(), current_actor(), command, examined)


def _take_files(typed: Mapping[str, str], files: MultiDict[str, FileStorage]) -> VersionView:
    sent = start_inputs.read_import(typed, files)
    return start_import(platform(), current_actor(), _drawn(sent), examined)


def _drawn(sent: StartImport) -> StartImport:
    """The files, each diagram with a picture: the studio cannot show one without."""
    if len(sent.files) > MOST_LAID_OUT:
        return sent
    files = {
        name: with_picture(content) if name.lower().endswith(".bpmn") else content
        for name, content in sent.files.items()
    }
    return replace(sent, files=files)


def _again(name: str, typed: Mapping[str, str], refused: FengqiaoError) -> Answer:
    field = FIELDS.get(refused.message.code, "")
    if name == FILES:
        field = IMPORT_FIELDS.get(field, "file")
    chosen = None if name == FILES else find_starting_point(name)
    errors = {field or "title_zh": spoken(refused.message)}
    found = load_start_page(platform(), current_actor())
    status = 409 if isinstance(refused, ConflictError) else 422
    return start_page.render(found, chosen, typed, errors), status
