"""What the decisions room says of the tables: names nobody declares, overlaps, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.decisions import DecisionError
from workflows.engine.called import CalledDecision
from workflows.engine.expressions import READ_ONLY
from workflows.engine.findings import Finding, error, warning


def check_tables(
    called: Mapping[str, CalledDecision], names: Mapping[str, str]
) -> Iterator[Finding]:
    """Problems are errors; of the findings only rules that match at once under UNIQUE are.

    `names`: declared process names with types; the read-only names are added.
    """
    known = {**names, **READ_ONLY}
    for decision in {d.file: d for d in called.values()}.values():
        try:
            yield from _of_file(decision, known, called)
        except DecisionError as exc:
            yield error("decision_broken", file=decision.file, reason=exc.message)


def _of_file(
    decision: CalledDecision, names: Mapping[str, str], called: Mapping[str, CalledDecision]
) -> Iterator[Finding]:
    for problem in decision.source.problems(names):
        element = problem.element or None
        yield error(
            "decision_problem", element, decision.file, decision.line, reason=problem.message
        )
    for found in decision.source.findings():
        line = called[found.decision].line if found.decision in called else decision.line
        tell = error if found.severity == "error" else warning
        yield tell("decision_rules", found.decision, decision.file, line, reason=found.message)
