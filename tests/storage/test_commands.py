"""`backup`, `restore`, `doctor`, `outbox` as an operator types them, on SQLite."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from webapp.cli import fengqiao
from webapp.commands import doctor as command
from webapp.commands.checks.result import BAD, OK, WARN, PatientCheck
from webapp.settings import Settings
from workflows.cases.tables import FAR, CaseRecord, ClockRow, StoredFile
from workflows.jobs.heartbeat import HeartbeatSource
from workflows.messages import load_catalogue
from workflows.organisation.demo import BUILT_KEY
from workflows.organisation.tables import Account, Person
from workflows.storage import SYSTEM, Database, IdSource, Session, outbox
from workflows.storage.clock import SystemClock
from workflows.storage.installation import check_master_key, save_setting
from workflows.storage.vault import Vault

ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC)
IDS = IdSource(SystemClock())


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with tables, key and nothing else."""
    folder = tmp_path_factory.mktemp("original") / "data"
    folder.mkdir()
    settings = Settings.from_environment({"FENGQIAO_DATA": str(folder)})
    database = Database(settings.database_url)
    database.upgrade()
    with database.transaction(SYSTEM) as session:
        check_master_key(session, Vault.load_or_create(settings.secrets))
    database.dispose()
    return folder


@pytest.fixture
def office(original: Path, tmp_path: Path) -> Settings:
    """A copy of it for one test."""
    folder = tmp_path / "data"
    shutil.copytree(original, folder)
    return Settings.from_environment({"FENGQIAO_DATA": str(folder)})


def change(office: Settings, *changes: Callable[[Session], object]) -> None:
    database = Database(office.database_url)
    with database.transaction(SYSTEM) as session:
        for one in changes:
            one(session)
    database.dispose()


def run(office: Settings, *arguments: str, **env: str) -> Result:
    """The command's exit code and output; what it raises is in `exception`."""
    variables = {"FENGQIAO_DATA": str(office.data), **env}
    return CliRunner().invoke(fengqiao, arguments, env=variables)


def code_of(result: Result) -> str:
    return result.exception.message.code  # type: ignore[union-attr,no-any-return]


# --- backup and restore ---------------------------------------------------------------------------


def test_backup_says_what_it_holds_and_that_keys_are_not_in_it(
    office: Settings, tmp_path: Path
) -> None:
    told = run(office, "backup", str(tmp_path / "b"), "--language", "en")
    assert told.exit_code == 0
    assert "1 rows, 0 files" in told.output
    assert f"The keys are not in it. Keep {office.secrets} in another safe place" in told.output


def test_backup_with_keys_warns(office: Settings, tmp_path: Path) -> None:
    told = run(office, "backup", str(tmp_path / "b"), "--with-keys", "--language", "en")
    assert "whoever has this file can read every case" in told.output


def test_restore_puts_everything_back_and_verifies_the_record(
    office: Settings, tmp_path: Path
) -> None:
    change(office, lambda s: save_setting(s, "mine", "kept"))
    run(office, "backup", str(tmp_path / "b"), "--with-keys")
    new = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path / "new")})
    told = run(new, "restore", str(tmp_path / "b"), "--language", "en")
    assert told.exit_code == 0, told.output
    assert "The record of every case is intact." in told.output
    assert run(new, "restore", str(tmp_path / "b")).exit_code == 1


def test_restore_tells_of_a_record_that_was_broken_before(office: Settings, tmp_path: Path) -> None:
    change(office, lambda s: s.add(case(head_seq=3)))
    run(office, "backup", str(tmp_path / "b"), "--with-keys")
    new = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path / "new")})
    told = run(new, "restore", str(tmp_path / "b"), "--language", "en")
    assert (told.exit_code, "broken in 1 places" in told.output) == (1, True)


def test_restore_check_only_reads(office: Settings, tmp_path: Path) -> None:
    run(office, "backup", str(tmp_path / "b"))
    new = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path / "new")})
    told = run(new, "restore", "--check", str(tmp_path / "b"), "--language", "en")
    assert (told.exit_code, told.output.startswith("The backup is whole")) == (0, True)
    assert not new.data.exists()


