"""The seal authority: can this machine seal, does anything wait, does anything end."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from webapp.commands.checks.result import BAD, OK, WARN, Findings, Reading, told
from workflows.cases.sealing import message_from_json
from workflows.sealing.authority import RENEW_BEFORE
from workflows.sealing.keyring import Keyring
from workflows.sealing.own import has_authority, load_own
from workflows.sealing.tables import PENDING, ROOT, DocumentSeal
from workflows.storage.clock import local_day

LONG = timedelta(minutes=10)
"""A seal takes seconds; one that waits for so long waits for somebody."""


def check_seals(reading: Reading) -> Findings:
    """Whether orders are worked off, the passphrase is here and opens the root, the root lives."""
    if not has_authority(reading.session):
        yield OK, told("seals_unused")
        return
    root = load_own(reading.session, ROOT)
    try:
        Keyring(reading.patient.settings.secrets).open(root.serial, root.key)
    except Exception as error:
        # Whatever keeps the root shut, the doctor names it and goes on.
        yield BAD, told("seals_shut", why=getattr(error, "message", type(error).__name__))
    if reading.offices_now >= root.not_after - RENEW_BEFORE:
        yield BAD, told("seals_root_ends", on=local_day(root.not_after).isoformat())
    waiting = DocumentSeal.state == PENDING, DocumentSeal.ordered_at < reading.offices_now - LONG
    count = reading.session.scalar(select(func.count()).select_from(DocumentSeal).where(*waiting))
    if not count:
        yield OK, told("seals")
        return
    error = reading.session.scalar(
        select(DocumentSeal.error).where(*waiting, DocumentSeal.error.is_not(None)).limit(1)
    )
    why = message_from_json(error) if error else told("seals_nobody")
    yield WARN, told("seals_wait", count=count, why=why)
