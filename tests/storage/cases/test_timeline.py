"""The chain of the record: whole, and broken by any tampering."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.factories.cases import OTHER_OFFICE, World
from workflows.cases.case_commands import CorrectCase, correct
from workflows.cases.participation import join_unit
from workflows.cases.queries.timeline import TimelineQuery, list_timeline
from workflows.cases.tables import Run
from workflows.cases.timeline import Broken, verify, write_anchor
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.messages import say
from workflows.organisation.tables import Unit
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id


def broken(world: World) -> list[tuple[int, str]]:
    with world.platform.database.reading(SYSTEM) as session:
        found: list[Broken] = list(verify(session))
    return [(one.seq, one.why.code) for one in found]


def tamper(world: World, statement: str) -> None:
    """As somebody with the database in their hands would."""
    with world.platform.database.transaction(SYSTEM) as session:
        session.raw(text(statement))


def anchor(world: World) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        write_anchor(session, world.clock.now())


def test_an_untouched_record_is_whole(world: World) -> None:
    for _ in range(2):
        _opened, talk = world.at_talk()
        world.complete("mediator", talk, outcome="done")
    assert broken(world) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE timeline_entry SET action = 'claim' WHERE seq = 2", (2, "timeline.changed")),
        ("UPDATE timeline_entry SET account_id = 1 WHERE seq = 1", (1, "timeline.changed")),
        (
            "UPDATE timeline_entry SET occurred_at = '2026-09-01 00:00:00.000000' WHERE seq = 2",
            (2, "timeline.changed"),
        ),
        (
            "UPDATE timeline_entry SET body = (SELECT body FROM timeline_entry WHERE seq = 1)"
            " WHERE seq = 2",
            (2, "timeline.changed"),
        ),
        ("DELETE FROM timeline_entry WHERE seq = 2", (2, "timeline.missing")),
        ("DELETE FROM timeline_entry WHERE seq = 3", (0, "timeline.head")),
        ("UPDATE case_record SET head_seq = 2", (0, "timeline.head")),
    ],
)
def test_tampering_is_found(world: World, statement: str, found: tuple[int, str]) -> None:
    _opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="again")
    tamper(world, statement)
    assert broken(world) == [found]


def test_a_chain_rewritten_as_a_whole_breaks_the_anchor(world: World) -> None:
    world.open()
    world.clock.advance(timedelta(hours=1))
    anchor(world)
    assert broken(world) == []
    tamper(world, "UPDATE timeline_entry SET hash = 'ab' WHERE seq = 1")
    assert ("timeline.anchor" in {code for _seq, code in broken(world)}) is True


def test_anchors_cover_what_changed_since_the_one_before(world: World) -> None:
    _opened, talk = world.at_talk()
    world.clock.advance(timedelta(days=1))
    anchor(world)
    world.complete("mediator", talk, outcome="again")
    world.clock.advance(timedelta(days=1))
    anchor(world)
    anchor(world)
    assert broken(world) == []


def test_destroying_the_key_leaves_the_chain_whole(world: World) -> None:
    world.open()
    tamper(world, "UPDATE case_key SET wrapped = NULL")
    assert broken(world) == []


def test_list_timeline_pages_in_both_directions(world: World) -> None:
    opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="again")
    head = world.actor("head")
    newest = list_timeline(world.platform, head, TimelineQuery(opened.case, limit=2))
    assert ([line.seq for line in newest.entries], newest.more, newest.last) == ([3, 2], True, 2)
    rest = list_timeline(world.platform, head, TimelineQuery(opened.case, before=2, limit=2))
    assert ([line.seq for line in rest.entries], rest.more) == ([1], False)
    oldest = list_timeline(world.platform, head, TimelineQuery(opened.case, after=0, limit=2))
    assert ([line.seq for line in oldest.entries], oldest.more) == ([1, 2], True)


def test_list_timeline_says_who_did_what(world: World) -> None:
    opened = world.open()
    line = list_timeline(world.platform, world.actor("head"), TimelineQuery(opened.case)).entries[0]
    assert (line.actor, line.action, line.sentence.code) == ("intake", "open", "cases.did_open")
    assert line.sentence.params["number"] == opened.number


def test_list_timeline_is_not_for_index_readers_and_strangers(world: World) -> None:
    opened = world.open()
    query = TimelineQuery(opened.case)
    assert list_timeline(world.platform, world.actor("watcher"), query).entries == ()
    with pytest.raises(NotVisibleError):
        list_timeline(world.platform, world.actor("stranger"), query)
    with pytest.raises(InvalidInputError):
        list_timeline(world.platform, world.actor("head"), TimelineQuery(opened.case, limit=0))
    assert decode_id(opened.case) > 0


def join_as_follower(world: World, case: str, run: str) -> None:
    """The other committee follows the procedure: steps and limits, no identities."""
    case_id, run_id = decode_id(case), decode_id(run)
    with world.platform.database.transaction(SYSTEM) as session:
        join_unit(
            session,
            session.get_one(Run, run_id),
            (),
            unit_code=OTHER_OFFICE,
            unit_path=session.get_one(Unit, OTHER_OFFICE).path,
            level="process",
            why="task",
            at=world.clock.now(),
        )
        assert session.get_one(Run, run_id).case_id == case_id


def test_whoever_only_follows_reads_that_something_was_corrected_not_what(world: World) -> None:
    opened = world.open()
    join_as_follower(world, opened.case, opened.run)
    command = CorrectCase(opened.case, "/case/title", "浇水排到邻家地窖", "李玉梅家的地窖", "写错")
    correct(world.platform, world.actor("intake"), command)
    query = TimelineQuery(opened.case)
    seen = {
        name: list_timeline(world.platform, world.actor(name), query).entries[0]
        for name in ("intake", "otherhead")
    }
    assert "李玉梅家的地窖" in say(seen["intake"].sentence)
    assert say(seen["otherhead"].sentence) == "更正登记内容"
    assert seen["otherhead"].detail is None
