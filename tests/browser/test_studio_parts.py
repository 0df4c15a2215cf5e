"""A process owner works on tables, settings, scenarios, versions in the browser, and goes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.person import PHONE, RULES, Person, axe

SIZE = {"width": 1440, "height": 900}
SLOW = 40_000
"""Milliseconds until the server has compiled, walked or compared, on a busy machine."""
LATIN = re.compile(r"[A-Za-z]{3,}")
HAN = re.compile(r"[\u3400-\u9fff]")
ASK = """async ([url, body]) => (await fetch(url, {
    method: body ? "POST" : "GET",
    headers: {
        Accept: "application/json", "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: body && JSON.stringify(body)})).json()"""
WORDS = """() => [...document.querySelectorAll(
        ".fq-decision .hit-policy *, .context-menu *, .djs-palette *, .djs-context-pad *")]
    .flatMap((one) => [one.title, one.ariaLabel, one.placeholder,
        one.children.length ? "" : one.textContent]).filter(Boolean)"""


class Parts:
    """Somebody in the studio of one package."""

    def __init__(self, person: Person, key: str) -> None:
        self.person, self.page, self.key = person, person.page, key

    def open(self, tab: str, file: str = "", element: str = "") -> Page:
        path = file and quote(f"bpmn/{self.key}/{file}", safe="")
        self.page.goto(f"/studio/{self.key}#{tab}/{path}/{element}")
        expect(self.room(tab)).to_be_visible()
        return self.page

    def room(self, tab: str) -> Locator:
        return self.page.locator(f'[data-room="{tab}"] > *').first

    def ask(self, path: str, body: Any = None) -> Any:
        return self.page.evaluate(ASK, [f"/studio/{self.key}/{path}", body])

    def file(self, name: str) -> str:
        return str(self.ask("tree")["files"][f"bpmn/{self.key}/{name}"])

    def put(self, name: str, text: str) -> None:
        """Saves a file behind the page's back, as somebody else would."""
        changes = {f"bpmn/{self.key}/{name}": text}
        answer = self.ask("save", {"revision": self.ask("tree")["revision"], "changes": changes})
        assert "saved" in answer

    def said(self) -> Locator:
        return self.page.locator("[data-part=saved]")

    def save(self) -> None:
        self.page.keyboard.press("Control+s")
        expect(self.said()).to_contain_text("已保存")

    def look(self, selector: str) -> None:
        self.page.evaluate(axe())
        found = self.page.evaluate(
            "([at, rules]) => axe.run(at, {runOnly: rules, resultTypes: ['violations']})",
            [selector, [one for one in RULES if one != "best-practice"]],
        )
        broken = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
        assert not broken
        assert not self.person.problems


def type_over(page: Page, cell: Locator, text: str) -> None:
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Editors load and the gate answers in seconds where other tests run beside these."""
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture
def owner(enter: Enter) -> Person:
    return enter("owner", size=SIZE)


@pytest.fixture
def speaker(owner: Person, request: pytest.FixtureRequest) -> Iterator[Person]:
    yield owner.speak(request.param)
    owner.speak("zh-Hans")


def test_opening_every_table_changes_nothing(owner: Person) -> None:
    parts = Parts(owner, "petition")
    page = parts.open("decisions")
    links = page.locator('[data-room="decisions"] .fq-studio-list .fq-tree a')
    expect(links).not_to_have_count(0)
    for number in range(links.count()):
        links.nth(number).click()
        expect(links.nth(number)).to_have_attribute("aria-current", "true")
        expect(page.locator(".fq-decision .decision-table-name")).to_be_visible()
    expect(parts.said()).not_to_contain_text("没保存")
    parts.look(".fq-studio-list")
    assert not owner.problems


def test_a_cell_is_typed_and_only_the_cell_changes(owner: Person) -> None:
    parts = Parts(owner, "judicial_confirmation")
    page = parts.open("decisions", "court_choice.dmn")
    kept = "<extensionElements><x:note xmlns:x='urn:x' text='kept'/></extensionElements>"
    before = parts.file("court_choice.dmn")
    with_note = re.sub(r"(<decision [^>]*>)", rf"\1{kept}", before, count=1)
    parts.put("court_choice.dmn", with_note)
    page.reload()
    cell = page.locator(".fq-decision td.annotation").first
    type_over(page, cell, "依据新规定")
    expect(parts.said()).to_contain_text("没保存")
    parts.save()
    after = parts.file("court_choice.dmn")
    assert "依据新规定" in after
    assert "urn:x" in after
    assert 'text="kept"' in after
    assert len(re.findall("<rule ", after)) == len(re.findall("<rule ", before))
    assert parts.ask("check", {"revision": parts.ask("tree")["revision"]})["findings"] == []


def test_a_rule_is_added_by_the_menu_and_taken_back(owner: Person) -> None:
    parts = Parts(owner, "judicial_confirmation")
    page = parts.open("decisions", "file_complete.dmn")
    rows = page.locator(".fq-decision tbody td.rule-index")
    expect(rows.first).to_be_visible()
    many = rows.count()
    rows.nth(1).click(button="right")
    page.locator(".context-menu").get_by_text("在上面加规则").click()
    expect(rows).to_have_count(many + 1)
    page.get_by_role("button", name="撤销").click()
    expect(rows).to_have_count(many)


def test_what_is_wrong_in_a_table_stands_beside_it_and_at_its_rule(owner: Person) -> None:
    parts = Parts(owner, "litigation_handoff")
    page = parts.open("decisions", "suitable.dmn")
    page.locator(".fq-decision .hit-policy-edit-policy-select").click()
    page.locator(".dms-select-options .option", has_text="唯一").click()
    remark = page.locator(".fq-remarks li.is-bad").first
    expect(remark).to_be_visible()
    remark.locator("a").first.click()
    number = remark.locator("a").first.inner_text().split()[1]
    row = page.locator(".fq-decision tr", has=page.locator(f"td.rule-index >> text={number}"))
    colour = row.locator("td.rule-index").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(251, 233, 230)"
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".fq-remarks li.is-bad")).to_have_count(0)


@pytest.mark.parametrize(
    ("speaker", "foreign"),
    [("zh-Hans", LATIN), ("en", HAN)],
    ids=["zh", "en"],
    indirect=["speaker"],
)
def test_the_table_editor_speaks_one_language(speaker: Person, foreign: re.Pattern[str]) -> None:
    parts = Parts(speaker, "people_mediation")
    page = parts.open("decisions", "recusal.dmn")
    page.locator(".fq-decision td.rule-index").first.click(button="right")
    menu = page.locator(".context-menu [role=menu]")
    expect(menu).not_to_have_attribute("aria-label", "Decision table context menu")
    words = page.evaluate(WORDS)
    page.keyboard.press("Escape")
    page.locator(".fq-decision-head button").nth(2).click()
    expect(page.locator(".fq-decision .djs-palette")).to_be_visible()
    page.locator(".fq-decision .djs-shape").first.click()
    words += page.evaluate(WORDS)
    assert len(words) > 20
    assert [one for one in words if foreign.search(one)] == []


def test_a_new_table_runs_at_once(owner: Person) -> None:
    parts = Parts(owner, "petition")
    page = parts.open("decisions")
    expect(page.locator(".fq-studio-foot")).to_contain_text("检查，用时")
    page.get_by_role("button", name="新建决策表").click()
    page.fill("#new-table-title", "能不能简易办理")
    page.locator("dialog .btn-primary").click()
    expect(page.locator(".fq-decision .decision-table-name")).to_contain_text("能不能简易办理")
    expect(page.locator(".fq-tree a[aria-current]")).to_contain_text("能不能简易办理")
    page.get_by_role("button", name="删去这张表").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator(".fq-tree a", has_text="能不能简易办理")).to_have_count(0)


def test_settings_keep_comments_and_order(owner: Person) -> None:
    parts = Parts(owner, "petition")
    page = parts.open("settings")
    before = parts.file("package.toml").splitlines()
    basics = page.locator("#settings-basics")
    basics.get_by_label("文号格式").fill("{unit}访〔{year}〕{n}号")
    expect(basics).to_contain_text("例如：西峰镇访〔2026〕18号")
    page.locator("#settings-outcomes fieldset").first.get_by_label("第 1 行，叫作").fill("办结")
    parts.look(".fq-settings")
    parts.save()
    after = parts.file("package.toml").splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed[0] == 'number_format = "{unit}访〔{year}〕{n}号"'
    assert len(changed) == 2
    assert 'zh = "办结"' in changed[1]


def test_rows_of_settings_come_move_and_go(owner: Person) -> None:
    parts = Parts(owner, "petition")
    page = parts.open("settings")
    rows = page.locator("#settings-stage fieldset")
    many = rows.count()
    page.get_by_role("button", name="加一个阶段").click()
    expect(rows).to_have_count(many + 1)
    rows.nth(many).get_by_label("标题").fill("收尾")
    rows.nth(many).get_by_role("button", name="上移").click()
    expect(rows.nth(many - 1).get_by_label("标题")).to_have_value("收尾")
    rows.nth(many - 1).get_by_role("button", name="删去").click()
    expect(rows).to_have_count(many)
    for _ in range(3):
        page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="看源码").click()
    expect(page.locator('[data-room="settings"] .cm-content')).to_contain_text("number_format")


def test_scenarios_are_run_and_one_that_fails_says_where(owner: Person) -> None:
    parts = Parts(owner, "litigation_handoff")
    page = parts.open("scenarios", "scenarios/happy.json")
    walk = page.locator(".fq-scenario-walk")
    expect(walk).to_contain_text("走通了")
    expect(walk.locator("ol li").first).to_contain_text("登记")
    expect(page.locator(".fq-coverage")).to_contain_text("没有场景走到")
    parts.look('[data-room="scenarios"]')
    text = parts.file("scenarios/happy.json")
    parts.put("scenarios/happy.json", re.sub(r'"task": "\w+"', '"task": "nowhere"', text, count=1))
    page.reload()
    expect(walk.locator("li.is-bad")).to_contain_text("nowhere")
    page.get_by_role("button", name="画在流程图上").click()
    expect(page.locator('[data-room="diagram"]')).to_be_visible()
    parts.put("scenarios/happy.json", text)


def test_a_scenario_is_copied_broken_and_taken_away(owner: Person) -> None:
    parts = Parts(owner, "petition")
    page = parts.open("scenarios")
    page.get_by_role("button", name="新建场景").click()
    page.fill("#new-scenario-title", "照着改的场景")
    page.locator("dialog .btn-primary").click()
    expect(page.locator(".fq-tree a[aria-current]")).to_contain_text("照着改的场景")
    expect(page.locator(".fq-scenario-walk")).to_contain_text("走通了")
    page.get_by_role("button", name="改数据").click()
    content = page.locator('[data-room="scenarios"] .cm-content')
    content.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("x")
    expect(page.locator(".fq-findings")).to_contain_text("JSON")
    expect(page.locator('[data-room="scenarios"] .cm-lintRange-error')).not_to_have_count(0)
    page.locator(".fq-scenario-pane").get_by_role("button", name="删去").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator(".fq-tree a", has_text="照着改的场景")).to_have_count(0)


def test_an_older_save_comes_back_without_a_reload(owner: Person) -> None:
    parts = Parts(owner, "judicial_confirmation")
    page = parts.open("settings")
    page.evaluate("window.isSamePage = true")
    name = page.locator("#settings-basics").get_by_label("名称")
    old = name.input_value()
    name.fill("第一个名称")
    parts.save()
    name.fill("第二个名称")
    parts.save()
    page.locator('[data-tab="versions"]').click()
    saves = page.locator(".fq-versions li", has=page.locator("details.fq-save"))
    saves.nth(1).locator("summary").click()
    expect(saves.nth(1)).to_contain_text("第一个名称")
    parts.look('[data-room="versions"]')
    saves.nth(1).get_by_role("button", name="恢复到这一次").click()
    expect(saves.first).to_contain_text("恢复了第")
    page.locator('[data-tab="settings"]').click()
    expect(name).to_have_value("第一个名称")
    assert page.evaluate("window.isSamePage")
    name.fill(old)
    parts.save()


def test_remarks_lead_to_their_place_and_are_settled(owner: Person) -> None:
    parts = Parts(owner, "people_mediation")
    page = parts.open("versions")
    path = "bpmn/people_mediation/accept.dmn"
    said = {"file": path, "element": "accept", "text": "第三条要不要留？"}
    parts.ask("comments", said)
    page.reload()
    remark = page.locator(".fq-comment", has_text="第三条要不要留？").first
    remark.get_by_role("button", name="已解决").click()
    expect(remark).to_contain_text("标为已解决")
    remark.get_by_role("link", name="判断能否受理").click()
    expect(page.locator(".fq-decision .decision-table-name")).to_contain_text("判断能否受理")


def test_a_version_is_handed_in_and_offered_to_nobody_twice(owner: Person) -> None:
    parts = Parts(owner, "litigation_handoff")
    page = parts.open("settings")
    page.locator("#settings-basics").get_by_label("英文").fill("Handed over by courts")
    page.locator('[data-tab="versions"]').click()
    page.get_by_role("button", name="保存并交成版本").click()
    expect(page.locator(".fq-versions")).to_contain_text("工作稿就是第")
    expect(page.get_by_role("button", name="取回")).to_have_count(0)
    expect(page.get_by_role("link", name="打开、发布").first).to_be_visible()


@pytest.mark.parametrize("tab", ["settings", "scenarios", "versions", "decisions"])
def test_nothing_is_cut_off_on_a_phone(enter: Enter, tab: str) -> None:
    parts = Parts(enter("owner", size=PHONE), "people_mediation")
    page = parts.open(tab)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
