"""What two versions of a package differ in, as data: changes, their details, the lines of texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows.catalogue.manifest import Titles
from workflows.messages import Message


class Group(StrEnum):
    """What part of a package changed, in the order people read it."""

    DIAGRAM = "diagram"
    TABLE = "table"
    FORM = "form"
    TEXT = "text"
    SETTING = "setting"
    SCENARIO = "scenario"


class Kind(StrEnum):
    """How."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is otherwise. `aspect`: title_zh, role, form, condition…; `name`: of the
    property, parameter or column where the aspect has several. An empty text means: not given."""

    aspect: str
    before: str
    after: str
    name: str = ""

    @property
    def message(self) -> Message:
        """“承办岗位由“甲”改为“乙””."""
        words = {
            "aspect": Message(f"compare.aspect_{self.aspect}", {"name": self.name}),
            "before": self._said(self.before),
            "after": self._said(self.after),
        }
        if self.before and self.after:
            return Message("compare.from_to", words)
        return Message("compare.set" if self.after else "compare.unset", words)

    def _said(self, text: str) -> Message | str:
        """As people read it: a form that begins with nothing is an empty one."""
        is_empty = self.aspect == "begins" and text.strip() == "{}"
        return Message("compare.empty_form") if is_empty else text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text. `kind` None: it stands in both, shown for its neighbours."""

    kind: Kind | None
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was added, removed or changed.

    `noun`: what it is (`userTask`, `sequenceFlow`, `lane`, `rule`, `field`…). `part`: the diagram,
    table, form or text it stands in. `element`: BPMN id, number of a rule, name of a field.
    `calls`: of a service task, the operation; `role`: of a task, who does it. `lines`: of a text.
    """

    group: Group
    kind: Kind
    noun: str
    part: str
    part_title: Titles
    element: str
    title: Titles
    details: tuple[Detail, ...] = ()
    calls: str = ""
    role: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def message(self) -> Message:
        """“新增人工任务“登记””."""
        noun = Message(f"compare.noun_{self.noun}")
        return Message(f"compare.{self.kind}", {"noun": noun, "title": self.title})


@dataclass(frozen=True, slots=True)
class Moved:
    """A diagram in which boxes or lines stand elsewhere, which changes nothing."""

    part: str
    title: Titles
    count: int

    @property
    def message(self) -> Message:
        """Said once for a diagram."""
        return Message("compare.moved", {"title": self.title, "count": self.count})


def both(text: str) -> Titles:
    """A text that is the same in every language."""
    return {"zh": text, "en": text}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Detail, ...]:
    """Aspects (`role`, or `property:priority` for one with a name) whose texts differ, in the
    order they were given."""
    return tuple(
        Detail(aspect.partition(":")[0], old, new, aspect.partition(":")[2])
        for aspect in dict.fromkeys((*before, *after))
        if (old := before.get(aspect, "")) != (new := after.get(aspect, ""))
    )


def paired(before: Iterable[str], after: Iterable[str]) -> list[tuple[str, Kind | None]]:
    """Keys of both sides with what became of them (None: on both), the new side's order first."""
    old, new = list(dict.fromkeys(before)), list(dict.fromkeys(after))
    here, there = set(old), set(new)
    return [
        *((key, None if key in here else Kind.ADDED) for key in new),
        *((key, Kind.REMOVED) for key in old if key not in there),
    ]
