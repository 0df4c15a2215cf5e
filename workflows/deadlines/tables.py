"""Rules and calendars that an office has entered; the built-in ones are files, not rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage.base import Base
from workflows.storage.types import Json

ALWAYS = date(1900, 1, 1)
"""`effective_on` of a rule that applies to every base (a key column holds no NULL)."""


class DeadlineRuleRow(Base):
    """One version of a rule for one unit and the units below it."""

    __tablename__ = "deadline_rule"

    unit_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    """"" stands for the whole installation."""
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    effective_on: Mapped[date] = mapped_column(Date, primary_key=True)
    """First base day it applies to."""
    body: Mapped[Any] = mapped_column(Json)
    """As a table of `data/rules.toml`, without `effective_on`."""
    entered_at: Mapped[datetime]


class CalendarYearRow(Base):
    """That a unit has entered a year. Only the installation's ("") make a year known."""

    __tablename__ = "calendar_year"

    unit_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(300))
    entered_at: Mapped[datetime]


class CalendarDayRow(Base):
    """One day of such a year that is not what its weekday says."""

    __tablename__ = "calendar_day"

    unit_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """rest | work"""
    name: Mapped[str] = mapped_column(String(60))
