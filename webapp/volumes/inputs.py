"""Addresses and forms of the volumes → plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.security import check_text
from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.volumes.review import items

POINTS = "points-"
"""Before an item's key: the name of its input."""


@dataclass(frozen=True, slots=True)
class Address:
    """Which run and which of its volumes; None for the newest."""

    run: str | None
    number: int | None


def read_address(args: Mapping[str, str]) -> Address:
    """InvalidInputError for a number that is none."""
    text = args.get("number", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise InvalidInputError("web.unknown_choice", name=Message("volumes.field_number"))
    return Address(check_text(args.get("run", ""))[:40] or None, int(text) if text else None)


def read_retention(form: Mapping[str, str]) -> str:
    """The class as chosen; the volumes room knows which there are."""
    return check_text(form.get("retention", ""))[:20]


def read_reason(form: Mapping[str, str]) -> str:
    """Why a case is held."""
    return check_text(form.get("reason", "").strip())[:300]


def read_points(form: Mapping[str, str]) -> dict[str, int]:
    """Item key → points; an input that holds no whole number is left out."""
    typed = {item.key: form.get(f"{POINTS}{item.key}", "").strip() for item in items()}
    return {
        key: int(text)
        for key, text in typed.items()
        if text.isascii() and text.isdigit() and len(text) <= 4
    }


def read_note(form: Mapping[str, str]) -> str:
    """What the reviewer wrote."""
    return check_text(form.get("note", "").strip())[:500]