def test_backup_of_a_mistyped_folder_makes_nothing(tmp_path: Path) -> None:
    nowhere = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path / "typo")})
    assert code_of(run(nowhere, "backup", str(tmp_path / "b"))) == "backup.nothing"
    assert list(tmp_path.iterdir()) == []


# --- doctor ---------------------------------------------------------------------------------------


QUICK = tuple(one for one in command.MACHINE if one.__module__.endswith(".machine"))
"""Without the renderer process, which takes seconds to start."""


def examine(
    settings: Settings, machine: tuple[PatientCheck, ...] = QUICK
) -> dict[str, dict[str, str]]:
    """Check → {code: level}."""
    found: dict[str, dict[str, str]] = {}
    for result in command.examine(settings, machine):
        found.setdefault(result.check, {})[result.message.code.removeprefix("doctor.")] = (
            result.level
        )
    return found


def case(**values: Any) -> CaseRecord:
    """A row of a case with the least it needs."""
    plain = {
        "id": IDS.next(),
        "number": "甲〔2026〕1号",
        "title": "t",
        "kind": "k",
        "kind_title": {},
        "status": "open",
        "process": "p",
        "unit_code": "1",
        "unit_path": "/1/",
        "county_code": "1",
        "access_class": "normal",
        "facts": {},
        "parties": [],
        "parties_text": "",
        "facts_revision": 0,
        "head_seq": 0,
        "head_hash": "",
        "opened_at": NOW,
        "occurred_at": NOW,
        "opened_by": 0,
        "opened_by_name": "n",
    }
    return CaseRecord(**{**plain, **values})


def clock_row(number: int, due_at: datetime, fires_at: datetime) -> ClockRow:
    return ClockRow(
        run_id=1,
        number=number,
        case_id=1,
        unit_code="1",
        element="e",
        watches="e",
        interrupting=1,
        rule="mediation",
        base="2026-01-01",
        status="final",
        is_open=1,
        due_at=due_at,
        fires_at=fires_at,
        warn_at=[],
        rolled=0,
        steps=[],
        rule_version="1",
        calendar_version="1",
        excluded=[],
        extended_days=0,
        opened_at=NOW,
    )


def beat(office: Settings) -> None:
    """A worker's sign of life."""
    database = Database(office.database_url)
    HeartbeatSource(database).run_due(1)
    database.dispose()


def test_healthy_installation_is_all_ok(office: Settings) -> None:
    beat(office)
    found = examine(office, command.MACHINE)
    assert {level for codes in found.values() for level in codes.values()} <= {OK, WARN}
    assert found["worker"] == {"worker": OK}
    assert found["tables"] == {"tables": OK}
    assert found["renderer"]["renderer"] == OK


def test_doctor_prints_lines_and_ends_with_1_for_what_is_bad(office: Settings) -> None:
    told = run(office, "doctor", "--language", "en")
    assert told.exit_code == 1
    line = next(line for line in told.output.splitlines() if " worker " in line)
    assert line.startswith("bad   worker      No worker is alive")


def test_doctor_speaks_json(office: Settings) -> None:
    beat(office)
    told = run(office, "doctor", "--json", "--language", "en")
    answer = json.loads(told.output)
    assert (told.exit_code, answer["ok"]) == (0, True)
    assert {"check", "level", "code", "text"} == set(answer["checks"][0])


def test_doctor_makes_nothing_where_nothing_is(tmp_path: Path) -> None:
    nowhere = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path / "typo")})
    found = examine(nowhere)
    assert found["database"] == {"no_database": BAD}
    assert found["folder"] == {"no_folder": BAD}
    assert list(tmp_path.iterdir()) == []


def test_unreachable_database_is_said_not_raised(office: Settings) -> None:
    away = "postgresql://nobody@127.0.0.1:1/none"
    found = examine(Settings(data=office.data, database_url=away))
    assert found["database"] == {"database_away": BAD}
    assert "worker" not in found


def test_exposed_key_is_bad(office: Settings) -> None:
    (office.secrets / "master.key").chmod(0o644)
    assert examine(office)["keys"] == {"key_exposed": BAD}


def test_foreign_key_is_bad(office: Settings) -> None:
    (office.secrets / "master.key").write_bytes(bytes(32))
    assert examine(office)["master_key"] == {"key_foreign": BAD}


