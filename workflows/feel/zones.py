"""Time zones: fixed offsets and names of the IANA database. DMN 1.5 §10.3.2.3.4–5."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})(?::(\d{2}))?", re.ASCII)
MAX_OFFSET = timedelta(hours=18)
"""Farthest offset from UTC that FEEL's type of times admits."""


@cache
def _known_names() -> frozenset[str]:
    return frozenset(available_timezones())


def read_zone(text: str) -> tzinfo | None:
    """`Z`, `+08:00`, `@Asia/Shanghai` as a zone; None where it is none of them."""
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return ZoneInfo(text[1:]) if text[1:] in _known_names() else None
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4))
    if minutes > 59 or seconds > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return fixed_zone(-offset if match.group(1) == "-" else offset)


def fixed_zone(offset: timedelta) -> tzinfo | None:
    """The zone that is always `offset` ahead of UTC; None beyond 18 hours."""
    if abs(offset) > MAX_OFFSET:
        return None
    return timezone(offset) if offset else UTC


def zone_text(zone: tzinfo | None) -> str:
    """How a zone is written behind a time; "" for a local time."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None)
    assert offset is not None
    if not offset:
        return "Z"
    sign = "-" if offset < timedelta(0) else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    text = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def offset_of(value: datetime | time) -> timedelta | None:
    """Distance from UTC; None for local times. A bare time of a named zone has the zone's
    standard distance, since no date says which half of the year it is."""
    offset = value.utcoffset()
    if offset is None and value.tzinfo is not None:
        winter = datetime(2000, 1, 1, tzinfo=value.tzinfo)
        offset = (winter.utcoffset() or timedelta(0)) - (winter.dst() or timedelta(0))
    return offset


def zone_name(value: datetime | time) -> str | None:
    """The IANA name of the value's zone; None for an offset or a local time."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
