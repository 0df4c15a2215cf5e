"""The description → a page to read, without scripts and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from webapp.pages.layout import render_page
from webapp.security import find_actor

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table. `kinds`: words and names of types, in order; `place`: of a parameter."""

    name: str
    kinds: tuple[Kind, ...]
    required: bool
    words: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A piece of a type: plain text, or the name of a type described on the page."""

    text: str
    is_shape: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One status of a call."""

    status: str
    words: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Calls about one thing."""

    id: str
    name: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One type."""

    name: str
    words: str
    fields: tuple[Field, ...]


def render(spec: Json) -> str:
    """The whole page."""
    frame = "pages/_app.html" if find_actor() else "pages/_plain.html"
    return render_page(
        "api/docs.html",
        frame=frame,
        title=spec["info"]["title"],
        about=spec["info"]["description"],
        groups=tuple(_groups(spec)),
        shapes=tuple(_shapes(spec)),
    )


def _groups(spec: Json) -> Iterator[Group]:
    for tag in spec["tags"]:
        calls = tuple(
            _call(spec, path, method, operation)
            for path, operations in spec["paths"].items()
            for method, operation in operations.items()
            if operation["tags"] == [tag["name"]]
        )
        yield Group(tag["name"], tag["description"], calls)


def _call(spec: Json, path: str, method: str, operation: Json) -> Call:
    parameters = tuple(
        Field(one["name"], _kinds(one["schema"]), one["required"], one["description"], one["in"])
        for one in operation["parameters"]
    )
    body = operation.get("requestBody", {}).get("content", {})
    sent = next((one["schema"] for one in body.values()), None)
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        parameters=parameters,
        body=() if sent is None else tuple(_fields(_resolved(spec, sent))),
        answers=tuple(
            Answer(status, answer["description"], _answer_kinds(answer))
            for status, answer in operation["responses"].items()
        ),
    )


def _answer_kinds(answer: Json) -> tuple[Kind, ...]:
    return next(
        (
            _kinds(content["schema"]) if "$ref" in content["schema"] else (Kind(media_type),)
            for media_type, content in answer["content"].items()
        )
    )


def _shapes(spec: Json) -> Iterator[Shape]:
    sent = {
        one["schema"]["$ref"]
        for operations in spec["paths"].values()
        for operation in operations.values()
        for one in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in one["schema"]
    }
    for name, schema in spec["components"]["schemas"].items():
        if f"#/components/schemas/{name}" not in sent:
            yield Shape(name, schema.get("description", ""), tuple(_fields(schema)))


def _resolved(spec: Json, schema: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Json = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _fields(schema: Json) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, one in schema["properties"].items():
        yield Field(name, _kinds(one), name in required, one.get("description", ""))


def _kinds(schema: Json) -> tuple[Kind, ...]:
    """A type in a few words."""
    if "$ref" in schema:
        return (Kind(schema["$ref"].rpartition("/")[2], is_shape=True),)
    if "anyOf" in schema:
        return _joined([_kinds(one) for one in schema["anyOf"]], " | ")
    if "enum" in schema:
        return (Kind(" | ".join(map(str, schema["enum"]))),)
    if schema.get("type") == "array":
        return (*_kinds(schema.get("items", {})), Kind("[]"))
    return (Kind(str(schema.get("format") or schema.get("type") or "any")),)


def _joined(parts: list[tuple[Kind, ...]], between: str) -> tuple[Kind, ...]:
    joined: list[Kind] = []
    for number, part in enumerate(parts):
        joined += [Kind(between), *part] if number else part
    return tuple(joined)
