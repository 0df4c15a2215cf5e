"""`fengqiao outside` as an operator types it, on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.factories.organisation import add_user, small_organisation
from tests.factories.outside import FIRST, csv_bytes, line
from webapp.cli import fengqiao
from webapp.settings import Settings
from workflows.errors import ForbiddenError, InvalidInputError
from workflows.storage import Database, IdSource


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, ids: IdSource) -> None:
    settings = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path)})
    made = Database(settings.database_url)
    made.upgrade()
    small_organisation(made)
    add_user(made, ids, "anna", "窗口受理员@111-TW")
    add_user(made, ids, "bert", "人民调解员@111-TW")
    made.dispose()


def outside(folder: Path, *arguments: str) -> Result:
    env = {"FENGQIAO_DATA": str(folder)}
    return CliRunner().invoke(fengqiao, ["outside", *arguments], env=env)


def test_list_is_taken_in_and_applied(tmp_path: Path) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(csv_bytes(line(FIRST, 申请人="赵六"), encoding="gb18030"))
    for _time in range(2):
        done = outside(tmp_path, "import", str(file), "--as", "anna", "--apply")
        assert done.exit_code == 0
        assert done.stdout.splitlines()[1:] == ["unknown\t1"]


def test_export_without_cases_is_a_heading(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    done = outside(tmp_path, "export", "court", str(target), "--as", "anna")
    assert done.stdout == "0\t0\n"
    assert target.read_text(encoding="utf-8-sig").startswith("案号,调解组织案号,案由")


def test_rights_are_those_of_the_person(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(csv_bytes(line()))
    refused = outside(tmp_path, "import", str(file), "--as", "bert")
    assert isinstance(refused.exception, ForbiddenError)
    assert isinstance(
        outside(tmp_path, "import", str(file), "--as", "nobody").exception, InvalidInputError
    )


def test_wrong_file_of_the_office_is_named_and_the_others_stay(tmp_path: Path) -> None:
    assert outside(tmp_path, "systems").exit_code == 0
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "county.toml").write_text('key = "county"', encoding="utf-8")
    told = outside(tmp_path, "systems")
    assert told.exit_code == 1
    assert "county.toml" in told.stderr
    assert [one.split("\t")[0] for one in told.stdout.splitlines()] == [
        "court",
        "petition",
        "province",
    ]


def test_doctor_names_a_wrong_description(tmp_path: Path) -> None:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "county.toml").write_text('key = "county"', encoding="utf-8")
    told = CliRunner().invoke(fengqiao, ["doctor"], env={"FENGQIAO_DATA": str(tmp_path)})
    assert [one.split()[0] for one in told.stdout.splitlines() if "county.toml" in one] == ["warn"]
