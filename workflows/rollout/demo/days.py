"""Days on which the demo's offices work. Pure.

Where a year has no calendar yet only weekends are rest days: the demo must be buildable on any day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from workflows.deadlines.calendar import DAY, Calendar, UnknownYearError
from workflows.deadlines.compute import add_length
from workflows.storage.clock import LOCAL

CLOSING = time(18)
"""After this hour a working day counts as over."""

MORNING, NOON, AFTERNOON = 8 * 60 + 40, 12 * 60, 14 * 60 + 30
"""Minutes of the local day: office hours begin, lunch begins, lunch ends."""


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """Working days by one calendar."""

    calendar: Calendar

    def is_rest(self, day: date) -> bool:
        try:
            return self.calendar.is_rest(day)
        except UnknownYearError:
            return day.weekday() >= 5

    def last_over(self, now: datetime) -> date:
        """The newest working day that is over at `now`: no act of the demo is later."""
        local = now.astimezone(LOCAL)
        day = local.date() if local.time() >= CLOSING else local.date() - DAY
        return self.at_or_before(day)

    def at_or_before(self, day: date) -> date:
        while self.is_rest(day):
            day -= DAY
        return day

    def at_or_after(self, day: date) -> date:
        while self.is_rest(day):
            day += DAY
        return day

    def ago(self, end: date, text: str) -> date:
        """The working day so long before `end`, never after it: "3w", "42d" (or the working day
        after them), "m3" the day whose month is up three days after `end`."""
        if text.endswith("w"):
            return self.before(end, text)
        if text.startswith("m"):
            due = end + timedelta(int(text[1:]))
            day = due - timedelta(31)
            while add_length(day, 1, "mo") < due:
                day += DAY
        else:
            day = end - timedelta(int(text.removesuffix("d")))
        return min(end, self.at_or_after(day))

    def before(self, day: date, gap: str) -> date:
        """The working day `gap` before: "3w" working days, "42d" days (or the working day
        before them), "0" the day itself."""
        if gap.endswith("d"):
            return self.at_or_before(day - timedelta(int(gap[:-1])))
        for _ in range(int(gap.removesuffix("w"))):
            day = self.at_or_before(day - DAY)
        return day

    def after(self, day: date, gap: str) -> date:
        """The same forward; natural days end on the working day after them."""
        if gap.endswith("d"):
            return self.at_or_after(day + timedelta(int(gap[:-1])))
        for _ in range(int(gap.removesuffix("w"))):
            day = self.at_or_after(day + DAY)
        return day


def moment(day: date, worked_minutes: int) -> datetime:
    """The instant (UTC) after so many minutes of office hours, lunch left out."""
    minutes = MORNING + worked_minutes
    if minutes >= NOON:
        minutes += AFTERNOON - NOON
    local = datetime.combine(day, time(minutes // 60, minutes % 60), LOCAL)
    return local.astimezone(UTC)
