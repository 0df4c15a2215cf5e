"""Remote operations a diagram asked for: what to do, and the answer through the same door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from workflows.cases.acting import act_on_run, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.platform import Platform
from workflows.cases.save_decision import call_place
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import load_run
from workflows.cases.tables import CallRow, CaseKeyRow
from workflows.cases.timeline import Line
from workflows.errors import NotVisibleError
from workflows.messages import Message
from workflows.storage import SYSTEM


@dataclass(frozen=True, slots=True)
class RemoteCall:
    """An open call: operation and parameters by name. None parameters: it is open no more."""

    run_id: int
    number: int
    operation: str
    parameters: Mapping[str, Any]


def load_call(platform: Platform, run_id: int, number: int) -> RemoteCall | None:
    """What a worker is to do; None if the call was answered or its place has gone meanwhile."""
    with platform.database.reading(SYSTEM) as session:
        row = session.execute(
            select(CallRow, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CallRow.case_id)
            .where(CallRow.run_id == run_id, CallRow.number == number)
        ).one_or_none()
        if row is None:
            raise NotVisibleError("cases.unknown_run")
        if row.CallRow.state != "open":
            return None
        key = platform.vault.open_key(row.wrapped)
        parameters = open_json(key, row.CallRow.parameters, call_place(run_id, number))
        return RemoteCall(run_id, number, row.CallRow.operation, parameters)


def answer_call(platform: Platform, run_id: int, number: int, result: Mapping[str, Any]) -> str:
    """Gives a call its answer; `{"error": code, …}` says it failed for good and goes to the
    nearest error boundary.

    Returns done | late (answered before, or its place has gone) | incident (failed and nothing
    catches it). Answering twice has no second effect.
    """
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
        loaded = load_run(session, platform, run_id)
        call = session.get(CallRow, (run_id, number))
        if call is None or call.state != "open" or loaded.run.status != "open":
            return "late"
        package = platform.catalogue.load(session, loaded.run.version_id)
        title = package.process.title_of(call.element)
        failed = "error" in result
        line = Line(
            action="answer",
            sentence=Message(
                "cases.call_failed" if failed else "cases.call_answered", {"title": title}
            ),
            occurred_at=now,
            kind="system",
            run_id=run_id,
        )
        command = Command(CommandKind.ANSWER, now, item=number, data=dict(result))
        return act_on_run(session, platform, loaded, package, command, (line,)).decision.outcome
