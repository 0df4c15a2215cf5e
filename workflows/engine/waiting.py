"""Things that wait: timers that never read a clock, conditions, calls, messages.

SpiffWorkflow's timers compare with the machine's time in five places; ours only say which rule
and base they stand for and wait until somebody says they are due.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.spiff.specs.defaults import ServiceTask

from workflows.engine.environment import element_id, speaking
from workflows.engine.values import kept, plain, shown
from workflows.errors import ProcessFaultError


class Clock(TimerEventDefinition):  # type: ignore[misc]
    """A timer `deadline(rule, base)`. Its task keeps {"rule", "base"} under `clock`."""

    def has_fired(self, my_task: Any) -> bool:
        """True only after `wake`. Evaluates its expression once, when it begins to wait."""
        if my_task.internal_data.get("clock") is None:
            my_task.internal_data["clock"] = self._read(my_task)
        return bool(my_task.internal_data.get("event_fired", False))

    def reset(self, my_task: Any) -> None:
        """Forgets rule and base, so that a second visit reads them anew."""
        my_task.internal_data.pop("clock", None)
        super().reset(my_task)

    def _read(self, my_task: Any) -> dict[str, str]:
        element = element_id(my_task)
        environment = my_task.workflow.script_engine.environment
        value = speaking(
            element, lambda: environment.value(self.expression, my_task.data, timer=True)
        )
        if not isinstance(value, Mapping) or set(value) != {"rule", "base"}:
            raise ProcessFaultError("engine.timer_not_deadline", element=element)
        rule, base = value["rule"], value["base"]
        if not isinstance(rule, str) or not isinstance(base, str):
            raise ProcessFaultError("engine.timer_without_base", element=element, rule=rule)
        return {"rule": rule, "base": base}


class StrictCondition(ConditionalEventDefinition):  # type: ignore[misc]
    """A conditional event: true or false, never null."""

    def has_fired(self, my_task: Any) -> bool:
        """Looks at its condition now."""
        value = my_task.workflow.script_engine.evaluate(my_task, self.expression)
        if not isinstance(value, bool):
            raise ProcessFaultError(
                "engine.not_boolean", element=element_id(my_task), got=shown(value)
            )
        return value


class Call(ServiceTask):  # type: ignore[misc]
    """A service task: asks, then stays STARTED until it is answered or its activity is left."""

    def _execute(self, task: Any) -> None:
        environment = task.workflow.script_engine.environment
        environment.asked[task.id] = {
            name: plain(kept(self._parameter(task, parameter["value"])))
            for name, parameter in self.operation_params.items()
        }

    def _parameter(self, task: Any, text: str) -> Any:
        environment = task.workflow.script_engine.environment
        return speaking(element_id(task), lambda: environment.value(text, task.data))
