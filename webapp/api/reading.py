"""What came with a request → typed input, or every wrong field at once."""

from __future__ import annotations

import hashlib
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from webapp.api.fields import wrong_fields
from webapp.pages.json_body import read_object
from webapp.security import check_text
from workflows.cases.idempotency import check_key
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message

Model = TypeVar("Model", bound=BaseModel)
KEY_HEADER = "Idempotency-Key"
FILE = "file"
"""Name of the part that holds an uploaded file."""


def read_body(model: type[Model]) -> Model:
    """The JSON object of the request; no body at all counts as an empty one.

    UnsupportedMediaType unless it says to be JSON, InvalidInputError where it is not,
    InvalidFormError with every wrong field.
    """
    if not request.get_data():
        return _read(model, {})
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    return _read(model, read_object())


def read_query(model: type[Model]) -> Model:
    """The query of the address. InvalidFormError, also for a name given twice."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise InvalidFormError([FieldError(f"/{name}", Message("api.twice")) for name in twice])
    return _read(model, request.args.to_dict())


def read_file() -> FileStorage:
    """The uploaded file. UnsupportedMediaType unless the request has parts, InvalidFormError
    without the part `file`."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    upload = request.files.get(FILE)
    if upload is None or not upload.filename:
        raise InvalidFormError([FieldError(f"/{FILE}", Message("web.file_missing"))])
    check_text(upload.filename)
    return upload


def idempotency_key() -> str | None:
    """The caller's key, None without one. InvalidInputError for an empty or overlong one."""
    key = request.headers.get(KEY_HEADER)
    check_key(key)
    return None if key is None else check_text(key)


def digest() -> str:
    """SHA-256 of everything a request asks: where, and with which body. The boundary between the
    parts of an upload is new every time, so those are hashed by what they hold."""
    total = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.mimetype != "multipart/form-data":
        total.update(request.get_data())
        return total.hexdigest()
    for part in sorted(f"{name}={value}\n" for name, value in request.form.items(multi=True)):
        total.update(part.encode(errors="replace"))
    for name, upload in request.files.items(multi=True):
        content = hashlib.sha256(upload.stream.read()).hexdigest()
        upload.stream.seek(0)
        total.update(f"{name}={upload.filename}:{content}\n".encode(errors="replace"))
    return total.hexdigest()


def _read(model: type[Model], values: object) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidFormError(wrong_fields(error.errors(include_url=False))) from error
