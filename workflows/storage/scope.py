"""What an actor may see: the mixin of scoped tables and the criteria it puts on statements.

`with_loader_criteria` alone misses Core selects, `text()`, `from_statement`, INSERT … SELECT,
`session.connection()` and hits in the identity map (measured on SQLAlchemy 2.1). `passes_the_scope`
finds the statements it would miss; the session refuses them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    Column,
    ColumnClause,
    ColumnElement,
    Executable,
    Insert,
    Table,
    TableClause,
    TextClause,
)
from sqlalchemy.orm import FromStatement, Mapper, ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import ExecutableOption

from workflows.storage.actor import Actor
from workflows.storage.base import Base


class ActorScoped:
    """Mixin of tables whose rows are not for everybody."""

    __table__: ClassVar[Any]

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        """The condition rows must meet to be seen by `actor`; None: all rows.

        Kept for the actor: it may depend on nothing else, least of all on the time.
        Sub-selects in it must use `__table__` of scoped classes, else the scope would be
        applied inside itself.
        """
        raise TypeError(f"{cls.__name__} does not say which rows {actor.username} sees")


def scoped_classes() -> Iterator[type[ActorScoped]]:
    """All mapped classes that carry the mixin."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, ActorScoped):
            yield mapper.class_


@lru_cache(maxsize=1024)
def _criterion(scoped: Any, actor: Actor) -> ExecutableOption | None:
    """The option that narrows one table for one actor; building it costs more than using it."""
    condition = scoped.scope(actor)
    if condition is None:
        return None
    # Without propagation a joinedload is not narrowed; with it a lazy load of a row that was
    # added here is not. Propagating and applying to every statement covers both.
    return with_loader_criteria(scoped, condition, include_aliases=True)


def criteria(statement: Executable, actor: Actor) -> Iterator[ExecutableOption]:
    """Options for the scoped tables a statement can read. One for every scoped table of the house
    would be right too, but each costs 35 µs of every statement's cache key."""
    tables = {table for table in _named_tables(statement) if table is not None}
    reached: frozenset[Any] = frozenset().union(*map(_reached_from, tables))
    for scoped in reached:
        option = _criterion(scoped, actor)
        if option is not None:
            yield option


def _named_tables(statement: Executable) -> Iterator[Table | None]:
    """Tables anywhere in a statement, sub-selects and aliases included; None for each piece of
    SQL written by hand, which may name any table."""
    for element in visitors.iterate(statement):  # type: ignore[arg-type]
        found = element.table if isinstance(element, Column) else element
        if isinstance(found, Table):
            yield _plain(found)
        elif isinstance(found, TextClause | TableClause) or _is_handwritten(found):
            yield None


def _is_handwritten(element: Any) -> bool:
    """`literal_column`; the star of count(*) and EXISTS is one too and names nothing."""
    return isinstance(element, ColumnClause) and element.is_literal and element.name != "*"


def _plain(table: Table) -> Table:
    """The table itself: ORM statements hold annotated copies of it."""
    return table.metadata.tables.get(table.key, table)


@cache
def _reached_from(table: Table) -> frozenset[type[ActorScoped]]:
    """Scoped classes whose rows loading from a table can bring along: its own, and through
    relationships the others'. A mapper with computed columns could reach anything."""
    reached, waiting = set[Any](), {_mapper_of(table)} - {None}
    while waiting:
        mapper = waiting.pop()
        assert mapper is not None
        if not all(isinstance(one, Column) for each in mapper.column_attrs for one in each.columns):
            return frozenset(scoped_classes())
        reached.add(mapper)
        waiting |= {relation.mapper for relation in mapper.relationships} - reached
    return frozenset(one.class_ for one in reached if issubclass(one.class_, ActorScoped))


@cache
def _mapper_of(table: Table) -> Mapper[Any] | None:
    mappers = Base.registry.mappers
    return next((mapper for mapper in mappers if mapper.local_table is table), None)


def passes_the_scope(state: ORMExecuteState) -> bool:
    """Whether loader criteria would not be applied to rows this statement reads."""
    statement = state.statement
    if isinstance(statement, FromStatement):
        return True
    if isinstance(statement, Insert) and statement.select is not None:
        return True
    return not state.is_orm_statement and _touches_scoped_rows(statement)


def _touches_scoped_rows(statement: Executable) -> bool:
    """Whether a Core statement names a scoped table; SQL by hand always counts as if it did."""
    return any(table is None or _is_scoped(table) for table in _named_tables(statement))


def _is_scoped(table: Table) -> bool:
    mapper = _mapper_of(table)
    return mapper is not None and issubclass(mapper.class_, ActorScoped)
