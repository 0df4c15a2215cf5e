"""Sealing reaches every copy of a matter: on the own side at once, on the other side of a handoff
by the worker, whichever side says it and however early. Looked for in the raw tables."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, text

from tests.factories.cases import rows
from tests.factories.handoffs import COURT, COURT_UNIT, TALKS, Letters
from tests.negatives.raw_scan import RECORD, places_of
from workflows.cases.case_bonds import MergeCase, merge, seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, assign, claim
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.queries.cases_list import CasesQuery, list_cases
from workflows.cases.queries.deadlines import list_deadlines
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.seal_run import SEALED_TOPIC
from workflows.cases.tables import FAR, CaseRecord, Participation, Run, TimelineEntry, WorkItem
from workflows.errors import RuleError
from workflows.handoffs.deliver import put_aside
from workflows.handoffs.queries.letters import LettersQuery, list_letters
from workflows.handoffs.reply import reply
from workflows.handoffs.states import State
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.jobs.mails import MailSource
from workflows.messages import Message
from workflows.notices.mail import TOPIC as MAIL_TOPIC
from workflows.notices.tables import Notice
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id
from workflows.storage.tables import OutboxRow

CANARY = "鸜鹆"
"""In no other text of the house."""
MATTER: dict[str, Any] = {
    "title": f"{CANARY}一事",
    "summary": f"来信说{CANARY}的事",
    "parties": [
        {"name": f"{CANARY}某", "kind": "person", "side": "申请人", "phone": "10014345715"},
        {"name": "王建国", "kind": "person", "side": "被申请人"},
    ],
}
EVERYBODY = ("head", "mediator", "mediator2", "intake", "watcher", "liaison", "judge", "otherhead")


def case_of(letters: Letters, process: str) -> CaseRecord:
    (found,) = [case for case in rows(letters.world, CaseRecord) if case.process == process]
    return found


def seal_by_hand(letters: Letters, process: str) -> None:
    """By whoever decides that in the unit."""
    unit = COURT_UNIT if process == COURT else "111-TW"
    name = f"chief-{process.replace('_', '-')}"
    chief = letters.world.hire(name, f"所长@{unit}")
    command = CaseCommand(encode_id(case_of(letters, process).id), "被检举人所在单位不得接触")
    seal(letters.world.platform, chief, command)


def handed_over(letters: Letters) -> None:
    """Received, accepted, its talk assigned to a mediator: notices, mails, words, kept answers."""
    letters.send(**MATTER)
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.work()
    world = letters.world
    talk = letters.task("mediator", "talk")
    for to in ("mediator2", "mediator"):
        command = ItemCommand(talk.id, to=to, reason="专业对口", idempotency_key=f"to {to}")
        assign(world.platform, world.actor("head"), command)
    MailSource(world.platform).run_due(10)


def classes(letters: Letters) -> set[str]:
    tables = (CaseRecord, Run, WorkItem, Participation, Handoff)
    return {row.access_class for table in tables for row in rows(letters.world, table)}


@pytest.mark.parametrize("process", [COURT, TALKS])
def test_no_copy_is_left_on_either_side(letters: Letters, process: str) -> None:
    handed_over(letters)
    before = places_of(letters.world.platform.database, CANARY)
    assert {"case_search.words", "idempotency.answer"} <= before
    seal_by_hand(letters, process)
    letters.work()
    assert classes(letters) == {"sealed"}
    assert places_of(letters.world.platform.database, CANARY) <= RECORD


@pytest.mark.parametrize("process", [COURT, TALKS])
def test_nobody_finds_it_any_more(letters: Letters, process: str) -> None:
    handed_over(letters)
    assert visible_to(letters, "head") != set()
    seal_by_hand(letters, process)
    letters.work()
    for username in EVERYBODY:
        own = {"liaison": {COURT}, "head": {TALKS}, "mediator": {TALKS}, "mediator2": {TALKS}}
        assert visible_to(letters, username) <= own.get(username, set()), username
    assert searched(letters) == set()


def visible_to(letters: Letters, username: str) -> set[str]:
    """Packages of the cases somebody meets in lists, letters, inbox and calendar."""
    platform, actor = letters.world.platform, letters.world.actor(username)
    number_of = {case.number: case.process for case in rows(letters.world, CaseRecord)}
    numbers = {row.number for row in list_cases(platform, actor, CasesQuery()).rows}
    numbers |= {row.case_number for row in list_deadlines(platform, actor)}
    for tab in ("mine", "visible", "done"):
        page = list_inbox(platform, actor, InboxQuery(tab=tab))
        numbers |= {row.case_number for row in page.rows}
    for box in ("in", "out", "dead"):
        for letter in list_letters(platform, actor, LettersQuery(box=box)).rows:
            numbers.add(letter.number)
    return {number_of[number] for number in numbers}


def searched(letters: Letters) -> set[str]:
    """Who finds something by the two characters, or by one of them."""
    platform = letters.world.platform
    return {
        username
        for username in EVERYBODY
        for word in (CANARY, CANARY[0], f"{CANARY}一事")
        if list_cases(platform, letters.world.actor(username), CasesQuery(q=word)).rows
    }


def test_the_full_text_index_itself_is_empty_of_it(letters: Letters, database: Database) -> None:
    handed_over(letters)
    seal_by_hand(letters, COURT)
    letters.work()
    found = "SELECT count(*) FROM case_search_fts WHERE case_search_fts MATCH '鸜鹆'"
    if database.dialect == "postgresql":
        found = "SELECT count(*) FROM case_search WHERE words @@ to_tsquery('simple', '鸜鹆:*')"
    with database.engine.connect() as connection:
        assert connection.execute(text(found)).scalar() == 0


def test_notices_and_mails_stay_only_with_those_who_take_part(letters: Letters) -> None:
    handed_over(letters)
    told = {row.account_id for row in rows(letters.world, Notice)}
    mails = [row for row in rows(letters.world, OutboxRow) if row.topic == MAIL_TOPIC]
    assert (len(told), len(mails)) == (2, 3)
    take_out(letters, "mediator2")
    seal_by_hand(letters, COURT)
    letters.work()
    kept = rows(letters.world, Notice)
    assert {row.account_id for row in kept} == {letters.world.accounts["mediator"]}
    assert [row.title for row in kept] == [None]
    assert [r.topic for r in rows(letters.world, OutboxRow)].count(MAIL_TOPIC) == len(kept)


def take_out(letters: Letters, username: str) -> None:
    """Somebody takes part in person no more."""
    who = letters.world.accounts[username]
    with letters.world.platform.database.transaction(SYSTEM) as session:
        session.execute(delete(Participation).where(Participation.account_id == who))


def test_a_letter_on_its_way_opens_a_restricted_case(letters: Letters) -> None:
    letters.send(**MATTER)
    seal_by_hand(letters, COURT)
    letters.work()
    assert classes(letters) == {"sealed"}
    assert places_of(letters.world.platform.database, CANARY) <= RECORD


def test_an_answer_faster_than_sealing_closes_the_senders_case(letters: Letters) -> None:
    handed_over(letters)
    letters.complete("mediator", "talk", outcome="agreed", terms=CANARY)
    seal_by_hand(letters, TALKS)
    world = letters.world
    orders = [row for row in rows(world, OutboxRow) if row.topic == "handoff.reply"]
    (row,) = rows(world, Handoff)
    assert len(orders) == 1
    reply(world.platform, letters.renderer, row.id, row.answers)
    assert case_of(letters, COURT).access_class == "sealed"
    letters.work()
    assert classes(letters) == {"sealed"}


def test_what_was_said_in_between_leaves_the_letter(letters: Letters) -> None:
    letters.send(**MATTER)
    letters.work()
    letters.complete("head", "receive", takes="no", reason=CANARY)
    letters.work()
    assert "handoff.reason" in places_of(letters.world.platform.database, CANARY)
    seal_by_hand(letters, COURT)
    letters.work()
    assert places_of(letters.world.platform.database, CANARY) <= RECORD
    (row,) = rows(letters.world, Handoff)
    assert (row.state, row.outcome) == (State.DECLINED, "declined")


def test_a_reason_given_after_sealing_is_sealed_and_still_heard(letters: Letters) -> None:
    letters.send(**MATTER)
    letters.work()
    seal_by_hand(letters, COURT)
    letters.work()
    world = letters.world
    item = letters.task("head", "receive")
    claimed = claim(world.platform, world.actor("head"), ItemCommand(item.id))
    world.complete("head", claimed, takes="no", reason=CANARY)
    letters.work()
    assert places_of(world.platform.database, CANARY) <= RECORD
    assert [answer.state for answer in rows(world, HandoffAnswer)] == ["delivered"]
    assert case_of(letters, COURT).access_class == "sealed"


def test_why_a_restricted_letter_is_dead_quotes_nothing(letters: Letters) -> None:
    letters.send(**MATTER)
    seal_by_hand(letters, COURT)
    (row,) = rows(letters.world, Handoff)
    letters.work()
    put_aside(letters.world.platform, row.id, Message("handoffs.field", {"path": CANARY}))
    assert places_of(letters.world.platform.database, CANARY) <= RECORD


def test_both_records_say_it_once_however_often_it_is_done(letters: Letters) -> None:
    handed_over(letters)
    seal_by_hand(letters, COURT)
    letters.work()
    for case in rows(letters.world, CaseRecord):
        letters.do(SEALED_TOPIC, {"case": case.id})
    lines = [row for row in rows(letters.world, TimelineEntry) if row.action == "seal"]
    assert len({row.case_id for row in lines}) == len(lines) == 2


def test_an_answer_kept_for_a_repeated_request_has_no_names(letters: Letters) -> None:
    """Also where the very act that is answered closed the case off, or came after."""
    world = letters.world
    given = {**MATTER, "dispute_kind": "contract"}
    command = OpenCase(process=COURT, raw=given, idempotency_key="once")
    opened = open_case(world.platform, world.actor("liaison"), command)
    seal_by_hand(letters, COURT)
    again = open_case(world.platform, world.actor("liaison"), command)
    assert (again.case, again.tasks[0].id) == (opened.case, opened.tasks[0].id)
    assert (again.tasks[0].case_title, again.tasks[0].parties) == ("", ())
    item = letters.task("liaison", "choose")
    done = CompleteTask(item.id, item.revision, {"to": "111-TW"}, idempotency_key="then")
    complete_task(world.platform, world.actor("liaison"), done)
    letters.work()
    assert places_of(world.platform.database, CANARY) <= RECORD


def test_only_the_own_matter_is_closed(letters: Letters) -> None:
    handed_over(letters)
    letters.send(title="另一件事")
    letters.work()
    cases = rows(letters.world, CaseRecord)
    chief = letters.world.hire("chief", f"所长@{COURT_UNIT}")
    command = CaseCommand(encode_id(cases[0].id), "被检举人所在单位不得接触")
    seal(letters.world.platform, chief, command)
    letters.work()
    told = {case.title: case.access_class for case in rows(letters.world, CaseRecord)}
    assert told == {f"{CANARY}一事": "sealed", "另一件事": "normal"}
    found = list_cases(letters.world.platform, letters.world.actor("head"), CasesQuery(q="另一"))
    assert len(found.rows) == 1


def test_a_restricted_case_merges_with_no_open_one(letters: Letters) -> None:
    """Either record would name the other."""
    (first, _), (second, _) = letters.file(**MATTER), letters.file(title="另一件事")
    chief = letters.world.hire("chief", f"所长@{COURT_UNIT}")
    platform = letters.world.platform
    with platform.database.transaction(SYSTEM) as session:
        for case in rows(letters.world, CaseRecord):
            joined = Participation(
                case_id=case.id,
                run_id=0,
                unit_code=COURT_UNIT,
                account_id=chief.account_id,
                unit_path=case.unit_path,
                level="full",
                access_class="normal",
                from_at=letters.world.clock.now(),
                to_at=FAR,
                why="grant",
            )
            session.add(joined)
    seal(platform, chief, CaseCommand(first.case, "被检举人所在单位不得接触"))
    for gone, kept in ((first, second), (second, first)):
        with pytest.raises(RuleError, match="merge_restricted"):
            merge(platform, chief, MergeCase(gone.case, kept.case, "同一件事"))
    assert {case.status for case in rows(letters.world, CaseRecord)} == {"open"}
