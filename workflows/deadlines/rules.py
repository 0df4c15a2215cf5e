"""A time limit as data: how long, how it is counted, where the law says so."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from workflows.errors import RuleError
from workflows.messages import Message

BUILT_IN = Path(__file__).parent / "data" / "rules.toml"

Unit: TypeAlias = Literal["d", "wd", "mo", "y"]
"""Days, working days, months, years."""
Titles: TypeAlias = Mapping[str, str]
"""{"zh": …, "en": …}"""


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a limit may be moved.

    `cap`: most days added altogether, in days (working days for a `wd` rule); None: the law
    names no cap. `consent`: "parties" where every party must agree, else "". `approval`: ability
    of the one who must approve, else "".
    """

    cap: int | None
    consent: str
    approval: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One time limit.

    `length` in `unit`. `start_excluded`: the first day counted is the day after the base
    (民诉法 85, 民法典 201). `rolls`: a last day that is a rest day moves to the first day after.
    `pauses`: reasons for which time does not run. `warn_before`: days before the end (working days
    for a `wd` rule) when the clock turns “soon”. `notice`: kind of the document that tells the
    parties about an extension, or "". `effective_on`: first base the rule applies to, None =
    always. `version` changes with any of these.
    """

    key: str
    title: Titles
    length: int
    unit: Unit
    start_excluded: bool
    rolls: bool
    pauses: tuple[str, ...]
    extension: Extension | None
    article: Titles
    warn_before: tuple[int, ...]
    version: str
    notice: str = ""
    effective_on: date | None = None

    def length_words(self) -> Message:
        """30日, 5个工作日, 1个月, 3年, in the rule's own unit."""
        return length_words(self.length, self.unit)


def length_words(length: int, unit: str) -> Message:
    """A length in words; `unit` as in `Rule`."""
    one = ".one" if length == 1 else ""
    return Message(f"deadline.length.{unit}{one}", {"n": length})


def build_rule(key: str, row: Mapping[str, Any]) -> Rule:
    """A rule from a table of the rules file, or from the JSON body of a stored row.

    Shape: title_zh, title_en, article_zh, article_en, length, unit, version and optionally
    start_excluded (true), rolls (true), pauses, warn_before, extension {cap, consent, approval},
    notice, effective_on. Raises ValueError for a length below 0 or an unknown unit.
    """
    unit = str(row["unit"])
    length = int(row["length"])
    if unit not in get_args(Unit) or length < 0:
        raise ValueError(f"{key}: length {length} {unit}")
    effective = row.get("effective_on")
    return Rule(
        key=key,
        title={"zh": str(row["title_zh"]), "en": str(row["title_en"])},
        length=length,
        unit=cast(Unit, unit),
        start_excluded=bool(row.get("start_excluded", True)),
        rolls=bool(row.get("rolls", True)),
        pauses=tuple(row.get("pauses", ())),
        extension=_build_extension(row.get("extension")),
        article={"zh": str(row["article_zh"]), "en": str(row["article_en"])},
        warn_before=tuple(int(days) for days in row.get("warn_before", ())),
        version=str(row["version"]),
        notice=str(row.get("notice", "")),
        effective_on=date.fromisoformat(effective) if isinstance(effective, str) else effective,
    )


def _build_extension(row: Mapping[str, Any] | None) -> Extension | None:
    if row is None:
        return None
    cap = row.get("cap")
    return Extension(
        cap=None if cap is None else int(cap),
        consent=str(row.get("consent", "")),
        approval=str(row.get("approval", "")),
    )


@cache
def load_built_in_rules() -> Mapping[str, Rule]:
    """The rules that come with the product, by key."""
    tables = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    return {key: build_rule(key, row) for key, row in tables.items()}


def check_extension(rule: Rule, days: int, *, already: int = 0) -> None:
    """Raises RuleError if `rule` may not be extended by `days` after `already` added days."""
    if rule.extension is None:
        raise RuleError("deadline.not_extendable", **article_words(rule))
    if days < 1:
        raise RuleError("deadline.extension_too_small")
    cap = rule.extension.cap
    if cap is not None and already + days > cap:
        raise RuleError(
            "deadline.extension_over_cap",
            cap=cap,
            left=max(cap - already, 0),
            **article_words(rule),
        )


def article_words(rule: Rule) -> dict[str, str]:
    """Title and article in both languages, as parameters of a sentence."""
    return {
        "title_zh": rule.title["zh"],
        "title_en": rule.title["en"],
        "article_zh": rule.article["zh"],
        "article_en": rule.article["en"],
    }
