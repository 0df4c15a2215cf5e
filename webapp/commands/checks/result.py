"""One line of the doctor's answer, and what checks are given to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from webapp.settings import Settings
from workflows.messages import Message
from workflows.storage import Database, Session

OK, WARN, BAD = "ok", "warn", "bad"


@dataclass(frozen=True, slots=True)
class Result:
    """`check`: stable name. `level`: ok | warn | bad. `message`: what is so, and what to do."""

    check: str
    level: str
    message: Message


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation under examination. `now`: the machine's time, aware UTC."""

    settings: Settings
    database: Database
    now: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """The same with an open session, for checks of what is stored. `offices_now`: the time the
    offices live in, moved where the test clock is."""

    patient: Patient
    session: Session
    offices_now: datetime


Findings: TypeAlias = Iterator[tuple[str, Message]]
"""(level, message): what a check yields."""
PatientCheck: TypeAlias = Callable[[Patient], Findings]
ReadingCheck: TypeAlias = Callable[[Reading], Findings]


def told(code: str, **params: object) -> Message:
    """A sentence of `workflows/texts/operating.toml`, its code without the prefix."""
    return Message(f"doctor.{code}", params)
