"""Builds the demo's cases: all of them or none, in one transaction, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, select

from workflows.cases.platform import Platform
from workflows.cases.tables import CaseRecord, ClockRow
from workflows.cases.timeline import write_anchor
from workflows.cases.wake import due_runs, wake_run
from workflows.catalogue.versions import current_version
from workflows.deadlines.compute import start_of_day
from workflows.documents.rendering import Renderer
from workflows.organisation.units import load_unit
from workflows.rollout.demo.days import OfficeDays
from workflows.rollout.demo.desk import KEY, Desk
from workflows.rollout.demo.letters import LetterAct, Post, plan_letters
from workflows.rollout.demo.plan import TOWN, Act, Script, plan, read_disputes, read_scripts
from workflows.storage import SYSTEM, IdSource
from workflows.storage.clock import MovableClock, local_day

WAKINGS = 50
"""Runs woken at once."""

Tell: TypeAlias = Callable[[int, int], None]
"""Hears (cases done, cases in all) whenever one has come as far as it shall."""


def build_demo_cases(
    platform: Platform,
    *,
    scripts: Sequence[Script] | None = None,
    disputes: Mapping[str, Mapping[str, Any]] | None = None,
    renderer: Renderer | None = None,
    tell: Tell = lambda _done, _all: None,
) -> int:
    """Adds the demo's cases where there are no cases at all; returns how many, 0 for nothing done.

    `scripts`, `disputes`: all of the data if None; there must be one script at least. `renderer`:
    makes the papers that letters between offices bring along; without one no matter goes to
    another office.

    Needs the demo's people and the built-in packages. Everything is one transaction: whoever kills
    it finds an installation without cases and may start again. Files of scans stay in the file
    store, where they do no harm. Raises what the use cases raise, if data and package disagree.
    """
    now = platform.clock.now()
    with platform.database.in_one_piece(SYSTEM) as database:
        with database.reading(SYSTEM) as session:
            if session.scalar(select(func.count()).select_from(CaseRecord)):
                return 0
            book = platform.rules(session)
            version = current_version(session, KEY, load_unit(session, TOWN).path)
            files = platform.catalogue.load(session, version.id).scenario_files
        days = OfficeDays(book.calendar(TOWN))
        acts = plan(scripts or read_scripts(), now, days)
        letters = plan_letters(now, days) if renderer is not None else ()
        turns: list[Act | LetterAct] = sorted([*acts, *letters], key=_at)
        clock = MovableClock(turns[0].at)
        inner = replace(platform, database=database, clock=clock, ids=IdSource(clock))
        post = Post(inner, renderer) if renderer is not None else None
        week = _Week(inner, clock, Desk(inner, files, disputes or read_disputes()), post)
        return week.live(turns, now, tell)


def _at(act: Act | LetterAct) -> datetime:
    return act.at


@dataclass
class _Week:
    """Lets time pass: due clocks at their moment, an anchor every day, then the next act."""

    platform: Platform
    clock: MovableClock
    desk: Desk
    post: Post | None

    def live(self, acts: Sequence[Act | LetterAct], now: datetime, tell: Tell) -> int:
        """All acts, then everything that is due until now; returns the number of cases, without
        those that go from one office to another."""
        total = len({act.script.key for act in acts if isinstance(act, Act)})
        done = 0
        for act in acts:
            self._pass_until(act.at)
            if isinstance(act, LetterAct):
                if self.post is not None:
                    self.post.do(act)
                continue
            self.desk.do(act)
            if act.is_last:
                done += 1
                tell(done, total)
        self._pass_until(now)
        return done

    def _pass_until(self, moment: datetime) -> None:
        while (due := self._next_due()) is not None and due <= moment:
            self._go_to(due)
            self._wake()
        self._go_to(moment)

    def _go_to(self, moment: datetime) -> None:
        """Moves the clock; a new day begins with the anchor over the one before."""
        ahead = moment - self.clock.now()
        if ahead.total_seconds() <= 0:
            return
        new_day = local_day(moment) > local_day(self.clock.now())
        self.clock.advance(ahead)
        if new_day:
            with self.platform.database.transaction(SYSTEM) as session:
                write_anchor(session, start_of_day(local_day(moment)))

    def _next_due(self) -> datetime | None:
        with self.platform.database.reading(SYSTEM) as session:
            return session.scalar(select(func.min(ClockRow.fires_at)))

    def _wake(self) -> None:
        with self.platform.database.reading(SYSTEM) as session:
            runs = due_runs(session, self.clock.now(), WAKINGS)
        for run_id in runs:
            wake_run(self.platform, run_id)
