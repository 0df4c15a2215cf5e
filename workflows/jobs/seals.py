"""Where the worker finds seals to make and certificates to renew."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from workflows.sealing.keyring import PassphraseError
from workflows.sealing.work import Desk, renew, seal_due
from workflows.storage.clock import local_day

log = structlog.get_logger("fengqiao.jobs")


@dataclass(slots=True)
class SealSource:
    """Seals that were ordered, one at a time; once a local day, certificates that end soon."""

    desk: Desk
    name: str = "seals"
    _looked_on: str = ""

    def run_due(self, limit: int) -> int:
        self._renew()
        for made in range(limit):
            if not seal_due(self.desk, 1):
                return made
        return limit

    def _renew(self) -> None:
        today = local_day(self.desk.platform.clock.now()).isoformat()
        if today == self._looked_on:
            return
        self._looked_on = today
        try:
            if renewed := renew(self.desk):
                log.info("seal certificates renewed", count=renewed)
        except PassphraseError as error:
            log.warning("seal certificates not renewed", code=error.message.code)
