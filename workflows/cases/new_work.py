"""What a decide leaves open, told in the heart's words: new items, clocks, calls, traces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workflows.cases.decision import DecisionTrace, NewCall, NewClock, NewItem
from workflows.engine.elements import Element
from workflows.engine.environment import element_id, speaking
from workflows.engine.live import Live
from workflows.engine.standing import Standing, clock_around, instance_of
from workflows.engine.values import shown
from workflows.errors import ProcessFaultError

SCOPES = frozenset({"owner", "parent", "county", "court"})


def new_items(live: Live, after: Standing, before: Standing) -> tuple[NewItem, ...]:
    """Items that wait now and did not before, by number."""
    numbers = sorted(after.items.keys() - before.items.keys())
    return tuple(_item(live, number, after.items[number]) for number in numbers)


def _item(live: Live, number: int, task: Any) -> NewItem:
    element = live.version.elements[element_id(task)]
    scope = element.scope
    if scope not in SCOPES:
        scope = _text(live, task, element, scope, "engine.scope_not_text") or "owner"
    assignee = element.properties.get("assignee")
    return NewItem(
        number=number,
        element=element.id,
        process=element.process,
        title=element.title,
        role=element.role or "",
        scope=scope,
        acts_for_party=element.acts_for_party,
        instance=instance_of(task),
        form=element.form,
        instructions=element.instructions,
        priority=_priority(element),
        assignee=_text(live, task, element, assignee, "engine.assignee_not_text"),
        clock=clock_around(task),
        properties=element.properties,
    )


def _text(live: Live, task: Any, element: Element, text: str | None, code: str) -> str | None:
    """A property that is FEEL and gives a text or null."""
    if not text:
        return None
    value = speaking(element.id, lambda: live.environment.value(text, task.data))
    if value is not None and not isinstance(value, str):
        raise ProcessFaultError(code, element=element.id, got=shown(value))
    return value or None


def _priority(element: Element) -> int:
    """0 is normal; the gate refuses anything but whole numbers."""
    return int(element.properties.get("priority", "0"))


def new_clocks(
    live: Live, after: Standing, numbers: Sequence[int], due: Callable[[str, str], Any]
) -> tuple[NewClock, ...]:
    """Clocks the diagram opened, each with what the port says of its due date."""
    found = []
    for number in numbers:
        task = after.clocks[number]
        element = live.version.elements[element_id(task)]
        clock = task.internal_data["clock"]
        found.append(
            NewClock(
                number=number,
                element=element.id,
                watches=element.attached_to or element.id,
                rule=clock["rule"],
                base=clock["base"],
                due=due(clock["rule"], clock["base"]),
                interrupting=element.interrupting,
            )
        )
    return tuple(found)


def new_calls(live: Live, after: Standing, before: Standing) -> tuple[NewCall, ...]:
    """Remote operations asked for; their parameters leave here and nowhere else."""
    return tuple(
        NewCall(
            number=number,
            element=element_id(after.calls[number]),
            operation=after.calls[number].task_spec.operation_name,
            parameters=live.environment.asked[number],
        )
        for number in sorted(after.calls.keys() - before.calls.keys())
    )


def traces_of(live: Live) -> tuple[DecisionTrace, ...]:
    """Why each decision came out as it did, in order."""
    return tuple(
        DecisionTrace(t.element, t.decision, t.inputs, t.matched, t.outputs)
        for t in live.environment.traces
    )
