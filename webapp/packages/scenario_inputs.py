"""What people send about scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.security import check_text
from workflows.rollout.scenarios.edit import LONGEST

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """A scenario as it was typed. `old`: the name it had, "" for a new one."""

    old: str
    name: str
    content: str


def read_name(values: Mapping[str, str]) -> str:
    """The scenario that is meant, "" for a new one."""
    return check_text(values.get("name", "").strip())[:LONGEST_NAME]


def read_sent(form: Mapping[str, str]) -> Sent:
    """What was typed; lines end as files have it. One character more than may be is kept, so that
    a text that is too long is refused and not cut."""
    content = check_text(form.get("content", "").replace("\r\n", "\n").strip())
    old = check_text(form.get("old", ""))[:LONGEST_NAME]
    return Sent(old, read_name(form), f"{content[:LONGEST]}\n" if content else "")
