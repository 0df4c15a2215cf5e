"""Business rule tasks: the called decision is evaluated by `workflows.decisions`.

SpiffWorkflow's own DMN has Python in its cells, ignores most hit policies and takes one decision
a file. The seam is the spec that carries only the decision's id; the tables live in the version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.spiff.serializer.task_spec import SpiffBpmnTaskConverter
from SpiffWorkflow.spiff.specs.defaults import BusinessRuleTask

from workflows.engine.environment import Trace, element_id, speaking
from workflows.engine.values import kept, plain
from workflows.errors import ProcessFaultError
from workflows.feel import using_day


@dataclass(frozen=True, slots=True)
class DecisionRef:
    """What stands where the library expects its DMN engine."""

    decision: str


class RuleTask(BusinessRuleTask):  # type: ignore[misc]
    """Writes a decision's outputs into process data, each under its own name."""

    def _run_hook(self, my_task: Any) -> bool:
        environment = my_task.workflow.script_engine.environment
        element, key = element_id(my_task), self.dmnEngine.decision
        decision = environment.decisions.get(key)
        if decision is None:
            raise ProcessFaultError("engine.decision_missing", element=element, decision=key)
        context = environment.decision_context(decision.words, my_task.data)
        with using_day(environment.world.today):
            explained = speaking(element, lambda: decision.source.explain(key, context))
        outputs = decision.values(explained.value)
        if outputs is None:
            raise ProcessFaultError("engine.decision_null", element=element, decision=key)
        outputs = kept(outputs, element)
        my_task.data.update(outputs)
        inputs, matched = plain(kept(explained.inputs)), tuple(explained.matched)
        environment.traces.append(Trace(element, key, inputs, matched, plain(outputs)))
        return True


class RuleConverter(SpiffBpmnTaskConverter):  # type: ignore[misc]
    """Stores the decision's id only."""

    def to_dict(self, spec: Any) -> dict[str, Any]:
        """The spec as plain data."""
        return {**super().to_dict(spec), "decision": spec.dmnEngine.decision}

    def from_dict(self, dct: dict[str, Any]) -> Any:
        """The spec from plain data."""
        dct["dmnEngine"] = DecisionRef(dct.pop("decision"))
        return self.task_spec_from_dict(dct)
