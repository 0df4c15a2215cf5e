"""One place that says whether an actor may do something, and if not, why not.

`may(actor, action, subject)` answers None or the sentence to show. A subject is a small record of
what the rules look at, made from rows the caller has loaded anyway; nothing here reads a database.
What a role may do is data (abilities of a post); what stands here is how abilities, units and
access classes meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from workflows.cases.tables import NOBODY, NORMAL
from workflows.errors import ForbiddenError
from workflows.messages import Message
from workflows.storage import Actor, HeldPost


class Level(IntEnum):
    """How much of a case somebody sees."""

    NONE = 0
    INDEX = 1
    """Title, state and clocks."""
    PROCESS = 2
    """Also stages, tasks and documents of the run; no identities."""
    FULL = 3


LEVELS: Mapping[str, Level] = {level.name.lower(): level for level in Level}


@dataclass(frozen=True, slots=True)
class Part:
    """One participation in force: whose, in which unit, how much."""

    run_id: int
    unit_code: str
    unit_path: str
    account_id: int
    level: str
    access_class: str


@dataclass(frozen=True, slots=True)
class StartSubject:
    """A process to be started in a unit. `roles`: those the package lets start it."""

    unit_path: str
    unit_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemSubject:
    """A work item. `granted`: the actor takes part in its case in person."""

    role: str
    unit_path: str
    unit_name: str
    assignee: str
    assignee_name: str
    is_open: bool
    access_class: str
    granted: bool = False


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """A case or one of its runs. `level`: what the actor sees of it."""

    unit_path: str
    unit_name: str
    status: str
    access_class: str
    level: Level


@dataclass(frozen=True, slots=True)
class ClockSubject:
    """A clock of a run. `can_pause`, `can_extend`: what its rule knows."""

    case: CaseSubject
    is_open: bool
    is_paused: bool
    can_pause: bool
    can_extend: bool


Subject: TypeAlias = StartSubject | ItemSubject | CaseSubject | ClockSubject

ITEM_ACTIONS = ("open", "claim", "release", "assign", "return", "complete")
CASE_ACTIONS = (
    "withdraw",
    "void",
    "correct",
    "add_party",
    "end_party",
    "merge",
    "seal",
    "add_reference",
)
CLOCK_ACTIONS = ("pause", "resume", "extend")

CASE_ABILITIES: Mapping[str, str] = {
    "withdraw": "withdraw",
    "void": "void",
    "correct": "correct",
    "add_party": "correct",
    "end_party": "correct",
    "merge": "void",
    "seal": "void",
    "add_reference": "correct",
}
"""Ability each command on a case needs. Merging ends a case like voiding does; sealing takes it
from colleagues' sight, which is for the same people to decide."""
ONLY_OPEN = ("withdraw", "void", "add_party", "end_party", "merge")
"""Acts on a case that is not yet at its end."""


def may(actor: Actor, action: str, subject: Subject) -> Message | None:
    """None if the actor may, else the reason. The system may do everything."""
    if actor.is_system:
        return None
    return _RULES[type(subject)](actor, action, subject)


def check(actor: Actor, action: str, subject: Subject) -> None:
    """Raises ForbiddenError with the reason if the actor may not."""
    why = may(actor, action, subject)
    if why is not None:
        raise ForbiddenError(why.code, **why.params)


def knows_of(actor: Actor, item: ItemSubject) -> bool:
    """Whether a work item exists for the actor: they may read it, or take it on unread."""
    return any(may(actor, action, item) is None for action in ("open", "claim"))


def allowed(actor: Actor, subject: Subject, actions: Iterable[str]) -> tuple[str, ...]:
    """Those of `actions` the actor may do now, in their order."""
    return tuple(action for action in actions if may(actor, action, subject) is None)


def level_of(actor: Actor, parts: Iterable[Part], run_id: int | None = None) -> Level:
    """How much the actor sees of a case, or of one run of it.

    The highest of all participations that cover the actor: the person's own count as they are;
    a unit's are cut to what the post may see (`see_full`, `see_index`), and count only for the
    normal class. Participations with run 0 are for the whole case.
    """
    if actor.is_system:
        return Level.FULL
    best = Level.NONE
    for part in parts:
        if run_id is not None and part.run_id not in (0, run_id):
            continue
        if part.account_id == actor.account_id:
            best = max(best, LEVELS[part.level])
        elif part.account_id == NOBODY and part.access_class == NORMAL:
            best = max(best, min(LEVELS[part.level], _sight(actor, part.unit_path)))
    return best


def _sight(actor: Actor, unit_path: str) -> Level:
    if actor.may_in("see_full", unit_path):
        return Level.FULL
    return Level.INDEX if actor.may_in("see_index", unit_path) else Level.NONE


def holds_role(actor: Actor, role: str, unit_path: str) -> bool:
    """Whether a post gives the actor this role in this unit."""
    return any(post.role == role and post.covers(unit_path) for post in actor.posts)


def posts_in(actor: Actor, unit_path: str) -> Sequence[HeldPost]:
    """The actor's posts that cover a unit."""
    return [post for post in actor.posts if post.covers(unit_path)]


