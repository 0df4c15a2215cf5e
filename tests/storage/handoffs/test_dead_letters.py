"""What cannot arrive ends where a person sees it and can send it again; nothing half-written.

Long, because every way a letter can fail is tried from both sides.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.factories.cases import registration, rows
from tests.factories.handoffs import (
    COURT,
    TALKS,
    TALKS_FORMS,
    TALKS_MANIFEST,
    VILLAGE,
    Letters,
    add_package,
    court_package,
    talks_package,
    tree,
)
from tests.factories.jobs import KilledError
from workflows.cases.case_commands import CaseCommand, void, withdraw
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.queries.starts import list_offers
from workflows.cases.tables import CaseRecord, InboundMessage, Run
from workflows.cases.wake import wake_run
from workflows.catalogue.source import PackageSource
from workflows.catalogue.tables import PackageVersion
from workflows.documents.rendering import RenderError
from workflows.errors import (
    ConflictError,
    FengqiaoError,
    ForbiddenError,
    NotVisibleError,
    ProcessFaultError,
    RuleError,
)
from workflows.handoffs.by_hand import RecordAnswer, record_answer
from workflows.handoffs.places import DELIVER_TOPIC
from workflows.handoffs.resend import resend
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.storage import SYSTEM
from workflows.storage.ids import encode_id


def only(letters: Letters) -> Handoff:
    (row,) = rows(letters.world, Handoff)
    return row


def runs(letters: Letters, process: str) -> list[Run]:
    return [run for run in rows(letters.world, Run) if run.process == process]


def problem(letters: Letters) -> Any:
    row = only(letters)
    return row.problem[0] if row.problem else None


def send_again(letters: Letters, username: str = "liaison") -> str:
    actor = letters.world.actor(username)
    return resend(letters.world.platform, actor, encode_id(only(letters).id))


def retire(letters: Letters, key: str) -> None:
    with letters.world.platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(PackageVersion).where(PackageVersion.key == key).values(state="retired")
        )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"to": "no-such-unit"}, "handoffs.unknown_unit"),
        ({}, "handoffs.nobody"),
        ({"to": " "}, "handoffs.nobody"),
    ],
)
def test_a_letter_to_nobody_is_refused_and_nothing_is_written(
    letters: Letters, values: dict[str, str], code: str
) -> None:
    _, choose = letters.file()
    with pytest.raises(RuleError) as refusal:
        letters.world.complete("liaison", choose, **values)
    assert refusal.value.message.code == code
    assert rows(letters.world, Handoff) == []
    assert letters.task("liaison", "choose").revision == choose.revision


def test_a_unit_without_the_procedure_is_refused(letters: Letters) -> None:
    retire(letters, TALKS)
    _, choose = letters.file()
    with pytest.raises(RuleError) as refusal:
        letters.world.complete("liaison", choose, to=VILLAGE)
    assert refusal.value.message.code == "handoffs.no_package"


def test_a_kind_nobody_declared_stops_the_act(letters: Letters) -> None:
    court = court_package()
    path = f"bpmn/{COURT}/{COURT}.bpmn"
    diagram = court.files[path].replace(b"value='\"delegate\"'", b'value="to_name"')
    assert diagram != court.files[path]
    add_package(letters.world, PackageSource(COURT, {**court.files, path: diagram}))
    _, choose = letters.file()
    with pytest.raises(ProcessFaultError) as fault:
        letters.world.complete("liaison", choose, to=VILLAGE, to_name="entrust")
    assert fault.value.message.code == "handoffs.unknown_kind"
    assert rows(letters.world, Handoff) == []


def test_an_act_that_comes_twice_sends_one_letter(letters: Letters) -> None:
    _, choose = letters.file()
    command = CompleteTask(choose.id, choose.revision, {"to": VILLAGE}, idempotency_key="k1")
    for _ in range(2):
        complete_task(letters.world.platform, letters.world.actor("liaison"), command)
    assert only(letters).to_unit == VILLAGE
    assert letters.work() == 1


def test_a_procedure_retired_on_the_way_makes_a_dead_letter_that_can_be_sent_again(
    letters: Letters,
) -> None:
    letters.send()
    retire(letters, TALKS)
    letters.work()
    assert (only(letters).state, problem(letters)) == ("dead", "package.unknown")
    assert runs(letters, TALKS) == []
    add_package(letters.world, talks_package())
    assert send_again(letters) == "sent"
    letters.work()
    assert (only(letters).state, problem(letters), len(runs(letters, TALKS))) == (
        "received",
        None,
        1,
    )


def test_a_form_that_asks_more_makes_a_dead_letter_that_names_the_field(letters: Letters) -> None:
    letters.send(summary="")
    demanding = {**TALKS_FORMS["delegated"], "required": ["title", "summary"]}
    forms = {**TALKS_FORMS, "delegated": demanding}
    talks = talks_package()
    papers = {"agreement": "<h1>x</h1>", "reply": "<h1>x</h1>"}
    diagram = talks.files[f"bpmn/{TALKS}/{TALKS}.bpmn"]
    add_package(letters.world, tree(TALKS, TALKS_MANIFEST, diagram, forms, papers))
    letters.work()
    assert problem(letters) == "handoffs.field"
    assert only(letters).problem[1]["path"] == "/summary"
    assert [case.process for case in rows(letters.world, CaseRecord)] == [COURT]


def test_who_does_not_handle_letters_of_either_unit_cannot_send_again(letters: Letters) -> None:
    letters.send()
    with pytest.raises(NotVisibleError):
        send_again(letters, "stranger")
    with pytest.raises(ForbiddenError):
        send_again(letters, "watcher")


def test_a_letter_that_arrived_is_not_sent_again(letters: Letters) -> None:
    letters.send()
    letters.work()
    with pytest.raises(RuleError) as refusal:
        send_again(letters)
    assert refusal.value.message.code == "handoffs.nothing_to_resend"


def test_delivery_asked_twice_opens_one_case(letters: Letters) -> None:
    letters.send()
    order = {"handoff": only(letters).id}
    assert [letters.do(DELIVER_TOPIC, order) for _ in range(2)] == ["done", "late"]
    assert len(runs(letters, TALKS)) == 1


def test_a_worker_killed_before_its_commit_leaves_nothing_and_its_row_comes_back(
    letters: Letters,
) -> None:
    letters.send()
    letters.renderer.fails.append(KilledError())
    with pytest.raises(KilledError):
        letters.work()
    assert (only(letters).state, runs(letters, TALKS)) == ("sent", [])
    letters.world.clock.advance(timedelta(minutes=2))
    assert letters.work() == 1
    assert (only(letters).state, len(runs(letters, TALKS))) == ("received", 1)


def test_a_busy_renderer_is_no_dead_letter(letters: Letters) -> None:
    letters.send()
    letters.renderer.fails.append(RenderError("documents.render_busy"))
    with pytest.raises(RenderError):
        letters.do(DELIVER_TOPIC, {"handoff": only(letters).id})
    assert only(letters).state == "sent"


def test_a_document_nobody_can_lay_out_is_one(letters: Letters) -> None:
    letters.send()
    letters.renderer.fails.append(RenderError("documents.render_failed", detail="x"))
    letters.work()
    assert (only(letters).state, problem(letters)) == ("dead", "documents.render_failed")
    send_again(letters)
    letters.work()
    assert only(letters).state == "received"


def test_a_sender_who_withdrew_before_delivery_hands_nothing_over(letters: Letters) -> None:
    opened = letters.send()
    actor = letters.world.actor("liaison")
    withdraw(letters.world.platform, actor, CaseCommand(opened.case, "当事人撤回"))
    letters.work()
    assert (only(letters).state, runs(letters, TALKS)) == ("withdrawn", [])


def test_an_answer_to_a_closed_run_is_a_dead_letter(letters: Letters) -> None:
    opened = letters.send()
    letters.work()
    actor = letters.world.actor("liaison")
    withdraw(letters.world.platform, actor, CaseCommand(opened.case, "当事人撤回"))
    letters.complete("head", "receive", takes="no", reason="busy")
    letters.work()
    assert (only(letters).state, problem(letters), only(letters).outcome) == (
        "dead",
        "handoffs.late",
        "declined",
    )
    assert send_again(letters, "head") == "declined"
    letters.work()
    assert only(letters).state == "dead"


def test_a_refused_letter_goes_to_the_next_and_the_second_return_is_seen(letters: Letters) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="no", reason="busy")
    letters.work()
    letters.complete("liaison", "choose", to=VILLAGE)
    letters.work()
    assert [row.returns for row in rows(letters.world, Handoff)] == [0, 1]
    letters.complete("otherhead", "receive", takes="no", reason="busy")
    letters.work()
    (run,) = runs(letters, COURT)
    assert run.end_state == "e_returned"
    assert [row.state for row in rows(letters.world, Handoff)] == ["declined"] * 2


def expire(letters: Letters) -> None:
    """The court's clock runs out."""
    letters.world.clock.advance(timedelta(days=60))
    (run,) = runs(letters, COURT)
    wake_run(letters.world.platform, run.id)


