"""The people and units scenarios are walked with: the demo's, read without a database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from workflows.errors import InvalidInputError
from workflows.organisation import role_names
from workflows.organisation.demo import FOLDER


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as expressions see it. `county`: code of the county above it, "" above counties."""

    code: str
    name: str
    short_name: str
    kind: str
    county: str

    @property
    def facts(self) -> dict[str, str]:
        """The read-only name `unit`."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "county": self.county,
        }


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account with its posts (role, unit code) on the day of the scenario."""

    username: str
    name: str
    posts: tuple[tuple[str, str], ...]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.posts)


class Office:
    """Finds accounts and units by what a scenario writes."""

    def __init__(self, places: Mapping[str, Place], accounts: Mapping[str, _Account]) -> None:
        self._places, self._accounts = places, accounts

    @classmethod
    def demo(cls) -> Office:
        """The office of the demo data."""
        return _demo()

    def place(self, code: str) -> Place:
        """Raises InvalidInputError for a unit nobody knows."""
        if code not in self._places:
            raise InvalidInputError("rollout.unknown_unit", unit=code)
        return self._places[code]

    def colleague(self, who: str, on: date) -> Colleague:
        """A demo account, or one made for `role@unit-code`. Raises InvalidInputError."""
        known = self._accounts.get(who)
        if known is not None:
            held = tuple((p.role, p.unit) for p in known.posts if p.holds(on))
            return Colleague(who, known.name, held)
        role, at, unit = who.partition("@")
        if not at or role not in role_names():
            raise InvalidInputError("rollout.unknown_account", who=who)
        return Colleague(who, who, ((role, self.place(unit).code),))

    def places(self) -> tuple[Place, ...]:
        """All units, from the top down."""
        return tuple(self._places.values())

    def colleagues(self, on: date) -> tuple[Colleague, ...]:
        """All accounts with the posts they hold that day, by username."""
        return tuple(self.colleague(username, on) for username in sorted(self._accounts))

    def holders(self, role: str, unit: str, on: date) -> tuple[str, ...]:
        """Usernames of the demo accounts that hold a role in a unit, sorted."""
        return tuple(
            username
            for username in sorted(self._accounts)
            if (role, unit) in self.colleague(username, on).posts
        )


@dataclass(frozen=True, slots=True)
class _Post:
    role: str
    unit: str
    start: date
    end: date | None

    def holds(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class _Account:
    name: str
    posts: tuple[_Post, ...]


@cache
def _demo() -> Office:
    people = {row[0]: row for row in _read("people.json")}
    accounts = {username: _account(people[key]) for username, key in _read("accounts.json")}
    return Office(_places(), MappingProxyType(accounts))


def _account(row: list[Any]) -> _Account:
    posts = tuple(
        _Post(role, unit, date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for role, unit, start, end in row[6]
    )
    return _Account(str(row[1]), posts)


def _places() -> Mapping[str, Place]:
    places: dict[str, Place] = {}
    for code, name, short_name, kind, _level, parent, *_ in _read("units.json"):
        county = code if kind == "县" else (places[parent].county if parent in places else "")
        places[code] = Place(code, name, short_name, kind, county)
    return MappingProxyType(places)


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
