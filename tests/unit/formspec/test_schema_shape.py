"""Our reading of what a JSON Schema is says what the standard's own meta-schema says."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from workflows.formspec.findings import Findings
from workflows.formspec.validator import check_schema

_TEXTS = st.sampled_from(["", "string", "object", "number", "2024", "^a"])
_NUMBERS = st.sampled_from([-1, 0, 3, 2.0, 2.5])
_VALUES = st.one_of(
    _TEXTS,
    _NUMBERS,
    st.booleans(),
    st.none(),
    st.lists(st.one_of(_TEXTS, _NUMBERS), max_size=3),
)
_KEYWORDS = st.one_of(
    st.sampled_from(["title", "description", "$comment", "type", "enum", "pattern", "required"]),
    st.sampled_from(["minLength", "maxItems", "uniqueItems", "minimum", "exclusiveMaximum"]),
    st.sampled_from(["multipleOf", "items", "additionalProperties", "properties"]),
)


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.dictionaries(_KEYWORDS, st.one_of(_VALUES, inner), max_size=4),
        st.fixed_dictionaries({"properties": st.dictionaries(_TEXTS, inner, max_size=2)}),
        st.fixed_dictionaries({"items": inner}),
    )


_SCHEMAS = st.recursive(
    st.dictionaries(_KEYWORDS, _VALUES, max_size=3), _grown, max_leaves=6
).filter(lambda schema: isinstance(schema, dict))


@given(_SCHEMAS)
def test_a_schema_is_accepted_where_the_meta_schema_accepts_it(schema: dict[str, Any]) -> None:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        standard = False
    else:
        standard = True
    assert check_schema(schema, Findings()) is standard


def test_the_finding_names_the_place_and_the_keyword() -> None:
    findings = Findings()
    schema = {"properties": {"rows": {"items": {"properties": {"a": {"minLength": -1}}}}}}
    assert not check_schema(schema, findings)
    (one,) = findings.found
    assert one.path == "properties.rows.items.properties.a.minLength"
    assert one.message.params["keyword"] == "minLength"
