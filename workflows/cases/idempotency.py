"""One effect for one key: a request that comes again gets its first answer, not a second effect."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select, update

from workflows.cases.tables import IdempotencyRow
from workflows.errors import InvalidInputError, KeyReusedError
from workflows.storage import Session
from workflows.storage.upsert import insert_into

LONGEST_KEY = 200


def body_hash(operation: str, body: Mapping[str, Any]) -> str:
    """SHA-256 of what was asked: the operation and its values, keys in order."""
    text = orjson.dumps([operation, body], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(text).hexdigest()


def check_key(key: str | None) -> None:
    """Raises InvalidInputError for an empty or overlong key."""
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise InvalidInputError("cases.bad_key", most=LONGEST_KEY)


def same_body(stored: str, asked: str) -> None:
    """Raises KeyReusedError if the key stands for another body."""
    if stored != asked:
        raise KeyReusedError("cases.key_reused")


def take_key(session: Session, key: str | None, asked: str, at: datetime) -> Any | None:
    """Takes the key for this transaction; the first answer if it was used before.

    A second request that comes while the first is still open waits for it. Raises
    KeyReusedError. None also without a key.
    """
    if key is None:
        return None
    check_key(key)
    account = session.actor.account_id
    row = {
        "account_id": account,
        "key": key,
        "body_hash": asked,
        "answer": "",
        "created_at": at,
    }
    insert = insert_into(session.dialect, IdempotencyRow.__table__).values(row)
    taken = session.raw(insert.on_conflict_do_nothing().returning(IdempotencyRow.key)).first()
    if taken is not None:
        return None
    stored = session.execute(
        select(IdempotencyRow.body_hash, IdempotencyRow.answer).where(
            IdempotencyRow.account_id == account, IdempotencyRow.key == key
        )
    ).one()
    same_body(stored.body_hash, asked)
    return stored.answer


def keep_answer(session: Session, key: str | None, answer: Any) -> None:
    """Stores the answer under a key taken before."""
    if key is not None:
        session.execute(
            update(IdempotencyRow)
            .where(IdempotencyRow.account_id == session.actor.account_id, IdempotencyRow.key == key)
            .values(answer=answer)
            .execution_options(synchronize_session=False)
        )


def add_answer(session: Session, key: str | None, asked: str, answer: Any, at: datetime) -> None:
    """Stores a key with its answer at once, where the caller has looked for it before."""
    if key is not None:
        session.add(
            IdempotencyRow(
                account_id=session.actor.account_id,
                key=key,
                body_hash=asked,
                answer=answer,
                created_at=at,
            )
        )
