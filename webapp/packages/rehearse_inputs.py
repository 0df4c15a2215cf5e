"""What people send in a rehearsal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict

from webapp.security import check_text
from workflows.errors import FieldError, InvalidFormError, InvalidInputError
from workflows.formspec import Form, apply_action, parse_submission
from workflows.messages import Message
from workflows.rollout.scenarios.rehearsal import LONGEST_ADVANCE

ACTION, REVISION = "_action", "_revision"
MOST_LINES = 40
LONGEST_TEXT = 500
Posted = ImmutableMultiDict[str, str]
_LINE = re.compile(r"([a-z][a-z0-9_]*)\s*[=\uff1d]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says: which start form or task, and as whom; "" for nothing."""

    start: str = ""
    task: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A posted form. `action`: a button of the form itself, "" for the one that sends it."""

    raw: Mapping[str, Any]
    action: str


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message from outside as typed. `lines`: `name=value`, one a line."""

    name: str = ""
    who: str = ""
    outcome: str = ""
    reason: str = ""
    lines: str = ""

    @property
    def payload(self) -> dict[str, Any]:
        """Without what was left empty. Raises InvalidFormError for a line that is none."""
        said = {"outcome": self.outcome, "reason": self.reason, "data": _read_lines(self.lines)}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class SentKeep:
    """How the walk shall be kept. `way`: draft | file."""

    name: str = ""
    title: str = ""
    way: str = "draft"


def read_chosen(args: Mapping[str, str]) -> Chosen:
    """From the address."""
    return Chosen(*(check_text(args.get(name, ""))[:120] for name in ("start", "task", "as")))


def read_form(form: Form | None, posted: Posted) -> Sent:
    """What was typed, still as typed. Raises InvalidInputError for what no page of ours sends."""
    for name, value in posted.items(multi=True):
        check_text(name)
        check_text(value)
    if form is None:
        return Sent({}, "")
    raw, action = parse_submission(form, posted.to_dict(flat=False)), posted.get(ACTION, "")
    return Sent(apply_action(form, raw, action) if action else raw, action)


def read_revision(posted: Posted) -> int:
    """What the page was made from. Raises InvalidInputError."""
    text = posted.get(REVISION, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInputError("web.bad_request")
    return int(text)


def read_days(posted: Posted) -> timedelta:
    """How many days shall pass. Raises InvalidFormError for what is no such number."""
    text = posted.get("days", "").strip()
    most = LONGEST_ADVANCE.days
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= most:
        return timedelta(days=int(text))
    raise InvalidFormError([FieldError("/days", Message("rollout.rehearsal_days", {"most": most}))])


def read_message(posted: Posted) -> SentMessage:
    """A message, or the parties' withdrawal."""
    names = ("name", "as", "outcome", "reason", "lines")
    return SentMessage(*(check_text(posted.get(one, "").strip())[:LONGEST_TEXT] for one in names))


def read_keep(posted: Posted) -> SentKeep:
    """Name and title of the scenario."""
    name, title = (check_text(posted.get(one, "").strip())[:200] for one in ("name", "title"))
    return SentKeep(name, title, "file" if posted.get("way") == "file" else "draft")


def _read_lines(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines()[:MOST_LINES], 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            why = Message("rollout.rehearsal_line", {"number": number})
            raise InvalidFormError([FieldError("/lines", why)])
        found[match[1]] = match[2]
    return found