def test_a_sender_who_goes_on_takes_the_letter_back_and_ends_the_other_run(
    letters: Letters,
) -> None:
    letters.send()
    letters.work()
    expire(letters)
    letters.work()
    assert only(letters).state == "withdrawn"
    assert [run.status for run in runs(letters, TALKS)] == ["cancelled"]
    assert [run.end_state for run in runs(letters, COURT)] == ["e_expired"]


def test_an_answer_crossing_the_withdrawal_is_a_dead_letter(letters: Letters) -> None:
    letters.send()
    letters.work()
    expire(letters)
    letters.complete("head", "receive", takes="no", reason="busy")
    letters.work()
    assert (only(letters).state, only(letters).outcome) == ("dead", "declined")
    assert [run.end_state for run in runs(letters, TALKS)] == ["e_declined"]


def test_an_answer_given_in_time_counts_though_it_is_brought_after_the_clock(
    letters: Letters,
) -> None:
    """The receiver answers on the last day; the worker was away until the day after."""
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.world.clock.advance(timedelta(days=20))
    letters.complete("mediator", "talk", outcome="agreed")
    letters.world.clock.advance(timedelta(days=60))
    letters.work()
    assert [run.end_state for run in runs(letters, COURT)] == ["e_agreed"]


def test_an_early_answer_waits_until_the_sender_waits(letters: Letters) -> None:
    add_package(letters.world, court_package(busy=True))
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.complete("mediator", "talk", outcome="failed")
    letters.work()
    assert [m.state for m in rows(letters.world, InboundMessage)] == ["waiting"]
    assert only(letters).state == "answered"
    letters.complete("liaison", "copy")
    letters.work()
    assert [run.end_state for run in runs(letters, COURT)] == ["e_failed"]
    assert {answer.state for answer in rows(letters.world, HandoffAnswer)} == {"delivered"}


