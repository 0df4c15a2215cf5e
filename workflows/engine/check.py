"""The static checks of diagrams and decisions, all findings at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workflows.engine.checks.parts import Surroundings, check_parts
from workflows.engine.checks.tables import check_tables
from workflows.engine.compile import Files, read_files
from workflows.engine.findings import Finding
from workflows.engine.operations import OperationSignature


def check_process(
    key: str,
    diagrams: Mapping[str, bytes],
    decisions: Mapping[str, bytes],
    names: Mapping[str, str],
    *,
    roles: Collection[str],
    rules: Collection[str],
    operations: Mapping[str, OperationSignature],
    forms: Collection[str],
    form_names: Mapping[str, Collection[str]] | None = None,
    documents: Collection[str] | None = None,
    case_names: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Everything that can be said of a package's drawings without running them. Never raises.

    `names`, `case_names`: as in `compile_process`. `roles`: role names; `rules`: deadline rule
    keys; `forms`: schema file names (`register.schema.json`); `form_names`: form file → process
    names it fills, so that parallel branches writing one name are found; `documents`: kinds that
    exist, None where nobody knows.
    """
    files = read_files(key, diagrams, decisions, names, case_names or {}, form_names or {})
    return check_files(key, files, Surroundings(roles, rules, operations, forms, documents))


def check_files(key: str, files: Files, around: Surroundings) -> tuple[Finding, ...]:
    """The same of files that were read."""
    return (
        *files.findings,
        *check_parts(key, files.diagram, files.decisions, around),
        *check_tables(files.decisions, files.names),
    )
