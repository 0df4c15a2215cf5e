"""Whether a schema is one; and the keywords of it that the readers do not look at themselves,
which are `jsonschema`'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from workflows.formspec.findings import Findings

_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
_SUBSCHEMAS = ("items", "additionalProperties")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and float(value).is_integer()


def _is_type(value: Any) -> bool:
    names = value if isinstance(value, list) else [value]
    return bool(names) and _are_names(names) and _TYPES.issuperset(names)


def _are_names(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(name, str) for name in value)
        and len(set(value)) == len(value)
    )


_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("$schema", "$id", "$comment", "title", "description"), _is_text),
    **dict.fromkeys(("format", "pattern"), _is_text),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _is_count),
    **dict.fromkeys(("minimum", "maximum"), _is_number),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), _is_number),
    "multipleOf": lambda value: _is_number(value) and value > 0,
    "type": _is_type,
    "enum": lambda value: isinstance(value, list),
    "uniqueItems": lambda value: isinstance(value, bool),
    "required": _are_names,
    "properties": lambda value: isinstance(value, Mapping),
}
"""What JSON Schema 2020-12 asks of each keyword that forms know; others are findings of their own.
The meta-schema run by jsonschema says the same and was a tenth of checking a whole package."""

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
    wrong = _first_wrong(schema, ())
    if wrong is not None:
        findings.error(".".join(wrong), "schema_invalid", keyword=wrong[-1] if wrong else "schema")
    return wrong is None


def _first_wrong(schema: Any, path: tuple[str, ...]) -> tuple[str, ...] | None:
    """Where the first value stands that is not what its keyword takes."""
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, Mapping):
        return path
    for keyword, value in schema.items():
        right = _SHAPES.get(keyword)
        if right is not None and not right(value):
            return (*path, keyword)
    inner: dict[tuple[str, ...], Any]
    inner = {("properties", str(name)): one for name, one in schema.get("properties", {}).items()}
    inner |= {(keyword,): schema[keyword] for keyword in _SUBSCHEMAS if keyword in schema}
    found = (_first_wrong(one, (*path, *step)) for step, one in inner.items())
    return next((place for place in found if place is not None), None)


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
            if isinstance(inner, (Mapping, list))
        ]
    return depth
