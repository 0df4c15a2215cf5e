"""The session: it knows for whom it works and shows only what that actor may see.

It refuses everything without an actor, and every statement the actor's scope would not reach
(`scope.py`); it forgets what it loaded when the actor changes. `raw` is the one way around; a
guard test lists who may use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from sqlalchemy import Engine, Executable, event, orm
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState

from workflows.storage.actor import Actor
from workflows.storage.scope import criteria, passes_the_scope

RAW = "fengqiao_raw"
"""Execution option of statements that went through `Session.raw`."""


class NoActorError(RuntimeError):
    """A session was used without an actor, or after its `with` block ended."""


class UnscopedStatementError(RuntimeError):
    """A statement would read scoped rows past the actor's scope."""


class Session(orm.Session):
    """A session on behalf of one actor. Comes from `Database` only."""

    def __init__(self, engine: Engine, actor: Actor | None) -> None:
        super().__init__(bind=engine, expire_on_commit=False)
        self._actor = actor

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.get_bind().dialect.name

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


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Every statement of a session comes through here, ORM or not."""
    session = state.session
    assert isinstance(session, Session)
    if session.actor.is_system or state.execution_options.get(RAW):
        return  # the system sees every row; `actor` has raised where there is none
    if passes_the_scope(state):
        raise UnscopedStatementError(f"unscoped statement: {state.statement}")
    if state.is_orm_statement and not state.is_column_load and not state.is_insert:
        state.statement = state.statement.options(*criteria(state.statement, session.actor))


@event.listens_for(Session, "after_begin")
def _needs_actor(session: orm.Session, _transaction: Any, _connection: Any) -> None:
    """A flush executes without `do_orm_execute`; it still needs a connection first."""
    assert isinstance(session, Session)
    session.actor  # noqa: B018 - raises without an actor
