"""The description of the API, made from the views themselves: OpenAPI 3.1.

Addresses come from the app's own rules, bodies and answers from the types the views declare, the
words from the catalogue (`api.op_<call>`, `api.shape_<type>`, `api.field_<name>`, …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from apispec import APISpec
from flask import Flask, current_app
from pydantic import TypeAdapter
from werkzeug.routing import Rule

from webapp.api import shapes
from webapp.api.blueprint import CONVERTERS, blueprint
from webapp.api.operations import JSON, Operation
from webapp.api.reading import FILE, KEY_HEADER
from webapp.errors import PROBLEM
from webapp.pages.language import current_language
from workflows.cases.idempotency import LONGEST_KEY
from workflows.messages import Message, load_catalogue, say

Json: TypeAlias = dict[str, Any]
VERSION = "1"
REF = "#/components/schemas/{model}"
TAGS = ("account", "cases", "tasks", "clocks", "documents", "handoffs", "outside", "packages")
PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
CHANGES = frozenset({"POST", "PUT"})
SIGN_INS: Mapping[str, Json] = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "fengqiao"},
}


def description() -> Json:
    """The description in the caller's language; made once by an app for each language."""
    made: dict[str, Json] = current_app.extensions.setdefault("fengqiao.description", {})
    language = current_language()
    if language not in made:
        made[language] = describe(language)
    return made[language]


def describe(language: str) -> Json:
    """The whole description of this app's API, its words in `language`."""
    spec = APISpec(
        title=_say("title", language),
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": _say("about", language)},
        servers=[{"url": "/"}],
        security=[{name: []} for name in SIGN_INS],
        tags=[{"name": tag, "description": _say(f"tag_{tag}", language)} for tag in TAGS],
    )
    for name, scheme in SIGN_INS.items():
        words = {"description": _say(f"sign_in_{name}", language)}
        spec.components.security_scheme(name, {**scheme, **words})
    calls = sorted(_calls(current_app), key=lambda call: (TAGS.index(call[2].tag), call[0].rule))
    for name, schema in sorted(_schemas(op for _, _, op in calls).items()):
        spec.components.schema(name, component=_worded(name, schema, language))
    spec.components.schema("Problem", component=_problem(language))
    for rule, method, declared in calls:
        operation = _operation(rule, method, declared, language)
        spec.path(path=_path(rule), operations={method.lower(): operation})
    return spec.to_dict()


