"""What people send to begin a package."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import FileStorage, MultiDict

from webapp.security import check_text
from workflows.catalogue.source import MAX_FILE_BYTES
from workflows.errors import InvalidInputError
from workflows.studio.starting import StartFrom
from workflows.studio.starting_import import MOST_FILES, StartImport

MOST_CHARACTERS = 200
"""Of a field; what is longer is too long for any of them."""


def read_typed(form: Mapping[str, str]) -> dict[str, str]:
    """The fields as they were typed. Raises InvalidInputError."""
    return {name: check_text(value)[:MOST_CHARACTERS].strip() for name, value in form.items()}


def read_start(point: str, typed: Mapping[str, str]) -> StartFrom:
    """A starting point, and how the new package is called."""
    words = (typed.get(name, "") for name in ("key", "unit", "title_zh", "title_en"))
    return StartFrom(point, *words)


def read_import(typed: Mapping[str, str], files: MultiDict[str, FileStorage]) -> StartImport:
    """Files of another editor. Raises InvalidInputError where none was chosen, or too many."""
    sent = [one for one in files.getlist("file") if one.filename]
    if not sent:
        raise InvalidInputError("studio.import_no_diagram")
    if len(sent) > MOST_FILES:
        raise InvalidInputError("package.too_many_files", most=MOST_FILES)
    read = {check_text(str(one.filename)): one.stream.read(MAX_FILE_BYTES + 1) for one in sent}
    words = (typed.get(f"import_{name}", "") for name in ("key", "unit", "title"))
    return StartImport(read, *words)
