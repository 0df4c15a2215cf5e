"""The journal is complete: the same lines give the same bytes, in any process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.factories.engine import Case, Drawing, compiled, due_in
from tests.factories.engine_walk import facts_of, full_case, long_walk, ports
from workflows.cases.decide import rerun
from workflows.cases.decision import CommandKind, Ports
from workflows.cases.journal_format import command_from_journal
from workflows.errors import AlreadyDoneError, InvalidInputError

ROOT = Path(__file__).parents[2]


def test_journal_is_json():
    case = long_walk()
    for entry in case.journal:
        assert orjson.loads(orjson.dumps(entry)) == entry


def test_run_from_its_journal_ends_in_the_same_bytes():
    case = long_walk()
    lines = [orjson.loads(orjson.dumps(entry)) for entry in case.journal]
    decision = rerun(case.version, case.facts_at.__getitem__, lines, ports().due)
    assert decision.state == case.state
    assert decision.ended == case.ended
    assert decision.revision == case.revision


def test_every_step_from_the_journal_gives_an_equal_decision():
    case, again = full_case(), full_case()
    first = [case.start(**START), case.complete("accept", accepted=True)]
    second = [again.start(**START), again.complete("accept", accepted=True)]
    assert first == second


START = {"entry": "register"}


def test_run_in_another_process_with_another_hash_seed_gives_the_same_bytes():
    expected = digest()
    for seed in ("1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": PATH}
        code = "from tests.engine.test_journal import digest; print(digest())"
        if extra := os.environ.get("ENGINE_TEST_PRELUDE"):
            code = f"{extra}; {code}"
        result = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert result.stdout.strip() == expected


PATH = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])


def digest() -> str:
    """Of every state of the long walk and its journal."""
    found = hashlib.sha256()
    case = long_walk(on_step=lambda decision: found.update(decision.state))
    found.update(orjson.dumps(case.journal))
    return found.hexdigest()


def test_command_comes_back_whole():
    case = full_case()
    case.start(entry="register")
    decision = case.correct(state="x")
    command, answers = command_from_journal(decision.journal)
    assert (command.kind, command.at, command.facts.case) == (
        CommandKind.CORRECT,
        case.now,
        {"state": "x"},
    )
    assert (command.fired, answers) == ((), ())


def test_journal_of_an_unknown_format_is_refused():
    case = full_case()
    entry = {**case.start(entry="register").journal, "format": 99}
    with pytest.raises(InvalidInputError) as caught:
        command_from_journal(entry)
    assert caught.value.message.code == "engine.journal_format"


def test_empty_journal_is_refused():
    with pytest.raises(InvalidInputError):
        rerun(full_case().version, lambda _revision: facts_of(), [], ports().due)


def test_refused_command_leaves_no_line():
    case: Case = full_case()
    case.start(entry="register")
    lines = len(case.journal)
    with pytest.raises(AlreadyDoneError):
        case.ask(CommandKind.COMPLETE, item=999_999)
    assert len(case.journal) == lines


def test_people_who_may_do_a_role_are_asked_once_and_recorded():
    drawing = Drawing("p").start().script("k", 'who = people("人民调解员")')
    drawing.user("u", assignee='people("人民调解员")[1]').end().flow("s > k > u > e")
    asked: list[tuple[str, str]] = []

    def people(role: str, unit: str) -> list[str]:
        asked.append((role, unit))
        return ["mediator", "mediator2"]

    version = compiled(drawing, names={"who": "list"})
    case = Case(version, Ports(due_in({}), {}, people))
    decision = case.start()
    assert asked == [("人民调解员", "620902104-TW")]
    assert decision.items_added[0].assignee == "mediator"
    assert decision.journal["answers"] == [
        {"people": "人民调解员", "result": ["mediator", "mediator2"]}
    ]
    again = rerun(version, case.facts_at.__getitem__, case.journal, due_in({}))
    assert again == decision
