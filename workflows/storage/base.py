"""The declarative base of every table in the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Connection, MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase, Mapper

from workflows.storage.types import LongBytes, UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints get the same names on both databases, so that a migration can name them."""


class Base(DeclarativeBase):
    """Base of all tables. `datetime` is `UtcDateTime`, `bytes` is `LongBytes`; row ids are
    `BigInteger` primary keys filled from an `IdSource` before the flush."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, bytes: LongBytes}


@event.listens_for(Column, "after_parent_attach")
def _ids_come_from_us(column: Column[Any], table: Table) -> None:
    """No sequence behind a primary key: an id forgotten in the code must fail, not be invented
    by one of the databases."""
    if column.primary_key and table.metadata is Base.metadata:
        column.autoincrement = False


@event.listens_for(Base, "before_insert", propagate=True)
def _ids_are_there(mapper: Mapper[Any], _connection: Connection, row: Base) -> None:
    """SQLite would quietly fill an empty INTEGER PRIMARY KEY."""
    if None in mapper.primary_key_from_instance(row):
        raise ValueError(f"{type(row).__name__} without a key")
