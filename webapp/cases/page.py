"""A `CasePage` record → what the case templates show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from webapp.cases import parties
from webapp.pages.formats import clock_time, day, local, spoken, titled
from webapp.pages.layout import render_page
from webapp.pages.now import platform, today
from webapp.security import current_actor
from workflows.cases.queries.records import (
    CasePage,
    ClockView,
    InboxRow,
    RunView,
    StageView,
    TimelineView,
)
from workflows.cases.queries.timeline import TimelineQuery, list_timeline
from workflows.errors import InvalidInputError
from workflows.handoffs.queries.linked import list_linked
from workflows.storage import SYSTEM

ICONS = {
    "task": "pen",
    "clock": "clock",
    "document": "doc",
    "message": "hand",
    "system": "flow",
    "person": "user",
}
ENDED = frozenset({"met", "reached", "missed", "closed"})
"""States of clocks that run no more."""
LATE_SECONDS = 3600
"""An entry recorded later than this after the act says so."""


@dataclass(frozen=True, slots=True)
class State:
    """A tag: the words of a state and its style."""

    words: str
    style: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where the strip stands, in words for screen readers and phones."""

    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Act:
    """One more act on the case."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record."""

    icon: str
    actor: str
    sentence: str
    detail: str | None
    at: datetime
    recorded: str


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, newest first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why there is nothing to do."""

    heading: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template reads besides the record itself."""

    status: State
    run: RunView | None
    position: Position | None
    mine: tuple[InboxRow, ...]
    others: tuple[InboxRow, ...]
    nothing: Nothing
    acts: tuple[Act, ...]
    days: tuple[Day, ...]
    older_url: str | None
    document_states: dict[str, State]
    run_states: dict[str, State]
    clock_acts: dict[str, str]
    running: tuple[ClockView, ...]
    ended: tuple[ClockView, ...]

    party_line = staticmethod(parties.line)
    party_ended = staticmethod(parties.ended)

    @staticmethod
    def positions(run: RunView) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Diagrams of a run with the elements that wait in each, in the record's order."""
        diagrams: dict[str, list[str]] = {}
        for process, element in run.active:
            diagrams.setdefault(process, []).append(element)
        return tuple((process, tuple(elements)) for process, elements in diagrams.items())


def render(case: CasePage) -> str:
    """The whole case page."""
    linked = list_linked(platform(), current_actor(), case.id)
    return render_page("cases/case.html", case=case, shown=show(case), linked=linked)


def load_older(case_id: str, before: str) -> str:
    """Older lines of the record: a page of its own, or what htmx appends."""
    if not before.isascii() or not before.isdigit() or len(before) > 9:
        raise InvalidInputError("web.bad_request")
    query = TimelineQuery(case_id, before=int(before))
    found = list_timeline(platform(), current_actor(), query)
    return render_page(
        "cases/timeline.html",
        case_number=found.case_number,
        case_url=url_for("cases.case", case=case_id),
        days=days(found.entries),
        older_url=_older_url(case_id, found.last) if found.more else None,
    )


def show(case: CasePage) -> Shown:
    """The record in the words of the page."""
    run = _main_run(case.runs)
    mine, others = _split(case.tasks)
    return Shown(
        status=case_states()[case.status],
        run=run,
        position=position(run.stages) if run else None,
        mine=mine,
        others=others,
        nothing=_nothing(case),
        acts=_acts(case),
        days=days(case.timeline),
        older_url=_older_url(case.id, case.timeline[-1].seq) if case.timeline_more else None,
        document_states=document_states(),
        run_states=run_states(),
        running=tuple(clock for clock in case.clocks if clock.state not in ENDED),
        ended=tuple(clock for clock in case.clocks if clock.state in ENDED),
        clock_acts={"pause": _("暂停计时"), "resume": _("恢复计时"), "extend": _("延长期限")},
    )


def case_states() -> dict[str, State]:
    """Tags of a case's states."""
    return {
        "open": State(_("办理中"), "now"),
        "closed": State(_("已办结"), "done"),
        "voided": State(_("已作废"), "draft"),
        "merged": State(_("已并案"), "draft"),
    }


def run_states() -> dict[str, State]:
    """Tags of a run's states."""
    return {
        "open": State(_("办理中"), "now"),
        "completed": State(_("已办结"), "done"),
        "cancelled": State(_("已终止"), "draft"),
        "voided": State(_("已作废"), "draft"),
    }


