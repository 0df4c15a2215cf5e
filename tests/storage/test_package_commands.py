"""`fengqiao packages approve` and `second-person`, as an operator types them, on SQLite."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.factories.cases import KEY, add_person, small_package
from tests.factories.organisation import small_organisation
from webapp.cli import fengqiao
from webapp.settings import Settings
from workflows.catalogue.source import PackageSource, write_folder
from workflows.catalogue.tables import PackageEvent, PackageVersion
from workflows.rollout.release import ALWAYS
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import SystemClock
from workflows.storage.installation import load_setting

TOML = f"bpmn/{KEY}/package.toml"


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    """An installation with units and one security approver."""
    settings = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path)})
    database = Database(settings.database_url)
    database.upgrade()
    small_organisation(database)
    with database.transaction(SYSTEM) as session:
        add_person(session, IdSource(SystemClock()), "second", ["安全审核@1-ZZ"])
    database.dispose()
    return settings


def run(office: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(
        fengqiao, ["packages", *arguments], env={"FENGQIAO_DATA": str(office.data)}
    )


def put(tmp_path: Path, source: PackageSource) -> str:
    write_folder(source, tmp_path / "tree")
    return str(tmp_path / "tree")


def test_a_draft_is_approved_in_somebodys_name(office: Settings, tmp_path: Path) -> None:
    tree = put(tmp_path, small_package())
    assert run(office, "publish", tree, "--notes", "初版").output == f"{KEY} 1 published\n"
    toml = small_package().files[TOML].replace(b"access_class", b"# class\naccess_class")
    files = {**small_package().files, TOML: toml}
    run(office, "import", put(tmp_path, replace(small_package(), files=files)))
    done = run(office, "approve", KEY, "2", "--as", "second", "--notes", "看过")
    assert (done.exit_code, done.output) == (0, f"{KEY} 2 approved\n")
    database = Database(office.database_url)
    with database.reading(SYSTEM) as session:
        row = session.scalars(select(PackageVersion).where(PackageVersion.number == 2)).one()
        assert (row.state, row.approver, row.approved_digest) == ("draft", "second", row.digest)
        events = session.scalars(select(PackageEvent).order_by(PackageEvent.at)).all()
        told = [(one.act, one.who, one.notes) for one in events]
    database.dispose()
    assert told == [("published", "系统", "初版"), ("approved", "second", "看过")]
    refused = run(office, "approve", KEY, "9", "--as", "second")
    assert refused.exit_code == 1


def test_two_persons_can_be_demanded_always_and_no_longer(office: Settings) -> None:
    database = Database(office.database_url)
    for word, always in (("always", True), ("by-difference", False)):
        assert run(office, "second-person", word).exit_code == 0
        with database.reading(SYSTEM) as session:
            assert load_setting(session, ALWAYS, None) is always
    database.dispose()


def test_a_package_whose_scenario_fails_is_not_published(office: Settings, tmp_path: Path) -> None:
    scenario = b'{"title": "x", "at": "2026-05-11T09:00:00+08:00"}'
    files = {**small_package().files, f"bpmn/{KEY}/scenarios/happy.json": scenario}
    refused = run(office, "publish", put(tmp_path, replace(small_package(), files=files)))
    told = [json.loads(line) for line in refused.output.splitlines()]
    assert refused.exit_code == 1
    assert {(one["code"], one["file"]) for one in told} == {
        ("rollout.red_end", "scenarios/happy.json")
    }
    database = Database(office.database_url)
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(PackageVersion)).all() == []
    database.dispose()


@pytest.mark.parametrize(
    ("path", "code"), [("camunda8.bpmn", 1), ("../../../bpmn/petition/route31.dmn", 0)]
)
def test_a_single_file_is_checked_with_findings_as_lines(path: str, code: int) -> None:
    file = Path(__file__).parents[1] / "data" / "foreign" / path
    checked = CliRunner().invoke(fengqiao, ["packages", "check", str(file), "--language", "en"])
    assert checked.exit_code == code
    assert bool(checked.output) == bool(code)
    for line in checked.output.splitlines():
        assert json.loads(line).keys() == {
            "severity", "file", "element", "line", "code", "message",
        }  # fmt: skip
