"""What the doctor says of letters that did not arrive."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from tests.factories.cases import rows
from tests.factories.handoffs import Letters
from webapp.commands.checks.result import OK, WARN, Patient, Reading
from webapp.commands.checks.work import MOST_NAMED, check_letters
from webapp.settings import Settings
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.messages import say
from workflows.storage import SYSTEM
from workflows.storage.ids import encode_id


def examine(letters: Letters) -> list[tuple[str, str, str]]:
    """(level, code, sentence) of each finding."""
    platform, now = letters.world.platform, letters.world.clock.now()
    patient = Patient(Settings(data=Path(), database_url="sqlite://"), platform.database, now)
    with platform.database.reading(SYSTEM) as session:
        return [
            (level, message.code.removeprefix("doctor."), say(message, "en"))
            for level, message in check_letters(Reading(patient, session, now))
        ]


def kill(letters: Letters, table: type) -> None:
    with letters.world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(table).values(state="dead"))


def test_delivered_letters_are_no_finding(letters: Letters) -> None:
    letters.send()
    letters.work()
    assert [(level, code) for level, code, _ in examine(letters)] == [(OK, "letters")]


def test_a_dead_letter_is_named_by_its_number(letters: Letters) -> None:
    letters.send()
    kill(letters, Handoff)
    (row,) = rows(letters.world, Handoff)
    ((level, code, sentence),) = examine(letters)
    assert (level, code) == (WARN, "letter_dead")
    assert encode_id(row.id) in sentence
    assert row.to_name in sentence


def test_a_dead_answer_is_named_by_its_letter(letters: Letters) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="no", reason="busy")
    kill(letters, HandoffAnswer)
    (row,) = rows(letters.world, Handoff)
    ((level, code, sentence),) = examine(letters)
    assert (level, code) == (WARN, "letter_answer_dead")
    assert encode_id(row.id) in sentence


def test_of_very_many_the_number_is_told(letters: Letters) -> None:
    letters.send()
    kill(letters, Handoff)
    (row,) = rows(letters.world, Handoff)
    table = Handoff.__table__
    values = {column.name: getattr(row, column.name) for column in table.c}
    with letters.world.platform.database.transaction(SYSTEM) as session:
        for n in range(MOST_NAMED + 2):
            session.execute(
                table.insert().values(**values | {"id": row.id + 1 + n, "message_id": f"copy {n}"})
            )
    found = examine(letters)
    assert [code for _, code, _ in found] == ["letter_dead"] * MOST_NAMED + ["letters_more"]
    assert "3 more" in found[-1][2]
