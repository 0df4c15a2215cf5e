"""One diagram or one table without its package: what can be said of it alone.

Names, forms and other diagrams belong to a package, so a single file is not asked for them; an
expression is only read. Diagrams of other editors are looked at this way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from workflows.catalogue.gate import READ_ONLY
from workflows.deadlines import RuleBook
from workflows.engine import OPERATIONS, Surroundings, check_files, read_files
from workflows.engine.checks.tables import check_tables
from workflows.engine.elements import Diagram
from workflows.engine.findings import Finding
from workflows.organisation.roles import working_roles

_WORD = re.compile(r"[^\W\d]\w*")
_ELSEWHERE = frozenset(
    f"engine.{code}"
    for code in ("form_missing", "call_missing", "decision_missing", "not_called", "no_withdraw")
)
"""Findings about what may well stand in another file of the package."""


def check_bare(name: str, content: bytes) -> tuple[Finding, ...]:
    """Findings of a .bpmn or .dmn file, errors first. Never raises."""
    if name.endswith(".dmn"):
        files = read_files("", {}, {name: content}, {}, {})
        words = {word for one in files.decisions.values() for word in one.words}
        found: Iterable[Finding] = (*files.findings, *check_tables(files.decisions, _any(words)))
    else:
        first = read_files("", {name: content}, {}, {}, {})
        files = read_files(
            main_process(first.diagram), {name: content}, {}, _words(first.diagram), {}
        )
        around = Surroundings(working_roles(), RuleBook.built_in().keys, OPERATIONS, ())
        found = check_files(main_process(first.diagram), files, around)
    told = [finding for finding in found if finding.code not in _ELSEWHERE]
    return tuple(sorted(told, key=lambda f: (f.severity != "error", f.line or 0, f.element or "")))


def main_process(diagram: Diagram) -> str:
    """The process that stands for the file: the first that none of the others calls."""
    called = {e.calls for e in diagram.elements.values() if e.kind == "callActivity"}
    alone = [process for process in diagram.processes if process not in called]
    return next(iter([*alone, *diagram.processes]), "")


def _words(diagram: Diagram) -> dict[str, str]:
    """Every word of every expression as a name of any type."""
    return _any({word for site in diagram.sites for word in _WORD.findall(site.text)})


def _any(words: Collection[str]) -> dict[str, str]:
    return dict.fromkeys(sorted(set(words) - READ_ONLY.keys()), "any")
