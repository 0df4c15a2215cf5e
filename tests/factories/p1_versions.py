"""People's mediation in four other versions, and a world that goes over in the middle of a walk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tests.factories.rollout import KEY, ROOT, package
from workflows.cases.decision import Command, CommandKind, today_of
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource, read_folder
from workflows.engine.environment import World
from workflows.engine.live import loaded
from workflows.engine.migrate import migrate_state
from workflows.engine.migrate_checks import Refusal
from workflows.rollout.scenarios.run_scenario import OpenTask
from workflows.rollout.world.pure_run import PureRun
from workflows.rollout.world.pure_world import PureWorld

ADDED = ("count_copies", "second_look")
REMOVED = "follow_up"
Files = dict[str, bytes]


def _replace(files: Files, name: str, before: str, after: str) -> None:
    path = f"bpmn/{KEY}/{name}"
    text = files[path].decode()
    assert before in text, before
    files[path] = text.replace(before, after).encode()


def _insert(files: Files, name: str, source: str, target: str, task: str) -> None:
    """A user task on the way from `source` to `target`."""
    flow = f'sourceRef="{source}" targetRef="{target}"'
    _replace(files, name, flow, f'sourceRef="{source}" targetRef="{task}"')
    new = (
        f'<bpmn:userTask id="{task}" name="{task}"/>'
        f'<bpmn:sequenceFlow id="f_{task}_on" sourceRef="{task}" targetRef="{target}"/>'
    )
    _replace(files, name, "</bpmn:process>", f"{new}</bpmn:process>")
    member = f"<bpmn:flowNodeRef>{source}</bpmn:flowNodeRef>"
    _replace(files, name, member, f"{member}<bpmn:flowNodeRef>{task}</bpmn:flowNodeRef>")


def _added_steps(files: Files) -> None:
    _insert(files, "pm_perform.bpmn", "deliver", "fork_kept", ADDED[0])
    _insert(files, "pm_close.bpmn", "close_case", "volume_complete", ADDED[1])


def _changed_form(files: Files) -> None:
    for form in ("review_acceptance", "hold_session", "deliver", "close_case"):
        schema_path = f"forms/{KEY}/{form}.schema.json"
        ui_path = f"forms/{KEY}/{form}.ui.json"
        schema, ui = json.loads(files[schema_path]), json.loads(files[ui_path])
        schema["properties"]["afterthought"] = {
            "type": "string",
            "title": "补记",
            "x-i18n": {"en": {"title": "Afterthought"}},
        }
        ui["ui:order"].append("afterthought")
        ui["ui:groups"][0]["fields"].append("afterthought")
        files[schema_path], files[ui_path] = _json(schema), _json(ui)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _removed_task(files: Files) -> None:
    name = "pm_perform.bpmn"
    flow = 'sourceRef="follow_up" targetRef="create_follow_up"'
    _replace(files, name, flow, 'sourceRef="follow_up_due" targetRef="create_follow_up"')
    text = files[f"bpmn/{KEY}/{name}"].decode()
    for begin, end in (
        ('<bpmn:userTask id="follow_up"', "</bpmn:userTask>"),
        ('<bpmn:sequenceFlow id="f_follow_up_due_follow_up"', "/>"),
        ("<bpmn:flowNodeRef>follow_up<", "</bpmn:flowNodeRef>"),
    ):
        at = text.index(begin)
        text = text[:at] + text[text.index(end, at) + len(end) :]
    files[f"bpmn/{KEY}/{name}"] = text.encode()


def _moved_boundary(files: Files) -> None:
    _replace(files, "pm_perform.bpmn", 'attachedToRef="deliver"', 'attachedToRef="follow_up"')


CHANGES: Mapping[str, Callable[[Files], None]] = {
    "added step": _added_steps,
    "changed form": _changed_form,
    "removed task": _removed_task,
    "moved boundary": _moved_boundary,
}


@cache
def changed_p1(change: str) -> Package:
    """The package with one change; as published, so that its texts need not follow."""
    files = dict(read_folder(ROOT, KEY).files)
    CHANGES[change](files)
    return compile_package(PackageSource(KEY, files), published=True)


@dataclass
class Went:
    """What became of a walk's run. `found`: None before it was its turn; `elements`: where it
    stood."""

    found: bytes | Refusal | None = None
    elements: tuple[str, ...] = ()
    clocks_before: list[tuple[int, str, str]] = field(default_factory=list)
    """(number, rule, base) of the rows of open clocks."""
    clocks: list[tuple[int, str, str]] = field(default_factory=list)
    """The same of what the moved state waits for."""


class GoingOver(PureWorld):
    """A world whose own run goes to `new` after its first `after` acts, if it may. Steps of the new
    version are taken as they come, those it no longer has are left out."""

    def __init__(
        self,
        at: datetime,
        new: Package,
        after: int,
        others: Mapping[str, Package],
        old: Package | None = None,
    ):
        super().__init__(old or package(), at, others=others)
        self.new, self.left, self.went = new, after, Went()

    def list_tasks(self) -> Sequence[OpenTask]:
        self._go_in_time()
        open_tasks = super().list_tasks()
        if isinstance(self.went.found, bytes) and REMOVED not in self.new.process.elements:
            return [*open_tasks, OpenTask(KEY, REMOVED, None, None)]
        return open_tasks

    def complete(self, who: str, task: OpenTask, data: Mapping[str, Any]) -> None:
        if task.handle is not None:
            super().complete(who, task, data)
        self._acted()

    def send(self, name: str, payload: Mapping[str, Any]) -> None:
        self._go_in_time()
        super().send(name, payload)
        self._acted()

    def withdraw(self, who: str, reason: str) -> None:
        self._go_in_time()
        super().withdraw(who, reason)
        self._acted()

    def advance(self, by: timedelta) -> None:
        self._go_in_time()
        super().advance(by)
        self._acted()

    def _acted(self) -> None:
        self.left -= 1
        for number, item in list(self.run.items.items()) if self.run else ():
            if item.element in ADDED:
                assert self.run is not None
                self.run.ask(Command(CommandKind.COMPLETE, at=self.now, item=number))
        self.post.work()

    def _go_in_time(self) -> None:
        if self.left > 0 or self.went.found is not None or self.run is None:
            return
        run, old = self.run, self.package.process
        self.went.elements = tuple(sorted(item.element for item in run.items.values()))
        self.went.found = found = migrate_state(
            run.state or b"", old, self.new.process, self._seen(run)
        )
        if isinstance(found, bytes):
            rows = sorted(run.clocks.items())
            self.went.clocks_before = [(n, clock.rule, clock.base) for n, clock in rows]
            self.went.clocks = self._clocks(run, found)
            self._take_over(run, found)

    def _seen(self, run: PureRun) -> World:
        facts = run.facts
        return World(facts.case, facts.parties, facts.unit, today_of(self.now))

    def _clocks(self, run: PureRun, state: bytes) -> list[tuple[int, str, str]]:
        with loaded(self.new.process, self._seen(run), state) as live:
            return [
                (number, task.internal_data["clock"]["rule"], task.internal_data["clock"]["base"])
                for number, task in sorted(live.standing().clocks.items())
            ]

    def _take_over(self, run: PureRun, state: bytes) -> None:
        run.state, run.around = state, replace(run.around, package=self.new)
        self.package = self.new
        self.others = {**self.others, KEY: self.new}
        for number, item in run.items.items():
            element = self.new.process.elements[item.element]
            run.items[number] = replace(item, form=element.form, role=element.role or "")
