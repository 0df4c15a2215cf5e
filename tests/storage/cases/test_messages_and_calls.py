"""Messages from outside and answers of remote calls: once, early, late."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select

from tests.factories.cases import KEY, World
from workflows.cases.calls import answer_call, load_call
from workflows.cases.open_case import Opened
from workflows.cases.queries.run_page import load_run_page
from workflows.cases.receive_message import ReceiveMessage, receive_message, redeliver
from workflows.cases.save_decision import CALL_TOPIC, REDELIVER_TOPIC
from workflows.cases.tables import CallRow, InboundMessage, Run
from workflows.errors import (
    ForbiddenError,
    InvalidInputError,
    KeyReusedError,
    NotVisibleError,
    RuleError,
)
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id
from workflows.storage.tables import OutboxRow


def going(world: World, way: str) -> Opened:
    opened = world.open()
    world.complete("head", opened.tasks[0], way=way)
    return opened


def send(world: World, opened: Opened, *, who: str = "head", name: str = "small.answer", **rest):
    payload = rest.pop("payload", {"heard": "来电说已经履行"})
    message_id = rest.pop("message_id", "m1")
    command = ReceiveMessage(opened.case, message_id, name, payload, **rest)
    return receive_message(world.platform, world.actor(who), command).outcome


def run_of(world: World) -> Run:
    with world.platform.database.reading(SYSTEM) as session:
        return session.scalars(select(Run)).one()


def test_a_message_reaches_its_waiter(world: World) -> None:
    opened = going(world, "wait")
    assert send(world, opened) == "delivered"
    assert run_of(world).end_state == "e_done"


def test_a_message_with_the_same_id_arrives_once(world: World) -> None:
    opened = going(world, "talk")
    assert send(world, opened) == "waiting"
    assert send(world, opened) == "waiting"
    assert run_of(world).waiting_messages == 1
    with pytest.raises(KeyReusedError):
        send(world, opened, payload={"heard": "别的"})


def test_an_early_message_waits_and_is_delivered_later(world: World) -> None:
    opened = world.open()
    assert send(world, opened) == "waiting"
    world.complete("head", opened.tasks[0], way="wait")
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(OutboxRow)).one()
    assert (row.topic, orjson.loads(row.payload)) == (
        REDELIVER_TOPIC,
        {"run": decode_id(opened.run)},
    )
    assert redeliver(world.platform, decode_id(opened.run)) == 1
    run = run_of(world)
    assert (run.end_state, run.waiting_messages) == ("e_done", 0)
    with world.platform.database.reading(SYSTEM) as session:
        assert session.scalars(select(InboundMessage.state)).one() == "delivered"
    assert redeliver(world.platform, decode_id(opened.run)) == 0


def test_a_message_to_a_finished_case_is_refused(world: World) -> None:
    opened = going(world, "wait")
    send(world, opened)
    with pytest.raises(RuleError) as refusal:
        send(world, opened, message_id="m2")
    assert refusal.value.message.code == "cases.case_not_open"


def test_messages_come_from_declared_senders_only(world: World) -> None:
    opened = going(world, "wait")
    with pytest.raises(ForbiddenError):
        send(world, opened, who="intake")
    with pytest.raises(NotVisibleError):
        send(world, opened, who="stranger")


def test_an_unknown_message_is_refused(world: World) -> None:
    opened = going(world, "wait")
    with pytest.raises(RuleError) as refusal:
        send(world, opened, name="nobody.knows")
    assert refusal.value.message.code == "engine.message_unknown"


@pytest.mark.parametrize("message_id", ["", "x" * 121])
def test_a_bad_message_id_is_invalid(world: World, message_id: str) -> None:
    opened = going(world, "wait")
    with pytest.raises(InvalidInputError):
        send(world, opened, message_id=message_id)


def test_a_remote_call_leaves_by_the_outbox_and_waits(world: World) -> None:
    opened = going(world, "call")
    page = load_run_page(world.platform, world.actor("head"), opened.run)
    assert (page.pending_calls, page.tasks, page.run.status) == (1, (), "open")
    assert page.run.active == ((KEY, "remote"),)
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(OutboxRow)).one()
    assert row.topic == CALL_TOPIC
    asked = orjson.loads(row.payload)
    call = load_call(world.platform, asked["run"], asked["number"])
    assert call is not None
    assert (call.operation, call.parameters) == (
        "http.call",
        {"connection": "court", "path": "/", "body": None},
    )


def test_an_answer_goes_on_with_the_run_once(world: World) -> None:
    opened = going(world, "call")
    with world.platform.database.reading(SYSTEM) as session:
        number = session.scalars(select(CallRow.number)).one()
    run_id = decode_id(opened.run)
    assert answer_call(world.platform, run_id, number, {"status": 200, "body": None}) == "done"
    assert answer_call(world.platform, run_id, number, {"status": 200, "body": None}) == "late"
    run = run_of(world)
    assert (run.end_state, run.pending_calls) == ("e_done", 0)
    assert load_call(world.platform, run_id, number) is None


def test_a_failure_nobody_catches_is_an_incident_and_the_call_stays_open(world: World) -> None:
    opened = going(world, "call")
    with world.platform.database.reading(SYSTEM) as session:
        number = session.scalars(select(CallRow.number)).one()
    outcome = answer_call(world.platform, decode_id(opened.run), number, {"error": "unreachable"})
    assert outcome == "incident"
    assert load_call(world.platform, decode_id(opened.run), number) is not None


def test_a_call_of_no_run_is_not_visible(world: World) -> None:
    with pytest.raises(NotVisibleError):
        load_call(world.platform, 1, 1)
