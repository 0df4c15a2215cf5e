"""FEEL in place of SpiffWorkflow's Python: script engine and environment of one decide.

The library asks the engine for conditions, scripts and parameters, and the environment directly
for correlation; both must answer in FEEL or Python would run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from SpiffWorkflow.bpmn.script_engine import (
    BasePythonScriptEngineEnvironment,
    PythonScriptEngine,
)

from workflows.decisions import DecisionError
from workflows.engine.called import CalledDecision
from workflows.engine.expressions import (
    READ_ONLY,
    BadExpressionError,
    Compiled,
    Expressions,
    expression_of,
)
from workflows.engine.scripts import ScriptError, parse_script
from workflows.engine.values import kept, plain
from workflows.errors import ProcessFaultError
from workflows.feel import FeelError, convert


@dataclass(frozen=True, slots=True)
class World:
    """What expressions may read besides process data: facts of the moment, read-only."""

    case: Mapping[str, Any]
    parties: tuple[Mapping[str, Any], ...]
    unit: Mapping[str, Any]
    today: date


@dataclass(frozen=True, slots=True)
class Trace:
    """Which rules of a decision matched, on which values."""

    element: str
    decision: str
    inputs: Mapping[str, Any]
    matched: tuple[int, ...]
    outputs: Mapping[str, Any]


@dataclass
class FeelEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Evaluates against task data and the world of one decide. Not shared between threads."""

    expressions: Expressions
    decisions: Mapping[str, CalledDecision]
    world: World
    traces: list[Trace] = field(default_factory=list)
    asked: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    """Call number → parameters, of the calls asked in this decide."""
    caught: list[Any] = field(default_factory=list)
    """Interrupting boundary events that have become ready and must run before anything else."""
    _fixed: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def see(self, world: World) -> None:
        """From now on expressions read these facts."""
        self.world = world
        self._fixed.clear()

    def value(self, text: str, data: Mapping[str, Any], *, timer: bool = False) -> Any:
        """The FEEL value of an expression over task data. FeelError, BadExpressionError."""
        compiled = self.expressions.compile(expression_of(text), timer=timer)
        return compiled.call(self._context(compiled, data))

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, Any],
        external_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Correlation: the context is a message's payload or task data."""
        compiled = self.expressions.compile_loose(expression_of(expression))
        found = {**(external_context or {}), **context}
        return plain(compiled.call({name: found.get(name) for name in compiled.uses}))

    def execute(
        self,
        script: str,
        context: dict[str, Any],
        external_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> bool:
        """Runs `name = FEEL` lines over task data, each seeing those before it."""
        for line in parse_script(script or ""):
            if line.name in READ_ONLY:
                raise ProcessFaultError("engine.read_only", name=line.name)
            context[line.name] = kept(self.value(line.expression, context))
        return True

    def decision_context(self, words: frozenset[str], data: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the declared names that a decision's file mentions."""
        names = [name for name in self.expressions.names if name in words]
        return {name: self._read(name, data) for name in names}

    def _context(self, compiled: Compiled, data: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._read(name, data) for name in compiled.uses}

    def _read(self, name: str, data: Mapping[str, Any]) -> Any:
        if name in READ_ONLY:
            if name not in self._fixed:
                self._fixed[name] = self._world_value(name)
            return self._fixed[name]
        return self.expressions.typed(name, data.get(name))

    def _world_value(self, name: str) -> Any:
        if name == "case":
            return self.expressions.typed_case(self.world.case)
        if name == "parties":
            return [_party(party) for party in self.world.parties]
        if name == "unit":
            return dict(self.world.unit)
        return self.world.today


class FeelEngine(PythonScriptEngine):  # type: ignore[misc]
    """The script engine: names the element when an expression fails."""

    environment: FeelEnvironment

    def validate(self, expression: str) -> None:
        """Compiles only. BadExpressionError."""
        self.environment.expressions.compile(expression_of(expression))

    def evaluate(
        self,
        task: Any,
        expression: str,
        external_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """A process value; ProcessFaultError names the element. Data objects are task data."""
        data = {**task.data, **external_context} if external_context else task.data
        element = element_id(task)
        return kept(speaking(element, lambda: self.environment.value(expression, data)), element)

    def execute(
        self,
        task: Any,
        script: str,
        external_context: Mapping[str, Any] | None = None,
    ) -> bool:
        """Runs a script over the task's data; ProcessFaultError names the element."""
        element = element_id(task)
        return bool(
            speaking(element, lambda: self.environment.execute(script, task.data, external_context))
        )


def element_id(task: Any) -> str:
    """The BPMN id of the element a task stands for."""
    return str(task.task_spec.bpmn_id or task.task_spec.name).removesuffix(" [child]")


def speaking(element: str, work: Callable[[], Any]) -> Any:
    """Does the work; what FEEL or a decision refuses becomes a ProcessFaultError that names the
    element."""
    try:
        return work()
    except (FeelError, BadExpressionError, ScriptError, DecisionError) as exc:
        raise ProcessFaultError(
            "engine.expression_failed", element=element, reason=exc.message
        ) from exc


def _party(party: Mapping[str, Any]) -> dict[str, Any]:
    born = party.get("birth_date")
    return {**party, "birth_date": convert(born, "date")} if isinstance(born, str) else dict(party)
