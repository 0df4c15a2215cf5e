"""A posted form page → raw values: typed text, buttons that work without scripts, files.

Names that begin with `_` belong to the page (see `workflows.formspec.submission`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict

from webapp.cases.uploads import keep
from webapp.pages import occurred
from webapp.security import check_text
from workflows.errors import FieldError, InvalidFormError, InvalidInputError
from workflows.formspec import Form, apply_action, attach_file, parse_submission
from workflows.formspec.submission import UPLOAD

ACTION = "_action"
"""Name of the buttons that add or remove a row or send a file."""
KEY, REVISION, DRAFT_REVISION = "_key", "_revision", "_draft_revision"
Files = ImmutableMultiDict[str, Any]
Posted = ImmutableMultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Submission:
    """What was posted. `action`: a button of the form itself, "" for the button that sends it.
    `refusal`: files that could not be kept, each with its field."""

    raw: dict[str, Any]
    action: str
    key: str
    revision: int
    draft_revision: int
    page: Mapping[str, str]
    refusal: InvalidFormError | None = None

    def check(self) -> None:
        """Raises InvalidFormError where a file could not be kept."""
        if self.refusal is not None:
            raise self.refusal


def read(form: Form | None, posted: Posted, files: Files) -> Submission:
    """Everything a post brings. Stores its files first, so that nothing typed or sent is lost
    when the page comes back. InvalidInputError for what no page of ours sends."""
    for name, value in posted.items(multi=True):
        check_text(name)
        check_text(value)
    raw = {} if form is None else parse_submission(form, posted.to_dict(flat=False))
    action, refused = posted.get(ACTION, ""), list[FieldError]()
    if form is not None:
        raw = _with_files(form, raw, files, refused)
        raw = apply_action(form, raw, action) if action else raw
    return Submission(
        raw=raw,
        action=action,
        key=posted.get(KEY, "")[:100],
        revision=_number(posted, REVISION),
        draft_revision=_number(posted, DRAFT_REVISION),
        page={name: posted[name] for name in posted if name in occurred.NAMES},
        refusal=InvalidFormError(refused) if refused else None,
    )


def _with_files(
    form: Form, raw: dict[str, Any], files: Files, refused: list[FieldError]
) -> dict[str, Any]:
    for name, upload in files.items(multi=True):
        if not upload.filename:
            continue
        try:
            raw = attach_file(form, raw, name, keep(upload).id)
        except InvalidInputError as wrong:
            path = "/" + name.removesuffix(UPLOAD).replace(".", "/")
            refused.append(FieldError(path, wrong.message))
    return raw


def _number(posted: Posted, name: str) -> int:
    text = posted.get(name, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInputError("web.bad_request")
    return int(text)
