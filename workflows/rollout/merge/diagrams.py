"""Drawn things of one version into another: steps, flows, lanes, with where they stand.

Each piece is taken by its id. Lines hang on steps by ids too, so a step and its lines are pieces of
their own; what a step says of its lines (`incoming`, `outgoing`) is written anew afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping

from workflows.rollout.compare.changes import Change, Kind
from workflows.rollout.merge.sheet import Sheet


def take_drawn(
    key: str,
    files: MutableMapping[str, bytes],
    newer: Mapping[str, bytes],
    changes: Iterable[Change],
) -> None:
    """The diagrams in `files` with the changed things as `newer` draws them."""
    here, there = _sheets(key, files), _sheets(key, newer)
    for change in sorted(changes, key=_turn):
        own, other = _with(here, change.part), _with(there, change.part)
        if change.noun == "process" and change.kind is not Kind.CHANGED:
            _take_file(here, files, own, other)
        elif own is not None:
            _take(own, other, change)
    for path, sheet in here.items():
        if sheet.touched:
            sheet.tidy_ends()
            files[path] = sheet.written()


def _take_file(
    here: dict[str, Sheet],
    files: MutableMapping[str, bytes],
    own: Sheet | None,
    other: Sheet | None,
) -> None:
    """A diagram that is new, or gone."""
    if other is None and own is not None:
        del here[own.path], files[own.path]
    elif other is not None and own is None:
        here[other.path] = other.copy()


def _turn(change: Change) -> tuple[int, int]:
    """New diagrams and steps before the lines between them, what goes at the end."""
    gone = change.kind is Kind.REMOVED
    return int(gone), {"process": 0, "lane": 1, "sequenceFlow": 3}.get(change.noun, 2)


def _sheets(key: str, files: Mapping[str, bytes]) -> dict[str, Sheet]:
    found = (
        Sheet.read(path, content)
        for path, content in files.items()
        if path.startswith(f"bpmn/{key}/") and path.endswith(".bpmn")
    )
    return {sheet.path: sheet for sheet in found if sheet is not None}


def _with(sheets: Mapping[str, Sheet], process: str) -> Sheet | None:
    return next((sheet for sheet in sheets.values() if process in sheet.processes), None)


def _take(own: Sheet, other: Sheet | None, change: Change) -> None:
    """A step, line or lane as the newer version has it, with its place if it had none here."""
    element = change.element
    if change.noun == "lane":
        _take_lane(own, other, change)
    elif change.kind is Kind.REMOVED or other is None:
        own.remove(element)
    elif element == change.part:
        own.take_header(other, element)
    else:
        moved = any(one.aspect in ("source", "target") for one in change.details)
        is_new = element not in own
        own.take(other, element)
        if is_new or moved:
            own.take_place(other, element, change.part)
        own.take_lane_of(other, element)
        own.take_default(other, element)


def _take_lane(own: Sheet, other: Sheet | None, change: Change) -> None:
    if change.kind is Kind.REMOVED or other is None:
        own.remove_lane(change.element)
    else:
        own.take_lane(other, change.element)