def _calls(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Every address of the room that declares a call, with its method."""
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "operation", None)
        if declared is not None and rule.endpoint.startswith(f"{blueprint.name}."):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, declared


def _path(rule: Rule) -> str:
    return PART.sub(lambda part: "{" + part["name"] + "}", rule.rule)


def _operation(rule: Rule, method: str, declared: Operation, language: str) -> Json:
    operation: Json = {
        "operationId": declared.name,
        "summary": _say(f"op_{declared.name}", language),
        "tags": [declared.tag],
        "parameters": list(_parameters(rule, method, declared, language)),
        "responses": _responses(rule, method, declared, language),
    }
    content = _content(declared, language)
    if content:
        required = declared.upload or bool(_schema(declared.body).get("required"))
        operation["requestBody"] = {"required": required, "content": content}
    if declared.public:
        operation["security"] = []
    return operation


def _content(declared: Operation, language: str) -> Json:
    if declared.body is not None:
        return {JSON: {"schema": {"$ref": REF.format(model=declared.body.__name__)}}}
    if not declared.upload:
        return {}
    file = {"type": "string", "format": "binary", "description": _say("field_file", language)}
    schema = {"type": "object", "required": [FILE], "properties": {FILE: file}}
    return {"multipart/form-data": {"schema": schema}}


def _parameters(rule: Rule, method: str, declared: Operation, language: str) -> Iterator[Json]:
    for part in PART.finditer(rule.rule):
        converter: Any = CONVERTERS[part["kind"]]
        words = _say(f"param_{part['name']}", language)
        yield _parameter(part["name"], "path", converter.schema, words, required=True)
    if declared.query is not None:
        asked = _schema(declared.query)
        needed = asked.get("required", ())
        for name, schema in asked["properties"].items():
            plain = {key: value for key, value in _not_null(schema).items() if key != "title"}
            words = _say(f"param_{name}", language)
            yield _parameter(name, "query", plain, words, required=name in needed)
    if method == "POST":
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
        yield _parameter(KEY_HEADER, "header", schema, _say("param_key", language))


def _parameter(name: str, place: str, schema: Json, words: str, *, required: bool = False) -> Json:
    return {
        "name": name,
        "in": place,
        "required": required,
        "schema": schema,
        "description": words,
    }


def _not_null(schema: Json) -> Json:
    """A query has no null: what may be left out is just not there."""
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    if kinds:
        return {**rest, **kinds[0]}
    return schema


def _responses(rule: Rule, method: str, declared: Operation, language: str) -> Json:
    body: Json = {"schema": {"type": "string", "format": "binary"}}
    if declared.answer is not None:
        body = {"schema": {"$ref": REF.format(model=declared.answer.__name__)}}
    answers: Json = {
        str(declared.status): {
            "description": _say(f"status_{declared.status}", language),
            "content": {declared.media_type: body},
        }
    }
    for status, shape in declared.more.items():
        answers[str(status)] = {
            "description": _say(f"status_{status}", language),
            "content": {JSON: {"schema": {"$ref": REF.format(model=shape.__name__)}}},
        }
    for status in sorted(_refusals(rule, method, declared)):
        answers[str(status)] = {
            "description": _say(f"status_{status}", language),
            "content": {PROBLEM: {"schema": {"$ref": REF.format(model="Problem")}}},
        }
    return answers


def _refusals(rule: Rule, method: str, declared: Operation) -> set[int]:
    """Statuses of refusals a call can have."""
    found = {422, 429, *declared.refuses}
    if not declared.public:
        found.add(401)
    if PART.search(rule.rule):
        found.add(404)
    if method in CHANGES:
        found |= {403, 409, 413, 415}
    return found


def _schemas(operations: Iterator[Operation]) -> Mapping[str, Json]:
    """Every type the calls speak of, by name."""
    used = [one for op in operations for one in (op.answer, op.body, *op.more.values())]
    adapters: dict[str, TypeAdapter[Any]] = {
        kind.__name__: TypeAdapter(kind) for kind in (*used, shapes.WrongField) if kind is not None
    }
    inputs = [(name, "validation", adapter) for name, adapter in adapters.items()]
    _, found = TypeAdapter.json_schemas(inputs, ref_template=REF)  # type: ignore[arg-type]
    return dict(found["$defs"])


def _schema(model: Any) -> Json:
    return {} if model is None else model.model_json_schema()


def _worded(name: str, schema: Json, language: str) -> Json:
    """A type with our words instead of its docstring, without the titles pydantic invents."""
    kept = {key: value for key, value in schema.items() if key not in ("title", "description")}
    words = _find(f"shape_{name}", language)
    properties = {
        field: _field(field, value, language) for field, value in schema["properties"].items()
    }
    return {**kept, **({"description": words} if words else {}), "properties": properties}


def _field(name: str, schema: Json, language: str) -> Json:
    kept = {key: value for key, value in schema.items() if key != "title"}
    words = _find(f"field_{name}", language)
    return {**kept, "description": words} if words else kept


def _problem(language: str) -> Json:
    """A refusal; members beyond the named ones depend on its code."""
    schema = _worded("Problem", TypeAdapter(shapes.Problem).json_schema(), language)
    errors = {
        "type": "array",
        "items": {"$ref": REF.format(model="WrongField")},
        "description": _say("field_errors", language),
    }
    return {**schema, "properties": {**schema["properties"], "errors": errors}}


def _say(code: str, language: str) -> str:
    return say(Message(f"api.{code}"), language)


def _find(code: str, language: str) -> str | None:
    return _say(code, language) if f"api.{code}" in load_catalogue() else None
