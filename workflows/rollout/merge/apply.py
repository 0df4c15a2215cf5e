"""Takes chosen pieces of one tree into another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from workflows.catalogue.manifest import FILE
from workflows.catalogue.source import PackageSource
from workflows.rollout.compare.changes import Change, Group
from workflows.rollout.merge.decisions import take_decision
from workflows.rollout.merge.diagrams import take_drawn
from workflows.rollout.merge.forms import take_questions
from workflows.rollout.merge.plan import Piece


def merge(own: PackageSource, newer: PackageSource, chosen: Iterable[Piece]) -> PackageSource:
    """`own` with the chosen pieces as `newer` has them, or without them where it has not.

    Files that cannot be read stay as they are: nothing of them is ever a piece.
    """
    files = dict(own.files)
    pieces = tuple(chosen)
    changes = [change for piece in pieces for change in piece.changes]
    take_drawn(own.key, files, newer.files, _of(changes, Group.DIAGRAM))
    take_questions(own.key, files, newer.files, _of(changes, Group.FORM))
    for decision in dict.fromkeys(one.part for one in _of(changes, Group.TABLE)):
        take_decision(own.key, files, newer.files, decision)
    for change in changes:
        for path in _whole_files(own, newer, change):
            _take_file(files, newer, path)
    return PackageSource(own.key, dict(sorted(files.items())))


def _of(changes: Iterable[Change], group: Group) -> list[Change]:
    return [one for one in changes if one.group is group]


def _whole_files(own: PackageSource, newer: PackageSource, change: Change) -> Iterator[str]:
    """Paths of the files a change stands for, in either tree."""
    if change.group is Group.SETTING:
        yield f"bpmn/{own.key}/{FILE}"
    for path in {**own.files, **newer.files}:
        tree, _key, below = path.split("/", 2)
        if change.group is Group.TEXT and (tree, PurePosixPath(path).suffix) == ("forms", ".html"):
            name = PurePosixPath(path).stem
        elif change.group is Group.SCENARIO and below.startswith("scenarios/"):
            name = below.removeprefix("scenarios/").removesuffix(".json")
        else:
            continue
        if name == change.part:
            yield path


def _take_file(files: dict[str, bytes], newer: PackageSource, path: str) -> None:
    if path in newer.files:
        files[path] = newer.files[path]
    else:
        files.pop(path, None)
