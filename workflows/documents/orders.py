"""The frame of every order the worker carries out: take up → make → fail for good or come again.

An order is a row with `state` and `problem`. Nothing is held while bytes are made; whoever dies in
the middle leaves the row as it was taken up, and the outbox brings it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from sqlalchemy import update

from workflows.cases.platform import Platform
from workflows.cases.sealing import message_to_json
from workflows.documents.rendering import RETRY_CODES, RenderError
from workflows.errors import FengqiaoError
from workflows.messages import Message
from workflows.storage import SYSTEM

log = structlog.get_logger("fengqiao.orders")

WAITING, WORKING, READY, FAILED = "waiting", "working", "ready", "failed"
UNDER_WAY = (WAITING, WORKING)
Taken = TypeVar("Taken")


def carry_out(
    take_up: Callable[[], Taken | None],
    make: Callable[[Taken], None],
    fail: Callable[[Message], None],
    **named: int,
) -> None:
    """Takes an order up (None: it is done with), makes what it asks for, or says why not.

    May be called twice for one order. A failure for good goes to `fail`; RenderError that may pass
    is raised, so that the order comes again. `named`: what the log calls it.
    """
    try:
        taken = take_up()
        if taken is not None:
            make(taken)
    except FengqiaoError as error:
        if isinstance(error, RenderError) and error.message.code in RETRY_CODES:
            raise
        log.warning("order not carried out", code=error.message.code, **named)
        fail(error.message)


def mark_failed(platform: Platform, table: Any, order_id: int, why: Message) -> None:
    """Writes into a row of `table` that is still under way why nothing came of it."""
    with platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(table)
            .where(table.id == order_id, table.state.in_(UNDER_WAY))
            .values(state=FAILED, problem=message_to_json(why))
        )
