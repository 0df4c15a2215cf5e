"""Deadlines → an iCalendar file (RFC 5545): numbers, tasks and dates, no names, no matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp.pages.formats import SHANGHAI, local
from workflows.cases.queries.deadlines import Deadline
from workflows.messages import Message, say

REFRESH = timedelta(hours=1)
"""How often a calendar program should look again (RFC 7986 section 5.7)."""
DAY = timedelta(days=1)


def write_calendar(
    deadlines: Sequence[Deadline], *, base: str, language: str, now: datetime
) -> bytes:
    """The file. `base`: the site's address without a slash at its end. A limit that ends with a
    day is an event of that whole day, any other one a moment."""
    # Only this address needs it: every server process would carry it otherwise.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Fengqiao//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = say(Message("notices.calendar_name"), language)
    for key, value in (("name", name), ("x-wr-calname", name), ("x-wr-timezone", SHANGHAI.key)):
        calendar.add(key, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for deadline in deadlines:
        calendar.add_component(_event(deadline, base, language, now))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(deadline: Deadline, base: str, language: str, now: datetime):  # type: ignore[no-untyped-def]
    from icalendar import Event

    event = Event()
    event.add("uid", f"{deadline.item}@fengqiao")
    event.add("dtstamp", now)
    event.add("summary", _summary(deadline, language))
    due = local(deadline.due_at)
    if due.time() == datetime.min.time():
        event.add("dtstart", due.date() - DAY)
        event.add("dtend", due.date())
    else:
        event.add("dtstart", due)
        event.add("dtend", due)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("url", f"{base}/tasks/{deadline.item}")
    event.add("description", f"{base}/tasks/{deadline.item}")
    return event


def _summary(deadline: Deadline, language: str) -> str:
    """任务 · 案号, or the number alone where the case is restricted. A date that can still move
    says so first."""
    words = deadline.case_number
    if deadline.title is not None:
        key = "en" if language == "en" else "zh"
        words = f"{deadline.title.get(key) or deadline.title['zh']} · {words}"
    if deadline.is_final:
        return words
    return say(Message("notices.calendar_provisional", {"words": words}), language)
