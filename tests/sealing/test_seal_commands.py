"""`fengqiao seal` and the doctor's look at it, on an installation of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from webapp.cli import fengqiao
from webapp.commands.checks.result import Patient, Reading
from webapp.commands.checks.seals import check_seals
from webapp.settings import Settings
from workflows.messages import say
from workflows.organisation.demo import build_demo
from workflows.organisation.roles import save_built_in_roles
from workflows.sealing.keyring import FILE
from workflows.sealing.tables import DocumentSeal, SealCertificate
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.backup.archive import Member, read_members
from workflows.storage.backup.take import APART
from workflows.storage.clock import SystemClock

UNIT = "620902104-TW"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line over an office of its own."""
    monkeypatch.setenv("FENGQIAO_DATA", str(tmp_path))
    monkeypatch.delenv("FENGQIAO_DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(fengqiao, words)


def _database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'fengqiao.db'}")


def _people(folder: Path) -> None:
    database = _database(folder)
    clock = SystemClock()
    with database.transaction(SYSTEM) as session:
        save_built_in_roles(session)
        build_demo(session, IdSource(clock), password="fengqiao-2026", now=clock.now())
    database.dispose()


def test_the_authority_is_made_once_and_its_passphrase_named(run: Run, tmp_path: Path) -> None:
    first = run("seal", "init")
    assert first.exit_code == 0
    assert FILE in first.output
    kept = (tmp_path / "secrets" / FILE).read_bytes()
    assert "没有改动" in run("seal", "init").output
    assert (tmp_path / "secrets" / FILE).read_bytes() == kept


def test_certificates_are_issued_listed_and_revoked(run: Run, tmp_path: Path) -> None:
    run("seal", "init")
    _people(tmp_path)
    serial = run("seal", "issue", UNIT).output.strip()
    assert f"{serial}  active" in run("seal", "list").output
    words = ("--cause", "key_compromise", "--reason", "电脑失窃")
    refused = run("seal", "revoke", serial, "--as", "mediator", *words)
    assert refused.exit_code == 1
    assert run("seal", "revoke", serial, "--as", "admin", *words).exit_code == 0
    assert f"{serial}  revoked" in run("seal", "list").output
    database = _database(tmp_path)
    with database.reading(SYSTEM) as session:
        row = session.scalars(select(SealCertificate)).one()
    database.dispose()
    assert (row.cause, row.reason) == ("key_compromise", "电脑失窃")
    assert row.revoked_by


def test_the_passphrase_is_in_no_backup(run: Run, tmp_path: Path) -> None:
    run("seal", "init")
    target = tmp_path / "copy.fq"
    assert run("backup", str(target), "--with-keys").exit_code == 0
    members = [one for one in read_members(target) if isinstance(one, Member)]
    secrets = {one.name for one in members if one.kind == "secrets"}
    assert "master.key" in secrets
    assert FILE not in secrets
    assert FILE in APART


def _doctor(folder: Path, **later: float) -> list[tuple[str, str]]:
    settings = Settings(data=folder, database_url=f"sqlite:///{folder / 'fengqiao.db'}")
    database = _database(folder)
    now = datetime.now(UTC) + timedelta(**later)
    with database.reading(SYSTEM) as session:
        reading = Reading(Patient(settings, database, now), session, now)
        found = [(level, say(message)) for level, message in check_seals(reading)]
    database.dispose()
    return found


def test_the_doctor_knows_whether_seals_can_be_made(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    assert _doctor(tmp_path) == [("ok", "没有启用防篡改印；需要时运行 fengqiao seal init。")]
    run("seal", "init")
    assert _doctor(tmp_path) == [("ok", "防篡改印可以使用，没有积压。")]
    assert [level for level, _ in _doctor(tmp_path, days=20 * 365 - 30)] == ["bad", "ok"]
    (tmp_path / "secrets" / FILE).unlink()
    (level, words), _ = _doctor(tmp_path)
    assert level == "bad"
    assert "口令" in words


def test_the_doctor_names_seals_that_wait(run: Run, tmp_path: Path) -> None:
    run("seal", "init")
    database = _database(tmp_path)
    now = datetime.now(UTC)
    with database.transaction(SYSTEM) as session:
        session.add(
            DocumentSeal(
                document_id=1,
                case_id=1,
                unit_code=UNIT,
                state="pending",
                ordered_by=1,
                ordered_at=now,
                available_at=now,
                attempts=3,
                error=["sealing.signer_away", {}],
            )
        )
    database.dispose()
    assert _doctor(tmp_path, minutes=5) == [("ok", "防篡改印可以使用，没有积压。")]
    ((level, words),) = _doctor(tmp_path, minutes=11)
    assert level == "warn"
    assert "签章服务中断" in words
