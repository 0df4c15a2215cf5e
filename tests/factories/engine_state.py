"""What the tests look at inside a state: the data a finished run left."""

from __future__ import annotations

from typing import Any

from tests.factories.engine import Case
from workflows.engine.state import read_document


def data_of(case: Case) -> dict[str, Any]:
    """Process data at the end of the run."""
    assert case.state is not None
    data: dict[str, Any] = read_document(case.state)["top"][0]
    return data
