"""/verify: anybody may ask, nobody learns a name, and every outcome has its sentence."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from tests.factories.organisation import PASSWORD
from tests.sealing.world import MARK, SealWorld, build_seal_world
from tests.web.client import Page, Reader
from tests.web.conftest import give_password
from webapp.app import create_app
from webapp.pages import log
from webapp.security import access_rules
from webapp.settings import Settings
from webapp.verify.checker import EXTENSION
from webapp.verify.inputs import read_file
from workflows.cases.tables import CaseRecord, Document
from workflows.documents.make import make_bytes
from workflows.documents.states import SUPERSEDED, VOID
from workflows.errors import InvalidInputError
from workflows.messages import say
from workflows.sealing.authority import revoke
from workflows.sealing.keyring import Keyring
from workflows.sealing.order import order_seal
from workflows.sealing.signing import Report, SealingError, Signature
from workflows.sealing.verify import MOST_BYTES
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

Send = Callable[..., Page]
NAMES = ("李玉梅", "王建国", "浇水", "990001")
"""Parties, title and ID number of the case."""


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
    give_password(made.world, "head")
    give_password(made.world, "intake")
    return made


@pytest.fixture
def site(sealing: SealWorld, settings: Settings) -> Iterator[Flask]:
    made = create_app(settings, sealing.desk.platform)
    made.extensions[EXTENSION] = sealing.signer
    log.configure(io.StringIO())
    yield made
    structlog.reset_defaults()


@pytest.fixture
def reader(site: Flask, sealing: SealWorld) -> Reader:
    return Reader(site, sealing.desk.platform.database)


@pytest.fixture
def send(reader: Reader) -> Send:
    """Uploads a file."""

    def upload(content: bytes, *, status: int = 200, name: str = "文书.pdf") -> Page:
        page = reader.visit("/verify")
        (token,) = page.all("//main//form[@method='post']//input[@name='csrf_token']")
        file = [(io.BytesIO(content), name)]
        return reader.post(
            "/verify", {"csrf_token": token.get("value"), "file": file}, status=status
        )

    return upload


def _make(sealing: SealWorld) -> bytes:
    made = make_bytes(sealing.desk.platform, sealing.desk.renderer, sealing.document_id)
    return sealing.desk.platform.files.read(made.sha256)


def _seal(sealing: SealWorld) -> bytes:
    order_seal(sealing.desk.platform, sealing.world.actor("head"), sealing.outside_id)
    sealing.work()
    return sealing.desk.platform.files.read(sealing.document.sha256 or "")


def _set(sealing: SealWorld, state: str) -> None:
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        session.execute(update(Document).values(state=state))


def _restrict(sealing: SealWorld) -> None:
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        session.execute(update(CaseRecord).values(access_class="sealed"))


def _ask(reader: Reader, sealing: SealWorld) -> Page:
    return reader.visit(f"/verify/{sealing.document.verify_code}")


def test_every_view_of_the_room_is_public_on_purpose(site: Flask) -> None:
    rules = {name: rule for name, rule in access_rules(site).items() if name.startswith("verify.")}
    assert rules == {"verify.ask": "public", "verify.code": "public", "verify.check": "public"}


def test_a_typed_code_leads_to_its_page(reader: Reader, sealing: SealWorld) -> None:
    code = sealing.document.verify_code
    typed = code.lower().replace("-", " ")
    answer = reader.ask("GET", f"/verify?code={typed}")
    assert answer.status_code == 303
    assert reader.visit(answer.headers["Location"]).heading == "核验码属实"


def test_a_code_before_the_file_was_made(reader: Reader, sealing: SealWorld) -> None:
    page = _ask(reader, sealing)
    assert page.heading == "核验码属实"
    assert "文件摘要" not in page.text


def test_a_code_of_an_unsealed_document(reader: Reader, sealing: SealWorld) -> None:
    _make(sealing)
    page = _ask(reader, sealing)
    digest = sealing.document.sha256 or ""
    assert page.heading == "核验码属实"
    assert f"{digest[:8]} … {digest[-8:]}" in page.text
    assert "告知书" in page.text
    assert "2 页" in page.text
    assert "没有加盖防篡改印" in page.text


def test_a_code_shows_the_fingerprint_at_the_foot_of_the_paper(
    reader: Reader, sealing: SealWorld
) -> None:
    content = _make(sealing)
    mark = sealing.document.text_mark or ""
    shown = " ".join((mark[:4], mark[4:8], mark[8:]))
    assert f"文本指纹 {shown}" in content.decode()
    page = _ask(reader, sealing)
    assert shown in page.text
    assert "每页页脚的文本指纹应与上面一致" in page.text
    assert reader.visit(f"/verify/{sealing.document.verify_code}?p=2").heading == page.heading


def test_a_document_from_before_says_it_has_no_fingerprint(
    reader: Reader, sealing: SealWorld
) -> None:
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        session.execute(update(Document).values(text_mark=None))
    content = _make(sealing)
    assert "文本指纹" not in content.decode()
    page = _ask(reader, sealing)
    assert "没有（文书制作时还没有这一项）" in page.text
    assert "每页页脚的文本指纹" not in page.text


def test_a_code_of_a_sealed_document_shows_what_the_seal_shows(
    reader: Reader, sealing: SealWorld
) -> None:
    _seal(sealing)
    page = _ask(reader, sealing)
    shown = (sealing.seal.unsigned_sha256 or "")[:12]
    assert page.heading == "核验码属实，已盖印"
    assert " ".join((shown[:4], shown[4:8], shown[8:])) in page.text
    assert "防篡改印是完整性证据，不是法定电子印章。" in page.text


@pytest.mark.parametrize(("state", "heading"), [(SUPERSEDED, "已被新文书替代"), (VOID, "已作废")])
def test_a_code_of_what_no_longer_counts(
    reader: Reader, sealing: SealWorld, send: Send, state: str, heading: str
) -> None:
    content = _make(sealing)
    _set(sealing, state)
    assert _ask(reader, sealing).heading == heading
    assert send(content).heading == heading


def test_a_seal_whose_certificate_was_revoked(
    reader: Reader, sealing: SealWorld, send: Send
) -> None:
    content = _seal(sealing)
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        revoke(
            session,
            sealing.desk.keyring,
            SYSTEM,
            sealing.seal.serial or "",
            cause="key_compromise",
            reason="失窃",
            now=sealing.clock.now(),
        )
    assert _ask(reader, sealing).heading == "印章证书已被吊销"
    page = send(content)
    assert page.heading == "印章证书已被吊销"
    assert "失窃" not in page.text


@pytest.mark.parametrize("code", ["2222-3333-4444", "not a code", "../etc/passwd", "%E6%9D%8E"])
def test_an_unknown_code_is_unknown(reader: Reader, code: str) -> None:
    status = 404 if "/" in code else 200
    page = reader.visit(f"/verify/{code}", status=status)
    assert status == 404 or page.heading == "查无此码"


def test_the_file_as_it_was_made_is_genuine_and_never_parsed(
    sealing: SealWorld, send: Send
) -> None:
    page = send(_make(sealing))
    assert page.heading == "真实，没有改动"
    assert "没有加盖防篡改印" in page.text
    assert sealing.signer.asked == []


def test_the_sealed_file_is_genuine(sealing: SealWorld, send: Send) -> None:
    page = send(_seal(sealing))
    assert page.heading == "真实，没有改动"
    assert "盖印后没有任何改动" in page.text


def test_the_bytes_below_the_seal_are_called_what_they_are(sealing: SealWorld, send: Send) -> None:
    content = _seal(sealing)
    assert send(content.partition(MARK)[0]).heading == "真实，但不是盖印后的文件"


def test_one_changed_byte_makes_it_altered(sealing: SealWorld, send: Send) -> None:
    content = bytearray(_seal(sealing))
    content[40] ^= 1
    sealing.signer.report = Report(pages=2, codes=(sealing.document.verify_code,))
    assert send(bytes(content)).heading == "文件已被改动"


def _signed(sealing: SealWorld, *, holds: bool, revoked: bool = False) -> Report:
    serial = sealing.seal.serial or ""
    return Report(signatures=(Signature(serial, "", holds, holds, True, revoked, None),), pages=2)


def test_a_seal_of_ours_that_does_not_hold_is_altered_even_without_a_code(
    sealing: SealWorld, send: Send
) -> None:
    _seal(sealing)
    sealing.signer.report = _signed(sealing, holds=False)
    assert send(b"%PDF-1.7 something else").heading == "文件已被改动"


@pytest.mark.parametrize(
    ("revoked", "heading"), [(False, "真实，没有改动"), (True, "印章证书已被吊销")]
)
def test_a_seal_of_ours_that_holds_needs_no_row(
    sealing: SealWorld, send: Send, revoked: bool, heading: str
) -> None:
    """As after a restore from a backup older than the seal."""
    _seal(sealing)
    sealing.signer.report = _signed(sealing, holds=True, revoked=revoked)
    assert send(b"%PDF-1.7 a file of last week").heading == heading


def test_a_seal_of_somebody_else_is_not_ours(sealing: SealWorld, send: Send) -> None:
    sealing.signer.report = Report(
        signatures=(Signature("abcdef", "某公司", True, False, True, False, None),), pages=2
    )
    page = send(b"%PDF-1.7 of a firm")
    assert page.heading == "不是本系统的文件"
    assert "某公司" not in page.text


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("not_pdf", "不是 PDF 文件"),
        ("broken", "文件已损坏"),
        ("encrypted", "设了密码"),
        ("slow", "太复杂"),
    ],
)
def test_a_bad_file_is_told_what_is_wrong(
    sealing: SealWorld, send: Send, problem: str, words: str
) -> None:
    sealing.signer.report = Report(problem=problem)
    page = send(b"whatever")
    assert page.heading == "文件无法核验"
    assert words in page.text


def test_an_empty_file_is_refused(sealing: SealWorld, send: Send) -> None:
    assert "是空的" in send(b"", status=422).text
    assert sealing.signer.asked == []


def test_a_huge_file_is_refused_before_anybody_looks() -> None:
    huge = FileStorage(io.BytesIO(b"%PDF-" * (MOST_BYTES // 5 + 1)), "文书.pdf")
    with pytest.raises(InvalidInputError) as refused:
        read_file(huge)
    assert "25 MB" in say(refused.value.message)


def test_no_file_is_said(send: Send) -> None:
    assert "请先选择" in send(b"", status=422, name="").text


def test_a_checker_that_is_busy_is_said(
    sealing: SealWorld, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_arguments: object) -> Report:
        raise SealingError("sealing.signer_busy")

    monkeypatch.setattr(sealing.signer, "check", busy)
    assert "签章服务正忙" in send(b"%PDF-1.7", status=503).text


def test_no_page_names_anybody(reader: Reader, sealing: SealWorld, send: Send) -> None:
    with sealing.desk.platform.database.reading(SYSTEM) as session:
        number = session.scalar(select(CaseRecord.number))
    content = _seal(sealing)
    changed = content[:-1] + b"?"
    pages = [_ask(reader, sealing), send(content)]
    sealing.signer.report = Report(pages=2, codes=(sealing.document.verify_code,))
    pages.append(send(changed))
    for page in pages:
        assert [word for word in (*NAMES, number) if word in page.text] == []


def test_of_restricted_matters_nothing_but_genuine_is_told(
    reader: Reader, sealing: SealWorld, send: Send
) -> None:
    content = _seal(sealing)
    _restrict(sealing)
    digest = sealing.document.sha256 or ""
    for page in (_ask(reader, sealing), send(content)):
        assert page.heading in ("核验码属实", "真实，没有改动")
        assert [word for word in ("告知书", "盖印时间", digest[:8]) if word in page.text] == []
    sealing.signer.report = Report(pages=2, codes=(sealing.document.verify_code,))
    assert send(content + b"?").heading == "不是本系统的文件"
    _set(sealing, VOID)
    assert _ask(reader, sealing).heading == "查无此码"


def test_answers_are_rationed(reader: Reader) -> None:
    answers = [reader.ask("GET", "/verify/2222-2222-2222").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def _sign_in(site: Flask, sealing: SealWorld, username: str) -> Reader:
    made = Reader(site, sealing.desk.platform.database)
    made.sign_in(username, PASSWORD)
    return made


def test_a_head_asks_for_the_seal_on_the_documents_page(site: Flask, sealing: SealWorld) -> None:
    head = _sign_in(site, sealing, "head")
    address = f"/documents/{sealing.outside_id}/print"
    page = head.visit(address)
    assert "防篡改印是完整性证据，不是法定电子印章。" in page.text
    page = head.submit(page, action=f"/documents/{sealing.outside_id}/seal")
    assert "几秒钟后完成" in page.text
    assert "正在加盖" in page.text
    sealing.work()
    page = head.visit(address)
    assert "盖印时间" in page.text
    assert "文书不能再改动" in page.text
    assert page.all("//button[contains(., '加盖防篡改印')]") == []


def test_whoever_may_not_seal_has_no_button(site: Flask, sealing: SealWorld) -> None:
    intake = _sign_in(site, sealing, "intake")
    page = intake.visit(f"/documents/{sealing.outside_id}/print")
    assert "防篡改印" not in page.text
    fields = {"csrf_token": intake.token()}
    intake.post(f"/documents/{sealing.outside_id}/seal", fields, status=403)


def test_the_page_says_why_a_seal_waits(site: Flask, sealing: SealWorld) -> None:
    sealing.signer.fails.append(SealingError("sealing.signer_away"))
    order_seal(sealing.desk.platform, sealing.world.actor("head"), sealing.outside_id)
    sealing.work()
    head = _sign_in(site, sealing, "head")
    assert "签章服务中断" in head.visit(f"/documents/{sealing.outside_id}/print").text
