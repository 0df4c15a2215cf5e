"""Files for forms: one at a time by scripts, or with the whole form without them."""

from __future__ import annotations

import orjson
from flask import Response
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from webapp.pages.now import platform
from webapp.security import check_text, current_actor
from workflows.cases import files
from workflows.errors import InvalidInputError


def take(sent: ImmutableMultiDict[str, FileStorage]) -> Response:
    """Keeps the file of the field `file`; 201 with its id, name and size."""
    upload = sent.get("file")
    if upload is None or not upload.filename:
        raise InvalidInputError("web.file_missing")
    kept = keep(upload)
    body = orjson.dumps({"id": kept.id, "name": kept.name, "size": kept.size})
    return Response(body, 201, content_type="application/json")


def keep(upload: FileStorage) -> files.Uploaded:
    """Stores one posted file for the actor."""
    name = check_text(upload.filename or "")
    command = files.Upload(upload.stream, name, upload.mimetype or "application/octet-stream")
    return files.upload(platform(), current_actor(), command)