def test_tables_of_an_older_version_are_bad(office: Settings) -> None:
    change(office, lambda s: s.raw(text("UPDATE alembic_version SET version_num = '0001'")))
    assert examine(office)["tables"] == {"tables_old": BAD}


def test_tables_of_a_newer_version_are_bad(office: Settings) -> None:
    change(office, lambda s: s.raw(text("UPDATE alembic_version SET version_num = '9999'")))
    assert examine(office)["tables"] == {"tables_new": BAD}


def test_worker_without_a_sign_for_a_minute_is_missed(office: Settings) -> None:
    gone = (NOW - timedelta(minutes=2)).isoformat()
    change(office, lambda s: save_setting(s, "jobs.alive/old:1", gone))
    assert examine(office)["worker"] == {"worker_gone": WARN, "no_worker": BAD}


def test_overdue_and_put_off_clocks_are_told_apart(office: Settings) -> None:
    hour, ago = timedelta(hours=1), NOW - timedelta(hours=1)
    change(office, lambda s: s.add(clock_row(1, NOW + hour, NOW + hour)))
    assert examine(office)["clocks"] == {"clocks": OK}
    change(
        office,
        lambda s: s.add(clock_row(2, ago, ago)),
        lambda s: s.add(clock_row(3, ago, NOW + hour)),
        lambda s: s.add(clock_row(4, FAR, FAR)),
    )
    assert examine(office)["clocks"] == {"clocks_late": BAD, "clocks_put_off": WARN}


def test_dead_letters_are_told_and_can_be_revived(office: Settings) -> None:
    change(office, lambda s: outbox.add(s, "http.call", payload=b"", ids=IDS, now=NOW))
    change(office, lambda s: s.raw(text("UPDATE outbox SET state = 'dead', last_error = 'gone'")))
    assert examine(office)["outbox"] == {"outbox_dead": WARN}
    assert "\thttp.call\t" in run(office, "outbox", "list").output
    told = run(office, "outbox", "revive", "http.call", "--language", "en")
    assert told.output == "1 will be tried again.\n"
    assert examine(office)["outbox"] == {"outbox": OK}


def test_letter_nobody_touches_is_told(office: Settings) -> None:
    old = NOW - timedelta(hours=1)
    change(office, lambda s: outbox.add(s, "of a newer version", payload=b"", ids=IDS, now=old))
    assert examine(office)["outbox"] == {"outbox_stuck": WARN}


def test_case_without_words_and_broken_index_are_told(office: Settings) -> None:
    change(office, lambda s: s.add(case()))
    assert examine(office)["search"] == {"search_gaps": WARN, "search_broken": BAD}


def test_file_the_store_lacks_is_bad(office: Settings) -> None:
    lost = StoredFile(
        id=1,
        sha256="0" * 64,
        size_bytes=1,
        name="n",
        media_type="image/png",
        uploaded_by=0,
        uploaded_at=NOW,
        field="",
    )
    change(office, lambda s: s.add(lost))
    assert examine(office)["files"] == {"files_lost": BAD}


def test_demo_accounts_are_bad_where_others_can_reach_them(office: Settings) -> None:
    person = Person(id=1, name="n")
    account = Account(
        id=1,
        username="intake",
        person_id=1,
        password_hash="-",
        language="zh-Hans",
        active=True,
        failed_count=0,
        created_at=NOW,
    )
    change(
        office,
        lambda s: (s.add(person), s.flush(), s.add(account)),
        lambda s: save_setting(s, BUILT_KEY, ["intake"]),
    )
    assert examine(office)["demo"] == {"demo": OK}
    open_to_all = Settings(data=office.data, database_url=office.database_url, host="0.0.0.0")
    found = examine(open_to_all)
    assert found["demo"] == {"demo_open": BAD}
    assert found["settings"] == {"open_cookies": WARN}


def test_every_sentence_of_these_commands_is_in_the_catalogue() -> None:
    spoken: set[str] = set()
    for path in (ROOT / "webapp" / "commands").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "told":
                spoken |= {f"doctor.{one}" for one in _texts(node.args[0])}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                spoken |= set(_texts(node.args[0]))
    known = set(load_catalogue())
    assert {one for one in spoken if one.startswith("doctor.")}
    assert spoken - known == set()


def _texts(node: ast.expr) -> list[str]:
    """The strings an argument may be."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