def document_states() -> dict[str, State]:
    """Tags of a document's states."""
    return {
        "pending": State(_("正在生成"), "plain"),
        "ready": State(_("已生成"), "plain"),
        "sealed": State(_("已盖防篡改印"), "done"),
        "superseded": State(_("已被替代"), "draft"),
        "void": State(_("已作废"), "draft"),
    }


def position(stages: Sequence[StageView]) -> Position | None:
    """第 5 步，共 8 步：调解. None for a package without stages."""
    if not stages:
        return None
    total = len(stages)
    current = next((n for n, stage in enumerate(stages, 1) if stage.state == "current"), None)
    if current is None:
        done = sum(stage.state == "past" for stage in stages)
        words = _("已走完 %(done)s 步，共 %(total)s 步", done=done, total=total)
        return Position(_("办理进度：%(words)s", words=words), words)
    words = _("第 %(number)s 步，共 %(total)s 步", number=current, total=total)
    name = titled(stages[current - 1].title)
    return Position(
        _("办理进度：%(words)s", words=words), _("%(words)s：%(name)s", words=words, name=name)
    )


def days(entries: Sequence[TimelineView]) -> tuple[Day, ...]:
    """The record by days, newest first, as it came."""
    grouped = groupby(entries, key=lambda entry: local(entry.at).date())
    return tuple(Day(day(on, today()), tuple(_entry(e) for e in group)) for on, group in grouped)


def _entry(view: TimelineView) -> Entry:
    late = (view.recorded_at - view.at).total_seconds() > LATE_SECONDS
    recorded = ""
    if late:
        when = f"{day(view.recorded_at, today())} {clock_time(view.recorded_at)}"
        recorded = _("（%(when)s 补记）", when=when)
    return Entry(
        icon=ICONS.get(view.kind, "circle"),
        actor=_("系统") if view.actor == SYSTEM.name else view.actor,
        sentence=spoken(view.sentence),
        detail=view.detail,
        at=view.at,
        recorded=recorded,
    )


def _main_run(runs: Sequence[RunView]) -> RunView | None:
    """The run the strip shows: the open one the reader may see, else the first."""
    seen = [run for run in runs if run.full and run.stages]
    return next((run for run in seen if run.status == "open"), seen[0] if seen else None)


def _split(tasks: Sequence[InboxRow]) -> tuple[tuple[InboxRow, ...], tuple[InboxRow, ...]]:
    """What the reader can do now, own things first (and those of whom they stand in for); and
    what waits for others."""
    own = tuple(task for task in tasks if task.assignee and "complete" in task.may)
    free = tuple(task for task in tasks if task.assignee is None and "claim" in task.may)
    rest = tuple(task for task in tasks if task not in own and task not in free)
    return own + free, rest


def _nothing(case: CasePage) -> Nothing:
    ended = next((run for run in case.runs if run.end_title), None)
    if case.status != "open" and ended is not None:
        return Nothing(titled(ended.end_title), _("这件案子已经办结，没有要办的事了。"))
    if case.status == "voided":
        return Nothing(_("已作废"), _("这件案子登记错误，已经作废，编号保留备查。"))
    if case.status != "open":
        return Nothing(_("已办结"), _("这件案子已经办结，没有要办的事了。"))
    if case.level == "index":
        return Nothing(_("这里没有您要办的事"), _("您现在的岗位只看得到这件案子的基本情况和期限。"))
    return Nothing(_("现在没有要办的事"), _("正在等期限到期或等外面的答复，到时会出现新的待办。"))


def _acts(case: CasePage) -> tuple[Act, ...]:
    names = {
        "correct": _("更正登记内容"),
        "add_party": _("增加、更换当事人"),
        "end_party": _("当事人去世、退出"),
        "add_reference": _("填写外部系统编号"),
        "withdraw": _("申请人撤回"),
        "merge": _("并入另一件案子"),
        "seal": _("限制查阅"),
        "void": _("登记错误，作废"),
    }
    return tuple(
        Act(name, _act_url(case.id, act)) for act, name in names.items() if act in case.may
    )


def _act_url(case_id: str, act: str) -> str:
    if act == "correct":
        return url_for("cases.correct", case=case_id)
    if act == "add_party":
        return url_for("cases.new_party", case=case_id)
    return url_for("cases.case_act", case=case_id, act=act.replace("_", "-"))


def _older_url(case_id: str, last: int | None) -> str | None:
    return None if last is None else url_for("cases.timeline", case=case_id, before=last)
