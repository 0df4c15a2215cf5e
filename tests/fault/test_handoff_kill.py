"""kill -9 of the worker that brings a handoff or its answer: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.factories.cases import rows
from tests.factories.handoffs import COURT, TALKS, Letters, build_letters
from workflows.cases.tables import CaseRecord, InboundMessage, Run, StoredFile
from workflows.handoffs.places import DELIVER_TOPIC, REPLY_TOPIC
from workflows.handoffs.tables import Handoff
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


@pytest.fixture
def letters(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> Letters:
    return build_letters(database, clock, ids, vault, files)


def die_in(letters: Letters, work: Callable[[], object], *, before: bool) -> None:
    """Another process works with connections of its own and is killed: inside the work, while a
    document is made, or after its commit and before its row is settled."""
    child = os.fork()
    if child == 0:
        letters.world.platform.database.engine.dispose(close=False)
        if before:
            letters.renderer.fails.append(Killed())
        try:
            work()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


class Killed(BaseException):
    """Raised while a document is made."""


@pytest.mark.parametrize("before", [True, False])
def test_a_killed_delivery_opens_one_case(letters: Letters, before: bool) -> None:
    letters.send()
    (row,) = rows(letters.world, Handoff)
    order = {"handoff": row.id}
    die_in(letters, lambda: letters.do(DELIVER_TOPIC, order), before=before)
    there = [case.process for case in rows(letters.world, CaseRecord)]
    assert there == ([COURT] if before else [COURT, TALKS])
    letters.work()
    (row,) = rows(letters.world, Handoff)
    assert row.state == "received"
    assert [run.process for run in rows(letters.world, Run)] == [COURT, TALKS]
    assert len(rows(letters.world, StoredFile)) == 1


@pytest.mark.parametrize("before", [True, False])
def test_a_killed_reply_reaches_the_sender_once(letters: Letters, before: bool) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.work()
    letters.complete("mediator", "talk", outcome="agreed", terms="各让一步")
    (row,) = rows(letters.world, Handoff)
    order = {"handoff": row.id, "number": row.answers}
    die_in(letters, lambda: letters.do(REPLY_TOPIC, order), before=before)
    letters.world.clock.advance(timedelta(minutes=2))
    letters.work()
    (row,) = rows(letters.world, Handoff)
    runs = {run.process: run.end_state for run in rows(letters.world, Run)}
    assert (row.state, runs[COURT]) == ("answered", "e_agreed")
    assert [message.state for message in rows(letters.world, InboundMessage)] == ["delivered"]
    assert len([f for f in rows(letters.world, StoredFile) if f.case_id == row.from_case]) == 2
