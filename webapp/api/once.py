"""One effect for one key, for calls whose use case keeps no key itself.

The key is taken in a transaction of its own, the answer is kept in another one: a second request
that comes in between is refused, and a key whose first request never ended is free again after a
minute.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import delete, select, update

from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.idempotency import keep_answer, take_key
from workflows.cases.tables import IdempotencyRow
from workflows.errors import ConflictError
from workflows.storage import Actor

ABANDONED = timedelta(minutes=1)


def answer_once(key: str, asked: str, do: Callable[[], Any]) -> Any:
    """What `do` answers, or what it answered before; as plain JSON data.

    `asked`: digest of the request. Raises KeyReusedError (the key stands for another request),
    ConflictError (the first request has not ended yet), and what `do` raises; the key is free
    again then.
    """
    actor = current_actor()
    first = _take(actor, key, asked)
    if first:
        return first
    try:
        answer = orjson.loads(orjson.dumps(do()))
    except Exception:
        _forget(actor, key)
        raise
    with platform().database.transaction(actor) as session:
        keep_answer(session, key, answer)
    return answer


def _take(actor: Actor, key: str, asked: str) -> Any:
    now = platform().clock.now()
    mine = (IdempotencyRow.account_id == actor.account_id, IdempotencyRow.key == key)
    with platform().database.transaction(actor) as session:
        first = take_key(session, key, asked, now)
        if first == "":
            begun = session.scalars(select(IdempotencyRow.created_at).where(*mine)).one()
            if begun > now - ABANDONED:
                raise ConflictError("api.in_progress")
            session.execute(
                update(IdempotencyRow)
                .where(*mine)
                .values(created_at=now)
                .execution_options(synchronize_session=False)
            )
    return first


def _forget(actor: Actor, key: str) -> None:
    with platform().database.transaction(actor) as session:
        session.execute(
            delete(IdempotencyRow)
            .where(IdempotencyRow.account_id == actor.account_id, IdempotencyRow.key == key)
            .execution_options(synchronize_session=False)
        )
