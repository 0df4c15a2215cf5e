"""`clock.extend`: the step of a diagram is the one way to a longer time limit."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.factories.cases import FORMS, KEY, MANIFEST, World, rows, titles
from tests.factories.engine import Drawing, bpmn, timer_event
from workflows.cases.decide import rerun
from workflows.cases.decision import Facts
from workflows.cases.journal_format import command_from_journal
from workflows.cases.queries.clock_board import ClockBoardQuery, list_clocks
from workflows.cases.queries.records import InboxRow
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import load_run
from workflows.cases.tables import ClockRow, JournalEntry, Run, TimelineEntry, WorkItem
from workflows.cases.wake import wake_together
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import add_draft, publish
from workflows.errors import RuleError
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id

LIMIT = "petition_handling"
"""A rule that may be extended by thirty days altogether; its last day is not moved off holidays."""
INTAKE = """
[[stage]]
key = "intake"
title = { zh = "受理", en = "Intake" }
processes = ["sm_intake"]
"""
"""A stage of the small package that this one does not draw."""


def package(rule: str = LIMIT, days: str = "10") -> PackageSource:
    """`review` (head) under no clock, then `talk` again, both inside a phase under one clock."""
    spine = Drawing(KEY, role="调委会主任").start().call("c_talks", "sm_talks").end("e_done")
    spine.boundary("b_late", "c_talks", timer_event(f'deadline("{LIMIT}", today)'))
    spine.end("e_late").flow("s > c_talks > e_done").flow("b_late > e_late")
    talks = Drawing("sm_talks", role="调委会主任").start("t_s")
    talks.user("review", title="审批延期", formJsonSchemaFilename="review.schema.json")
    talks.service("longer", "clock.extend", "longer", rule=f'"{rule}"', days=days)
    talks.user("talk", title="调解", formJsonSchemaFilename="talk.schema.json").end("t_e")
    talks.flow("t_s > review > longer > talk > t_e")
    files = {
        f"bpmn/{KEY}/package.toml": MANIFEST.replace(INTAKE, "").encode(),
        f"bpmn/{KEY}/{KEY}.bpmn": bpmn(spine, talks),
    }
    for name, form in FORMS.items():
        schema = {"type": "object", **titles(name, name), "additionalProperties": False, **form}
        files[f"forms/{KEY}/{name}.schema.json"] = json.dumps(schema).encode()
    return PackageSource(KEY, files)


def approved(world: World, **changes: str) -> tuple[str, ClockRow, InboxRow]:
    """A case of that package: (run, its clock before, the task that approves)."""
    with world.platform.database.transaction(SYSTEM) as session:
        now, number = world.clock.now() + timedelta(seconds=1), world.platform.ids.next()
        row = add_draft(session, package(**changes), version_id=number, author="t", now=now)
        session.flush()
        publish(session, row, now=now)
    opened = world.open()
    (clock,) = rows(world, ClockRow)
    return opened.run, clock, opened.tasks[0]


def test_the_step_moves_the_clock_and_what_is_due_by_it(world: World) -> None:
    _run, before, item = approved(world)
    world.complete("head", item, way="talk")
    (after,) = rows(world, ClockRow)
    assert before.due_on is not None
    assert (after.due_on, after.extended_days) == (before.due_on + timedelta(days=10), 10)
    assert after.fires_at == after.due_at > before.due_at
    (talk,) = [row for row in rows(world, WorkItem) if row.state == "open"]
    assert talk.clock_number in (None, after.number)
    if talk.clock_number is not None:
        assert talk.due_at == after.due_at
    (row,) = list_clocks(world.platform, world.actor("head"), ClockBoardQuery()).rows
    assert row.extended_days == 10
    assert "engine.clock_extended" in [line.action for line in rows(world, TimelineEntry)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"days": "31"}, "deadline.extension_over_cap"),
        ({"days": "0"}, "deadline.extension_too_small"),
        ({"days": "1.5"}, "deadline.extension_too_small"),
        ({"rule": "court_step"}, "cases.no_clock_to_extend"),
    ],
)
def test_what_the_rule_does_not_allow_is_refused_and_nothing_happens(
    world: World, changes: dict[str, str], code: str
) -> None:
    _run, before, item = approved(world, **changes)
    with pytest.raises(RuleError) as refused:
        world.complete("head", item, way="talk")
    assert refused.value.message.code == code
    (after,) = rows(world, ClockRow)
    assert (after.due_on, after.extended_days) == (before.due_on, 0)


def test_the_clock_fires_at_its_new_moment_only(world: World) -> None:
    _run, before, item = approved(world)
    world.complete("head", item, way="talk")
    world.clock.advance(before.due_at - world.clock.now() + timedelta(minutes=1))
    assert wake_together(world.platform, 1) == 0
    (after,) = rows(world, ClockRow)
    world.clock.advance(after.due_at - world.clock.now() + timedelta(minutes=1))
    assert wake_together(world.platform, 1) == 1
    assert [run.end_state for run in rows(world, Run)] == ["e_late"]


def test_the_journal_gives_the_same_state_again(world: World) -> None:
    run, _before, item = approved(world)
    world.complete("head", item, way="talk")
    run_id = decode_id(run)
    platform = world.platform
    with platform.database.transaction(SYSTEM) as session:
        loaded = load_run(session, platform, run_id)
        version = platform.catalogue.load(session, loaded.run.version_id)
        snapshot = loaded.snapshot(version)
        lines = [row for row in rows(world, JournalEntry) if row.run_id == run_id]
        entries = [
            open_json(loaded.key, row.entry, journal_place(run_id, row.number)) for row in lines
        ]
        book, unit = platform.rules(session), loaded.run.unit_code

    def facts_at(_revision: int) -> Facts:
        return loaded.facts()

    assert command_from_journal(entries[-1])[1][-1]["operation"] == "clock.extend"
    again = rerun(version.process, facts_at, entries, lambda rule, base: book.due(rule, base, unit))
    assert again.state == snapshot.state
