"""Notices that leave by e-mail: a notice → an outbox row → the office's mail server.

An act only marks its notice (`Notice.mail`), so that it costs people nothing; the worker makes the
outbox row, which brings retries, a dead letter and the doctor's eye.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.queries.notices import is_waiting, with_subject
from workflows.jobs.sources import Handler
from workflows.notices.mail import TOPIC, MailSettings, compose, send
from workflows.notices.tables import Notice
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, outbox


@dataclass(frozen=True, slots=True)
class MailSource:
    """Notices somebody wants by e-mail become outbox rows, one each."""

    platform: Platform
    name: str = "mails"

    def run_due(self, limit: int) -> int:
        marked = select(Notice).where(Notice.mail == 1).order_by(Notice.id).limit(limit)
        with self.platform.database.reading(SYSTEM) as session:
            if session.scalars(marked.limit(1)).first() is None:
                return 0
        now = self.platform.clock.now()
        with self.platform.database.transaction(SYSTEM) as session:
            notices = session.scalars(marked.with_for_update(skip_locked=True)).all()
            for notice in notices:
                notice.mail = 0
                payload = orjson.dumps({"notice": notice.id})
                outbox.add(session, TOPIC, payload=payload, ids=self.platform.ids, now=now)
        return len(notices)


def sends_notices(settings: MailSettings) -> Handler:
    """What does the outbox rows of `TOPIC`. A notice that was read meanwhile, or whose item is
    closed, whose version is settled, or whose owner wants no e-mail any more, is not sent."""

    def handle(platform: Platform, payload: Mapping[str, Any]) -> None:
        with platform.database.reading(SYSTEM) as session:
            found = session.execute(
                with_subject(
                    select(Notice, Account).join(Account, Account.id == Notice.account_id)
                ).where(
                    Notice.id == payload["notice"],
                    Notice.read_at.is_(None),
                    is_waiting(),
                    Account.active,
                    Account.mail_notices,
                    Account.email.is_not(None),
                )
            ).one_or_none()
        if found is not None:
            send(compose(found.Notice, found.Account, settings), settings)

    return handle
