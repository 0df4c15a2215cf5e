"""Running cases of people's mediation at every step of every scenario, each to four other versions:
how many went, how many stayed, how long one takes. Some 1,300 cases and several minutes.

Fails where a case that went does not complete, one that stayed gives no reason, or a clock changes.
"""

from __future__ import annotations

import time

from bench.figures import Figure
from tests.engine.test_migrate_p1 import EXPECTED, check, walks
from tests.factories.engine_walk import facts_of, full_case, full_version
from tests.factories.p1_versions import CHANGES
from workflows.cases.decision import today_of
from workflows.engine.environment import World
from workflows.engine.migrate import migrate_state

TIMES = 50


def measure() -> list[Figure]:
    """Cases that went and stayed, and milliseconds for one state with its trial on a copy."""
    went = stayed = 0
    for change in CHANGES:
        walked = walks(change, 1)
        why = check(change, walked)
        if set(why) != set(EXPECTED[change]):
            raise AssertionError(f"{change}: {sorted(why)}")
        stayed += why.total()
        went += len(walked) - why.total()
    return [
        Figure("cases moved at every step, completed", went, "cases"),
        Figure("cases that stayed, with their reason", stayed, "cases"),
        Figure("moving one state, tried on a copy", _milliseconds(), "ms"),
    ]


def _milliseconds() -> float:
    case, facts = full_case(), facts_of()
    case.start()
    world = World(facts.case, facts.parties, facts.unit, today_of(case.now))
    begun = time.perf_counter()
    for _ in range(TIMES):
        migrate_state(case.state or b"", case.version, full_version(), world)
    return (time.perf_counter() - begun) / TIMES * 1000
