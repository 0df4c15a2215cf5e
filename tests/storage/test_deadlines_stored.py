"""Rules and calendars that offices entered, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from tests.factories.deadlines import make_year
from workflows.deadlines import RuleBook
from workflows.deadlines.source import StoredRuleBook
from workflows.deadlines.stored import save_rule, save_year
from workflows.organisation.tables import Unit
from workflows.storage import SYSTEM, Database

AT = datetime(2026, 9, 3, 1, 0, tzinfo=UTC)
ROW = {
    "title_zh": "补正材料期限",
    "title_en": "Completing the application",
    "article_zh": "本县规定",
    "article_en": "Set by the county",
    "length": 6,
    "unit": "wd",
    "version": "county.1",
    "extension": {"cap": 3},
}


def make_unit(code: str, parent: str | None, path: str) -> Unit:
    return Unit(
        code=code,
        name=code,
        short_name=code,
        kind="县",
        level="县",
        parent_code=parent,
        path=path,
        county_code="620923",
        valid_from=date(2020, 1, 1),
        valid_to=date(9999, 12, 31),
        extra={},
    )


@pytest.fixture
def county(database: Database) -> Database:
    """A county with one town."""
    with database.transaction(SYSTEM) as session:
        session.add(make_unit("620923", None, "/620923/"))
        session.flush()
        session.add(make_unit("620923101", "620923", "/620923/620923101/"))
    return database


def load(database: Database) -> RuleBook:
    with database.reading(SYSTEM) as session:
        return RuleBook.load(session)


def test_empty_tables_give_the_built_in_book(database):
    book = load(database)
    assert book.keys == RuleBook.built_in().keys
    assert book.due("confirmation", "2026-09-03").on == date(2026, 10, 8)


def test_rule_of_a_county_counts_in_its_towns(county):
    with county.transaction(SYSTEM) as session:
        saved = save_rule(session, "620923", "supplement", ROW, at=AT)
    book = load(county)
    assert book.rule("supplement", "620923101") == saved
    assert book.rule("supplement", "620902").length == 5
    assert saved.extension is not None
    assert saved.extension.cap == 3


def test_versions_of_a_rule_stand_side_by_side_and_one_replaces_itself(county):
    with county.transaction(SYSTEM) as session:
        save_rule(session, "620923", "supplement", ROW, at=AT)
        later = ROW | {"length": 9, "effective_on": "2026-07-01"}
        save_rule(session, "620923", "supplement", later, at=AT)
        save_rule(session, "620923", "supplement", ROW | {"length": 7}, at=AT)
    book = load(county)
    assert book.rule("supplement", "620923", date(2026, 6, 30)).length == 7
    assert book.rule("supplement", "620923", date(2026, 7, 1)).length == 9


def test_impossible_rule_is_not_entered(county):
    with pytest.raises(ValueError, match="supplement"), county.transaction(SYSTEM) as session:
        save_rule(session, "620923", "supplement", ROW | {"unit": "weeks"}, at=AT)


def test_installation_year_makes_provisional_dates_final(county):
    assert load(county).due("confirmation", "2026-12-03").status == "provisional"
    with county.transaction(SYSTEM) as session:
        year = make_year(2027, rest=(date(2027, 1, 1), date(2027, 1, 4)))
        save_year(session, "", year, at=AT)
    due = load(county).due("confirmation", "2026-12-03", "620923101")
    assert (due.status, due.on) == ("final", date(2027, 1, 5))
    assert due.calendar_version == "2026.1 2027.test"


def test_local_holiday_counts_below_its_county_and_can_be_entered_anew(county):
    with county.transaction(SYSTEM) as session:
        save_year(session, "620923", make_year(2026, rest=(date(2026, 8, 19),)), at=AT)
        save_year(session, "620923", make_year(2026, rest=(date(2026, 8, 20),)), at=AT)
    book = load(county)
    assert book.calendar("620923101").is_rest(date(2026, 8, 20))
    assert not book.calendar("620923101").is_rest(date(2026, 8, 19))
    assert not book.calendar("620902").is_rest(date(2026, 8, 20))


def test_stored_book_is_kept_a_minute_and_read_anew_when_told(county):
    seconds = [0.0]
    source = StoredRuleBook(seconds=lambda: seconds[0])
    statements: list[str] = []

    def count(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(county.engine, "before_cursor_execute", count)
    try:
        with county.reading(SYSTEM) as session:
            first = source(session)
            before = len(statements)
            seconds[0] = 59.0
            assert source(session) is first
            assert len(statements) == before
            seconds[0] = 60.0
            assert source(session) is not first
            again = source(session)
            source.forget()
            assert source(session) is not again
    finally:
        event.remove(county.engine, "before_cursor_execute", count)
    assert len([text for text in statements if "deadline_rule" in text]) == 3
