"""From `cases.json` to acts with moments in the past. Pure.

A story is a list of [what, how, gap]; a text in it is another story that comes before. Gaps: "2w"
working days, "42d" days, "0" the same day. A case names its story and how long `ago` its last step
was, or one step and when (`at`): what is before is counted backwards, what is after forwards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from workflows.rollout.demo.days import OfficeDays, moment
from workflows.rollout.demo.texts import Names, fill

FOLDER = Path(__file__).parent
TOWN = "620902104-TW"
"""The committee of the accounts `intake`, `head`, `mediator`, `mediator2`, `recorder`."""

SPREAD_MINUTES, STEP_MINUTES, LAST_MINUTE = 149, 44, 395
"""First act of a case on a day: somewhere in the first hours. Then one act after the other."""

LAG = timedelta(minutes=15)
"""An act is entered so long after it took place."""
LATE = timedelta(days=4)
"""What is recorded late was done so long before."""

ROLES = {
    "intake": "窗口受理员",
    "head": "调委会主任",
    "mediator": "人民调解员",
    "recorder": "记录人",
}
"""Who acts, and by which role an account in another committee is found."""


@dataclass(frozen=True, slots=True)
class Step:
    """`what`: an element of the diagram, or an act beside it (`desk.py`). `how`: variant."""

    what: str
    how: str
    gap: str


@dataclass(frozen=True, slots=True)
class Script:
    """One case. `late`: why its first act was entered four days late, "" if it was not."""

    key: str
    dispute: str
    unit: str
    mediator: str
    steps: tuple[Step, ...]
    anchor: int
    ago: str
    late: str

    def username(self, who: str) -> str:
        """The account of one of ROLES in the case's committee."""
        if self.unit == TOWN:
            return self.mediator if who == "mediator" else who
        return f"{ROLES[who]}@{self.unit}"


@dataclass(frozen=True, slots=True)
class Act:
    """One step at its moment. `before`: how often the same was done in the case before."""

    at: datetime
    occurred_at: datetime
    script: Script
    step: Step
    number: int
    before: int
    opened_on: date

    @property
    def is_last(self) -> bool:
        return self.number == len(self.script.steps) - 1


def read_scripts() -> tuple[Script, ...]:
    """All cases, in the order of the file."""
    data = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    return tuple(_script(data["stories"], case) for case in data["cases"])


def read_disputes() -> Mapping[str, Mapping[str, Any]]:
    """What the cases are about, by key, with placeholders."""
    found: Mapping[str, Any] = json.loads((FOLDER / "disputes.json").read_text(encoding="utf-8"))
    return found


def plan(scripts: Sequence[Script], now: datetime, days: OfficeDays) -> tuple[Act, ...]:
    """Every act of every case in the order of time, none later than the last finished day."""
    end = days.last_over(now)
    acts: list[Act] = []
    for place, script in enumerate(scripts):
        acts.extend(_acts(script, place, _days_of(script, end, days)))
    return tuple(sorted(acts, key=lambda act: act.at))


def text_of(act: Act, text: str, names: Names) -> str:
    """A text of the act's case with names and days filled in."""
    return fill(text, act.opened_on, names)


def _script(stories: Mapping[str, Sequence[Any]], case: Mapping[str, Any]) -> Script:
    steps = _expand(stories, case["story"]) if case["story"] else []
    steps += [Step(*step) for step in case.get("then", ())]
    steps[1:1] = [Step(*step) for step in case.get("first", ())]
    what, ago = case.get("at", (steps[-1].what, case["ago"]))
    names = [step.what for step in steps]
    return Script(
        key=case["case"],
        dispute=case["dispute"],
        unit=case.get("unit", TOWN),
        mediator=case.get("mediator", "mediator"),
        steps=tuple(steps),
        anchor=len(names) - 1 - names[::-1].index(what),
        ago=ago,
        late=case.get("late", ""),
    )


def _expand(stories: Mapping[str, Sequence[Any]], name: str) -> list[Step]:
    steps: list[Step] = []
    for step in stories[name]:
        steps += _expand(stories, step) if isinstance(step, str) else [Step(*step)]
    return steps


def _days_of(script: Script, end: date, days: OfficeDays) -> list[date]:
    """The day of each step."""
    anchor = script.anchor
    found = [days.ago(end, script.ago)]
    for step in reversed(script.steps[1 : anchor + 1]):
        found.insert(0, days.before(found[0], step.gap))
    for step in script.steps[anchor + 1 :]:
        found.append(min(end, days.after(found[-1], step.gap)))
    return found


def _acts(script: Script, place: int, on: Sequence[date]) -> list[Act]:
    acts: list[Act] = []
    minute = 0
    for number, (step, day) in enumerate(zip(script.steps, on, strict=True)):
        same_day = number > 0 and on[number - 1] == day
        spread = (place * 37 + number * 11) % SPREAD_MINUTES
        minute = min(minute + STEP_MINUTES, LAST_MINUTE) if same_day else spread
        at = moment(day, minute)
        late = LATE if script.late and number == 0 else timedelta(0)
        before = sum(earlier.what == step.what for earlier in script.steps[:number])
        acts.append(Act(at, at - LAG - late, script, step, number, before, on[0]))
    return acts
