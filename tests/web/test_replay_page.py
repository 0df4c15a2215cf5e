"""The page of replays: order one, watch it, read where cases part, stop, resume, page, filter."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.factories.cases import KEY, World
from tests.factories.migration import publish_next
from tests.factories.replays import SKIPS_TALK, turn
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from workflows.rollout.replay import work as replay_work

AT = f"/packages/{KEY}/versions/2/replay"


def press(reader: Reader, button: str, status: int = 200, **values: object) -> Page:
    """Presses the one button of the page that says so."""
    assert reader.last is not None
    forms = reader.last.all(f"//form[.//button[contains(., '{button}')]]")
    assert len(forms) == 1, button
    sent = {name: value for name, value in forms[0].form_values()}
    return reader.post(str(forms[0].get("action")), {**sent, **values}, status=status)


def work(world: World) -> None:
    while turn(world.platform):
        pass


def test_the_version_leads_to_an_empty_page(world: World, owner: Reader) -> None:
    publish_next(world)
    version = owner.visit(f"/packages/{KEY}/versions/2")
    assert version.link("用过去的案件重走") == AT
    page = owner.visit(AT)
    assert "这个版本还没有重走过。" in page.text
    assert page.heading == "用过去的案件重走：小案第 2 版"


def test_the_same_version_says_that_all_are_the_same(world: World, owner: Reader) -> None:
    world.open()
    world.at_talk()
    publish_next(world)
    owner.visit(AT)
    page = press(owner, "开始重走")
    assert "正在进行" in page.text
    assert page.all("//*[@id='replayed']/@hx-trigger") == ["every 3s"]
    work(world)
    page = owner.visit(page.url)
    assert "已重走的 2 件与原来完全相同。" in page.text
    assert "在哪些环节不同" not in page.text
    assert page.all("//*[@id='replayed']/@hx-trigger") == []


def test_it_says_where_cases_part_and_paints_it(world: World, owner: Reader) -> None:
    opened, _talk = world.at_talk()
    world.open()
    publish_next(world, SKIPS_TALK)
    owner.visit(AT)
    page = press(owner, "开始重走", cases="50")
    work(world)
    page = owner.visit(page.url)
    assert "已重走 2 / 2 件" in page.text
    assert "原来到“调解”，现在到“e_refused”" in page.text
    assert page.words("//nav[@aria-label='按结果']/a") == ["全部 2", "与原来相同 1", "走向不同 1"]
    (picture,) = page.all("//img[contains(@src, '/diagrams/')]/@src")
    svg = owner.ask("GET", picture)
    assert (svg.status_code, svg.mimetype) == (200, "image/svg+xml")
    marked = etree.fromstring(svg.data).xpath("//*[contains(@class, 'is-parted')]")
    assert [one.get("data-element") for one in marked] == ["e_refused"]
    assert "1" in ["".join(text.itertext()) for text in marked[0].iter("{*}text")]
    assert owner.ask("GET", picture.replace(KEY + ".svg", "nothing.svg")).status_code == 404
    assert owner.ask("GET", picture.replace("/2/", "/1/")).status_code == 404

    page = owner.visit(page.link("走向不同"))
    shown = page.all("//section[@aria-labelledby='runs']//li/span/a/@href")
    assert shown == [f"/cases/{opened.case}"]


def test_it_is_stopped_and_resumed(
    world: World, owner: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_work, "CHUNK", 1)
    world.open()
    world.open()
    publish_next(world)
    owner.visit(AT)
    press(owner, "开始重走")
    turn(world.platform)
    page = press(owner, "停止")
    assert "已停止，已有的结果保留。" in page.text
    work(world)
    page = owner.visit(page.url)
    assert "已重走 1 / 2 件" in page.text
    page = press(owner, "继续")
    work(world)
    assert "已完成" in owner.visit(page.url).text
    stop = page.url.partition("?")[0] + f"/{page.url.partition('job=')[2]}/stop"
    late = owner.post(stop, {"csrf_token": owner.token()})
    assert "这项任务已经停止或者完成。" in late.text


def test_cases_come_page_by_page(
    world: World, owner: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.rollout.replay.view.PAGE", 1)
    world.open()
    world.open()
    publish_next(world)
    owner.visit(AT)
    page = press(owner, "开始重走")
    work(world)
    first = owner.visit(page.url)
    second = owner.visit(first.link("下一页"))
    numbers = "//section[@aria-labelledby='runs']//li/span/a"
    assert len(first.words(numbers)) == len(second.words(numbers)) == 1
    assert first.words(numbers) != second.words(numbers)


def test_a_wrong_number_and_a_broken_draft_are_said_on_the_page(
    world: World, owner: Reader
) -> None:
    publish_next(world)
    owner.visit(AT)
    assert "重走的件数请填 1 到 5000。" in press(owner, "开始重走", 422, cases="many").text
    owner.visit(AT)
    assert "重走的件数请填 1 到 5000。" in press(owner, "开始重走", 422, cases="9999").text


def test_many_replays_and_cases_cost_the_page_nothing(world: World, owner: Reader) -> None:
    for _ in range(4):
        world.at_talk()
    publish_next(world, SKIPS_TALK)
    owner.visit(AT)
    costs = []
    for cases in ("1", "4", "3"):
        press(owner, "开始重走", cases=cases)
        work(world)
        page = owner.visit(AT)
        assert f"最近 {cases} 件" in page.text
        costs.append(page.statements)
    assert costs == [costs[0]] * 3


def test_an_auditor_reads_and_orders_nothing(world: World, owner: Reader, enter: Enter) -> None:
    world.open()
    publish_next(world)
    owner.visit(AT)
    page = press(owner, "开始重走")
    world.hire("auditor", "审计员@1-ZZ")
    give_password(world, "auditor")
    auditor = enter("auditor")
    seen = auditor.visit(page.url)
    assert "开始重走" not in seen.text
    assert seen.all("//main//form") == []
    auditor.post(AT, {"csrf_token": auditor.token(), "cases": "50"}, status=403)


def test_others_do_not_come_in(world: World, owner: Reader, enter: Enter) -> None:
    publish_next(world)
    mediator = enter("mediator")
    mediator.visit(AT, status=403)
    mediator.post(AT, {"csrf_token": mediator.token(), "cases": "50"}, status=403)


def test_the_page_is_english_for_english_readers(world: World, owner: Reader) -> None:
    world.at_talk()
    publish_next(world, SKIPS_TALK)
    owner.post("/language", {"language": "en", "csrf_token": owner.token(), "next": "/packages"})
    owner.visit(AT)
    page = press(owner, "Start the replay")
    work(world)
    page = owner.visit(page.url)
    assert "Replayed 1 of 1" in page.text
    assert "takes another path" in page.text
