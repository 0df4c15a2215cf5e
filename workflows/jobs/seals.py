"""Where the worker finds seals to make and certificates to renew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from workflows.sealing.keyring import PassphraseError
from workflows.sealing.work import Desk, renew, seal_due, sign_list
from workflows.storage.clock import local_day

log = structlog.get_logger("fengqiao.jobs")

LIST_RETRY = timedelta(minutes=10)
"""Pause after the passphrase was not there for the list."""


@dataclass(slots=True)
class SealSource:
    """The list of revoked certificates where it lacks one; seals that were ordered, one at a time;
    once a local day, certificates that end soon."""

    desk: Desk
    name: str = "seals"
    _looked_on: str = ""
    _list_from: datetime | None = None

    def run_due(self, limit: int) -> int:
        self._renew()
        self._sign_list()
        for made in range(limit):
            if not seal_due(self.desk, 1):
                return made
        return limit

    def _sign_list(self) -> None:
        now = self.desk.platform.clock.now()
        if self._list_from is not None and now < self._list_from:
            return
        try:
            if sign_list(self.desk):
                log.info("list of revoked seal certificates signed")
        except PassphraseError as error:
            self._list_from = now + LIST_RETRY
            log.warning("list of revoked seal certificates not signed", code=error.message.code)

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
