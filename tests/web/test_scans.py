"""Signed papers come back, used without scripts: dropping, progress, what is missing, by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.factories.cases import World
from tests.factories.papers import build_papers, open_papers
from tests.factories.scans import draw, jpeg
from tests.factories.volumes import locked_pdf
from tests.web.client import Page, Reader
from tests.web.conftest import give_password
from webapp.jobs import build_sources
from webapp.pdf.renderer import RendererPool
from webapp.pdf.scans import ScanReader
from webapp.scans.inputs import MOST_SENT_BYTES
from workflows.cases.tables import Document
from workflows.documents.make import make_bytes
from workflows.jobs.worker import Worker
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

Enter = Callable[[str], Reader]


@pytest.fixture(scope="module")
def renderer() -> Iterator[RendererPool]:
    pool = RendererPool()
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def scanner() -> Iterator[ScanReader]:
    made = ScanReader()
    yield made
    made.close()


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    made = build_papers(database, clock, ids, vault, files)
    for username in made.accounts:
        give_password(made, username)
    return made


@dataclass(frozen=True)
class Paper:
    id: str
    code: str
    pdf: bytes
    pages: int


@pytest.fixture
def paper(world: World, renderer: RendererPool) -> Paper:
    """A printed notice of a case of the mediators' unit."""
    open_papers(world)
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(Document)).one()
    made = make_bytes(world.platform, renderer, row.id)
    content = world.platform.files.read(made.sha256)
    return Paper(encode_id(row.id), row.verify_code, content, made.pages)


@pytest.fixture
def work(world: World, renderer: RendererPool, scanner: ScanReader) -> Callable[[], None]:
    """The worker does all there is."""
    sources = build_sources(world.platform, renderer, reader=scanner)
    return lambda: Worker(sources).run_until_idle()


def drop(reader: Reader, files: dict[str, bytes], at: str = "/scans") -> str:
    """Sends files; where the answer leads."""
    page = reader.visit(at)
    form = {
        field.get("name"): field.get("value")
        for field in page.all("//main//form[@method='post']//input[@type='hidden']")
    }
    sent = [FileStorage(BytesIO(content), name) for name, content in files.items()]
    mark, body = encode_multipart(MultiDict([*form.items(), *(("files", one) for one in sent)]))
    answer = reader.ask(
        "POST", "/scans", data=body, content_type=f"multipart/form-data; boundary={mark}"
    )
    assert answer.status_code == 303
    return answer.headers["Location"]


def photos(paper: Paper) -> dict[str, bytes]:
    return {f"{n + 1}.jpg": jpeg(draw(paper.pdf, n)) for n in range(paper.pages)}


def content(reader: Reader, address: str) -> bytes:
    """What an address gives."""
    with closing(reader.ask("GET", address)) as answer:
        return answer.data


def test_papers_are_dropped_read_and_filed(
    enter: Enter, paper: Paper, work: Callable[[], None]
) -> None:
    reader = enter("mediator")
    heap = {**photos(paper), "locked.pdf": locked_pdf()}
    address = drop(reader, heap)
    waiting = reader.visit(address)
    assert "正在识别" in waiting.text
    assert waiting.all("//progress")
    work()
    page = reader.visit(address)
    assert page.heading == "签署件识别结果"
    assert "已归入案件" in page.text
    assert "locked.pdf： 设了密码" in page.text or "locked.pdf：设了密码" in page.text
    (link,) = page.all("//a[contains(., '签署件 PDF')]")
    assert content(reader, link.get("href")).startswith(b"%PDF-")
    (picture, *_others) = page.all("//a[starts-with(@href, '/scans/pages/')]")
    assert content(reader, picture.get("href")).startswith(b"\xff\xd8\xff")
    assert "个文件" in reader.visit("/scans").text


def test_the_page_of_a_document_leads_here_and_missing_pages_are_named(
    enter: Enter, paper: Paper, work: Callable[[], None]
) -> None:
    reader = enter("mediator")
    (link,) = reader.visit(f"/documents/{paper.id}/print").all("//a[contains(., '传回签署件')]")
    blank = jpeg(draw(paper.pdf, 0).resize((300, 400)))
    address = drop(reader, {"small.jpg": blank}, link.get("href"))
    work()
    page = reader.visit(address)
    assert "没有认出的页" in page.text
    (code,) = page.all("//main//input[@name='code']")
    assert code.get("value") == paper.code
    (form,) = page.all(f"//main//form[.//input[@id='{code.get('id')}']]")
    wrong = _place(reader, form, page, "99", 422)
    assert "这份文书共" in wrong.text
    assert wrong.title.startswith("错误")
    placed = _place(reader, form, page, "1", 303)
    assert "没有认出的页" not in placed.text
    if paper.pages > 1:
        assert "缺第 2 页" in placed.text


def _place(reader: Reader, form: object, page: Page, number: str, status: int) -> Page:
    values = {
        field.get("name"): field.get("value") or ""
        for field in form.xpath(".//input")  # type: ignore[attr-defined]
    }
    values["page"] = number
    target = form.get("action")  # type: ignore[attr-defined]
    if status == 422:
        return reader.post(target, values, status=422)
    answer = reader.ask("POST", target, data=values)
    assert answer.status_code == status
    return reader.visit(answer.headers["Location"])


def test_somebody_without_the_case_reads_only_that_it_is_not_theirs(
    enter: Enter, world: World, paper: Paper, work: Callable[[], None]
) -> None:
    stranger = enter("stranger")
    address = drop(stranger, photos(paper))
    work()
    page = stranger.visit(address)
    assert "不是您经手的案件" in page.text
    assert paper.code not in page.text
    assert "通知" not in page.words("//main")[0]
    assert stranger.ask("GET", f"/scans?document={paper.id}").status_code == 404
    mine = enter("mediator")
    assert mine.ask("GET", address).status_code == 404


def test_nothing_chosen_is_said(enter: Enter, world: World) -> None:
    reader = enter("mediator")
    page = reader.visit("/scans")
    (token,) = page.all("//main//form//input[@name='csrf_token']")
    refused = reader.post(
        "/scans", {"csrf_token": token.get("value"), "files": (BytesIO(b""), "")}, status=422
    )
    assert "请先选择照片或 PDF" in refused.text


def test_a_heap_may_be_larger_than_what_the_rest_of_the_site_takes(
    enter: Enter, site: Flask, world: World
) -> None:
    """A file of a hundred megabytes is refused by its name, and the one beside it is taken in."""
    site.config["MAX_CONTENT_LENGTH"] = 2**20
    reader = enter("mediator")
    address = drop(reader, {"large.pdf": b"%PDF-" + bytes(61 * 2**20), "b.jpg": jpeg_of_nothing()})
    page = reader.visit(address)
    assert "large.pdf" in page.text
    assert "超过 60 MB，没有收下" in page.text
    assert "已识别 1 / 2 个文件" in page.text
    assert MOST_SENT_BYTES > 100 * 2**20


def jpeg_of_nothing() -> bytes:
    return jpeg(Image.new("RGB", (40, 40), "white"))


def test_it_reads_in_english(
    enter: Enter, world: World, paper: Paper, work: Callable[[], None]
) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts["mediator"]).language = "en"
    reader = enter("mediator")
    page = reader.visit("/scans")
    assert page.heading == "Signed papers back"
    address = drop(reader, {"locked.pdf": locked_pdf(), **photos(paper)})
    work()
    shown = reader.visit(address)
    assert "Filed" in shown.text
    assert "It has a password" in shown.text
