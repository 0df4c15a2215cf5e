"""The clock behind `now()` and `today()`: a port, so that nothing has to depend on real time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

_ZONE = "Asia/Shanghai"
_clock: ContextVar[Callable[[], datetime] | None] = ContextVar("feel_clock", default=None)


def moment() -> datetime:
    """The present, with its zone: that of the port, else the system's in Asia/Shanghai."""
    clock = _clock.get()
    return datetime.now(ZoneInfo(_ZONE)) if clock is None else clock()


@contextmanager
def using_day(day: date) -> Iterator[None]:
    """Within the block `today()` is this day and `now()` its first moment in Asia/Shanghai."""
    with using_clock(lambda: datetime.combine(day, time(), tzinfo=ZoneInfo(_ZONE))):
        yield


@contextmanager
def using_clock(clock: Callable[[], datetime]) -> Iterator[None]:
    """Within the block `now()` is what `clock` says (an aware date-time)."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)
