"""Addresses and forms of the people room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.security import check_text
from workflows.cases.handover import HandOver
from workflows.errors import FieldError, InvalidFormError, InvalidInputError
from workflows.messages import Message

BACK_TO_ALL = "-"
"""Chosen instead of a username: give everything back to everybody who may claim it."""
MOST_REASON = 1000
MOST_ITEMS = 1_000_000


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of the list says."""

    q: str = ""
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a handover came: items handed over, items that stayed, and all there were."""

    done: int = 0
    refused: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Revocation:
    """Why a seal certificate is to be revoked; `is_sure`: what follows was shown and read."""

    cause: str
    reason: str
    is_sure: bool = False


def read_revocation(form: Mapping[str, str]) -> Revocation:
    """Whatever was typed; what is wrong with it is said beside the fields."""
    reason = check_text(form.get("reason", "")).strip()
    return Revocation(check_text(form.get("cause", ""))[:40], reason, "_sure" in form)


def read_address(args: Mapping[str, str]) -> Address:
    """Whatever was asked; a malformed cursor is refused where it is used."""
    return Address(args.get("q", "").strip()[:60], args.get("cursor", "")[:400])


def read_choice(values: Mapping[str, str]) -> str | None:
    """The username chosen, `BACK_TO_ALL`, or None while nobody is."""
    return check_text(values.get("to", "").strip())[:80] or None


def read_hand_over(username: str, form: Mapping[str, str]) -> HandOver:
    """InvalidFormError without a reason, InvalidInputError without anybody to go to."""
    to, reason = read_choice(form), check_text(form.get("reason", "")).strip()
    if to is None:
        raise InvalidInputError("web.choose_person")
    if not reason:
        raise InvalidFormError([FieldError("/reason", Message("cases.reason_missing"))])
    after = form.get("after", "") or None
    return HandOver(username, None if to == BACK_TO_ALL else to, reason[:MOST_REASON], after)


def read_progress(form: Mapping[str, str]) -> Progress:
    """What the page before has counted; only shown, never relied on."""
    return Progress(*(_number(form.get(name, "0")) for name in ("done", "refused", "total")))


def read_last_day(form: Mapping[str, str]) -> date:
    """InvalidInputError for anything that is no day."""
    try:
        return date.fromisoformat(form.get("last_on", ""))
    except ValueError as error:
        raise InvalidInputError("web.bad_day") from error


def _number(text: str) -> int:
    well_formed = text.isascii() and text.isdigit() and len(text) < 10
    return min(int(text), MOST_ITEMS) if well_formed else 0
