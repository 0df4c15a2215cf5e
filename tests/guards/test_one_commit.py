"""Nothing is committed but by the transaction door."""

from __future__ import annotations

from tests.guards.sources import called_names, parsed, speaking_of

COMMITS = {
    "commit": ["workflows/storage/database.py"],
    "begin": ["workflows/storage/schema.py", "migrations/env.py"],
}
"""`begin()` as a block commits at its end; migrations run in one such block."""


def test_only_the_door_commits() -> None:
    for name, allowed in COMMITS.items():
        found = [
            path for path, tree in speaking_of([f".{name}"]).items() if name in called_names(tree)
        ]
        assert found == allowed, name


def test_the_door_commits_once() -> None:
    names = list(called_names(parsed("workflows/storage/database.py")))
    assert names.count("commit") == 1
