"""The frame of every view: what it reads, what it answers, how it may refuse.

`@operation` stands above `@access`. The published description is made from the same declaration
(`description.py`), so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

import orjson
from flask import Response
from pydantic import BaseModel

from webapp.api.once import answer_once
from webapp.api.reading import digest, idempotency_key, read_body, read_query
from webapp.security import PUBLIC

View = TypeVar("View", bound=Callable[..., Any])
JSON, PDF, ZIP = "application/json", "application/pdf", "application/zip"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a view declares. `answer`: a type of `shapes`, None where it is a file; `more`: other
    answers by status; `refuses`: statuses beyond those every call has."""

    name: str
    answer: Any
    status: int
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    media_type: str
    tag: str
    upload: bool
    public: bool
    refuses: tuple[int, ...]
    more: Mapping[int, Any] = field(default_factory=dict)


def operation(
    answer: Any,
    *,
    tag: str,
    status: int = 200,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    media_type: str = JSON,
    refuses: tuple[int, ...] = (),
    more: Mapping[int, Any] | None = None,
) -> Callable[[View], View]:
    """Declare a call. The view gets `body` and `query` read; what it returns is sent as JSON with
    `status`, a Response as it is."""

    def frame(view: View) -> View:
        declared = Operation(
            name=view.__name__,
            answer=answer,
            status=status,
            body=body,
            query=query,
            media_type=media_type,
            tag=tag,
            upload=bool(getattr(view, "takes_file", False)),
            public=getattr(view, "access_rule", None) == PUBLIC,
            refuses=refuses,
            more=more or {},
        )

        @wraps(view)
        def call(**given: Any) -> Response:
            if query is not None:
                given["query"] = read_query(query)
            if body is not None:
                given["body"] = read_body(body)
            return as_json(view(**given), status)

        call.operation = declared  # type: ignore[attr-defined]
        return call  # type: ignore[return-value]

    return frame


def once(view: View) -> View:
    """Below `@operation`: a repeated key gets the first answer, for use cases that keep no keys."""

    @wraps(view)
    def call(**given: Any) -> Any:
        key = idempotency_key()
        if key is None:
            return view(**given)
        return answer_once(key, digest(), lambda: view(**given))

    return call  # type: ignore[return-value]


def takes_file(view: View) -> View:
    """Below `@operation`: the request has parts, one of them called `file`."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def as_json(answer: Any, status: int) -> Response:
    """A shape as an answer; a finished Response stays what it is."""
    if isinstance(answer, Response):
        return answer
    return Response(orjson.dumps(answer), status, content_type=JSON)
