"""What the log says of a failure nobody expected: its classes and places, never its text, which
may quote what somebody typed."""

from __future__ import annotations

import traceback

MOST_CAUSES = 8
MOST_PLACES = 12


def describe_failure(error: BaseException) -> dict[str, list[str]]:
    """`kinds`: the exception classes along the chain of causes, outermost first. `places`:
    "file:line function" of the innermost frames."""
    kinds: list[str] = []
    step: BaseException | None = error
    while step is not None and len(kinds) < MOST_CAUSES:
        kinds.append(f"{type(step).__module__}.{type(step).__qualname__}")
        step = step.__cause__ or step.__context__
    frames = traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kinds": kinds, "places": places}
