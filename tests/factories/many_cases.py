"""A demo with many cases, for whoever lets past cases walk through a new version.

`python -m tests.factories.many_cases` prepares the installation its environment names, as
`fengqiao demo` does, with CASES cases of people's mediation instead of the usual ones: every act of
them through the use cases of the site. Which they are depends on nothing but SEED.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from webapp.commands.demo import prepare
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.rollout.demo import build_demo_cases
from workflows.rollout.demo.plan import Script, read_disputes, read_scripts

CASES = 198
SEED = 2026
LIMIT = 50_000
"""Yuan; the amounts are spread around it."""
LEAST, MOST = 800, 160_000
PLAIN = frozenset(
    {
        "open",
        "review_acceptance",
        "ask_consent",
        "inform_rights",
        "assign_mediator",
        "hold_session",
        "close_case",
        "tell_other_routes",
        "withdraw",
    }
)
"""Acts of a case that may be lived once more by others."""
LATER_WORKING_DAYS = 6
"""A copy is at most so much older than what it is copied from, so that no time limit makes it
another story."""

Disputes = Mapping[str, Mapping[str, Any]]


@cache
def many() -> tuple[tuple[Script, ...], Disputes]:
    """The demo's cases nobody has restricted, and copies of the plain ones about other amounts."""
    chance, disputes = random.Random(SEED), dict(read_disputes())
    scripts = [one for one in read_scripts() if all(step.what != "seal" for step in one.steps)]
    plain = [one for one in scripts if _is_plain(one)]
    for number in range(len(scripts), CASES):
        like = chance.choice(plain)
        key = f"{like.dispute}_{number}"
        amount = chance.randint(LEAST, MOST)
        disputes[key] = {**disputes[like.dispute], "amount": f"{amount}.00"}
        ago = f"{int(like.ago[:-1]) + chance.randint(0, LATER_WORKING_DAYS)}w"
        scripts.append(replace(like, key=key, dispute=key, ago=ago))
    return tuple(scripts), disputes


def over_the_limit() -> int:
    """How many of them were told of their rights in a matter of more than LIMIT."""
    scripts, disputes = many()
    return sum(
        _passes(one, "inform_rights") and float(disputes[one.dispute].get("amount", 0)) > LIMIT
        for one in scripts
    )


def _is_plain(script: Script) -> bool:
    is_counted_back = script.ago.endswith("w") and script.anchor == len(script.steps) - 1
    return is_counted_back and all(step.what in PLAIN for step in script.steps)


def _passes(script: Script, element: str) -> bool:
    return any(step.what == element for step in script.steps)


def build_many(platform: Platform, **_usual: object) -> int:
    """The cases; no letters between offices."""
    scripts, disputes = many()
    return build_demo_cases(platform, scripts=scripts, disputes=disputes)


if __name__ == "__main__":
    prepare(Settings.from_environment(), build_many)
