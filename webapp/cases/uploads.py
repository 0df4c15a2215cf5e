"""Files for forms: one at a time by scripts, or with the whole form without them."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask import Response
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from webapp.pages.now import platform
from webapp.security import check_text, current_actor
from workflows.cases import files
from workflows.errors import InvalidInputError

KEEP_PLACE = "keep_place"
"""Field of an upload: 1 where a photo shall go on telling where it was taken."""


def take(sent: ImmutableMultiDict[str, FileStorage], form: Mapping[str, str]) -> Response:
    """Keeps the file of the field `file`; 201 with its id, name and size."""
    upload = sent.get("file")
    if upload is None or not upload.filename:
        raise InvalidInputError("web.file_missing")
    kept = keep(upload, keep_place=form.get(KEEP_PLACE) == "1")
    body = orjson.dumps({"id": kept.id, "name": kept.name, "size": kept.size})
    return Response(body, 201, content_type="application/json")


def keep(upload: FileStorage, *, keep_place: bool = False) -> files.Uploaded:
    """Stores one posted file for the actor."""
    name = check_text(upload.filename or "")
    kind = upload.mimetype or "application/octet-stream"
    command = files.Upload(upload.stream, name, kind, keep_place=keep_place)
    return files.upload(platform(), current_actor(), command)
