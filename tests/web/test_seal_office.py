"""The administrator's page of seals: what there is, and revoking with a second look."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import delete

from tests.factories.organisation import PASSWORD
from tests.sealing.world import SealWorld, build_seal_world
from tests.web.client import Page, Reader
from tests.web.conftest import give_password
from webapp.app import create_app
from webapp.pages import log
from webapp.settings import Settings
from workflows.jobs.seals import SealSource
from workflows.sealing.authority import list_lacks
from workflows.sealing.certificates import CAUSES as SIGNED_CAUSES
from workflows.sealing.keyring import Keyring
from workflows.sealing.office import CAUSES, MAX_REASON
from workflows.sealing.order import order_seal
from workflows.sealing.tables import SealAuthority
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

UNIT = "丙村人民调解委员会"
WHY = {"cause": "key_compromise", "reason": "服务器被人动过"}


@pytest.fixture
def sealing(
    database: Database,
    clock: MovableClock,
    ids: IdSource,
    vault: Vault,
    files: FileStore,
    tmp_path: Path,
) -> SealWorld:
    made = build_seal_world(database, clock, ids, vault, files, Keyring(tmp_path / "secrets"))
    made.world.hire("boss", "系统管理员@1-ZZ")
    for username in ("boss", "head"):
        give_password(made.world, username)
    return made


@pytest.fixture
def site(sealing: SealWorld, settings: Settings) -> Iterator[Flask]:
    made = create_app(settings, sealing.desk.platform)
    log.configure(io.StringIO())
    yield made
    structlog.reset_defaults()


@pytest.fixture
def boss(site: Flask, sealing: SealWorld) -> Reader:
    reader = Reader(site, sealing.desk.platform.database)
    reader.sign_in("boss", PASSWORD)
    return reader


@pytest.fixture
def sealed(sealing: SealWorld) -> SealWorld:
    """The notice is sealed: its unit has a certificate."""
    head = sealing.world.actor("head")
    order_seal(sealing.desk.platform, head, sealing.outside_id)
    assert sealing.work() == 1
    return sealing


def certificate(boss: Reader) -> str:
    """Address of the one certificate."""
    (link,) = boss.visit("/seals").all("//td//a")
    return str(link.get("href"))


def ask(boss: Reader, fields: dict[str, str], *, status: int = 200) -> Page:
    page = boss.visit(certificate(boss))
    return boss.submit(page, fields, action=certificate(boss), status=status)


def test_page_shows_authority_units_days_and_how_much_was_sealed(
    boss: Reader, sealed: SealWorld
) -> None:
    page = boss.visit("/seals", most_statements=8)
    assert "根证书" in page.text
    assert "时间戳证书" in page.text
    assert "还剩 1095 天" in page.text.replace("\n", " ")
    assert "1 份" in page.text
    assert "使用中" in page.text
    assert sealed.seal.serial in page.text


def test_certificate_near_its_end_is_marked(
    boss: Reader, sealed: SealWorld, clock: MovableClock
) -> None:
    clock.advance(timedelta(days=3 * 365 - 20))
    assert "即将换新" in boss.visit("/seals").text


def test_revoking_is_looked_at_twice_and_then_done(boss: Reader, sealed: SealWorld) -> None:
    look = ask(boss, WHY)
    assert "吊销不能撤回" in look.text
    assert "1 份文书" in look.text
    assert "使用中" in boss.visit("/seals").text
    done = boss.submit(look, {}, action=certificate(boss), button="吊销证书，不能撤回")
    assert "已吊销 " in done.text
    page = boss.visit("/seals")
    assert "待后台重新签发" in page.text
    told = boss.visit(certificate(boss)).text
    assert "服务器被人动过" in told
    assert "先看吊销的后果" not in told


def test_worker_signs_the_list_that_the_page_did_not(boss: Reader, sealed: SealWorld) -> None:
    look = ask(boss, WHY)
    boss.submit(look, {}, action=certificate(boss), button="吊销证书，不能撤回")
    SealSource(sealed.desk).run_due(1)
    with sealed.desk.platform.database.reading(SYSTEM) as session:
        assert not list_lacks(session)
    page = boss.visit("/seals")
    assert "待后台重新签发" not in page.text
    assert "第 2 版" in page.text


def test_revoking_without_cause_or_reason_says_what_is_missing(
    boss: Reader, sealed: SealWorld
) -> None:
    page = ask(boss, {"cause": "", "reason": " "}, status=422)
    assert "请选择吊销原因" in page.text
    assert "请写明发生了什么" in page.text
    long = {"cause": CAUSES[0], "reason": "长" * (MAX_REASON + 1)}
    assert f"最多写 {MAX_REASON} 个字" in ask(boss, long, status=422).text
    assert sealed.seal.serial is not None
    assert "已吊销" not in boss.visit("/seals").text


def test_others_do_not_see_it(site: Flask, sealed: SealWorld, boss: Reader) -> None:
    address = certificate(boss)
    head = Reader(site, sealed.desk.platform.database)
    head.sign_in("head", PASSWORD)
    head.visit("/seals", status=403)
    head.visit(address, status=403)
    head.post(address, {**WHY, "_sure": "yes", "csrf_token": head.token()}, status=403)
    assert "印章证书" not in head.visit("/inbox").text


def test_unknown_certificate_is_not_found(boss: Reader, sealed: SealWorld) -> None:
    boss.visit("/seals/0000", status=404)


def test_page_of_an_installation_that_does_not_seal_says_how_to_begin(
    site: Flask, sealing: SealWorld, boss: Reader
) -> None:
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        session.execute(delete(SealAuthority))
    assert "fengqiao seal init" in boss.visit("/seals").text


def test_causes_are_those_that_certificates_know() -> None:
    assert set(CAUSES) == set(SIGNED_CAUSES)
