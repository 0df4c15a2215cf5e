"""The actor's scope, and every known way around loader criteria."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from tests.factories.storage import ANNA, BERT, Drawer, Letter, ProbeBase
from workflows.storage import SYSTEM, Database, Session
from workflows.storage.session import NoActorError, UnscopedStatementError


@pytest.fixture
def letters(database: Database) -> Iterator[Database]:
    """One drawer with a letter of Anna (1), one of Bert (2), and Anna's answer to Bert's (3)."""
    ProbeBase.metadata.create_all(database.engine)
    with database.transaction(SYSTEM) as session:
        session.add(Drawer(id=1, label="top"))
        session.flush()
        session.add(Letter(id=1, owner="anna", body="one", drawer_id=1))
        session.add(Letter(id=2, owner="bertram", body="two", drawer_id=1))
        session.flush()
        session.add(Letter(id=3, owner="anna", body="three", drawer_id=None, reply_to_id=2))
    yield database
    ProbeBase.metadata.drop_all(database.engine)


def test_select_shows_own_rows_only(letters: Database) -> None:
    with letters.reading(ANNA) as session:
        assert session.scalars(select(Letter.id).order_by(Letter.id)).all() == [1, 3]
        assert [row.id for row in session.scalars(select(Letter).order_by(Letter.id))] == [1, 3]


def test_system_sees_all_rows(letters: Database) -> None:
    with letters.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 3


def test_count_alias_exists_subquery_and_union_are_narrowed(letters: Database) -> None:
    other = aliased(Letter)
    inner = select(Letter.id).subquery()
    both = union_all(select(Letter.id), select(other.id)).subquery()
    with letters.reading(ANNA) as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 2
        assert session.scalar(select(func.count()).select_from(inner)) == 2
        assert session.scalar(select(func.count()).select_from(both)) == 4
        assert (
            session.scalars(
                select(Drawer.id).where(exists().where(other.drawer_id == Drawer.id, other.id == 2))
            ).all()
            == []
        )


def test_get_of_a_hidden_row_is_none(letters: Database) -> None:
    with letters.reading(ANNA) as session:
        assert session.get(Letter, 2) is None


@pytest.mark.parametrize("loading", [None, selectinload, joinedload])
def test_related_rows_are_narrowed_however_they_load(letters: Database, loading) -> None:
    statement = select(Drawer)
    if loading is not None:
        statement = statement.options(loading(Drawer.letters))
    with letters.reading(ANNA) as session:
        drawer = session.scalars(statement).unique().one()
        assert [letter.id for letter in drawer.letters] == [1]


def test_many_to_one_to_a_hidden_row_is_none(letters: Database) -> None:
    with letters.reading(ANNA) as session:
        assert session.get_one(Letter, 3).reply_to is None


def test_rows_added_in_the_session_load_related_rows_in_scope(letters: Database) -> None:
    """Loader options ride on loaded rows; a row just added has none and must be narrowed too."""
    with letters.transaction(ANNA) as session:
        added = Letter(id=9, owner="anna", body="nine", reply_to_id=2)
        session.add(added)
        session.flush()
        assert added.reply_to is None


def test_actor_change_forgets_what_was_loaded(letters: Database) -> None:
    with letters.transaction(BERT) as session:
        assert session.get_one(Letter, 2).body == "two"
        session.act_as(ANNA)
        assert session.get(Letter, 2) is None
        assert session.get_one(Letter, 3).reply_to is None
        assert session.scalars(select(Letter.id)).all() == [1, 3]


def test_actor_change_writes_what_is_pending(letters: Database) -> None:
    with letters.transaction(BERT) as session:
        session.get_one(Letter, 2).body = "changed"
        session.act_as(ANNA)
    with letters.reading(SYSTEM) as session:
        assert session.get_one(Letter, 2).body == "changed"


def test_same_actor_again_keeps_what_was_loaded(letters: Database) -> None:
    with letters.reading(ANNA) as session:
        row = session.get_one(Letter, 1)
        session.act_as(ANNA)
        assert row in session


def test_bulk_update_and_delete_touch_own_rows_only(letters: Database) -> None:
    with letters.transaction(ANNA) as session:
        session.execute(update(Letter).values(body="mine"))
        session.execute(delete(Letter).where(Letter.id > 1))
    with letters.reading(SYSTEM) as session:
        rows = session.execute(select(Letter.id, Letter.body).order_by(Letter.id)).all()
    assert [tuple(row) for row in rows] == [(1, "mine"), (2, "two")]


def _core_select(session: Session) -> None:
    session.execute(select(Letter.__table__))


def _core_column(session: Session) -> None:
    session.execute(select(Letter.__table__.c.body))


def _core_subquery(session: Session) -> None:
    session.execute(select(select(Letter.__table__.c.id).subquery().c.id))


def _core_update(session: Session) -> None:
    session.execute(update(Letter.__table__).values(body="gone"))


def _text(session: Session) -> None:
    session.execute(text("SELECT body FROM probe_letter"))


def _light_table(session: Session) -> None:
    session.execute(select(column("body")).select_from(table("probe_letter")))


def _literal_column(session: Session) -> None:
    session.execute(select(literal_column("(SELECT body FROM probe_letter)")))


def _from_statement(session: Session) -> None:
    session.scalars(select(Letter).from_statement(select(Letter)))


def _insert_from_select(session: Session) -> None:
    copy = select(Letter.id + 10, Letter.owner, Letter.body)
    session.execute(insert(Letter).from_select(["id", "owner", "body"], copy))


def _bare_exists(session: Session) -> None:
    """Nothing at its top is an entity, so no criteria would be applied inside."""
    session.scalar(select(exists().where(Letter.id == 2)))


def _connection(session: Session) -> None:
    session.connection()


@pytest.mark.parametrize(
    "way",
    [
        _core_select,
        _core_column,
        _core_subquery,
        _core_update,
        _text,
        _light_table,
        _literal_column,
        _from_statement,
        _insert_from_select,
        _bare_exists,
        _connection,
    ],
)
def test_statements_past_the_scope_are_refused(letters: Database, way) -> None:
    with letters.transaction(ANNA) as session, pytest.raises(UnscopedStatementError):
        way(session)


def test_related_scoped_rows_are_narrowed_in_joins_and_ctes(letters: Database) -> None:
    seen = select(Letter.id).cte()
    with letters.reading(ANNA) as session:
        joined = select(Drawer.label, Letter.id).join(Letter, Letter.drawer_id == Drawer.id)
        assert session.execute(joined).all() == [("top", 1)]
        assert session.scalars(select(seen.c.id).order_by(seen.c.id)).all() == [1, 3]
        assert session.query(Letter).filter(Letter.id > 0).count() == 2
        assert (
            session.scalars(select(Drawer.id).where(Drawer.letters.any(Letter.id == 2))).all() == []
        )


def test_core_statement_on_an_open_table_is_allowed(letters: Database) -> None:
    with letters.reading(ANNA) as session:
        assert session.execute(select(Drawer.__table__.c.label)).scalar() == "top"
        assert session.scalar(select(func.length("abc"))) == 3


def test_raw_runs_as_it_is(letters: Database) -> None:
    with letters.reading(ANNA) as session:
        found = session.raw(
            text("SELECT count(*) FROM probe_letter WHERE id > :least"), {"least": 0}
        )
        assert found.scalar() == 3


def test_session_without_actor_refuses_query_flush_and_get(letters: Database) -> None:
    with Session(letters.engine, None) as session:
        with pytest.raises(NoActorError):
            session.scalars(select(Drawer))
        with pytest.raises(NoActorError):
            session.get(Drawer, 1)
        session.add(Drawer(id=5, label="x"))
        with pytest.raises(NoActorError):
            session.flush()


def test_session_refuses_after_its_block(letters: Database) -> None:
    with letters.reading(ANNA) as session:
        drawer = session.get_one(Drawer, 1)
    with pytest.raises(NoActorError):
        session.scalars(select(Drawer))
    assert drawer.label == "top"
