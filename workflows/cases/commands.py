"""What each kind of command does to a run, after due clocks have fired.

Every function returns the decision's outcome: done, late, early, stale or incident.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from workflows.cases.deciding import Deciding
from workflows.cases.decision import CommandKind
from workflows.engine.environment import element_id
from workflows.engine.expressions import READ_ONLY
from workflows.engine.run import answer_call, complete_item, deliver, fail_call
from workflows.engine.standing import Waiting, instance_of
from workflows.errors import AlreadyDoneError, InvalidInputError, RuleError

HANDOFF = "handoff"
"""In contexts of process data and payloads: outside id of the handoff they are about."""


def act(deciding: Deciding) -> str:
    """Does what the command says; the run is settled afterwards by the caller.

    AlreadyDoneError, RuleError, InvalidInputError as `decide` says.
    """
    kind = deciding.command.kind
    if deciding.live.ended is not None:
        return _after_end(deciding)
    return _ACTS[kind](deciding)


def _start(deciding: Deciding) -> str:
    _check_names(deciding)
    if deciding.command.name is None:
        return "done"
    deciding.settle()
    return _message(deciding)


def _complete(deciding: Deciding) -> str:
    command = deciding.command
    task = deciding.live.standing().items.get(command.item or 0)
    if task is None:
        raise AlreadyDoneError("task.overtaken" if deciding.fired else "task.finished")
    _check_names(deciding)
    data = dict(command.data)
    variable = getattr(task.task_spec, "variable", None)
    complete_item(task, {variable: data} if variable else data)
    return "done"


def _wake(deciding: Deciding) -> str:
    return "done" if deciding.fired else "stale"


def _correct(_deciding: Deciding) -> str:
    return "done"


def _answer(deciding: Deciding) -> str:
    command = deciding.command
    task = deciding.live.standing().calls.get(command.item or 0)
    if task is None:
        return "late"
    if "error" not in command.data:
        answer_call(task, dict(command.data))
        return "done"
    element = element_id(task)
    title = deciding.live.version.title_of(element)
    deciding.note("call_failed", title=title, element=element)
    caught = fail_call(task, str(command.data["error"]), dict(command.data))
    return "done" if caught else "incident"


def _message(deciding: Deciding) -> str:
    command, version = deciding.command, deciding.live.version
    places = _places(deciding, command.name)
    if command.instance is not None:
        places = [p for p in places if instance_of(p.task) == command.instance]
    places = [p for p in places if _correlated(p, command.data)]
    places = [p for p in places if _of_handoff(p, command.data)]
    if not places:
        if command.name not in version.message_names:
            raise RuleError("engine.message_unknown", name=command.name)
        return "late" if deciding.live.run.completed else "early"
    if len(places) > 1:
        raise RuleError("engine.message_ambiguous", name=command.name, count=len(places))
    deliver(places[0].task, places[0].definition, dict(command.data))
    return "done"


def _withdraw(deciding: Deciding) -> str:
    """By the diagram where it waits for it (the outermost place), else everything ends here."""
    places = _places(deciding, f"{deciding.live.version.key}.withdraw")
    if places:
        place = min(places, key=lambda p: (p.task.workflow.depth, p.task.id))
        deliver(place.task, place.definition, dict(deciding.command.data))
        return "done"
    return _cancel(deciding, "withdrawn")


def _void(deciding: Deciding) -> str:
    return _cancel(deciding, "voided")


def _cancel(deciding: Deciding, ended: str) -> str:
    deciding.live.cancel()
    deciding.cancelled = ended
    deciding.note(f"run_{ended}")
    return "done"


def _after_end(deciding: Deciding) -> str:
    """A finished run: late answers and messages are told so, acts are refused."""
    kind = deciding.command.kind
    if kind is CommandKind.VOID and deciding.live.ended != "voided":
        return _void(deciding)
    if kind is CommandKind.COMPLETE:
        raise AlreadyDoneError("task.finished")
    if kind in (CommandKind.WITHDRAW, CommandKind.VOID):
        raise AlreadyDoneError("run.ended")
    outcomes = {CommandKind.CORRECT: "done", CommandKind.WAKE: "stale"}
    return outcomes.get(kind, "late")


def _places(deciding: Deciding, name: str | None) -> list[Waiting]:
    waiting = deciding.live.standing().messages
    return [place for place in waiting if place.definition.name == name]


def _correlated(place: Waiting, payload: Mapping[str, object]) -> bool:
    """The payload's correlation keys do not contradict what the place has said or heard."""
    known = place.task.workflow.correlations
    asked = place.definition.get_correlations(place.task, dict(payload))
    return all(known.get(key, value) == value for key, value in asked.items())


def _of_handoff(place: Waiting, payload: Mapping[str, object]) -> bool:
    """A payload that names a handoff goes where that one was sent: the place's process data
    speak of it. An answer to an earlier letter must not be taken for one to the newest."""
    told = payload.get(HANDOFF)
    sent = {v[HANDOFF] for v in place.task.data.values() if isinstance(v, dict) and HANDOFF in v}
    return told is None or not sent or told in sent


def _check_names(deciding: Deciding) -> None:
    for name in READ_ONLY:
        if name in deciding.command.data:
            raise InvalidInputError("engine.read_only", name=name)


_ACTS: Mapping[CommandKind, Callable[[Deciding], str]] = MappingProxyType(
    {
        CommandKind.START: _start,
        CommandKind.COMPLETE: _complete,
        CommandKind.MESSAGE: _message,
        CommandKind.ANSWER: _answer,
        CommandKind.WAKE: _wake,
        CommandKind.CORRECT: _correct,
        CommandKind.WITHDRAW: _withdraw,
        CommandKind.VOID: _void,
    }
)
