"""What `jsonschema` does here: checks that a schema is one, and the keywords of it that the
readers do not look at themselves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator

from workflows.formspec.findings import Findings

_TYPES = ["string", "number", "integer", "boolean", "array", "object", "null"]
_COUNT = {"type": "integer", "minimum": 0}
_NAMES = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
_TEXT = {"type": "string"}
_SUB = {"$ref": "#/$defs/schema"}
_ANY_SCHEMA = {
    "type": ["object", "boolean"],
    "properties": {
        "$schema": _TEXT,
        "$id": _TEXT,
        "$comment": _TEXT,
        "title": _TEXT,
        "description": _TEXT,
        "type": {"anyOf": [{"enum": _TYPES}, {"type": "array", "items": {"enum": _TYPES}}]},
        "enum": {"type": "array"},
        "format": _TEXT,
        "pattern": _TEXT,
        "minLength": _COUNT,
        "maxLength": _COUNT,
        "minItems": _COUNT,
        "maxItems": _COUNT,
        "uniqueItems": {"type": "boolean"},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "exclusiveMinimum": {"type": "number"},
        "exclusiveMaximum": {"type": "number"},
        "multipleOf": {"type": "number", "exclusiveMinimum": 0},
        "required": _NAMES,
        "properties": {"type": "object", "additionalProperties": _SUB},
        "items": _SUB,
        "additionalProperties": _SUB,
    },
}
_CHECKER = Draft202012Validator({**_ANY_SCHEMA, "$defs": {"schema": _ANY_SCHEMA}})
"""JSON Schema 2020-12 for the keywords forms know (others are findings of their own): the general
one takes six times as long, which is a quarter of checking a package."""

KEPT = frozenset({"uniqueItems", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"})
"""Keywords left to jsonschema; types, lengths, limits and patterns belong to the readers, which
say what is wrong with the thing the officer typed."""

MOST_DEPTH = 12
"""Deepest nesting of a schema that is read at all."""


def check_schema(schema: Any, findings: Findings) -> bool:
    """Whether `schema` is a JSON Schema 2020-12 of reasonable depth; else a finding."""
    if not isinstance(schema, Mapping):
        findings.error("", "schema_not_object")
        return False
    if _depth(schema) > MOST_DEPTH:
        findings.error("", "schema_too_deep")
        return False
    wrong = best_match(_CHECKER.iter_errors(schema))
    if wrong is not None:
        path = ".".join(str(part) for part in wrong.absolute_path)
        findings.error(path, "schema_invalid", keyword=path.rpartition(".")[2] or "schema")
    return wrong is None


def build_validator(schema: Mapping[str, Any]) -> Validator:
    """The schema with nothing but the kept keywords."""
    return Draft202012Validator(_strip(schema))


def _strip(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return True
    kept: dict[str, Any] = {key: _exact(schema[key]) for key in KEPT if key in schema}
    if "properties" in schema:
        kept["properties"] = {key: _strip(value) for key, value in schema["properties"].items()}
    if "items" in schema:
        kept["items"] = _strip(schema["items"])
    return kept


def _exact(value: Any) -> Any:
    """Binary fractions would not divide decimals."""
    return Decimal(str(value)) if isinstance(value, float) else value


def _depth(value: Any) -> int:
    """Nesting, counted without recursion and cut off beyond what is read."""
    depth, layer = 0, [value]
    while layer and depth <= MOST_DEPTH:
        depth += 1
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, Mapping) else outer)
            if isinstance(inner, Mapping | list)
        ]
    return depth
