"""Scenarios: `scenarios/<name>.json`, one trip of one case written down as data.

    {"title": "…", "at": "2026-05-11T09:00:00+08:00",
     "start": {"as": "intake", "unit"?: "…", "form"?: "register", "data": {…}},
     "steps": [{"task": "…", "as": "…", "data": {…}, "package"?: "…", "pick"?: {"party": 0}},
               {"message": "…", "payload": {…}, "as"?: "…"},
               {"advance": "P31D"}],
     "end": {"run": "<package>", "element": "<end event id>"},
     "documents": ["<kind>", …]}

`pick` may also be `{"nth": 0}`: the first of those that are open. `data` may hold
`{"$file": "scan.jpg"}`, `{"$signature": "party0"}`, `{"$party": 0}`, `{"$today": -2}`. A message
`<package>.withdraw` is the parties' withdrawal, said to `as`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import orjson

from workflows.errors import FengqiaoError, FieldError
from workflows.messages import Message

Json: TypeAlias = Any
DURATION = re.compile(
    r"P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?)?", re.ASCII
)
END = ("run", "element")
MOST_STEPS = 500
"""The longest built-in scenario has 60."""
FARTHEST = timedelta(days=36_525)
"""How far a scenario goes into the future, and how far a day it names lies off."""
YEARS = range(1970, 2200)
"""Years in which a scenario may begin."""
REFERENCES = ("$file", "$signature", "$party", "$today")


class ScenarioError(FengqiaoError):
    """A scenario file cannot be read; `errors` holds every reason with its JSON Pointer."""

    def __init__(self, name: str, errors: tuple[FieldError, ...]) -> None:
        self.errors = errors
        super().__init__("rollout.scenario_broken", name=name, count=len(errors))


@dataclass(frozen=True, slots=True)
class Start:
    """How the case begins. `form`: name of a start form, None = the package's first one.
    `unit`: None = the unit of `who`'s post."""

    who: str
    unit: str | None
    form: str | None
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class TaskStep:
    """Somebody completes a user task. `package`: None = the scenario's. Which of several instances:
    `pick` by party number from 0, `nth` by place among those that are open, from 0; both None = the
    only one."""

    element: str
    who: str
    data: Mapping[str, Json]
    package: str | None = None
    pick: int | None = None
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class MessageStep:
    """A message from outside, or the withdrawal. `who`: None = a sender outside the house."""

    name: str
    payload: Mapping[str, Json]
    who: str | None = None


@dataclass(frozen=True, slots=True)
class AdvanceStep:
    """Time passes."""

    by: timedelta


