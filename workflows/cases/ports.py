"""The site's side of the heart's ports: due dates, local operations, who may do a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.cases.barred import without_barred
from workflows.cases.decision import Asked, LocalOperation, Ports
from workflows.cases.extend_clock import clock_extend
from workflows.cases.numbers import Office, issue
from workflows.cases.platform import RunContext
from workflows.cases.seal_run import case_seal
from workflows.deadlines.compute import local_day
from workflows.organisation.candidates import find_candidates
from workflows.storage import Session


def build_ports(session: Session, context: RunContext) -> Ports:
    """Ports backed by the open transaction. Nothing is read before it is asked for."""
    platform, unit = context.platform, context.run.unit_code
    book = platform.rules(session)
    local: dict[str, LocalOperation] = {
        name: factory(session, context) for name, factory in platform.operations.items()
    }
    local["number.issue"] = _NumberIssue(session, context)
    local["case.seal"] = case_seal(session, context)
    local["clock.extend"] = clock_extend(session, context)

    def people(role: str, in_unit: str) -> Sequence[str]:
        found = find_candidates(session, role, in_unit or unit, local_day(context.at))
        found = without_barred(session, context.run.case_id, role, found)
        return [person.username for person in found if person.username]

    return Ports(due=lambda rule, base: book.due(rule, base, unit), local=local, people=people)


class _NumberIssue:
    """`number.issue`: without a series the run's own number, given once; with one the next
    number of that series in the run's office."""

    def __init__(self, session: Session, context: RunContext) -> None:
        self._session = session
        self._context = context

    def __call__(self, _asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        context, series = self._context, parameters.get("series")
        run = context.run
        if not series and run.number is not None:
            return {"number": run.number}
        number = issue(
            self._session,
            str(series or run.process),
            context.package.manifest.number_format,
            office=Office(run.unit_code, context.unit_short),
            case_id=run.case_id,
            at=context.at,
        )
        if not series:
            run.number = number
        return {"number": number}
