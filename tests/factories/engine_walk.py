"""A process with every seam in it, and a long walk through it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from tests.factories.engine import (
    Case,
    Drawing,
    bpmn,
    due_in,
    error_event,
    many,
    message_event,
    timer_event,
)
from workflows.cases.decision import Asked, CommandKind, Decision, Facts, Ports
from workflows.engine import ProcessVersion, compile_process

NAMES = {
    "entry": "string",
    "accepted": "boolean",
    "rounds": "number",
    "more": "boolean",
    "ids": "context",
    "who": "string",
    "answers": "context",
    "answer": "string",
    "left": "number",
    "right": "number",
    "due_on": "date",
    "why": "context",
}
CASE_NAMES = {"on": "date", "state": "string"}


def facts_of() -> Facts:
    parties = ({"id": "p1", "name": "马建国"}, {"id": "p2", "name": "李秀英"})
    return Facts({"on": "2026-03-02", "state": "open"}, parties, {"code": "620902104-TW"}, 1)


def ports() -> Ports:
    def issue(asked: Asked, /, series: str) -> dict[str, Any]:
        return {"number": f"{series}〔2026〕{asked.number}号"}

    return Ports(
        due_in({"accept": 5, "mediation": 30, "remind": 10, "sign": 7}), {"number.issue": issue}
    )


@cache
def full_version() -> ProcessVersion:
    spine = Drawing("full").start().script("init", 'rounds = 0\nids = {"p1": "p1", "p2": "p2"}')
    spine.call("accepting", "full_accept").call("mediating", "full_mediate")
    spine.boundary("out", "mediating", message_event("full.withdraw", variable="why"))
    spine.call("signing", "full_sign").user("file").end("done").end("withdrawn_end")
    spine.flow("s > init > accepting > mediating > signing > file > done")
    spine.flow("out > withdrawn_end")
    return compile_process(
        "full",
        {
            "full.bpmn": bpmn(spine, messages=("full.withdraw",)),
            "accept.bpmn": bpmn(_accept()),
            "mediate.bpmn": bpmn(_mediate()),
            "sign.bpmn": bpmn(_sign()),
        },
        {},
        NAMES,
        CASE_NAMES,
    )


def _accept() -> Drawing:
    drawing = Drawing("full_accept").start("as").user("accept")
    drawing.boundary("accept_late", "accept", timer_event('deadline("accept", case.on)'))
    drawing.choice("am").service("number", "number.issue", "issued", series='"调"').end("ae")
    drawing.flow("as > accept > am > number > ae").flow("accept_late > am")
    return drawing


def _mediate() -> Drawing:
    body = Drawing("talks").start("ts").choice("again").parallel("fork").user("left_talk")
    body.user("right_talk").parallel("join").user("meeting").script(
        "count_it", "rounds = rounds + 1"
    )
    body.choice("result").end("te")
    body.flow("ts > again > fork > left_talk > join > meeting > count_it > result")
    body.flow("fork > right_talk > join").flow("result > again", "more")
    body.flow("result > te", "not(more)")
    drawing = Drawing("full_mediate").start("ms").sub(body)
    drawing.boundary(
        "remind", "talks", timer_event('deadline("remind", case.on)'), interrupting=False
    )
    drawing.boundary("over", "talks", timer_event('deadline("mediation", case.on)'))
    drawing.service("tell", "notify.send", "told", to='"x"', template='"t"').end("reminded")
    drawing.boundary("tell_failed", "tell", error_event()).end("not_reminded")
    drawing.user("extend").choice("mm").end("me")
    drawing.flow("ms > talks > mm > me").flow("over > extend > mm")
    drawing.flow("remind > tell > reminded").flow("tell_failed > not_reminded")
    return drawing


def _sign() -> Drawing:
    drawing = Drawing("full_sign").start("ss")
    drawing.user("sign", many=many("ids", "who", output="answers", output_item="answer"))
    drawing.boundary(
        "sign_late", "sign", timer_event('deadline("sign", case.on)'), interrupting=False
    )
    drawing.end("noted").end("se")
    drawing.flow("ss > sign > se").flow("sign_late > noted")
    return drawing


def full_case() -> Case:
    return Case(full_version(), ports(), facts_of())


def fill(element: str, rounds_left: int) -> dict[str, Any]:
    """What a person enters at each task."""
    return {
        "accept": {"accepted": True},
        "left_talk": {"left": rounds_left},
        "right_talk": {"right": rounds_left * 2},
        "meeting": {"more": rounds_left > 0},
        "sign": {"answer": "agreed"},
    }.get(element, {})


def long_walk(
    on_step: Callable[[Decision], None] = lambda _decision: None, rounds: int = 3
) -> Case:
    """Start to end: rounds, a reminder, calls answered, a correction, signatures."""
    case = full_case()
    on_step(case.start(entry="register"))
    on_step(case.complete("accept", accepted=True))
    for left in range(rounds, -1, -1):
        for element in ("right_talk", "left_talk", "meeting"):
            on_step(case.complete(element, **fill(element, left)))
        if left == rounds:
            on_step(case.advance(11))
            on_step(case.ask(CommandKind.ANSWER, item=max(case.calls), data={"sent": True}))
            on_step(case.correct(state="extended"))
    for key in ("p2", "p1"):
        on_step(case.complete("sign", (key,), answer=f"{key} agreed"))
    on_step(case.complete("file"))
    return case


def random_step(case: Case, random: Random) -> Decision | None:
    """One thing that may happen next; None where nothing can."""
    ways: list[Callable[[], Decision]] = []
    for number, item in sorted(case.items.items()):
        data = fill(item.element, random.randrange(3))
        ways += [
            lambda n=number, d=data: case.ask(CommandKind.COMPLETE, item=n, data=d)  # type: ignore[misc]
        ] * 3
    for number in sorted(case.calls):
        answer = random.choice([{"sent": True}, {"error": "failed"}])
        ways.append(lambda n=number, a=answer: case.ask(CommandKind.ANSWER, item=n, data=a))  # type: ignore[misc]
    if case.clocks:
        ways.append(lambda: case.advance(random.choice([0, 3, 12])))
    if not ways:
        return None
    return random.choice(ways)()
