"""The list of cases, one case, and the acts on it that need a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.cases import World
from tests.web.client import Page
from tests.web.conftest import Enter, give_password


def titles(page: Page) -> list[str]:
    return page.words("//a[@class='fq-main-link']")


def test_the_list_shows_what_the_actor_may_see(enter: Enter, world: World) -> None:
    world.open()
    page = enter("intake").visit("/cases", most_statements=7)
    assert titles(page) == ["浇水排到邻家地窖"]
    assert titles(enter("stranger").visit("/cases")) == []


def test_search_finds_number_party_and_words(enter: Enter, world: World) -> None:
    opened = world.open()
    world.open(raw={"title": "合同欠款", "dispute_kind": "contract"})
    intake = enter("intake")
    assert titles(intake.visit(f"/cases?q={opened.number}")) == ["浇水排到邻家地窖"]
    assert titles(intake.visit("/cases?q=欠款")) == ["合同欠款"]
    assert len(titles(intake.visit("/cases?q=李玉梅"))) == 2
    page = intake.visit("/cases?q=没有的人")
    assert page.words("//section//h2") == ["没有找到合条件的案件"]


def test_states_and_dates_filter_the_list(enter: Enter, world: World) -> None:
    opened = world.open()
    world.complete("head", opened.tasks[0], way="refuse")
    world.clock.advance(timedelta(days=1))
    world.open(raw={"title": "第二件"})
    intake = enter("intake")
    assert titles(intake.visit("/cases?status=open")) == ["第二件"]
    assert titles(intake.visit("/cases?status=closed")) == ["浇水排到邻家地窖"]
    assert titles(intake.visit("/cases?opened_from=2026-09-04")) == ["第二件"]
    assert titles(intake.visit("/cases?opened_to=2026-09-03")) == ["浇水排到邻家地窖"]


def test_the_case_page_says_what_to_do_first(enter: Enter, world: World) -> None:
    opened, _row = world.at_talk()
    page = enter("mediator").visit(f"/cases/{opened.case}", most_statements=12)
    assert page.heading == "浇水排到邻家地窖"
    assert opened.number in page.title
    panels = page.words("//main//section//h2")
    assert panels[0] == "现在要做：调解"
    assert "办理记录" in panels
    assert page.words("//ol[@class='fq-strip']/li[@aria-current='step']/span")[0].startswith("调解")
    assert page.all("//ol[@class='fq-strip'][@aria-label='办理进度：第 2 步，共 2 步']")


def test_identities_are_masked(enter: Enter, world: World) -> None:
    opened = world.open()
    page = enter("intake").visit(f"/cases/{opened.case}")
    assert "9900 •••• 9226" in page.text
    assert "990001198812249226" not in page.text
    assert "10014345715" not in page.text


def test_a_clock_says_why_this_date(enter: Enter, world: World) -> None:
    opened, _row = world.at_talk()
    page = enter("mediator").visit(f"/cases/{opened.case}")
    steps = page.words("//details[@class='fq-why']/ol/li")
    assert len(steps) >= 2


def test_clocks_that_ended_are_folded_away(enter: Enter, world: World) -> None:
    opened, row = world.at_talk()
    for _ in range(2):
        row = world.complete("mediator", row, outcome="again").tasks[0]
    page = enter("mediator").visit(f"/cases/{opened.case}")
    running = page.all("//section[@aria-labelledby='clocks']/ul/li")
    ended = page.all("//details[@class='fq-folded']/ul/li")
    assert (len(running), len(ended)) == (1, 3)
    assert page.words("//details[@class='fq-folded']/summary") == ["已经结束的期限 3 个"]


def test_whoever_sees_only_the_index_sees_no_names(enter: Enter, world: World) -> None:
    opened = world.open()
    page = enter("watcher").visit(f"/cases/{opened.case}")
    assert "李玉梅" not in page.text
    assert "当事人信息不在您现在的岗位可看范围内" in page.text
    assert page.all("//details[contains(@class, 'fq-menu')]//a[contains(@href, '/void')]") == []


def test_older_lines_come_on_a_page_of_their_own(enter: Enter, world: World) -> None:
    opened, row = world.at_talk()
    for _ in range(30):
        done = world.complete("mediator", row, outcome="again")
        row = done.tasks[0]
    mediator = enter("mediator")
    page = mediator.visit(f"/cases/{opened.case}")
    first = len(page.all("//ol[@class='fq-log']/li[not(@class)]"))
    older = mediator.visit(page.link("更早的记录"))
    assert first == 30
    assert older.heading == "更早的记录"
    assert older.all("//ol[@class='fq-log']/li[not(@class)]")
    assert "更早的记录" not in older.words("//p[@id='older']")


@pytest.mark.parametrize("before", ["", "-1", "x", "99999999999"])
def test_older_lines_need_a_place_to_go_on(enter: Enter, world: World, before: str) -> None:
    opened = world.open()
    answer = enter("intake").ask("GET", f"/cases/{opened.case}/timeline?before={before}")
    assert answer.status_code == 400


def test_withdrawing_needs_a_reason_and_ends_the_case(enter: Enter, world: World) -> None:
    opened, _row = world.at_talk()
    intake = enter("intake")
    page = intake.visit(f"/cases/{opened.case}")
    page = intake.visit(page.link("申请人撤回"))
    page = intake.submit(page, action="/withdraw", status=422)
    assert page.title.startswith("错误：申请人撤回")
    page = intake.submit(page, {"reason": "双方已经和好"}, action="/withdraw")
    assert page.classed("fq-note") == ["已记为撤回。"]
    assert page.classed("fq-tag")[0] == "已办结"
    assert "双方已经和好" in page.text
    intake.visit(f"/cases/{opened.case}/withdraw", status=403)


def test_voiding_is_for_those_who_may(enter: Enter, world: World) -> None:
    opened = world.open()
    enter("intake").visit(f"/cases/{opened.case}/void", status=403)
    head = enter("head")
    page = head.visit(f"/cases/{opened.case}/void")
    page = head.submit(page, {"reason": "重复登记"}, action="/void")
    assert page.classed("fq-tag")[0] == "已作废"


def test_merging_goes_by_the_other_cases_number(enter: Enter, world: World) -> None:
    gone, kept = world.open(), world.open(raw={"title": "同一件事"})
    head = enter("head")
    page = head.visit(f"/cases/{gone.case}/merge")
    values = {"into": "丙受〔2026〕999号", "reason": "同一件事"}
    page = head.submit(page, values, action="/merge", status=422)
    assert page.words("//div[@class='fq-errors']//a") == [
        "没有找到这个受理号，请对照案件页面写全。"
    ]
    page = head.submit(page, {**values, "into": kept.number}, action="/merge")
    assert page.classed("fq-tag")[0] == "已并案"


def test_numbers_of_other_systems_are_noted(enter: Enter, world: World) -> None:
    opened = world.open()
    intake = enter("intake")
    page = intake.visit(f"/cases/{opened.case}/add-reference")
    page = intake.submit(
        page, {"system": "法院", "number": "（2026）甘0902诉前调12号"}, action="/add-reference"
    )
    assert "法院 （2026）甘0902诉前调12号" in page.classed("fq-tag")


def test_sealing_takes_the_case_from_colleagues(enter: Enter, world: World) -> None:
    opened, _row = world.at_talk()
    mediator, head = enter("mediator"), enter("head")
    assert mediator.visit(f"/cases/{opened.case}").heading == "浇水排到邻家地窖"
    page = head.visit(f"/cases/{opened.case}/seal")
    # Every copy of the case is closed off in the same transaction, however many places that are.
    reason = {"reason": "涉及未成年人"}
    page = head.submit(page, reason, action="/seal", most_statements=45)
    assert page.url == f"/cases/{opened.case}"
    mediator.visit(f"/cases/{opened.case}", status=404)
    page = enter("intake").visit(f"/cases/{opened.case}", most_statements=16)
    assert "限制查阅" in page.classed("fq-tag")


def test_who_seals_a_case_others_handle_is_led_away_from_it(enter: Enter, world: World) -> None:
    opened = world.open()
    head = enter("head")
    page = head.visit(f"/cases/{opened.case}/seal")
    page = head.submit(page, {"reason": "举报本单位的人"}, action="/seal")
    assert (page.url, page.classed("fq-note")) == ("/cases", ["已限制查阅。"])
    assert titles(page) == []
    head.visit(f"/cases/{opened.case}", status=404)


def test_a_clock_is_paused_and_goes_on(enter: Enter, world: World) -> None:
    opened, _row = world.at_talk()
    head = enter("head")
    page = head.visit(head.visit(f"/cases/{opened.case}").link("暂停计时"))
    values = {"why": "appraisal", "reason": "委托鉴定"}
    page = head.submit(page, values, action="/pause")
    assert "已暂停 · 鉴定" in page.classed("fq-clock-chip")
    page = head.visit(page.link("恢复计时"))
    page = head.submit(page, {"reason": "鉴定意见已出"}, action="/resume")
    assert "已暂停 · 鉴定" not in page.classed("fq-clock-chip")


def test_extending_asks_for_days_and_consent(enter: Enter, world: World) -> None:
    opened, _row = world.at_talk()
    head = enter("head")
    page = head.visit(head.visit(f"/cases/{opened.case}").link("延长期限"))
    values = {"days": "十", "consents": "", "reason": "还要再谈"}
    page = head.submit(page, values, action="/extend", status=422)
    assert page.words("//div[@class='fq-errors']//a") == ["请用数字写明延长几天。"]
    page = head.submit(page, {**values, "days": "10"}, action="/extend", status=422)
    page = head.submit(page, {**values, "days": "10", "consents": "all"}, action="/extend")
    assert page.classed("fq-note") == ["已延长期限。"]


def test_the_position_is_drawn_for_those_who_may_follow(enter: Enter, world: World) -> None:
    opened, _row = world.at_talk()
    mediator = enter("mediator")
    page = mediator.visit(f"/cases/{opened.case}")
    spine, source = page.all("//div[@data-diagram]")
    assert (spine.get("data-active"), source.get("data-active")) == ("c_talks", "talk")
    drawn = mediator.ask("GET", source.get("data-diagram"))
    assert (drawn.status_code, drawn.mimetype) == (200, "application/xml")
    picture = mediator.ask("GET", page.all("//div[@data-diagram]/img")[0].get("src"))
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.get_data(as_text=True).count("is-active") == 1
    assert enter("stranger").ask("GET", source.get("data-diagram")).status_code == 404
    nothing = source.get("data-diagram").replace("sm_talks", "sm_nothing")
    assert mediator.ask("GET", nothing).status_code == 404


def test_a_case_is_registered_step_by_step(enter: Enter, world: World) -> None:
    intake = enter("intake")
    page = intake.visit("/start")
    assert page.words("//h2") == ["小案"]
    page = intake.visit(page.link("填写"))
    assert page.heading == "登记"
    page = intake.submit(
        page, {"title": "新来的一件"}, action="/start/", button="提交登记", status=422
    )
    assert page.form("/start/").fields["title"] == "新来的一件"
    values = {
        "dispute_kind": "contract",
        "parties.0.name": "李玉梅",
        "parties.0.side": "申请人",
        "parties.0.kind": "person",
    }
    page = intake.submit(page, values, action="/start/", button="提交登记")
    assert page.heading == "新来的一件"
    assert page.classed("fq-note")[0].startswith("已登记，受理号 丙调委受〔2026〕")


def test_a_party_is_added_without_scripts(enter: Enter) -> None:
    intake = enter("intake")
    page = intake.visit("/start/small_matter/register")
    before = len(page.all("//input[contains(@name, '.name')]"))
    page = intake.submit(page, {"title": "在写"}, action="/start/", button="再添一位当事人")
    assert len(page.all("//input[contains(@name, '.name')]")) == before + 1
    assert page.form("/start/").fields["title"] == "在写"


def test_who_may_not_register_is_told(enter: Enter, world: World) -> None:
    page = enter("watcher").visit("/start", status=403)
    assert page.heading == "这件事不归您办"


def test_pages_of_a_case_speak_english_without_a_chinese_word_of_ours(
    enter: Enter, world: World
) -> None:
    world.hire("both", "调委会主任@111-TW", "人民调解员@111-TW", "窗口受理员@111-TW")
    give_password(world, "both")
    opened, row = world.at_talk()
    both = enter("both")
    both.submit(both.visit("/account"), {"language": "en"}, action="/language")
    for path in (
        "/inbox",
        "/inbox?tab=claimable",
        "/inbox?tab=claimable&q=x",
        "/cases",
        "/cases?q=x",
        f"/cases/{opened.case}",
        f"/cases/{opened.case}/timeline?before=3",
        f"/cases/{opened.case}/withdraw",
        f"/cases/{opened.case}/void",
        f"/cases/{opened.case}/merge",
        f"/cases/{opened.case}/seal",
        f"/cases/{opened.case}/add-reference",
        f"/tasks/{row.id}",
        "/start",
        "/start/small_matter/register",
        "/account",
    ):
        both.visit(path)
    both.visit("/nowhere", status=404)
    both.submit(both.visit(f"/tasks/{row.id}"), action="/tasks/", button="Send:", status=422)