def test_an_early_answer_dies_with_a_run_that_never_waited(letters: Letters) -> None:
    add_package(letters.world, court_package(busy=True))
    opened = letters.send()
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.complete("mediator", "talk", outcome="failed")
    letters.work()
    actor = letters.world.actor("liaison")
    withdraw(letters.world.platform, actor, CaseCommand(opened.case, "当事人撤回"))
    letters.work()
    assert (only(letters).state, problem(letters)) == ("dead", "handoffs.late")
    assert [m.state for m in rows(letters.world, InboundMessage)] == ["dead"]


def test_a_receiver_that_ends_in_silence_gives_the_matter_back(letters: Letters) -> None:
    letters.send()
    letters.work()
    row = only(letters)
    actor = letters.world.actor("head")
    void(letters.world.platform, actor, CaseCommand(encode_id(row.to_case or 0), "登记错误"))
    letters.work()
    row = only(letters)
    assert (row.state, row.outcome, row.reason) == ("declined", "returned", "voided")
    assert letters.task("liaison", "choose").name == "choose"


def test_parties_who_withdraw_at_the_receiver_are_heard_at_the_sender(letters: Letters) -> None:
    letters.send()
    letters.work()
    case = encode_id(only(letters).to_case or 0)
    platform, head = letters.world.platform, letters.world.actor("head")
    withdraw(platform, head, CaseCommand(case, "双方自行和解"))
    letters.work()
    assert (only(letters).state, only(letters).outcome) == ("answered", "withdrawn")
    assert [run.end_state for run in runs(letters, COURT)] == ["e_failed"]


