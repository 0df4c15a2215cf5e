"""Column types that read the same from SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator
from typing_extensions import override


@compiles(BigInteger, "sqlite")
def _big_integer_on_sqlite(_type: BigInteger, _compiler: Any, **_options: Any) -> str:
    """SQLite's INTEGER holds 64 bits, and INTEGER PRIMARY KEY is the row id itself: one b-tree
    instead of two."""
    return "INTEGER"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC with microseconds.

    SQLite stores it without zone (text that sorts in time order), PostgreSQL as timestamptz.
    Binding a naive datetime is a ValueError: a zone would have to be guessed.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Plain JSON values as text, keys in the order they were written.

    Never JSONB: it reorders keys. None is SQL NULL. A changed value must be assigned anew; a
    change inside a stored dict or list is not noticed.
    """

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class LongBytes(LargeBinary):
    """Opaque bytes without a length limit: BLOB, BYTEA."""


class Ciphertext(bytes):
    """Bytes that a key of the vault has sealed (`workflows.storage.vault`)."""

    __slots__ = ()


class SealedBytes(TypeDecorator[Ciphertext]):
    """A column that only takes what a key has sealed: plain bytes are a TypeError, so that
    forgetting to seal cannot be stored."""

    impl = LargeBinary
    cache_ok = True

    @override
    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, Ciphertext):
            raise TypeError("plain bytes for a sealed column")
        return value

    @override
    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)
