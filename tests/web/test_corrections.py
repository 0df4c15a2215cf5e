"""Setting right what was registered: the list, one value, what the record says of it."""

from __future__ import annotations

import pytest

from tests.factories.cases import World
from tests.web.client import Page
from tests.web.conftest import Enter
from workflows.cases.case_commands import CorrectCase, correct
from workflows.cases.queries.case_page import load_case_page

REASON = {"reason": "登记时听错，按身份证改"}


def values(page: Page) -> dict[str, str]:
    """Title → words of every value in the list; of parties the last one counts."""
    lines = page.all("//li[@class='fq-registered']")
    return {
        str(line[0].text_content()).strip(): str(line[1].text_content()).strip() for line in lines
    }


def links(page: Page, words: str) -> str:
    found = [a for a in page.all("//li[@class='fq-registered']/a") if words in a.text_content()]
    assert found, f"no way to correct {words!r}"
    return str(found[0].get("href"))


def party(world: World, case: str, position: int) -> str:
    page = load_case_page(world.platform, world.actor("intake"), case)
    return page.parties[position].id


def value_url(case: str, path: str) -> str:
    return f"/cases/{case}/correct/value?what={path}"


def test_the_menu_leads_to_what_is_registered(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    page = intake.visit(intake.visit(f"/cases/{opened.case}").link("更正登记内容"))
    assert page.heading == "更正登记内容"
    assert page.words("//section/header/h2") == ["李玉梅 申请人", "王建国 被申请人", "register"]
    shown = values(page)
    assert (shown["名称"], shown["类型"]) == ("浇水排到邻家地窖", "邻里")
    assert shown["保密内容"] == "已填写，内容保密"
    assert "证据" not in shown
    assert shown["住址（单位地址）"] == "丁村三组"
    assert "9900 •••• 9226" in page.text
    for secret in ("990001198812249226", "10014345715", "不想让儿子知道"):
        assert secret not in page.text


def test_a_fact_is_set_right_and_the_record_says_from_what_to_what(
    enter: Enter, world: World
) -> None:
    opened = world.open()
    intake = enter("intake")
    page = intake.visit(links(intake.visit(f"/cases/{opened.case}/correct"), "类型"))
    assert page.heading == "更正：类型"
    values = {"new": "contract", **REASON}
    page = intake.submit(page, values, action="/correct/value")
    assert (page.url, page.classed("fq-note")) == (f"/cases/{opened.case}", ["已更正：类型。"])
    assert page.words("//ol[@class='fq-log']/li[2]")[0].startswith("intake 更正“类型”：邻里 → 合同")
    assert page.classed("fq-quote")[0] == REASON["reason"]


def test_the_whole_text_stands_in_its_input(enter: Enter, world: World) -> None:
    opened = world.open()
    page = enter("intake").visit(value_url(opened.case, "/case/summary"))
    assert page.form("/correct/value").fields["new"].strip() == "水渠漏水淹了邻居的地窖"
    assert page.all("//textarea[@name='new']")


def test_a_number_that_is_not_shown_is_replaced_unseen(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    path = f"/parties/{party(world, opened.case, 0)}/phone"
    page = intake.visit(value_url(opened.case, path))
    assert page.heading == "更正：李玉梅 · 电话"
    assert "1001 •••• 5715" in page.text
    assert page.form("/correct/value").fields["new"] == ""
    page = intake.submit(page, {"new": "10013073325", **REASON}, action="/correct/value")
    assert "更正“李玉梅 · 电话”（内容保密）" in page.text
    assert "1001 •••• 3325" in page.text
    assert "10013073325" not in page.text


def test_a_number_nobody_knows_is_cleared_only_by_saying_so(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    path = f"/parties/{party(world, opened.case, 0)}/phone"
    page = intake.visit(value_url(opened.case, path))
    page = intake.submit(page, REASON, action="/correct/value", status=422)
    assert page.words("//div[@class='fq-errors']//a") == ["请填写电话"]
    page = intake.submit(page, {"clear": "yes"}, action="/correct/value")
    assert "1001 ••••" not in page.text


def test_everything_wrong_comes_back_at_once_with_what_was_typed(
    enter: Enter, world: World
) -> None:
    opened = world.open()
    intake = enter("intake")
    path = f"/parties/{party(world, opened.case, 0)}/id_number"
    page = intake.visit(value_url(opened.case, path))
    typed = {"new": "990001198812249220", "reason": " "}
    page = intake.submit(page, typed, action="/correct/value", status=422)
    assert page.title.startswith("错误：更正：李玉梅 · 身份证号")
    said = page.all("//div[@class='fq-errors']//a")
    assert [link.get("href") for link in said] == ["#f-new", "#reason"]
    assert all(page.all(f"//*[@id='{link.get('href')[1:]}']") for link in said)
    assert page.form("/correct/value").fields["new"] == "990001198812249220"


@pytest.mark.parametrize("new", ["浇水排到邻家地窖", " 浇水排到邻家地窖 "])
def test_the_same_value_is_no_correction(enter: Enter, world: World, new: str) -> None:
    opened = world.open()
    intake = enter("intake")
    page = intake.visit(value_url(opened.case, "/case/title"))
    page = intake.submit(page, {"new": new, **REASON}, action="/correct/value", status=422)
    assert page.words("//div[@class='fq-errors']//a") == ["新的内容和原来的一样，不用更正。"]


def test_what_somebody_else_corrected_meanwhile_is_shown_first(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    page = intake.visit(value_url(opened.case, "/case/title"))
    command = CorrectCase(opened.case, "/case/title", "浇水排到邻家地窖", "排水纠纷", "x")
    correct(world.platform, world.actor("head"), command)
    typed = {"new": "渠水纠纷", **REASON}
    page = intake.submit(page, typed, action="/correct/value", status=422)
    assert page.words("//div[@class='fq-errors']//a") == [
        "这一项刚刚有人改过，现在是“排水纠纷”。请核对后再更正。"
    ]
    assert page.form("/correct/value").fields["new"] == "渠水纠纷"
    page = intake.submit(page, action="/correct/value")
    assert page.heading == "渠水纠纷"


def test_a_value_of_a_party_that_was_never_asked_can_be_added(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    page = intake.visit(links(intake.visit(f"/cases/{opened.case}/correct"), "王建国 职业或职务"))
    page = intake.submit(page, {"new": "农民", **REASON}, action="/correct/value")
    assert "更正“王建国 · 职业或职务”：— → 农民" in page.text


def test_who_stands_for_whom_is_chosen_among_the_parties(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    page = intake.visit(
        value_url(opened.case, f"/parties/{party(world, opened.case, 0)}/represents")
    )
    assert page.words("//select[@id='f-new']/option") == ["请选择", "王建国"]
    chosen = page.all("//select[@id='f-new']/option")[1].get("value")
    page = intake.submit(page, {"new": chosen, **REASON}, action="/correct/value")
    assert "代理 王建国" in page.text


@pytest.mark.parametrize("path", ["", "/case/nothing", "/case/proof", "/parties/0/name", "x"])
def test_no_other_value_can_be_corrected(enter: Enter, world: World, path: str) -> None:
    opened = world.open()
    enter("intake").visit(value_url(opened.case, path), status=404)


def test_correcting_is_for_those_who_may(enter: Enter, world: World) -> None:
    opened = world.open()
    enter("stranger").visit(f"/cases/{opened.case}/correct", status=404)
    enter("watcher").visit(f"/cases/{opened.case}/correct", status=403)
    enter("head").visit(f"/cases/{opened.case}/correct")


def test_a_voided_case_is_not_corrected_any_more(enter: Enter, world: World) -> None:
    opened = world.open()
    head = enter("head")
    page = head.visit(f"/cases/{opened.case}/void")
    page = head.submit(page, {"reason": "重复登记"}, action="/void")
    assert "更正登记内容" not in page.text
    head.visit(f"/cases/{opened.case}/correct", status=403)


def test_corrections_speak_english(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    intake.submit(intake.visit("/account"), {"language": "en"}, action="/language")
    page = intake.visit(f"/cases/{opened.case}/correct")
    assert page.heading == "Correct what was registered"
    for path in ("/case/title", "/case/dispute_kind", "/sealed/secret"):
        intake.visit(value_url(opened.case, path))
    page = intake.visit(value_url(opened.case, "/case/dispute_kind"))
    page = intake.submit(page, action="/correct/value", status=422)
    page = intake.submit(page, {"new": "contract", **REASON}, action="/correct/value")
    assert "Corrected “Kind”: neighbourhood → contract" in page.text
