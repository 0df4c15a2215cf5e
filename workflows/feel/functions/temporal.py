"""Date and time functions. DMN 1.5 §10.3.4.9 (calendar) and §10.3.4.10 (clock)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from workflows.feel.clock import moment
from workflows.feel.far import FarDate, FarDateTime, near
from workflows.feel.signatures import built_in
from workflows.feel.values import Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _of_date(name: str) -> Callable[[Callable[[date], Value]], None]:
    """Declares a function of a date or a date-time."""

    def declare(body: Callable[[date], Value]) -> None:
        @built_in(name, "date: any")
        def checked(value: Value) -> Value:
            if type(value) is list and len(value) == 1:
                value = value[0]
            if isinstance(value, FarDateTime):
                value = value.day
            return body(near(value)) if isinstance(value, (date, FarDate)) else None

    return declare


@_of_date("day of year")
def _day_of_year(value: date) -> Decimal:
    return Decimal(value.timetuple().tm_yday)


@_of_date("day of week")
def _day_of_week(value: date) -> str:
    return _DAYS[value.weekday()]


@_of_date("month of year")
def _month_of_year(value: date) -> str:
    return _MONTHS[value.month - 1]


@_of_date("week of year")
def _week_of_year(value: date) -> Decimal:
    """ISO 8601."""
    return Decimal(value.isocalendar().week)


@built_in("now", "")
def now() -> datetime:
    """The present of the clock port."""
    return moment()


@built_in("today", "")
def today() -> date:
    """The day of the clock port."""
    return moment().date()
