"""The inbox: what waits for whom, in which order, and what can be done with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.cases import World
from tests.web.client import Page
from tests.web.conftest import Enter, give_password
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand


def tasks(page: Page) -> list[str]:
    """Case titles in the order of the list."""
    return page.words("//td[contains(@class, 'c-what')]//span[@class='fq-matter']")


def tabs(page: Page) -> list[str]:
    return page.words("//nav[contains(@class, 'fq-tabs')]/a")


def test_an_empty_inbox_says_so_kindly(enter: Enter) -> None:
    page = enter("mediator").visit("/inbox")
    assert page.title == "我的待办（0）"
    assert tabs(page) == ["我的待办 0", "可认领 0", "即将到期 0", "已逾期 0"]
    assert page.words("//section//h2") == ["今天的待办都办完了"]


def test_a_new_task_can_be_claimed_and_is_then_ones_own(enter: Enter, world: World) -> None:
    world.open()
    head = enter("head")
    page = head.visit("/inbox?tab=claimable", most_statements=9)
    assert tabs(page) == ["我的待办 0", "可认领 1", "即将到期 0", "已逾期 0"]
    assert tasks(page) == ["浇水排到邻家地窖"]
    assert page.words("//td[contains(@class, 'c-who')]/span[1]") == ["李玉梅王建国"]
    page = head.submit(page, action="/inbox/bulk", button="认领")
    assert page.url == "/inbox?tab=claimable"
    assert page.classed("fq-note") == ["已认领：受理审查。"]
    page = head.visit("/inbox")
    assert tasks(page) == ["浇水排到邻家地窖"]
    assert page.words("//td[contains(@class, 'c-own')]") == ["head"]


def test_a_restricted_task_is_claimed_before_it_is_read(enter: Enter, world: World) -> None:
    opened, row = world.at_talk()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    mediator = enter("mediator")
    page = mediator.visit("/inbox?tab=claimable")
    assert page.classed("fq-tag") == ["认领后才能看"]
    assert page.all("//table//a") == []
    mediator.visit(f"/tasks/{row.id}", status=404)
    mediator.submit(page, action="/inbox/bulk", button="认领")
    assert mediator.visit(f"/tasks/{row.id}").heading == "调解"


def test_who_comes_second_is_told(enter: Enter, world: World) -> None:
    world.at_talk()
    first, second = enter("mediator"), enter("mediator2")
    seen = second.visit("/inbox?tab=claimable")
    first.submit(first.visit("/inbox?tab=claimable"), action="/inbox/bulk", button="认领")
    page = second.submit(seen, action="/inbox/bulk", button="认领")
    assert page.status == 200
    assert len(page.classed("fq-note")) == 1
    assert tabs(page)[1] == "可认领 0"


def test_lists_cost_the_same_whatever_their_length(enter: Enter, world: World) -> None:
    world.open()
    head = enter("head")
    head.visit("/inbox?tab=claimable")
    one = head.visit("/inbox?tab=claimable").statements
    for number in range(12):
        world.open(raw={"title": f"第 {number} 件"})
    page = head.visit("/inbox?tab=claimable")
    assert len(tasks(page)) == 13
    assert page.statements == one
    assert one <= 6


def test_groups_follow_the_urgency(enter: Enter, world: World) -> None:
    world.at_talk()
    mediator = enter("mediator")

    def groups() -> list[str]:
        page = mediator.visit("/inbox?tab=claimable")
        return page.words("//tr[@class='is-group']")

    assert groups() == ["以后 1 件"]
    world.clock.advance(timedelta(days=34))
    assert groups() == ["快到期 1 件"]
    assert tabs(mediator.visit("/inbox"))[2] == "即将到期 1"
    world.clock.advance(timedelta(days=2))
    assert groups() == ["已逾期 1 件"]
    page = mediator.visit("/inbox?tab=over")
    assert page.classed("fq-clock-chip")[0].startswith("逾期")


def test_search_and_filters_live_in_the_address(enter: Enter, world: World) -> None:
    world.open()
    world.open(raw={"title": "合同欠款", "dispute_kind": "contract"})
    head = enter("head")
    page = head.visit("/inbox?tab=claimable")
    page = head.visit("/inbox?tab=claimable&q=欠款")
    assert tasks(page) == ["合同欠款"]
    page = head.visit("/inbox?tab=claimable&kind=neighbourhood")
    assert tasks(page) == ["浇水排到邻家地窖"]
    page = head.visit("/inbox?tab=claimable&kind=neighbourhood&q=欠款")
    assert tasks(page) == []
    assert page.words("//section//p") == ["“可认领”里有 2 件，都不合现在的筛选。"]
    assert page.link("清除筛选") == "/inbox?tab=claimable"


def test_pages_follow_each_other_without_gaps(enter: Enter, world: World) -> None:
    for number in range(33):
        world.open(raw={"title": f"第 {number:02} 件"})
    head = enter("head")
    first = head.visit("/inbox?tab=claimable")
    second = head.visit(first.link("下一页"))
    assert (len(tasks(first)), len(tasks(second))) == (30, 3)
    assert len(set(tasks(first) + tasks(second))) == 33
    assert "下一页" not in second.text
    assert second.link("回到第一页") == "/inbox?tab=claimable"


def test_many_are_claimed_and_given_back_at_once(enter: Enter, world: World) -> None:
    for number in range(3):
        world.open(raw={"title": f"第 {number} 件"})
    head = enter("head")
    page = head.visit("/inbox?tab=claimable")
    picked = page.tree.xpath("//input[@name='item']/@value")
    page = head.submit(page, {"item": picked}, action="/inbox/bulk", button="认领选中的")
    assert page.classed("fq-note") == ["已认领 3 件。"]
    page = head.visit("/inbox")
    page = head.submit(page, {"item": picked[:2]}, action="/inbox/bulk", button="退回待认领")
    assert page.heading == "退回待认领"
    page = head.submit(page, {"reason": " "}, button="退回", status=422)
    assert page.classed("fq-err") == ["错误：请写明原因。"]
    page = head.submit(page, {"reason": "下周不在岗"}, button="退回")
    assert page.classed("fq-note") == ["已退回 2 件。"]
    assert tabs(page) == ["我的待办 1", "可认领 2", "即将到期 0", "已逾期 0"]


def test_a_task_is_handed_to_a_colleague(enter: Enter, world: World) -> None:
    world.at_talk()
    world.hire("chief", "调委会主任@111-TW", "人民调解员@111-TW")
    give_password(world, "chief")
    chief = enter("chief")
    chief.submit(chief.visit("/inbox?tab=claimable"), action="/inbox/bulk", button="认领")
    page = chief.visit("/inbox")
    picked = page.tree.xpath("//input[@name='item']/@value")
    page = chief.submit(page, {"item": picked}, action="/inbox/bulk", button="转交他人")
    assert page.heading == "转交他人"
    page = chief.submit(page, {"to": "mediator2"}, action="/inbox/assign/to")
    assert page.classed("fq-note") == ["已把 1 件转交给 mediator2。"]
    assert tabs(enter("mediator2").visit("/inbox"))[0] == "我的待办 1"


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_inbox_speaks_both_languages(enter: Enter, world: World, language: str) -> None:
    world.open()
    head = enter("head")
    head.submit(head.visit("/account"), {"language": language}, action="/language")
    page = head.visit("/inbox?tab=claimable")
    assert page.heading == {"zh-Hans": "待办", "en": "Inbox"}[language]
    assert page.tree.get("lang") == language


def test_a_list_is_kept_as_a_view_and_opens_first(enter: Enter, world: World) -> None:
    world.open()
    head = enter("head")
    page = head.visit("/inbox?tab=claimable&q=水渠&columns=due,unit")
    assert page.words("//thead//th")[1:] == ["待办与案件", "期限", "单位"]
    wanted = {"name": " 水渠的事 ", "first": "yes"}
    page = head.submit(page, wanted, action="/inbox/views", button="保存视图")
    assert page.classed("fq-note") == ["已保存视图“水渠的事”。"]
    page = head.visit("/inbox")
    assert tabs(page)[1] == "可认领 1"
    assert page.words("//a[@class='fq-pill' and @aria-current]") == ["水渠的事"]
    assert page.words("//thead//th")[1:] == ["待办与案件", "期限", "单位"]
    assert "水渠的事" in head.visit("/inbox?tab=mine").words("//a[@class='fq-pill']")
    page = head.submit(head.visit("/inbox"), action="/delete", button="删除这个视图")
    assert page.classed("fq-note") == ["已删除视图“水渠的事”。"]
    assert head.visit("/inbox").title == "我的待办（0）"


def test_a_view_needs_a_name_and_belongs_to_one_person(enter: Enter) -> None:
    head, mediator = enter("head"), enter("mediator")
    page = head.visit("/inbox?tab=over")
    page = head.submit(page, {"name": " "}, action="/inbox/views", button="保存视图")
    assert page.classed("fq-note") == ["请给这个视图起个名字。"]
    page = head.submit(page, {"name": "逾期"}, action="/inbox/views", button="保存视图")
    (form,) = page.all("//form[contains(@action, '/delete')]")
    data = {"csrf_token": mediator.token()}
    assert mediator.ask("POST", str(form.get("action")), data=data).status_code == 404
    assert "逾期" not in mediator.visit("/inbox").words("//a[@class='fq-pill']")


def test_the_next_task_is_the_most_urgent_of_ones_own(enter: Enter, world: World) -> None:
    head = enter("head")
    assert head.visit("/inbox/next").url == "/inbox"
    world.open()
    page = head.visit("/inbox?tab=claimable")
    head.submit(page, action="/inbox/bulk", button="认领")
    assert head.visit("/inbox/next").heading == "受理审查"
