"""What forms.js does, in a real browser: the page's requests are answered here, none leaves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.factories.formpage import make_form_page
from tests.factories.formspec import make_wide_form

ROOT = Path(__file__).parents[2]
SITE = "http://form.test"
FORM = make_wide_form()
Answer = Callable[[Route], None]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    """forms.js as one bundle."""
    target = tmp_path_factory.mktemp("bundle") / "forms.js"
    esbuild = ROOT / "node_modules" / ".bin" / "esbuild"
    source = ROOT / "webapp" / "frontend" / "forms.js"
    command = [str(esbuild), str(source), "--bundle", "--format=esm", f"--outfile={target}"]
    subprocess.run([*command, "--log-level=warning"], check=True, timeout=60)
    return target.read_text(encoding="utf-8")


@pytest.fixture
def open_form(browser: Browser, script: str) -> Iterator[Open]:
    """Opens the wide form; `answers`: path → what answers its requests."""
    pages: list[Page] = []

    def open_it(values: dict[str, Any] | None = None, **answers: Answer) -> Page:
        page = browser.new_page()
        pages.append(page)
        page.set_default_timeout(5000)
        foot = '<script type="module" src="/forms.js"></script>'
        body = make_form_page(FORM, values or {}, head="", foot=foot)
        page.route("**/*", lambda route: route.abort())
        page.route(f"{SITE}/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.route(
            f"{SITE}/forms.js",
            lambda route: route.fulfill(body=script, content_type="text/javascript"),
        )
        for path, answer in answers.items():
            page.route(f"{SITE}/{path}", answer)
        page.goto(f"{SITE}/")
        return page

    yield open_it
    for page in pages:
        page.close()


def reply(status: int, body: object, kept: list[Any]) -> Answer:
    """Answers with JSON and keeps what was asked."""

    def answer(route: Route) -> None:
        kept.append(route.request)
        route.fulfill(status=status, body=json.dumps(body), content_type="application/json")

    return answer


def test_answers_show_and_hide_what_depends_on_them(open_form):
    page = open_form()
    court = page.get_by_label("受理的法院")
    expect(court).to_be_hidden()
    page.get_by_label("选项yes").check()
    expect(court).to_be_visible()
    page.get_by_label("选项no").check()
    expect(court).to_be_hidden()


def test_kind_of_party_chooses_its_questions(open_form):
    page = open_form()
    first = page.locator("#f-parties-0")
    expect(first.get_by_label("身份证号")).to_be_visible()
    first.get_by_label("单位", exact=True).check()
    expect(first.get_by_label("身份证号")).to_be_hidden()
    expect(first.get_by_label("统一社会信用代码")).to_be_visible()
    expect(page.locator("#f-parties-1").get_by_label("身份证号")).to_be_visible()


def test_rows_come_and_go_without_the_server(open_form):
    page = open_form()
    expect(page.locator("#f-parties").get_by_role("button", name="删除")).to_have_count(0)
    page.get_by_role("button", name="再添一位当事人").click()
    third = page.get_by_role("group", name="第 3 位")
    expect(third.get_by_label("个人")).to_be_focused()
    third.get_by_label("姓名").fill("丙")
    page.get_by_role("button", name="删除第 1 位").click()
    expect(page.locator("#f-parties .fq-label [data-row-name]")).to_have_text(
        ["第 1 位", "第 2 位"]
    )
    expect(page.locator("[name='parties.2.name']")).to_have_value("丙")
    expect(page.locator("#f-parties").get_by_role("button", name="删除")).to_have_count(0)


def test_amounts_are_spelt_while_they_are_typed(open_form):
    page = open_form({"amount": "12000.00"})
    capitals = page.locator("[data-capitals=f-amount]")
    expect(capitals).to_have_text("壹万贰仟元整")
    amount = page.locator("#f-amount")
    for typed, words in {
        "18600": "壹万捌仟陆佰元整",
        "1.2万": "壹万贰仟元整",
        "100.05": "壹佰元零伍分",
        "10010000": "壹仟零壹万元整",
        "1000000000000": "壹万亿元整",
        "0.50": "伍角整",
        "若干": "",
    }.items():
        amount.fill(typed)
        expect(capitals).to_have_text(words)


def test_characters_are_counted_where_some_are_asked_for(open_form):
    page = open_form()
    page.locator("#f-summary").fill("宅基地\U0002c6b1")
    expect(page.locator("[data-counts=f-summary]")).to_have_text("至少 5 个字，已写 4 个")


def test_drafts_are_kept_while_somebody_types(open_form):
    asked: list[Any] = []
    saved = {"draft_revision": 4, "saved_at": "2026-10-09T01:41:00+00:00"}
    page = open_form({"papers": ["f1"]}, draft=reply(200, saved, asked))
    page.get_by_label("甲项").check()
    page.locator("#f-title").fill("浇水纠纷")
    page.locator("[name='parties.1.name']").fill("张克俭")
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存 9:41")
    assert page.locator("[name=_draft_revision]").input_value() == "4"
    (request,) = asked
    assert request.method == "PUT"
    assert request.headers["x-csrftoken"] == "token"
    body = request.post_data_json
    assert body["draft_revision"] == 3
    data = body["data"]
    assert data["title"] == "浇水纠纷"
    assert data["kinds"] == ["a"]
    assert data["papers"] == ["f1"]
    assert data["agreed"] == "false"
    assert data["parties"][1]["name"] == "张克俭"
    assert data["parties"][1]["side"] == "被申请人"
    assert not {"csrf_token", "_draft_revision", "papers.upload"} & set(data)


def test_failed_draft_keeps_the_text_and_says_so(open_form):
    page = open_form(draft=lambda route: route.abort())
    page.locator("#f-title").fill("浇水纠纷")
    expect(page.locator("[data-saved]")).to_have_text("没能保存草稿")
    expect(page.locator("[data-saved]")).to_have_class("fq-saved is-failed")
    expect(page.locator("#f-title")).to_have_value("浇水纠纷")


def test_somebody_else_s_draft_stops_saving_and_says_whose(open_form):
    asked: list[Any] = []
    conflict = {"detail": "马晓燕也存过草稿"}
    page = open_form(draft=reply(409, conflict, asked))
    page.locator("#f-title").fill("一")
    expect(page.locator("[data-saved]")).to_have_text("马晓燕也存过草稿")
    page.locator("#f-title").fill("二")
    page.wait_for_timeout(1500)
    assert len(asked) == 1


def test_file_is_uploaded_as_soon_as_it_is_chosen(open_form):
    asked: list[Any] = []
    page = open_form(files=reply(201, {"id": "f9", "name": "x", "size": 3}, asked))
    page.locator("#f-proof-upload").set_input_files(
        {"name": "使用证.jpg", "mimeType": "image/jpeg", "buffer": b"abc"}
    )
    line = page.locator("[data-files=proof] [data-file]")
    expect(line).to_contain_text("使用证.jpg 已上传")
    assert line.locator("input[name=proof]").input_value() == "f9"
    assert asked[0].headers["x-csrftoken"] == "token"
    page.get_by_role("button", name="删除使用证.jpg").click()
    expect(line).to_have_count(0)


def test_single_file_replaces_the_one_before(open_form):
    page = open_form({"proof": "f1"}, files=reply(201, {"id": "f2"}, []))
    page.locator("#f-proof-upload").set_input_files(
        {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": b"b"}
    )
    lines = page.locator("[data-files=proof] [data-file]")
    expect(lines).to_contain_text(["b.jpg 已上传"])
    expect(lines).to_have_count(1)


def test_refused_file_says_why(open_form):
    page = open_form(files=reply(413, {"detail": "文件超过 20 MB，请缩小再传"}, []))
    page.locator("#f-papers-upload").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"a"}
    )
    expect(page.locator("[data-files=papers] [data-file-state]")).to_have_text(
        "文件超过 20 MB，请缩小再传"
    )
    assert page.locator("[data-files=papers] [data-file] input[name=papers]").count() == 0


def test_sending_waits_for_uploads_under_way(open_form):
    held: list[Route] = []
    sent: list[Any] = []
    page = open_form(files=lambda route: held.append(route), send=reply(200, {}, sent))
    page.locator("#f-proof-upload").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"a"}
    )
    expect(page.locator("[data-files=proof] [data-file]")).to_have_count(1)
    page.locator("#send").click()
    expect(page.get_by_text("文件还在上传，传完就自动提交。")).to_be_visible()
    assert sent == []
    with page.expect_request(f"{SITE}/send") as request:
        held[0].fulfill(status=201, body='{"id": "f7"}', content_type="application/json")
    assert 'name="proof"\r\n\r\nf7' in request.value.post_data_buffer.decode()


def test_enter_sends_the_form_and_removes_nothing(open_form):
    sent: list[Any] = []
    page = open_form({"parties": [{}, {}, {}]}, send=reply(200, {}, sent))
    with page.expect_request(f"{SITE}/send") as request:
        page.locator("#f-title").press("Enter")
    assert "_action" not in request.value.post_data_buffer.decode()
