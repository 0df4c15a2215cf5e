"""The session: it knows for whom it works and shows only what that actor may see.

`with_loader_criteria` alone misses Core selects, `text()`, `from_statement`, INSERT … SELECT,
`session.connection()` and hits in the identity map (measured on SQLAlchemy 2.1). So this session
refuses those on scoped tables, forgets what it loaded when the actor changes, and refuses
everything without an actor. `raw` is the one way around; a guard test lists who may use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, NoReturn

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Executable,
    Insert,
    Table,
    TextClause,
    event,
    orm,
)
from sqlalchemy.engine import Result
from sqlalchemy.orm import FromStatement, ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import ExecutableOption

from workflows.storage.actor import Actor
from workflows.storage.base import Base

RAW = "fengqiao_raw"
"""Execution option of statements that went through `Session.raw`."""


class NoActorError(RuntimeError):
    """A session was used without an actor, or after its `with` block ended."""


class UnscopedStatementError(RuntimeError):
    """A statement would read scoped rows past the actor's scope."""


class ActorScoped:
    """Mixin of tables whose rows are not for everybody."""

    __table__: ClassVar[Any]

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        """The condition rows must meet to be seen by `actor`; None: all rows.

        Sub-selects in it must use `__table__` of scoped classes, else the scope would be
        applied inside itself.
        """
        raise TypeError(f"{cls.__name__} does not say which rows {actor.username} sees")


class Session(orm.Session):
    """A session on behalf of one actor. Comes from `Database` only."""

    def __init__(self, engine: Engine, actor: Actor | None) -> None:
        super().__init__(bind=engine, expire_on_commit=False)
        self._actor = actor
        self._scope: tuple[ExecutableOption, ...] | None = None

    @property
    def actor(self) -> Actor:
        """For whom this session works; NoActorError once it is closed for good."""
        if self._actor is None:
            raise NoActorError("this session has no actor (or its block has ended)")
        return self._actor

    def act_as(self, actor: Actor) -> None:
        """Goes on for somebody else: writes what is pending, then forgets everything loaded,
        because `get` and many-to-one would answer from memory without asking the scope."""
        if actor != self.actor:
            self.flush()
            self.expunge_all()
            self._actor = actor
            self._scope = None

    def leave(self) -> None:
        """Closes for good: a lazy load after the block fails instead of opening a connection."""
        self.close()
        self._actor = None

    def raw(
        self,
        statement: Executable,
        params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> Result[Any]:
        """Runs a Core or text statement as it is; a list of parameters runs it for each.

        The caller answers for the scope; only modules listed in the guard test may call it."""
        return self.execute(statement, params, execution_options={RAW: True})

    def connection(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refused: statements on the bare connection would pass the scope."""
        raise UnscopedStatementError("use the session, or `raw` in a listed module")

    def scope_options(self) -> tuple[ExecutableOption, ...]:
        """The actor's criteria for every scoped table, built once per actor."""
        if self._scope is None:
            self._scope = tuple(_criteria(self.actor))
        return self._scope


def scoped_classes() -> Iterator[type[ActorScoped]]:
    """All mapped classes that carry the mixin."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, ActorScoped):
            yield mapper.class_


def _criteria(actor: Actor) -> Iterator[ExecutableOption]:
    for scoped in scoped_classes():
        condition = scoped.scope(actor)
        if condition is not None:
            # Without propagation a joinedload is not narrowed; with it a lazy load of a row that
            # was added here is not. Propagating and applying to every statement covers both.
            yield with_loader_criteria(scoped, condition, include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Every statement of a session comes through here, ORM or not."""
    session = state.session
    assert isinstance(session, Session)
    session.actor  # noqa: B018 - raises without an actor
    if state.execution_options.get(RAW):
        return
    if _passes_the_scope(state) and not session.actor.is_system:
        raise UnscopedStatementError(f"unscoped statement: {state.statement}")
    if state.is_orm_statement and not state.is_column_load and not state.is_insert:
        state.statement = state.statement.options(*session.scope_options())


@event.listens_for(Session, "after_begin")
def _needs_actor(session: orm.Session, _transaction: Any, _connection: Any) -> None:
    """A flush executes without `do_orm_execute`; it still needs a connection first."""
    assert isinstance(session, Session)
    session.actor  # noqa: B018 - raises without an actor


def _passes_the_scope(state: ORMExecuteState) -> bool:
    """Whether loader criteria would not be applied to rows this statement reads."""
    statement = state.statement
    if isinstance(statement, FromStatement):
        return True
    if isinstance(statement, Insert) and statement.select is not None:
        return True
    return not state.is_orm_statement and _touches_scoped_rows(statement)


def _touches_scoped_rows(statement: Executable) -> bool:
    """Whether a Core statement names a scoped table; text always counts as if it did."""
    scoped = {scoped.__table__ for scoped in scoped_classes()}
    for element in visitors.iterate(statement):  # type: ignore[arg-type]
        if isinstance(element, TextClause):
            return True
        table = element.table if isinstance(element, Column) else element
        if isinstance(table, Table) and table in scoped:
            return True
    return False
