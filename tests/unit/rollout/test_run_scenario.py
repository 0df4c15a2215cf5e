"""The runner against a world that only remembers: order, references, and why it stops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from workflows.errors import FieldError, ForbiddenError, InvalidFormError
from workflows.messages import Message
from workflows.rollout.scenarios.run_scenario import OpenTask, run_scenario
from workflows.rollout.scenarios.scenario import (
    AdvanceStep,
    MessageStep,
    Scenario,
    Start,
    TaskStep,
)


class Memory:
    """A world with two tasks for ever open; `refuse`: what completing raises."""

    def __init__(self, *, refuse: Exception | None = None, end: str | None = "end_ok") -> None:
        self.did: list[Any] = []
        self.refuse, self.end = refuse, end
        self.day = date(2026, 5, 11)

    def open_case(self, package: str, start: Start, data: Mapping[str, Any]) -> None:
        self.did.append(("open", package, start.who, dict(data)))

    def list_tasks(self) -> list[OpenTask]:
        return [
            OpenTask("p", "one", None, 1),
            OpenTask("p", "each", 0, 2),
            OpenTask("p", "each", 1, 3),
        ]

    def complete(self, who: str, task: OpenTask, data: Mapping[str, Any]) -> None:
        if self.refuse:
            raise self.refuse
        self.did.append(("complete", who, task.handle, dict(data)))

    def send(self, name: str, payload: Mapping[str, Any]) -> None:
        self.did.append(("send", name, dict(payload)))

    def withdraw(self, who: str, reason: str) -> None:
        self.did.append(("withdraw", who, reason))

    def advance(self, by: timedelta) -> None:
        self.day += by

    def today(self) -> date:
        return self.day

    def upload(self, who: str, name: str, content: bytes) -> Any:
        return f"{who}:{name}:{len(content)}"

    def sign(self, who: str, party: int) -> Any:
        return f"{who} signs for {party}"

    def look_at(self, package: str) -> None:
        self.looked_at = package

    def party(self, number: int) -> Any:
        return f"id{number}"

    def ended(self, package: str) -> str | None:
        return self.end

    def documents(self) -> list[str]:
        return ["note"]


def scenario(*steps: Any, data: Any = None, documents: tuple[str, ...] = ()) -> Scenario:
    at = datetime.fromisoformat("2026-05-11T09:00:00+08:00")
    start = Start("intake", None, None, data or {})
    return Scenario("s", "一次", at, start, steps, "p", "end_ok", documents)


def run(world: Memory, walked: Scenario) -> list[tuple[int | None, str]]:
    result = run_scenario(walked, "p", world, {"a.jpg": b"abc"})
    return [(reason.step, reason.message.code) for reason in result.reasons]


def test_references_become_values_of_the_moment() -> None:
    world = Memory()
    data = {
        "day": {"$today": -2},
        "rows": [{"who": {"$party": 1}}],
        "scan": {"$file": "a.jpg"},
        "ink": {"$signature": "party0"},
        "plain": {"a": [1]},
    }
    steps = (AdvanceStep(timedelta(days=1)), TaskStep("one", "head", data))
    assert run(world, scenario(*steps)) == []
    assert world.did[-1] == (
        "complete",
        "head",
        1,
        {
            "day": "2026-05-10",
            "rows": [{"who": "id1"}],
            "scan": "head:a.jpg:3",
            "ink": "head signs for 0",
            "plain": {"a": [1]},
        },
    )


def test_nth_chooses_among_those_that_are_open() -> None:
    world = Memory()
    assert run(world, scenario(TaskStep("each", "head", {}, nth=1))) == []
    assert world.did[-1] == ("complete", "head", 3, {})
    assert run(world, scenario(TaskStep("each", "head", {}, nth=2))) == [
        (1, "rollout.task_not_open")
    ]


def test_pick_chooses_the_instance_of_a_party() -> None:
    world = Memory()
    assert run(world, scenario(TaskStep("each", "head", {}, pick=1))) == []
    assert world.did[-1][2] == 3


def test_several_instances_without_pick_are_refused() -> None:
    assert run(Memory(), scenario(TaskStep("each", "head", {}))) == [(1, "rollout.task_not_single")]


def test_task_that_is_not_open_stops_the_walk_and_says_what_waits() -> None:
    result = run_scenario(scenario(TaskStep("gone", "head", {})), "p", Memory(), {})
    assert result.reasons[0].message == Message(
        "rollout.task_not_open", {"element": "gone", "waiting": "each、one"}
    )
    assert not result.is_green


def test_withdrawal_is_a_message_of_the_package_said_to_somebody() -> None:
    world = Memory()
    step = MessageStep("p.withdraw", {"reason": "谈妥"}, "intake")
    assert run(world, scenario(step)) == []
    assert world.did[-1] == ("withdraw", "intake", "谈妥")
    assert run(Memory(), scenario(MessageStep("p.withdraw", {}))) == [(1, "rollout.withdraw_who")]


def test_other_messages_come_from_outside() -> None:
    world = Memory()
    assert run(world, scenario(MessageStep("court.answer", {"ok": True}))) == []
    assert world.did[-1] == ("send", "court.answer", {"ok": True})


def test_every_wrong_field_is_a_reason() -> None:
    errors = [FieldError("/a", Message("form.required")), FieldError("", Message("form.extra"))]
    world = Memory(refuse=InvalidFormError(errors))
    result = run_scenario(scenario(TaskStep("one", "head", {})), "p", world, {})
    assert [reason.message.params["path"] for reason in result.reasons] == ["/a", "/"]


def test_refusal_stops_before_the_next_step() -> None:
    world = Memory(refuse=ForbiddenError("rollout.not_role"))
    steps = (TaskStep("one", "head", {}), MessageStep("court.answer", {}))
    assert run(world, scenario(*steps)) == [(1, "rollout.not_role")]
    assert [did[0] for did in world.did] == ["open"]


def test_missing_file_is_told_at_the_start() -> None:
    walked = scenario(data={"scan": {"$file": "b.jpg"}})
    assert run(Memory(), walked) == [(0, "rollout.file_missing")]


def test_other_end_open_end_and_missing_documents_are_red() -> None:
    walked = scenario(documents=("note", "note", "letter"))
    assert run(Memory(end="end_no"), walked) == [
        (None, "rollout.other_end"),
        (None, "rollout.document_missing"),
        (None, "rollout.document_missing"),
    ]
    assert run(Memory(end=None), scenario()) == [(None, "rollout.still_open")]
