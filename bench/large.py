"""A case with thirty parties and a hundred sessions: is its last step as quick as its first?

Through the use cases, on both databases. New cases of thirty parties and one that has held its
hundred sessions take turns. Beside them the checks of the whole package.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.figures import Figure, Timed, interleave, timed
from bench.installation import DIALECTS, Installation, installed
from bench.mediation import case_before_its_session, find_waiting, go_round
from tests.factories.rollout import KEY, ROOT
from workflows.catalogue.gate import check
from workflows.catalogue.source import read_folder
from workflows.wording.expressions import read_once

MANY = "thirty_parties"
SESSIONS = 100
MOST_AGEING = 1.5
MOST_CHECK_MS = 300
ROUNDS, WARM_UP = 20, 3


def measure() -> Iterator[Figure]:
    """The first session against the hundredth, and the gate."""
    for dialect in DIALECTS:
        with installed(dialect) as house:
            yield from _sessions(house)
    yield interleave(ROUNDS, gate=timed(_first_check))["gate"].in_ms(
        "packages check of people_mediation", MOST_CHECK_MS
    )


def _first_check() -> None:
    """As a new process does it: nothing of the package is remembered."""
    read_once.cache_clear()
    check(read_folder(ROOT, KEY))


def _sessions(house: Installation) -> Iterator[Figure]:
    new = [case_before_its_session(house, MANY) for _ in range(ROUNDS + WARM_UP)]
    old = go_round(house, case_before_its_session(house, MANY), SESSIONS).run_id
    fresh: Timed = timed(lambda: go_round(house, new.pop(), 1))

    def once_more() -> float:
        waiting = find_waiting(house, old)
        return timed(lambda: go_round(house, waiting, 1))()

    spreads = interleave(ROUNDS, warm_up=WARM_UP, first=fresh, last=once_more)
    yield spreads["first"].in_ms(f"first session of thirty parties ({house.dialect})")
    yield spreads["last"].against(
        spreads["first"], f"… the hundredth against it ({house.dialect})", MOST_AGEING
    )