Step: TypeAlias = TaskStep | MessageStep | AdvanceStep


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. `end_run`, `end_element`: the run that must end, and how. `documents`: kinds
    that must exist at the end, each as often as it stands here."""

    name: str
    title: str
    at: datetime
    start: Start
    steps: tuple[Step, ...]
    end_run: str
    end_element: str
    documents: tuple[str, ...]


def parse_scenario(name: str, content: bytes) -> Scenario:
    """Reads a scenario file. Raises ScenarioError with all reasons."""
    try:
        raw = orjson.loads(content)
    except orjson.JSONDecodeError as exc:
        reason = Message("rollout.not_json", {"why": str(exc)[:120]})
        raise ScenarioError(name, (FieldError("", reason),)) from exc
    reader = _Reader()
    try:
        scenario = _scenario(reader, name, reader.expect(raw, dict, "") or {})
    except RecursionError as exc:
        reason = Message("rollout.too_deep")
        raise ScenarioError(name, (FieldError("", reason),)) from exc
    if reader.errors or scenario is None:
        raise ScenarioError(name, tuple(reader.errors))
    return scenario


def parse_duration(text: str) -> timedelta | None:
    """An ISO 8601 duration of weeks, days, hours, minutes; None for anything else. Months are no
    duration: their length depends on the calendar. Twice `FARTHEST` stands for what is beyond all
    calendars."""
    match = DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    if max(weeks, days, hours, minutes) > FARTHEST // timedelta(minutes=1):
        return FARTHEST * 2
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


@dataclass
class _Reader:
    """Reads values of expected shapes and collects what is wrong."""

    errors: list[FieldError] = field(default_factory=list)

    def say(self, path: str, code: str, **params: object) -> None:
        self.errors.append(FieldError(path, Message(code, params)))

    def expect(self, value: Any, kind: type, path: str) -> Any:
        """The value, or None and an error."""
        if isinstance(value, kind):
            return value
        self.say(path, "rollout.wrong_shape", expected=kind.__name__)
        return None

    def text(self, table: Mapping[str, Any], name: str, path: str) -> str:
        value = table.get(name)
        if isinstance(value, str) and value:
            return value
        self.say(f"{path}/{name}", "rollout.text_missing", name=name)
        return ""

    def optional(self, table: Mapping[str, Any], name: str, path: str) -> str | None:
        return None if table.get(name) is None else self.text(table, name, path)

    def data(self, table: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
        value = table.get(name, {})
        found = self.expect(value, dict, f"{path}/{name}")
        if found is not None:
            self._references(found, f"{path}/{name}")
        return found or {}

    def known(self, table: Mapping[str, Any], names: frozenset[str], path: str) -> None:
        for name in sorted(set(table) - names):
            self.say(f"{path}/{name}", "rollout.unknown_key", name=name)

    def _references(self, value: Any, path: str) -> None:
        if isinstance(value, dict):
            marks = [key for key in value if key.startswith("$")]
            for key in marks:
                if key not in REFERENCES or len(value) > 1:
                    self.say(path, "rollout.unknown_reference", name=key)
                elif not isinstance(value[key], _kind_of(key)) or _is_far(value[key]):
                    self.say(path, "rollout.wrong_reference", name=key)
            for key, inner in value.items():
                self._references(inner, f"{path}/{key}")
        elif isinstance(value, list):
            for at, inner in enumerate(value):
                self._references(inner, f"{path}/{at}")


def _is_far(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > FARTHEST.days


def _kind_of(reference: str) -> type:
    return str if reference in ("$file", "$signature") else int


def _scenario(reader: _Reader, name: str, raw: Mapping[str, Any]) -> Scenario | None:
    reader.known(raw, frozenset({"title", "at", "start", "steps", "end", "documents"}), "")
    at = _moment(reader, raw)
    start = _start(reader, reader.expect(raw.get("start"), dict, "/start"))
    listed = reader.expect(raw.get("steps", []), list, "/steps") or []
    if len(listed) > MOST_STEPS:
        reader.say("/steps", "rollout.too_many_steps", most=MOST_STEPS)
    steps = [
        _step(reader, step, f"/steps/{number}") for number, step in enumerate(listed[:MOST_STEPS])
    ]
    if _length(steps) > FARTHEST:
        reader.say("/steps", "rollout.out_of_time")
    end = reader.expect(raw.get("end"), dict, "/end")
    kinds = reader.expect(raw.get("documents", []), list, "/documents") or []
    if not all(isinstance(kind, str) for kind in kinds):
        reader.say("/documents", "rollout.wrong_shape", expected="str")
    title = reader.text(raw, "title", "")
    run, element = ("", "") if end is None else (reader.text(end, n, "/end") for n in END)
    if at is None or start is None or any(step is None for step in steps):
        return None
    done = tuple(step for step in steps if step is not None)
    return Scenario(name, title, at, start, done, run, element, tuple(map(str, kinds)))


def _moment(reader: _Reader, raw: Mapping[str, Any]) -> datetime | None:
    text = reader.text(raw, "at", "")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        reader.say("/at", "rollout.no_moment")
        return None
    if at.tzinfo is None:
        reader.say("/at", "rollout.no_moment")
        return None
    if at.year not in YEARS:
        reader.say("/at", "rollout.out_of_time")
        return None
    return at


def _length(steps: Iterable[Step | None]) -> timedelta:
    """How far the clock is moved altogether."""
    return sum((one.by for one in steps if isinstance(one, AdvanceStep)), timedelta())


def _start(reader: _Reader, raw: Mapping[str, Any] | None) -> Start | None:
    if raw is None:
        return None
    reader.known(raw, frozenset({"as", "unit", "form", "data"}), "/start")
    return Start(
        who=reader.text(raw, "as", "/start"),
        unit=reader.optional(raw, "unit", "/start"),
        form=reader.optional(raw, "form", "/start"),
        data=reader.data(raw, "data", "/start"),
    )


def _step(reader: _Reader, raw: Any, path: str) -> Step | None:
    table = reader.expect(raw, dict, path)
    if table is None:
        return None
    kinds: dict[str, Callable[[_Reader, Mapping[str, Any], str], Step | None]] = {
        "task": _task,
        "message": _message,
        "advance": _advance,
    }
    found = [kind for kind in kinds if kind in table]
    if len(found) != 1:
        reader.say(path, "rollout.step_kind")
        return None
    return kinds[found[0]](reader, table, path)


def _task(reader: _Reader, raw: Mapping[str, Any], path: str) -> Step | None:
    reader.known(raw, frozenset({"task", "as", "data", "package", "pick"}), path)
    pick = raw.get("pick")
    chosen = pick if isinstance(pick, dict) else {}
    party, nth = chosen.get("party"), chosen.get("nth")
    if pick is not None and not isinstance(nth if party is None else party, int):
        reader.say(f"{path}/pick", "rollout.wrong_shape", expected='{"party": 0}')
    return TaskStep(
        element=reader.text(raw, "task", path),
        who=reader.text(raw, "as", path),
        data=reader.data(raw, "data", path),
        package=reader.optional(raw, "package", path),
        pick=party,
        nth=nth,
    )


def _message(reader: _Reader, raw: Mapping[str, Any], path: str) -> Step | None:
    reader.known(raw, frozenset({"message", "payload", "as"}), path)
    return MessageStep(
        name=reader.text(raw, "message", path),
        payload=reader.data(raw, "payload", path),
        who=reader.optional(raw, "as", path),
    )


def _advance(reader: _Reader, raw: Mapping[str, Any], path: str) -> Step | None:
    reader.known(raw, frozenset({"advance"}), path)
    by = parse_duration(reader.text(raw, "advance", path))
    if by is None:
        reader.say(f"{path}/advance", "rollout.duration")
        return None
    return AdvanceStep(by)
