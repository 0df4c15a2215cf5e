"""Statements that loader criteria do not narrow stand only in the modules listed here.

Whoever adds a module answers for the scope in it: what it reads is either nobody's in particular
or is narrowed by its own conditions (`workflows.cases.tables.takes_part`).
"""

from __future__ import annotations

import ast
from functools import cache

from tests.conftest import load_tables
from tests.guards.sources import called_names, imported_names, parsed, sources, speaking_of
from workflows.storage.scope import scoped_classes

LISTED = {
    "workflows/storage/scope.py": "finds such statements",
    "workflows/storage/schema.py": "locks of the migration",
    "workflows/storage/tables.py": "condition of a partial index",
    "workflows/notices/tables.py": "conditions of partial indexes",
    "workflows/notices/tell.py": "writes notices for other people; of them reads whom it told",
    "workflows/cases/tables.py": "conditions of partial indexes; the scope's own sub-select",
    "workflows/cases/signature_tables.py": "condition of a partial index",
    "workflows/handoffs/tables.py": "the scope's own condition over both cases of a row",
    "workflows/sealing/tables.py": "condition of a partial index",
    "workflows/outside/tables.py": "condition of a partial index; the scope's own over units",
    "workflows/handoffs/send.py": "earlier letters of the case the transaction holds",
    "workflows/handoffs/answer.py": "the letter that began the run the transaction holds",
    "workflows/handoffs/withdraw.py": "letters of the run the transaction holds",
    "workflows/cases/search.py": "full-text search; narrowed by the list that uses it",
    "workflows/cases/snapshot.py": "one SELECT for a run under lock; access is checked on it",
    "workflows/storage/upsert.py": "writes rows of the run the transaction holds",
    "workflows/cases/seal_run.py": "every copy of the case the transaction holds, for whomever",
    "workflows/cases/clock_rows.py": "writes rows of the run the transaction holds",
    "workflows/cases/numbers.py": "counters of units, no case data",
    "workflows/cases/idempotency.py": "keys of the actor's own requests",
    "workflows/cases/queries/clock_board.py": "one participation decides for clock and case",
    "workflows/cases/queries/inbox.py": "UNION ALL of the actor's own (unit, role) pairs",
    "workflows/cases/queries/desk.py": "work of one person in the units the actor's posts reach",
    "workflows/cases/queries/scopes.py": "conditions of those pairs",
}
CALLS = {"raw", "from_statement", "exec_driver_sql"}
"""Calls that lead past the session's criteria."""

TEXTS = {"text", "literal_column", "TextClause", "table"}
"""Names of SQLAlchemy that write SQL by hand."""


@cache
def _scoped_names() -> set[str]:
    load_tables()
    return {scoped.__name__ for scoped in scoped_classes()}


def _core_tables(tree: ast.Module) -> set[str]:
    """`X.__table__` where X is scoped or not a plain name. Alone the session refuses it; inside
    an ORM statement it would go unnoticed. `__table__` of an open class is harmless."""
    scoped, found = _scoped_names() | {"cls", "self"}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "__table__":
            owner = node.value.id if isinstance(node.value, ast.Name) else "?"
            if owner in scoped or owner == "?":
                found.add(f"{owner}.__table__")
    return found


@cache
def _ways_past_the_scope(path: str) -> set[str]:
    text, tree = sources()[path], parsed(path)
    used = TEXTS & set(imported_names(tree, "sqlalchemy"))
    if any(name in text for name in CALLS):
        used |= CALLS & set(called_names(tree))
    return used | (_core_tables(tree) if "__table__" in text else set())


def test_unscoped_statements_stand_in_listed_modules_only() -> None:
    spoken = speaking_of([*CALLS, "__table__", "from sqlalchemy"])
    found = {path: ways for path in spoken if (ways := _ways_past_the_scope(path))}
    own = {path for path in found if not path.startswith("migrations/")}
    assert {path: found[path] for path in own - set(LISTED)} == {}


def test_listed_modules_still_need_it() -> None:
    """A list that only grows protects nothing."""
    stale = [path for path in LISTED if not _ways_past_the_scope(path)]
    assert stale == []