def test_a_run_begun_by_people_answers_nobody(letters: Letters) -> None:
    given = {name: value for name, value in registration().items() if name != "secret"}
    given.pop("amount", None)
    command = OpenCase(process=TALKS, raw=given)
    opened = open_case(letters.world.platform, letters.world.actor("head"), command)
    letters.world.complete("head", opened.tasks[0], takes="no")
    letters.work()
    assert [run.end_state for run in runs(letters, TALKS)] == ["e_declined"]
    assert rows(letters.world, HandoffAnswer) == []


def test_nobody_begins_by_hand_what_a_letter_begins(letters: Letters) -> None:
    command = OpenCase(process=TALKS, raw=registration(), form="by_court")
    with pytest.raises(RuleError) as refusal:
        open_case(letters.world.platform, letters.world.actor("head"), command)
    assert refusal.value.message.code == "handoffs.only_by_handoff"
    offers = list_offers(letters.world.platform, letters.world.actor("head"))
    starts = {offer.process: [start.name for start in offer.starts] for offer in offers}
    assert starts[TALKS] == ["walk_in"]


def by_hand(letters: Letters, who: str = "liaison", **changes: Any) -> str:
    command = RecordAnswer(encode_id(only(letters).id), **{"outcome": "agreed", **changes})
    return record_answer(letters.world.platform, letters.world.actor(who), command)


def test_a_party_without_a_desk_is_answered_for_by_the_liaison(letters: Letters) -> None:
    _, choose = letters.file()
    letters.world.complete("liaison", choose, to_name="某仲裁委员会")
    assert letters.work() == 0
    assert by_hand(letters, note="已达成", reason="signed") == "answered"
    row = only(letters)
    assert (row.state, row.outcome, row.to_name) == ("answered", "agreed", "某仲裁委员会")
    assert [run.end_state for run in runs(letters, COURT)] == ["e_agreed"]


def test_an_answer_by_hand_counts_once(letters: Letters) -> None:
    _, choose = letters.file()
    letters.world.complete("liaison", choose, to_name="某仲裁委员会")
    first = by_hand(letters, outcome="accepted", idempotency_key="a")
    assert [first, by_hand(letters, outcome="accepted", idempotency_key="a")] == ["accepted"] * 2
    assert by_hand(letters, idempotency_key="b") == "answered"
    with pytest.raises(RuleError) as refusal:
        by_hand(letters, idempotency_key="c")
    assert refusal.value.message.code == "handoffs.answered_already"
    assert len(rows(letters.world, HandoffAnswer)) == 2


def test_an_answer_by_hand_to_a_closed_run_is_kept_as_a_dead_letter(letters: Letters) -> None:
    opened, choose = letters.file()
    letters.world.complete("liaison", choose, to_name="某仲裁委员会")
    actor = letters.world.actor("liaison")
    withdraw(letters.world.platform, actor, CaseCommand(opened.case, "当事人撤回"))
    assert by_hand(letters) == "dead"


@pytest.mark.parametrize(
    ("who", "changes", "refused"),
    [
        ("liaison", {}, RuleError),
        ("head", {}, ForbiddenError),
        ("stranger", {}, NotVisibleError),
    ],
)
def test_a_desk_answers_for_itself(
    letters: Letters, who: str, changes: dict[str, Any], refused: type[FengqiaoError]
) -> None:
    letters.send()
    letters.work()
    with pytest.raises(refused):
        by_hand(letters, who, **changes)
    assert rows(letters.world, HandoffAnswer) == []


def test_two_workers_on_the_same_letters_open_one_case_each(letters: Letters) -> None:
    for _ in range(2):
        letters.send()
    orders = [{"handoff": row.id} for row in rows(letters.world, Handoff)]

    def bring(order: dict[str, int]) -> str:
        try:
            return letters.do(DELIVER_TOPIC, order)
        except ConflictError:
            return "conflict"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(bring, [*orders, *orders]))
    assert answers.count("done") == 2
    assert len(runs(letters, TALKS)) == 2
    assert {row.state for row in rows(letters.world, Handoff)} == {"received"}
