"""Whoever has work is told when its clock warns and when it is overdue, once each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update

from tests.factories.cases import World
from tests.storage.notices.test_tell import hand, on_leave, told
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.queries.notices import NoticesQuery, list_notices
from workflows.cases.tables import WorkItem
from workflows.jobs.reminders import EVERY, MOST_BACK, SINCE, ReminderSource
from workflows.jobs.worker import Worker
from workflows.notices.tables import Notice
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_item
from workflows.storage.installation import load_setting

SECOND = timedelta(seconds=1)


def kinds(world: World, username: str) -> list[str]:
    return [kind for kind, _round in told(world, username)]


def has_talk(world: World, username: str = "mediator") -> str:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor(username), ItemCommand(talk.id))
    return talk.id


def moments(world: World, item: str) -> tuple[timedelta, timedelta]:
    """How long until its clock warns, and until it ends."""
    run_id, number = decode_item(item)
    with world.platform.database.reading(SYSTEM) as session:
        row = session.get_one(WorkItem, (run_id, number))
    now = world.clock.now()
    return row.warn_at - now, row.due_at - now


def look(source: ReminderSource) -> int:
    return Worker([source]).run_until_idle()


def test_both_are_told_when_their_moment_has_come_and_only_once(world: World) -> None:
    item, source = has_talk(world), ReminderSource(world.platform)
    warns, ends = moments(world, item)
    assert warns < ends
    seen = []
    for step in (timedelta(0), warns, SECOND * 60, ends - warns - SECOND * 60, EVERY, EVERY):
        world.clock.advance(step)
        look(source)
        seen.append(kinds(world, "mediator"))
    assert seen == [[], ["soon"], ["soon"], *[["soon", "over"]] * 3]


def test_a_new_worker_does_not_tell_again(world: World) -> None:
    item = has_talk(world)
    world.clock.advance(moments(world, item)[1])
    look(ReminderSource(world.platform))
    look(ReminderSource(world.platform))
    assert kinds(world, "mediator") == ["over"]


def test_work_nobody_has_reminds_nobody(world: World) -> None:
    world.at_talk()
    world.clock.advance(timedelta(days=40))
    assert look(ReminderSource(world.platform)) == 0


def test_who_stands_in_is_reminded_too_but_not_in_a_restricted_case(world: World) -> None:
    on_leave(world, "mediator", "mediator2")
    opened, talk = world.at_talk()
    hidden, other = world.at_talk()
    for item in (talk.id, other.id):
        claim(world.platform, world.actor("mediator"), ItemCommand(item))
    seal(world.platform, world.actor("head"), CaseCommand(hidden.case, "涉及未成年人"))
    world.clock.advance(moments(world, talk.id)[1])
    look(ReminderSource(world.platform))
    for username, count in (("mediator", 2), ("mediator2", 1)):
        page = list_notices(world.platform, world.actor(username), NoticesQuery())
        assert [row.kind for row in page.rows] == ["over"] * count
    assert [row.case_number for row in page.rows] == [opened.number]


def test_a_new_due_date_reminds_anew(world: World) -> None:
    item, source = has_talk(world), ReminderSource(world.platform)
    run_id, number = decode_item(item)
    for later in (timedelta(days=1), timedelta(days=2)):
        with world.platform.database.transaction(SYSTEM) as session:
            session.execute(
                update(WorkItem)
                .where(WorkItem.run_id == run_id, WorkItem.number == number)
                .values(due_at=world.clock.now() + later, warn_at=world.clock.now() + later)
            )
        world.clock.advance(later)
        look(source)
    assert kinds(world, "mediator") == ["over", "over"]


def test_a_worker_that_was_away_for_long_tells_only_of_the_last_days(world: World) -> None:
    item = has_talk(world)
    look(ReminderSource(world.platform))
    world.clock.advance(moments(world, item)[1] + MOST_BACK + SECOND)
    look(ReminderSource(world.platform))
    assert kinds(world, "mediator") == []


def test_a_look_remembers_how_far_it_came(world: World) -> None:
    look(ReminderSource(world.platform))
    with world.platform.database.reading(SYSTEM) as session:
        assert load_setting(session, SINCE, None) == world.clock.now().isoformat()


def test_more_than_one_page_is_told_to_the_end(world: World) -> None:
    items = [has_talk(world) for _ in range(5)]
    world.clock.advance(moments(world, items[0])[1])
    source = ReminderSource(world.platform)
    assert [source.run_due(2) for _ in range(4)] == [2, 2, 1, 0]
    assert kinds(world, "mediator") == ["over"] * 5


def test_notices_of_closed_work_are_marked_read_by_the_next_look(world: World) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    actor = world.actor("mediator")
    page = list_notices(world.platform, actor, NoticesQuery(unread=True))
    assert (page.unread, len(page.rows)) == (1, 1)
    row = next(row for row in page.rows if row.item == talk.id)
    assert row.leads_to == "task"
    world.complete("mediator", _fresh(world, talk.id), outcome="done")
    page = list_notices(world.platform, actor, NoticesQuery())
    assert (page.unread, page.rows[0].is_unread, page.rows[0].leads_to) == (0, False, "case")
    look(ReminderSource(world.platform))
    with world.platform.database.reading(SYSTEM) as session:
        assert session.scalars(select(Notice.read_at)).all() == [world.clock.now()]


def _fresh(world: World, item: str):
    from workflows.cases.queries.inbox import InboxQuery, list_inbox

    page = list_inbox(world.platform, world.actor("mediator"), InboxQuery())
    return next(row for row in page.rows if row.id == item)


def crowd(world: World, many: int = 2000) -> None:
    """Many open items far from their time, and what the planner should know of them."""
    table = WorkItem.__table__
    with world.platform.database.transaction(SYSTEM) as session:
        row = dict(session.raw(select(table).limit(1)).mappings().one())
        far = world.clock.now() + timedelta(days=400)
        rows = [
            {**row, "number": 1000 + n, "due_at": far, "warn_at": far - timedelta(minutes=n)}
            for n in range(many)
        ]
        session.raw(table.insert(), rows)
    with world.platform.database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE work_item")


@pytest.mark.parametrize("moment", ["warn_at", "due_at"])
def test_what_is_not_near_its_time_is_not_read(world: World, moment: str) -> None:
    """The plan names the index over the moment, on both databases."""
    plans: list[str] = []

    def explain(connection, cursor, statement, parameters, context, many) -> None:
        if "work_item" in statement and statement.startswith("SELECT") and not many:
            raw = connection.connection.cursor()
            word = "EXPLAIN QUERY PLAN " if world.platform.database.dialect == "sqlite" else None
            if word is None:
                for other in ("seqscan", "bitmapscan", "sort"):  # what is left is by an index
                    raw.execute(f"SET LOCAL enable_{other} = off")
                word = "EXPLAIN "
            raw.execute(word + statement, parameters)
            plans.append(" ".join(str(row) for row in raw.fetchall()))

    has_talk(world)
    crowd(world)
    engine = world.platform.database.engine
    event.listen(engine, "before_cursor_execute", explain)
    try:
        look(ReminderSource(world.platform))
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    name = {"warn_at": "ix_item_warn", "due_at": "ix_item_due"}[moment]
    assert any(name in plan for plan in plans), plans


def test_leave_that_is_over_stands_in_for_nobody(world: World) -> None:
    from workflows.organisation.delegations import Leave, delegate

    item = has_talk(world)
    today = date(2026, 9, 3)
    with world.platform.database.transaction(SYSTEM) as session:
        delegate(
            session,
            world.platform.ids,
            Leave("mediator", "mediator2", today, today + timedelta(days=1), "培训"),
        )
    world.clock.advance(moments(world, item)[1])
    look(ReminderSource(world.platform))
    assert kinds(world, "mediator2") == []
