"""What `jsonschema` does here: checks that a schema is one, and the keywords of it that the
readers do not look at themselves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema.protocols import Validator

from workflows.formspec.findings import Findings

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
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        path = ".".join(str(part) for part in error.absolute_path)
        findings.error(path, "schema_invalid", keyword=path.rpartition(".")[2] or "schema")
        return False
    return True


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
