"""The page of moving cases: try, read why, move all or some, stop, resume, take one back."""

from __future__ import annotations

from tests.factories.cases import KEY, World
from tests.factories.migration import ADDED_STEP, RENAMED_TALK, next_turn, publish_next
from tests.web.client import Page, Reader
from tests.web.conftest import Enter

AT = f"/packages/{KEY}/versions/2/migrate"


def press(reader: Reader, button: str, status: int = 200, **values: object) -> Page:
    """Presses the one button of the page that says so."""
    assert reader.last is not None
    forms = reader.last.all(f"//form[.//button[contains(., '{button}')]]")
    assert len(forms) == 1, button
    sent = {name: value for name, value in forms[0].form_values()}
    return reader.post(str(forms[0].get("action")), {**sent, **values}, status=status)


def send(reader: Reader, status: int = 200, **values: object) -> Page:
    """What the page's forms send."""
    return reader.post(AT, {"csrf_token": reader.token(), "from": "1", **values}, status=status)


def work(world: World) -> None:
    while next_turn(world):
        pass


def test_a_trial_says_why_and_then_all_that_can_go(world: World, owner: Reader) -> None:
    world.at_talk()
    world.open()
    publish_next(world, *RENAMED_TALK)
    assert "迁移到" in owner.visit(f"/packages/{KEY}/versions/2").text
    owner.visit(AT)
    page = press(owner, "试算")
    assert "正在进行" in page.text
    work(world)
    page = owner.visit(page.url)
    assert "已处理 2 / 2 件" in page.text
    assert "正在办理的环节“调解”在新版本中已经取消" in page.text
    page = press(owner, "迁移可以迁移的 1 件")
    work(world)
    page = owner.visit(page.url)
    assert "已迁移 1" in page.text
    page = press(owner, "恢复到原版本")
    assert "已恢复到原版本。" in page.text
    assert "已恢复 1" in page.text


def test_some_are_chosen_and_none_is_refused(world: World, owner: Reader) -> None:
    first = world.at_talk()[0].case
    world.at_talk()
    publish_next(world, *ADDED_STEP)
    owner.visit(AT)
    page = press(owner, "试算")
    work(world)
    owner.visit(page.url)
    refused = send(owner, 422, way="chosen")
    assert "请至少选中一件。" in refused.text
    owner.visit(AT)
    page = send(owner, way="chosen", case=first)
    work(world)
    assert "已处理 1 / 1 件" in owner.visit(page.url).text


def test_a_move_is_stopped_and_resumed(world: World, owner: Reader) -> None:
    world.at_talk()
    publish_next(world, *ADDED_STEP)
    owner.visit(AT)
    send(owner, way="all")
    assert "已停止" in press(owner, "停止").text
    work(world)
    page = press(owner, "继续")
    work(world)
    assert "已迁移 1" in owner.visit(page.url).text


def test_many_orders_cost_the_page_nothing(world: World, owner: Reader) -> None:
    world.at_talk()
    publish_next(world, *ADDED_STEP)
    owner.visit(AT)
    send(owner, way="try")
    one = owner.visit(AT).statements
    for _ in range(4):
        send(owner, way="try")
    assert owner.visit(AT).statements == one


def test_a_version_that_is_not_in_use_offers_nothing(world: World, owner: Reader) -> None:
    publish_next(world, *ADDED_STEP)
    assert "不在使用中" in owner.visit(AT.replace("/2/", "/1/")).text
    assert "没有案件在别的版本上办理。" in owner.visit(AT).text


def test_others_do_not_come_in(world: World, owner: Reader, enter: Enter) -> None:
    publish_next(world, *ADDED_STEP)
    enter("mediator").visit(AT, status=403)


def test_the_page_is_english_for_english_readers(world: World, owner: Reader) -> None:
    world.at_talk()
    publish_next(world, *ADDED_STEP)
    owner.post("/language", {"language": "en", "csrf_token": owner.token(), "next": "/packages"})
    page = owner.visit(AT)
    assert "Try it without changing any case" in page.text
    assert "Version 1 (1 running case)" in page.text
