"""An answer goes to the place that waits for this very handoff, never to another one."""

from __future__ import annotations

import pytest

from tests.factories.engine import Case, Drawing, compiled, many, message_event
from workflows.errors import RuleError

NAMES = {"a": "context", "b": "context", "sent": "context", "heard": "context", "ids": "list"}


def one_wait() -> Case:
    drawing = Drawing("p").start().catch("wait", message_event("reply", variable="heard"))
    drawing.end().flow("s > wait > e")
    return Case(compiled(drawing, names=NAMES, messages=("reply",)))


def test_the_answer_to_what_was_sent_is_taken() -> None:
    case = one_wait()
    case.start(sent={"handoff": "h2"})
    assert case.message("reply", handoff="h2", outcome="agreed").outcome == "done"
    assert case.ended == "e"


def test_the_answer_to_an_earlier_letter_is_not_taken_for_the_newest() -> None:
    case = one_wait()
    case.start(sent={"handoff": "h2"})
    assert case.message("reply", handoff="h1", outcome="agreed").outcome == "early"
    assert case.ended is None


def test_a_message_that_names_no_handoff_is_delivered_as_before() -> None:
    case = one_wait()
    case.start(sent={"handoff": "h2"})
    assert case.message("reply", outcome="agreed").outcome == "done"


def two_waits() -> Case:
    body = Drawing("body").start("bs").script("send", 'sent = {handoff: "h-" + id}')
    body.catch("wait", message_event("reply", variable="heard")).end("be")
    body.flow("bs > send > wait > be")
    drawing = Drawing("p").start().sub(body, many("ids", "id")).end().flow("s > body > e")
    names = {**NAMES, "id": "string"}
    return Case(compiled(drawing, names=names, messages=("reply",)))


def test_several_letters_of_one_run_get_their_own_answers() -> None:
    case = two_waits()
    case.start(ids=["x", "y"])
    assert case.message("reply", handoff="h-y", outcome="agreed").outcome == "done"
    assert case.message("reply", handoff="h-y", outcome="agreed").outcome == "early"
    assert case.message("reply", handoff="h-x", outcome="failed").outcome == "done"
    assert case.ended == "e"


def test_without_saying_which_letter_several_places_are_ambiguous() -> None:
    case = two_waits()
    case.start(ids=["x", "y"])
    with pytest.raises(RuleError) as refusal:
        case.message("reply", outcome="agreed")
    assert refusal.value.message.code == "engine.message_ambiguous"
