"""Where the worker finds saves of the studio nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from workflows.cases.platform import Platform
from workflows.storage import SYSTEM
from workflows.storage.clock import local_day
from workflows.studio.thinning import thin

log = structlog.get_logger("fengqiao.jobs")


@dataclass(slots=True)
class ThinningSource:
    """Once a local day: the rule of `workflows/studio/thinning.py`. Doing it twice does no harm."""

    platform: Platform
    name: str = "thinning"
    _done_for: str = ""

    def run_due(self, limit: int) -> int:  # noqa: ARG002 - once a day is all there is
        now = self.platform.clock.now()
        day = local_day(now).isoformat()
        if day == self._done_for:
            return 0
        with self.platform.database.transaction(SYSTEM) as session:
            if gone := thin(session, now):
                log.info("old saves of the studio thinned", count=gone)
        self._done_for = day
        return 0
