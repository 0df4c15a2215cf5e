"""Which rule and which calendar count for a unit: the nearest ancestor that has its own wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from workflows.deadlines.calendar import Calendar, CalendarYear, load_built_in_years
from workflows.deadlines.compute import Due, compute_due, local_day
from workflows.deadlines.rules import Rule, load_built_in_rules
from workflows.errors import InvalidInputError

if TYPE_CHECKING:
    from workflows.storage import Session

INSTALLATION = ""
"""The unit code under which rows for the whole installation stand."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What offices have added to the built-in data, by unit code ("" = whole installation).

    `lineage`: unit code → codes from the top unit down to itself. A unit that is missing has no
    ancestors.
    """

    rules: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    years: Mapping[str, Sequence[CalendarYear]] = field(default_factory=dict)
    lineage: Mapping[str, Sequence[str]] = field(default_factory=dict)


class RuleBook:
    """An unchanging snapshot of all rules and calendars; safe to share between threads."""

    def __init__(self, overrides: Overrides | None = None) -> None:
        self._built_in = load_built_in_rules()
        self._overrides = overrides or Overrides()
        self._calendars: dict[tuple[str, ...], Calendar] = {}

    @classmethod
    def built_in(cls) -> RuleBook:
        """Only what comes with the product: what the pure world and the gate use."""
        return cls()

    @classmethod
    def load(cls, session: Session) -> RuleBook:
        """The built-in data with the rows of `tables.py` on top. Reads only."""
        # Here, so that computing a date needs neither tables nor units.
        from workflows.deadlines.stored import load_overrides

        return cls(load_overrides(session))

    @classmethod
    def load_as_if(cls, session: Session, unit: str, year: CalendarYear) -> RuleBook:
        """The book there would be if `unit` ("" = whole installation) had entered `year`."""
        from workflows.deadlines.stored import load_overrides

        return cls(load_overrides(session, (unit, year)))

    @property
    def keys(self) -> tuple[str, ...]:
        """All rule keys, sorted, those of single units too."""
        own = {rule.key for rules in self._overrides.rules.values() for rule in rules}
        return tuple(sorted(own | set(self._built_in)))

    def rule(self, key: str, unit: str | None = None, on: date | None = None) -> Rule:
        """The rule of a unit for a base on `on` (None: the newest).

        Of the nearest ancestor's rows the newest already in force wins. Raises InvalidInputError
        for a key nobody has defined.
        """
        for code in reversed(self._chain(unit)):
            rows = [r for r in self._overrides.rules.get(code, ()) if _applies(r, key, on)]
            if rows:
                return max(rows, key=lambda r: r.effective_on or date.min)
        if key not in self._built_in:
            raise InvalidInputError("deadline.unknown_rule", rule=key, known=", ".join(self.keys))
        return self._built_in[key]

    def calendar(self, unit: str | None = None) -> Calendar:
        """The calendar of a unit: the national years, then every ancestor's own days."""
        chain = tuple(code for code in self._chain(unit) if code in self._overrides.years)
        if chain not in self._calendars:
            own = [self._overrides.years[code] for code in chain if code != INSTALLATION]
            self._calendars[chain] = Calendar(self._national(), *own)
        return self._calendars[chain]

    def due(
        self,
        rule_key: str,
        base: date | datetime | str,
        unit: str | None = None,
        *,
        excluded: Sequence[tuple[date, date]] = (),
        extended_days: int = 0,
    ) -> Due:
        """The due date of a rule for a unit; `base` may be ISO text. See `compute_due`."""
        start = parse_base(base) if isinstance(base, str) else base
        rule = self.rule(rule_key, unit, local_day(start))
        return compute_due(
            rule, start, self.calendar(unit), excluded=excluded, extended_days=extended_days
        )

    def _chain(self, unit: str | None) -> tuple[str, ...]:
        """Codes from the installation down to the unit."""
        if unit is None:
            return (INSTALLATION,)
        return (INSTALLATION, *self._overrides.lineage.get(unit, (unit,)))

    def _national(self) -> Iterable[CalendarYear]:
        """Built-in years, each replaced by the installation's own where it has one."""
        years = {year.year: year for year in load_built_in_years()}
        years |= {year.year: year for year in self._overrides.years.get(INSTALLATION, ())}
        return years.values()


def parse_base(text: str) -> date | datetime:
    """An ISO date or date-time. Raises InvalidInputError."""
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("deadline.base_malformed", text=text[:40]) from error


def _applies(rule: Rule, key: str, on: date | None) -> bool:
    in_force = rule.effective_on is None or on is None or rule.effective_on <= on
    return rule.key == key and in_force
