"""The volume's pages, used without scripts: ordering, progress, the PDF, the archivist's acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from tests.factories.cases import World, registration
from tests.factories.papers import build_papers
from tests.factories.volumes import SmallRenderer, open_with, pdf_of, photo, with_volumes
from tests.web.client import Reader
from tests.web.conftest import give_password
from webapp.jobs import build_sources
from webapp.pdf.answers import EXTENSION
from webapp.pdf.pictures import PictureProcess
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.open_case import Opened
from workflows.cases.pictures import Picture
from workflows.jobs.worker import Worker
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault
from workflows.volumes.review import items

Enter = Callable[[str], Reader]


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    made = with_volumes(build_papers(database, clock, ids, vault, files))
    made.hire("archivist", "档案员@111-TW")
    for username in made.accounts:
        give_password(made, username)
    return made


@pytest.fixture
def opened(world: World) -> Opened:
    return open_with(world, registration(), ("合同.pdf", pdf_of(3)))


@pytest.fixture
def work(world: World, site: Flask) -> Callable[[], None]:
    """The worker does all there is."""
    renderer = site.extensions[EXTENSION] = SmallRenderer(pages=1)
    return lambda: Worker(build_sources(world.platform, renderer)).run_until_idle()


def test_a_volume_is_ordered_made_and_opened(
    enter: Enter, opened: Opened, work: Callable[[], None]
) -> None:
    reader = enter("mediator")
    page = reader.visit(reader.visit(f"/cases/{opened.case}").link("卷宗"))
    assert page.heading == "卷宗"
    assert page.classed("fq-tag") == ["还没有组卷"]
    page = reader.submit(page, {"retention": "permanent"}, action="/volume/")
    assert "已开始组卷" in page.text
    assert page.all("//noscript/meta[@http-equiv='refresh']")
    assert not page.all("//main//form[contains(@action, '/volume/')]")
    work()
    page = reader.visit(page.url)
    assert not page.all("//noscript/meta")
    assert "第 1 次立卷 · 5 页" in page.text
    assert "第 2—4 页" in page.text
    with reader.ask("GET", page.link("打开卷宗 PDF")) as answer:
        assert answer.mimetype == "application/pdf"
        with pikepdf.open(BytesIO(answer.data)) as pdf:
            assert len(pdf.pages) == 7
    page = reader.visit(f"/cases/{opened.case}")
    assert "第 1 次立卷完成，共 5 页" in page.text


def test_a_volume_with_papers_missing_is_marked_and_not_accepted(
    enter: Enter, world: World, work: Callable[[], None]
) -> None:
    bare = open_with(world, registration())
    reader = enter("archivist")
    page = reader.visit(f"/cases/{bare.case}/volume")
    assert "缺少必备材料：证据" in page.text
    reader.submit(page, action="/volume/")
    work()
    page = reader.visit(f"/cases/{bare.case}/volume")
    assert "未齐" in page.classed("fq-tag")
    assert "补齐后重新组卷才能接收归档" in page.text
    assert not page.all("//form[contains(@action, '/accept')]")
    volume = page.link("打开卷宗 PDF")
    sent = {"retention": "long", "csrf_token": reader.token(), "next": page.url}
    assert "卷宗未齐，缺少：证据" in reader.post(f"{volume}/accept", sent).text


def test_an_archivist_accepts_holds_and_scores(
    enter: Enter, opened: Opened, work: Callable[[], None]
) -> None:
    reader = enter("archivist")
    reader.submit(reader.visit(f"/cases/{opened.case}/volume"), action="/volume/")
    work()
    page = reader.visit(f"/cases/{opened.case}/volume")
    page = reader.submit(page, {"retention": "short"}, action="/accept")
    assert "archivist 于" in page.text
    assert "已归档" in page.classed("fq-tag")
    page = reader.submit(page, {"reason": "当事人已起诉"}, action="/hold")
    assert "已暂停" in page.classed("fq-tag")
    assert "当事人已起诉" in page.text
    points = {f"points-{one.key}": str(one.points - 1) for one in items()}
    page = reader.submit(page, {**points, "note": "签名清楚"}, action="/review")
    assert "91 分" in page.classed("fq-tag")
    assert "签名清楚" in page.text
    answer = reader.ask("GET", page.link("打印评分表"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    page = reader.submit(page, action="/hold/lift")
    assert "已解除暂停销毁" in page.text


def test_a_hold_without_a_reason_comes_back_with_a_sentence(enter: Enter, opened: Opened) -> None:
    reader = enter("archivist")
    page = reader.visit(f"/cases/{opened.case}/volume")
    page = reader.submit(page, action="/hold", status=422)
    assert page.title.startswith("错误：")
    assert page.words("//p[@id='reason-error']") == ["错误：请写明暂停销毁的原因。"]


def test_a_score_sheet_with_an_item_left_out_keeps_what_was_typed(
    enter: Enter, opened: Opened, work: Callable[[], None]
) -> None:
    reader = enter("archivist")
    reader.submit(reader.visit(f"/cases/{opened.case}/volume"), action="/volume/")
    work()
    page = reader.visit(f"/cases/{opened.case}/volume")
    page = reader.submit(
        page, {"points-cover": "4", "points-list": "99"}, action="/review", status=422
    )
    assert page.words("//p[@id='points-list-error']") == [
        "错误：“卷内目录与材料相符，页号连续”请填 0 到 10 分的整数。"
    ]
    assert page.all("//input[@id='points-cover']")[0].get("value") == "4"


def test_a_mediator_has_no_archive_and_a_stranger_no_page(
    enter: Enter, opened: Opened, work: Callable[[], None]
) -> None:
    reader = enter("mediator")
    page = reader.visit(f"/cases/{opened.case}/volume")
    assert not page.all("//main//form[contains(@action, '/hold')]")
    reader.post(f"/cases/{opened.case}/hold", {"csrf_token": reader.token()}, status=403)
    reader.submit(page, action="/volume/")
    work()
    volume = reader.visit(f"/cases/{opened.case}/volume").link("打开卷宗 PDF")
    stranger = enter("stranger")
    stranger.visit(f"/cases/{opened.case}/volume", status=404)
    stranger.visit(volume, status=404)
    stranger.visit(f"{volume}/review", status=404)


def test_a_case_that_is_restricted_has_no_volume_any_more(
    enter: Enter, world: World, opened: Opened, work: Callable[[], None]
) -> None:
    reader = enter("head")
    reader.submit(reader.visit(f"/cases/{opened.case}/volume"), action="/volume/")
    work()
    volume = reader.visit(f"/cases/{opened.case}/volume").link("打开卷宗 PDF")
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    for path in (f"/cases/{opened.case}/volume", volume):
        assert reader.ask("GET", path).status_code in (404, 422), path


def test_a_number_that_is_none_is_refused(enter: Enter, opened: Opened) -> None:
    reader = enter("mediator")
    reader.visit(f"/cases/{opened.case}/volume?number=abc", status=400)
    reader.visit(f"/cases/{opened.case}/volume?number=7", status=404)


def test_a_photo_is_small_on_the_case_and_whole_behind_it(
    enter: Enter, world: World, site: Flask
) -> None:
    pictures = PictureProcess()
    site.extensions["fengqiao.platform"] = replace(world.platform, pictures=pictures)
    photographed = replace(world, platform=replace(world.platform, pictures=pictures))
    opened = open_with(photographed, registration(), ("现场.jpg", photo(800, 600)))
    pictures.close()
    reader = enter("mediator")
    page = reader.visit(f"/cases/{opened.case}")
    address = str(page.all("//img[contains(@class, 'fq-thumb')]")[0].get("src"))
    with reader.ask("GET", address) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        with Image.open(BytesIO(answer.data)) as small:
            assert small.size == (320, 240)
    assert enter("stranger").ask("GET", address).status_code == 404


def test_an_upload_says_whether_its_place_is_kept(enter: Enter, world: World, site: Flask) -> None:
    asked: list[bool] = []

    class Listening:
        def take(self, content: bytes, *, keep_place: bool) -> Picture:
            asked.append(keep_place)
            return Picture(content, "image/jpeg", content, 1, 1)

    site.extensions["fengqiao.platform"] = replace(world.platform, pictures=Listening())
    reader = enter("intake")
    for number, more in enumerate(({}, {"keep_place": "1"})):
        sent = {"file": (BytesIO(photo(20 + number)), "a.jpg"), **more}
        head = {"X-CSRFToken": reader.token()}
        assert reader.ask("POST", "/files", data=sent, headers=head).status_code == 201
    assert asked == [False, True]


def test_the_page_speaks_english(
    enter: Enter, opened: Opened, work: Callable[[], None], world: World
) -> None:
    reader = enter("archivist")
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts["archivist"]).language = "en"
    reader.submit(reader.visit(f"/cases/{opened.case}/volume"), action="/volume/")
    work()
    page = reader.visit(f"/cases/{opened.case}/volume")
    assert page.heading == "Volume"
    for words in ("Volume no. 1", "Pages 2–4", "Notice", "Legal hold", "Score sheet"):
        assert words in page.text
