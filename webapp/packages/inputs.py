"""What people send about packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from webapp.security import check_text
from workflows.catalogue.source import MAX_TOTAL_BYTES
from workflows.errors import InvalidInputError
from workflows.rollout.events import LONGEST_NOTES
from workflows.rollout.own_ways import TakeOver

MOST_NUMBER = 999_999_999


@dataclass(frozen=True, slots=True)
class Asked:
    """Which two versions; `old` None: what counts now. `at`: an element to point at, "" none."""

    old: int | None
    new: int
    at: str = ""


def read_pair(args: Mapping[str, str]) -> Asked:
    """Raises InvalidInputError where a number is none."""
    old = args.get("from", "")
    return Asked(
        _number(old) if old else None, _number(args.get("to", "")), args.get("at", "")[:120]
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:12]) <= MOST_NUMBER:
        raise InvalidInputError("package.no_number")
    return int(text)


def read_zip_file(files: Mapping[str, FileStorage]) -> bytes:
    """The bytes that were sent. Raises InvalidInputError where no file was."""
    sent = files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInputError("package.no_file")
    return sent.stream.read(MAX_TOTAL_BYTES + 1)


def read_notes(form: Mapping[str, str]) -> str:
    """What somebody wrote beside the act, "" for nothing."""
    return check_text(form.get("notes", "").strip())[:LONGEST_NOTES]


def read_whom(form: Mapping[str, str]) -> str:
    """Username of who is asked, "" for everybody who can be."""
    return check_text(form.get("whom", ""))[:80]


def read_take_over(package: str, number: int, form: MultiDict[str, str]) -> TakeOver:
    """Which pieces were ticked. What is no id stands for a version that does not count."""
    newest = form.get("newest", "")
    is_id = newest.isascii() and newest.isdigit() and len(newest) < 20
    keys = frozenset(form.getlist("piece"))
    return TakeOver(package, number, int(newest) if is_id else 0, keys, read_notes(form))


def read_unit(form: Mapping[str, str]) -> str:
    """The unit whose own way it is, "" for everybody's."""
    return check_text(form.get("unit", ""))[:64]
