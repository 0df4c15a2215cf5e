"""Generated calls, good and bad ones: no failure of ours, and every answer is as described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as limits
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.cases import KEY, World
from tests.web.api.conftest import token
from webapp.api.blueprint import BASE, LIMIT

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 6
"""Of each call and kind: about four hundred calls, some twenty seconds."""


def real_ids(world: World) -> Mapping[str, Any]:
    """Path parameters of a new case and what hangs on it."""
    opened, row = world.at_talk()
    return {
        "case": opened.case,
        "run": opened.run,
        "item": row.id,
        "clock": row.clock.id if row.clock else "",
        "document": opened.case,
        "package": KEY,
        "number": 1,
    }


def call_many(
    operation: APIOperation, mode: GenerationMode, ids: Mapping[str, Any], bearer: str
) -> int:
    """Makes generated calls of one operation; how many. Raises for the first bad answer."""
    known = {name: ids[name] for name in ids if f"{{{name}}}" in operation.path}
    made = 0

    @limits(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known or None))
    def call(case: Case) -> None:
        nonlocal made
        made += 1
        headers = {"Authorization": f"Bearer {bearer}"}
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    call()
    return made


@pytest.mark.parametrize(
    ("mode", "database"),
    [(GenerationMode.POSITIVE, "postgresql"), (GenerationMode.NEGATIVE, "sqlite")],
    indirect=["database"],
)
def test_generated_calls_are_answered_as_described(
    site: Flask, world: World, mode: GenerationMode
) -> None:
    site.config[LIMIT] = "100000 per minute"
    world.hire("both", "调委会主任@111-TW", "流程负责人@1-ZZ")
    bearer = token(world, "both")
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", site)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 30
    made = sum(call_many(one, mode, real_ids(world), bearer) for one in operations)
    assert made > len(operations)
