"""Orders to replay cases: the same report twice, stopping, dying, restricted cases, who sees.

Long, because every way an order can be cut short or looked at has a case of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import delete

from tests.factories.cases import KEY, World, rows
from tests.factories.jobs import KilledError
from tests.factories.migration import ADDED_STEP, DIAGRAM, changed, publish_next
from tests.factories.replays import SKIPS_TALK, ask, through, turn
from workflows.cases.access import level_of
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import seal_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import CaseKeyRow, ClockRow, JournalEntry, Run
from workflows.catalogue.tables import PackageEvent
from workflows.catalogue.versions import add_draft
from workflows.errors import ConflictError, ForbiddenError, InvalidInputError, NotVisibleError
from workflows.organisation.tables import Account
from workflows.rollout.places import Place
from workflows.rollout.replay import orders, work
from workflows.rollout.replay.orders import MOST, REPLAY_TOPIC, resume_replay, stop_replay
from workflows.rollout.replay.past import list_runs
from workflows.rollout.replay.records import ReplayPage
from workflows.rollout.replay.runs import list_past_runs
from workflows.rollout.replay.view import load_parted, load_replay_page, load_version_replays
from workflows.rollout.tables import ReplayCase, ReplayDifference, ReplayJob
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import encode_id
from workflows.storage.tables import OutboxRow


@pytest.fixture
def owner(world: World) -> Actor:
    return world.hire("owner", "流程负责人@1")


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CHUNK", 2)


def past(world: World) -> dict[str, str]:
    """How it went → outside id of a case: refused, agreed, agreed at the second talk, under way."""
    refused = world.open()
    world.complete("head", refused.tasks[0], way="refuse")
    agreed, talk = world.at_talk()
    world.complete("mediator", talk, outcome="done")
    twice, talk = world.at_talk()
    again = world.complete("mediator", talk, outcome="again")
    world.complete("mediator", again.tasks[0], outcome="done")
    going, _ = world.at_talk()
    return {
        "refused": refused.case,
        "agreed": agreed.case,
        "twice": twice.case,
        "going": going.case,
    }


def draft(world: World, *changes: Any) -> None:
    """The next version, not published."""
    with world.platform.database.transaction(SYSTEM) as session:
        version_id, now = world.platform.ids.next(), world.clock.now()
        add_draft(session, changed(*changes), version_id=version_id, author="test", now=now)


def report(page: ReplayPage) -> Any:
    """Everything a replay says, without which order it was."""
    return page.job.counts, page.partings, page.runs


def test_the_identical_version_differs_nowhere(world: World, owner: Actor) -> None:
    known = past(world)
    page = through(world.platform, owner, ask(world, owner))
    assert (page.job.state, page.job.done, page.job.total) == ("done", 4, 4)
    assert page.job.counts == {"same": 4}
    assert [run.case for run in page.runs] == list(reversed(known.values()))
    lines = len(rows(world, JournalEntry))
    assert sum(run.steps for run in page.runs) == lines
    assert page.partings == ()


def test_a_changed_condition_parts_exactly_the_runs_it_decided(world: World, owner: Actor) -> None:
    known = past(world)
    draft(world, SKIPS_TALK)
    page = through(world.platform, owner, ask(world, owner, number=2))
    assert page.job.counts == {"same": 1, "other_path": 3}
    parted = {run.case for run in page.runs if run.verdict == "other_path"}
    assert parted == set(known.values()) - {known["refused"]}
    (parting,) = page.partings
    assert (parting.verdict, parting.element, parting.runs) == ("other_path", "e_refused", 3)
    assert parting.diagram == KEY
    (difference,) = next(run for run in page.runs if run.case == known["twice"]).differences
    assert (difference.step, difference.message.code) == (2, "rollout.parts_here")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('way = "talk"', "case.title", "engine.condition_not_boolean"),
        ('deadline("mediation", today)', "deadline(case.title, today)", "deadline.unknown_rule"),
        (
            'id="lane_sm_talks" name="人民调解员">',
            'id="lane_sm_talks" name="人民调解员"><bpmn:extensionElements>'
            '<spiffworkflow:properties><spiffworkflow:property name="scope" value="case.title"/>'
            "</spiffworkflow:properties></bpmn:extensionElements>",
            "rollout.other_unit",
        ),
    ],
)
def test_a_draft_made_to_read_facts_learns_none(
    world: World, owner: Actor, before: str, after: str, code: str
) -> None:
    past(world)
    draft(world, (DIAGRAM, before, after))
    page = through(world.platform, owner, ask(world, owner, number=2))
    told = {one.message.code for run in page.runs for one in run.differences}
    assert code in told
    assert "浇水" not in repr(page)
    kept = [(row.message, row.title) for row in rows(world, ReplayDifference)]
    assert "浇水" not in repr(kept)


def test_two_orders_give_the_same_report(world: World, owner: Actor) -> None:
    past(world)
    draft(world, SKIPS_TALK)
    one = through(world.platform, owner, ask(world, owner, number=2))
    two = through(world.platform, owner, ask(world, owner, number=2))
    assert one.job.id != two.job.id
    assert report(one) == report(two)


def test_nothing_of_a_case_changes_and_nothing_leaves(world: World, owner: Actor) -> None:
    past(world)
    draft(world, SKIPS_TALK)
    tables = (Run, JournalEntry, ClockRow)

    def content() -> list[Any]:
        found = [row for table in tables for row in rows(world, table)]
        return [{c.name: getattr(row, c.key) for c in row.__table__.columns} for row in found]

    before, posted = content(), {row.id for row in rows(world, OutboxRow)}
    through(world.platform, owner, ask(world, owner, number=2))
    assert content() == before
    assert {row.id for row in rows(world, OutboxRow)} == posted


def test_only_so_many_are_walked_the_newest(world: World, owner: Actor) -> None:
    known = past(world)
    page = through(world.platform, owner, ask(world, owner, most=2))
    assert [run.case for run in page.runs] == [known["going"], known["twice"]]


def test_a_stopped_order_walks_no_more_and_goes_on_when_resumed(world: World, owner: Actor) -> None:
    past(world)
    job = ask(world, owner)
    turn(world.platform)
    stop_replay(world.platform, owner, job)
    page = through(world.platform, owner, job)
    assert (page.job.state, page.job.done, page.job.total) == ("stopped", 2, 4)
    with pytest.raises(ConflictError):
        stop_replay(world.platform, owner, job)
    resume_replay(world.platform, owner, job)
    page = through(world.platform, owner, job)
    assert (page.job.state, page.job.counts) == ("done", {"same": 4})
    with pytest.raises(ConflictError):
        resume_replay(world.platform, owner, job)


def test_stopped_and_resumed_at_once_two_rows_do_not_become_many(
    world: World, owner: Actor
) -> None:
    past(world)
    job = ask(world, owner)
    stop_replay(world.platform, owner, job)
    resume_replay(world.platform, owner, job)
    while turn(world.platform):
        assert sum(row.topic == REPLAY_TOPIC for row in rows(world, OutboxRow)) <= 2
    assert load_replay_page(world.platform, owner, job).job.counts == {"same": 4}


def test_a_worker_that_dies_between_looking_and_writing_is_made_good(
    world: World, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    past(world)
    draft(world, SKIPS_TALK)
    whole = through(world.platform, owner, ask(world, owner, number=2))
    job = ask(world, owner, number=2)
    order = rows(world, ReplayJob)[-1]
    real = work._difference

    def dies(*given: Any) -> ReplayDifference:
        raise KilledError

    monkeypatch.setattr(work, "_difference", dies)
    with pytest.raises(KilledError):
        work.replay_next(world.platform, {"job": order.id})
    waiting = [row.verdict for row in rows(world, ReplayCase) if row.job_id == order.id]
    assert waiting == ["waiting"] * 4
    monkeypatch.setattr(work, "_difference", real)
    assert report(through(world.platform, owner, job)) == report(whole)


def test_two_workers_walk_from_both_ends_until_they_meet(
    world: World, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    past(world)
    past(world)
    draft(world, SKIPS_TALK)
    whole = through(world.platform, owner, ask(world, owner, number=2))
    monkeypatch.setattr(orders, "ALONE", 4)
    job = ask(world, owner, number=2)
    newest, oldest = [orjson.loads(row.payload) for row in rows(world, OutboxRow)]
    assert oldest == {**newest, "from": orders.OLDEST}
    work.replay_next(world.platform, oldest)
    work.replay_next(world.platform, newest)
    page = load_replay_page(world.platform, owner, job)
    waits = [run.verdict == "waiting" for run in page.runs]
    assert waits == [False] * 2 + [True] * 4 + [False] * 2
    assert report(through(world.platform, owner, job)) == report(whole)
    assert rows(world, OutboxRow) == []


def test_the_same_piece_twice_is_written_once(world: World, owner: Actor) -> None:
    past(world)
    draft(world, SKIPS_TALK)
    job = ask(world, owner, number=2)
    payload = {"job": rows(world, ReplayJob)[0].id}
    work.replay_next(world.platform, payload)
    page = through(world.platform, owner, job)
    work.replay_next(world.platform, payload)
    assert report(load_replay_page(world.platform, owner, job)) == report(page)
    assert len(rows(world, ReplayDifference)) == 3


def test_while_clocks_are_due_one_run_at_a_time(world: World, owner: Actor) -> None:
    past(world)
    ask(world, owner)
    world.clock.advance(timedelta(days=40))
    turn(world.platform)
    assert [row.verdict for row in rows(world, ReplayCase)].count("same") == 1
    row = next(row for row in rows(world, OutboxRow) if row.topic == REPLAY_TOPIC)
    assert row.available_at == world.clock.now() + work.PAUSE


def test_restricted_cases_are_neither_walked_nor_counted(world: World, owner: Actor) -> None:
    known = past(world)
    seal(world.platform, world.actor("head"), CaseCommand(known["going"], reason="保密"))
    page = through(world.platform, owner, ask(world, owner))
    assert page.job.counts == {"same": 3}
    assert len(rows(world, ReplayCase)) == 3
    system = through(world.platform, SYSTEM, ask(world, SYSTEM))
    assert system.job.total == 3


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_case_restricted_since_the_order_is_gone_from_it(
    world: World, owner: Actor, when: str
) -> None:
    known = past(world)
    draft(world, SKIPS_TALK)
    job = ask(world, owner, number=2)
    if when == "after":
        through(world.platform, owner, job)
    seal(world.platform, world.actor("head"), CaseCommand(known["going"], reason="保密"))
    for who in (owner, SYSTEM):
        page = through(world.platform, who, job)
        assert page.job.counts == {"same": 1, "other_path": 2}
        assert [one.runs for one in page.partings] == [2]
        assert known["going"] not in {run.case for run in page.runs}
    assert (known["going"] in {encode_id(row.case_id) for row in rows(world, ReplayCase)}) == (
        when == "after"
    )


def test_an_erased_case_says_so_and_does_not_keep_the_others(world: World, owner: Actor) -> None:
    past(world)
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(CaseKeyRow, rows(world, Run)[0].case_id).wrapped = None
    page = through(world.platform, owner, ask(world, owner))
    assert page.job.counts == {"same": 3, "refused": 1}
    assert page.runs[-1].reason is not None
    assert page.runs[-1].reason.code == "storage.key_destroyed"


def lose_line(session: Session, world: World, run: Run) -> None:
    first = JournalEntry.run_id == run.id, JournalEntry.number == 1
    session.execute(delete(JournalEntry).where(*first))


def write_nonsense(session: Session, world: World, run: Run) -> None:
    wrapped = session.get_one(CaseKeyRow, run.case_id).wrapped
    line = session.get_one(JournalEntry, (run.id, 1))
    key = world.platform.vault.open_key(wrapped)
    line.entry = seal_json(key, {}, journal_place(run.id, 1))


@pytest.mark.parametrize(
    ("damage", "code"),
    [(lose_line, "rollout.facts_lost"), (write_nonsense, "rollout.replay_failed")],
    ids=["line lost", "nonsense"],
)
def test_a_run_nobody_can_walk_does_not_keep_the_others(
    world: World, owner: Actor, damage: Callable[[Session, World, Run], None], code: str
) -> None:
    past(world)
    with world.platform.database.transaction(SYSTEM) as session:
        damage(session, world, rows(world, Run)[1])
    page = through(world.platform, owner, ask(world, owner))
    assert page.job.counts == {"same": 3, "refused": 1}
    assert [run.reason.code for run in page.runs if run.reason] == [code]


def test_who_asked_and_is_gone_learns_nothing_more(world: World, owner: Actor) -> None:
    past(world)
    job = ask(world, owner)
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, owner.account_id).active = False
    page = through(world.platform, SYSTEM, job)
    assert page.job.counts == {"refused": 4}
    assert {run.reason and run.reason.code for run in page.runs} == {"rollout.replay_nobody"}


def blind(actor: Actor) -> Actor:
    """Somebody who may publish and sees no case."""
    posts = (replace(post, abilities=frozenset({"publish"})) for post in actor.posts)
    return replace(actor, posts=tuple(posts))


def test_who_knows_of_no_case_replays_none(world: World, owner: Actor) -> None:
    past(world)
    page = through(world.platform, owner, ask(world, blind(owner)))
    assert (page.job.state, page.job.total, page.runs) == ("done", 0, ())


def test_others_see_only_what_they_know_of(world: World, owner: Actor) -> None:
    past(world)
    draft(world, SKIPS_TALK)
    job = ask(world, owner, number=2)
    assert through(world.platform, owner, job).job.total == 4
    page = load_replay_page(world.platform, blind(owner), job)
    assert (page.job.total, page.partings, page.runs) == (0, (), ())


def test_lists_know_what_the_one_place_of_access_knows(world: World, owner: Actor) -> None:
    known = past(world)
    seal(world.platform, world.actor("head"), CaseCommand(known["twice"], reason="保密"))
    people = [world.actor(name) for name in world.accounts] + [blind(owner)]
    counts = {}
    for actor in people:
        with world.platform.database.reading(actor) as session:
            listed = list_past_runs(session, KEY, most=50)
            parts = {run: load_parts(session, case) for run, case in listed}
        with world.platform.database.reading(SYSTEM) as session:
            normal = list_past_runs(session, KEY, most=50)
            everything = {run: load_parts(session, case) for run, case in normal}
        known_of = [run for run in everything if level_of(actor, everything[run], run)]
        assert list(parts) == known_of, actor.username
        counts[actor.username] = len(listed)
    assert (counts["head"], counts["stranger"], counts["watcher"]) == (3, 0, 3)


def test_an_own_way_is_replayed_with_the_runs_of_its_unit(world: World, owner: Actor) -> None:
    past(world)
    with world.platform.database.reading(owner) as session:
        found = [
            len(list_runs(session, Place(KEY, unit), most=9)) for unit in ("", "11", "1111-TW")
        ]
    assert found == [4, 4, 0]


def test_whoever_does_not_look_after_the_package_is_refused(world: World, owner: Actor) -> None:
    past(world)
    job = ask(world, owner)
    head = world.actor("head")
    with pytest.raises(ForbiddenError):
        ask(world, head)
    for act in (stop_replay, resume_replay, load_replay_page):
        with pytest.raises(ForbiddenError):
            act(world.platform, head, job)
    with pytest.raises(ForbiddenError):
        load_version_replays(world.platform, head, KEY, 1)
    with pytest.raises(NotVisibleError):
        load_replay_page(world.platform, owner, encode_id(7))


def test_orders_that_make_no_sense_are_refused(world: World, owner: Actor) -> None:
    with pytest.raises(NotVisibleError):
        ask(world, owner, number=7)
    for most in (0, MOST + 1):
        with pytest.raises(InvalidInputError):
            ask(world, owner, most=most)
    assert rows(world, ReplayJob) == rows(world, PackageEvent) == []


def test_who_asked_stands_in_the_record_of_the_version(world: World, owner: Actor) -> None:
    ask(world, owner, most=7)
    (event,) = rows(world, PackageEvent)
    assert (event.act, event.who, event.notes) == ("replayed", owner.name, "7")


def test_runs_come_page_by_page_and_by_verdict(
    world: World, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.rollout.replay.view.PAGE", 2)
    known = past(world)
    draft(world, SKIPS_TALK)
    job = ask(world, owner, number=2)
    first = through(world.platform, owner, job)
    second = load_replay_page(world.platform, owner, job, after=first.next)
    assert [len(first.runs), len(second.runs), second.next] == [2, 2, None]
    assert [run.case for run in (*first.runs, *second.runs)] == list(reversed(known.values()))
    same = load_replay_page(world.platform, owner, job, verdict="same")
    assert [run.case for run in same.runs] == [known["refused"]]
    assert same.job.counts == first.job.counts


def test_a_picture_belongs_to_its_version(world: World, owner: Actor) -> None:
    past(world)
    publish_next(world, *ADDED_STEP)
    job = ask(world, owner, number=2)
    source, partings = load_parted(world.platform, owner, KEY, 2, job)
    assert (source.digest, partings) == (changed(*ADDED_STEP).digest, ())
    with pytest.raises(NotVisibleError):
        load_parted(world.platform, owner, KEY, 1, job)
    with pytest.raises(NotVisibleError):
        load_version_replays(world.platform, owner, KEY, 1, job=job)