def _may_start(actor: Actor, _action: str, subject: Subject) -> Message | None:
    assert isinstance(subject, StartSubject)
    posts = posts_in(actor, subject.unit_path)
    if not posts:
        return Message("cases.no_post_in_unit", {"unit": subject.unit_name})
    if not any(post.role in subject.roles and "open_case" in post.abilities for post in posts):
        roles = "、".join(subject.roles)
        return Message("cases.may_not_start", {"roles": roles, "unit": subject.unit_name})
    return None


def _may_item(actor: Actor, action: str, subject: Subject) -> Message | None:
    assert isinstance(subject, ItemSubject)
    return _ITEM_RULES[action](actor, subject)


def has_item(actor: Actor, item: ItemSubject) -> bool:
    """Whether the item is the actor's to do: their own, or of somebody on leave for whom they
    stand in. Restricted work is granted in person and goes to no substitute."""
    if item.assignee == actor.username:
        return True
    return item.access_class == NORMAL and actor.stands_in_for(
        item.assignee, item.role, item.unit_path
    )


def _open_item(actor: Actor, item: ItemSubject) -> Message | None:
    if item.assignee == actor.username or item.granted:
        return None
    doer = holds_role(actor, item.role, item.unit_path)
    if item.access_class != NORMAL:
        return Message("cases.claim_first") if doer else _other_role(item)
    if doer or _sight(actor, item.unit_path) is Level.FULL:
        return None
    return _other_role(item)


def _claim(actor: Actor, item: ItemSubject) -> Message | None:
    if not item.is_open:
        return Message("cases.item_not_open")
    if item.assignee == actor.username:
        return Message("cases.item_yours_already")
    if item.assignee:
        return _others(item)
    if not holds_role(actor, item.role, item.unit_path):
        return _other_role(item)
    if not actor.may_in("claim", item.unit_path):
        return Message("cases.may_not_claim", {"unit": item.unit_name})
    return None


def _release(actor: Actor, item: ItemSubject) -> Message | None:
    if not item.is_open:
        return Message("cases.item_not_open")
    if not item.assignee:
        return Message("cases.item_nobodys")
    if not has_item(actor, item) and not actor.may_in("assign", item.unit_path):
        return _others(item)
    return None


def _assign(actor: Actor, item: ItemSubject) -> Message | None:
    if not item.is_open:
        return Message("cases.item_not_open")
    if not actor.may_in("assign", item.unit_path):
        return Message("cases.may_not_assign", {"unit": item.unit_name})
    return None


def _complete(actor: Actor, item: ItemSubject) -> Message | None:
    if not item.is_open:
        return Message("cases.item_not_open")
    if item.assignee:
        return None if has_item(actor, item) else _others(item)
    if not holds_role(actor, item.role, item.unit_path):
        return _other_role(item)
    if item.access_class != NORMAL and not item.granted:
        return Message("cases.claim_first")
    return None


def _other_role(item: ItemSubject) -> Message:
    return Message("cases.other_role", {"role": item.role, "unit": item.unit_name})


def _others(item: ItemSubject) -> Message:
    return Message("cases.item_of_other", {"name": item.assignee_name or item.assignee})


_ITEM_RULES: Mapping[str, Callable[[Actor, ItemSubject], Message | None]] = {
    "open": _open_item,
    "claim": _claim,
    "release": _release,
    "return": _release,
    "assign": _assign,
    "complete": _complete,
}


def _may_case(actor: Actor, action: str, subject: Subject) -> Message | None:
    assert isinstance(subject, CaseSubject)
    ability = CASE_ABILITIES[action]
    if subject.level < Level.FULL or not actor.may_in(ability, subject.unit_path):
        return Message(f"cases.may_not_{action}", {"unit": subject.unit_name})
    if action in ONLY_OPEN and subject.status != "open":
        return Message("cases.case_not_open")
    if action == "correct" and subject.status in ("voided", "merged"):
        return Message("cases.case_not_open")
    if action == "seal" and subject.access_class != NORMAL:
        return Message("cases.sealed_already")
    return None


def _may_clock(actor: Actor, action: str, subject: Subject) -> Message | None:
    assert isinstance(subject, ClockSubject)
    if not subject.is_open:
        return Message("cases.clock_not_open")
    refused = _clock_state(action, subject)
    if refused is not None:
        return refused
    ability = "extend_clock" if action == "extend" else "pause_clock"
    case = subject.case
    if case.level < Level.FULL or not actor.may_in(ability, case.unit_path):
        return Message(f"cases.may_not_{ability}", {"unit": case.unit_name})
    return None


def _clock_state(action: str, subject: ClockSubject) -> Message | None:
    if action == "resume":
        return None if subject.is_paused else Message("cases.clock_runs")
    if subject.is_paused:
        return Message("cases.clock_paused")
    if action == "pause" and not subject.can_pause:
        return Message("cases.clock_never_pauses")
    if action == "extend" and not subject.can_extend:
        return Message("cases.clock_never_extends")
    return None


_RULES: Mapping[type, Callable[[Actor, str, Subject], Message | None]] = {
    StartSubject: _may_start,
    ItemSubject: _may_item,
    CaseSubject: _may_case,
    ClockSubject: _may_clock,
}
