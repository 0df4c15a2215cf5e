"""`fengqiao user leave` as an operator types it, on SQLite."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.factories.organisation import add_user, small_organisation
from webapp.cli import fengqiao
from webapp.settings import Settings
from workflows.errors import RuleError
from workflows.organisation.delegations import list_leaves
from workflows.storage import SYSTEM, Database, IdSource


@pytest.fixture
def database(tmp_path: Path, ids: IdSource) -> Database:
    settings = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path)})
    made = Database(settings.database_url)
    made.upgrade()
    small_organisation(made)
    add_user(made, ids, "anna", "人民调解员@111-TW")
    add_user(made, ids, "bert", "人民调解员@1111-TW")
    return made


def leave(folder: Path, first: str, last: str) -> Result:
    arguments = ["user", "leave", "anna", "--to", "bert", "--from", first, "--until", last]
    arguments += ["--reason", "病假"]
    return CliRunner().invoke(fengqiao, arguments, env={"FENGQIAO_DATA": str(folder)})


def test_an_operator_enters_a_leave_with_anybody(database: Database, tmp_path: Path) -> None:
    assert leave(tmp_path, "2026-10-09", "2026-10-12").exit_code == 0
    with database.reading(SYSTEM) as session:
        account = list_leaves(session, _account(database), date(2026, 10, 1))
    assert [(one.substitute, one.from_on, one.to_on, one.reason) for one in account] == [
        ("bert", date(2026, 10, 9), date(2026, 10, 12), "病假")
    ]
    database.dispose()


def test_turned_dates_are_refused(database: Database, tmp_path: Path) -> None:
    answer = leave(tmp_path, "2026-10-12", "2026-10-09")
    assert isinstance(answer.exception, RuleError)
    database.dispose()


def _account(database: Database) -> int:
    from workflows.organisation.accounts import load_account

    with database.reading(SYSTEM) as session:
        return load_account(session, "anna").id
