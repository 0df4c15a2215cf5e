"""The diagram tab of the studio: what is drawn and chosen becomes the diagram's XML, nothing is
lost on the way, every word is in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.person import Person, type_over

KEY = "people_mediation"
SIZE = {"width": 1440, "height": 900}
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DEFAULTS = {("isSequential", "false"), ("cancelActivity", "true")}
CHECKED = 30_000
"""Milliseconds until the gate has answered, on a busy machine."""
LATIN = re.compile(r"[A-Za-z]{3,}")
HAN = re.compile(r"[\u3400-\u9fff]")
ASK = """async ([url, body]) => (await fetch(url, {
    method: body ? "POST" : "GET",
    headers: {
        Accept: "application/json", "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: body && JSON.stringify(body)})).json()"""
WORDS = """() => [
    ...document.querySelectorAll(".djs-popup *, .djs-context-pad *, .djs-minimap *"),
    ...document.querySelectorAll(".fq-toolbar *, .fq-toolbox *, .fq-zoom *"),
].flatMap((one) => [one.title, one.ariaLabel, one.placeholder,
    one.children.length ? "" : one.textContent]).filter(Boolean)"""


class Drawing:
    """Somebody at the diagram tab."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page: Page = person.page

    def open(self, name: str, element: str = "") -> Drawing:
        path = quote(f"bpmn/{KEY}/{name}.bpmn", safe="")
        self.page.goto(f"/studio/{KEY}#diagram/{path}/{element}")
        expect(self.page.locator(".fq-side-head")).to_be_visible(timeout=CHECKED)
        head = self.page.locator(".fq-side-head .fq-hint")
        expect(head).to_contain_text(element or name, timeout=CHECKED)
        return self

    def choose(self, element: str) -> None:
        self.page.locator(f'.fq-studio-list a[data-id="{element}"]').click()
        expect(self.page.locator(".fq-side-head .fq-hint")).to_contain_text(element)

    def field(self, key: str) -> Locator:
        return self.page.locator(f'.fq-side [data-key="{key}"]')

    def group(self, key: str) -> Locator:
        return self.page.locator(f'.fq-side details[data-group="{key}"]')

    def unfold(self, key: str) -> None:
        if self.group(key).get_attribute("open") is None:
            self.group(key).locator("summary").click()

    def write(self, key: str, text: str) -> None:
        """Into a field of the panel, whatever is typed into it."""
        field = self.field(key)
        editor = field.locator(".cm-content")
        if editor.count():
            type_over(editor, text)
        else:
            field.fill(text)
            field.blur()

    def nudge(self) -> None:
        self.page.locator(".fq-canvas .djs-container > svg").first.focus()
        self.page.keyboard.press("ArrowDown")
        expect(self.page.get_by_role("button", name="撤销")).to_be_enabled()

    def save(self) -> None:
        saved = self.page.locator('[data-part="saved"]')
        expect(saved).to_contain_text("有没保存的修改")
        self.page.keyboard.press("Control+s")
        expect(saved).to_contain_text("已保存", timeout=CHECKED)

    def ask(self, path: str, body: object = None) -> Any:
        """What the page's own scripts would hear from the server."""
        return self.page.evaluate(ASK, [f"/studio/{KEY}/{path}", body])

    def files(self) -> dict[str, str]:
        return dict(self.ask("tree")["files"])

    def findings(self) -> list[tuple[str, str]]:
        told = self.ask("tree")
        checked = self.ask("check", {"revision": told["revision"], "changes": {}})
        return sorted((one["code"], one["element"] or "") for one in checked["findings"])

    def node(self, name: str, element: str) -> etree._Element:
        """An element of the saved diagram."""
        root = etree.fromstring(self.files()[f"bpmn/{KEY}/{name}.bpmn"].encode())
        [found] = root.xpath(f'//*[@id="{element}"]')
        return found

    def start_over(self) -> None:
        """The version that counts is the working copy again."""
        self.ask("restore", {"version": self.ask("tree")["from_version"]})


def facts(xml: str) -> list[str]:
    """Everything a diagram says besides its picture, in an order of its own."""
    root = etree.fromstring(xml.encode())
    found: list[str] = []
    for process in root.iter(f"{BPMN}process", f"{BPMN}message"):
        found += said(process, "")
    return sorted(found)


def said(node: etree._Element, around: str) -> Iterator[str]:
    name = etree.QName(node).localname
    here = f"{around}/{name}" if node.get("id") is None else f"{name}#{node.get('id')}"
    values = sorted(
        f"{etree.QName(key).localname}={value.rpartition(':')[2]}"
        for key, value in node.attrib.items()
        if (key, value) not in DEFAULTS
    )
    text = (node.text or "").strip()
    yield f"{here} {values} {text}"
    for child in node:
        if isinstance(child.tag, str):
            yield from said(child, here)


@pytest.fixture
def drawing(enter: Enter) -> Iterator[Drawing]:
    person = enter("owner", size=SIZE)
    drawing = Drawing(person)
    yield drawing
    person.page.goto(f"/studio/{KEY}#versions")
    drawing.start_over()
    assert person.problems == []


def test_opening_changes_nothing_and_moving_a_shape_loses_nothing(drawing: Drawing) -> None:
    drawing.open(KEY)
    before, findings = drawing.files(), drawing.findings()
    names = sorted(
        path.rpartition("/")[2].removesuffix(".bpmn") for path in before if path.endswith(".bpmn")
    )
    assert len(names) == 11
    for name in names:
        drawing.open(name)
        expect(drawing.page.locator('[data-part="saved"]')).not_to_contain_text("有没保存的修改")
    for name in names:
        drawing.open(name)
        drawing.page.locator(".fq-studio-list a[data-id]").first.click()
        drawing.nudge()
    drawing.save()
    after = drawing.files()
    for name in names:
        path = f"bpmn/{KEY}/{name}.bpmn"
        assert before[path] != after[path], path
        assert facts(before[path]) == facts(after[path]), path
    assert drawing.findings() == findings


def test_undone_to_the_beginning_the_file_is_what_it_was(drawing: Drawing) -> None:
    drawing.open("pm_session", "hold_session")
    drawing.nudge()
    saved = drawing.page.locator('[data-part="saved"]')
    expect(saved).to_contain_text("有没保存的修改")
    drawing.page.keyboard.press("Control+z")
    expect(saved).to_contain_text("没有修改")


def test_the_panel_writes_what_is_chosen(drawing: Drawing) -> None:
    drawing.open("pm_session", "hold_session")
    drawing.write("name", "开会并记录")
    drawing.write("name_en", "Meet")
    drawing.write("instructions", "先稳住人。")
    drawing.field("priority").select_option("2")
    drawing.unfold("afterwards")
    drawing.field("document-agreement").check()
    drawing.field("form").select_option("invite.schema.json")
    drawing.choose("create_record")
    drawing.field("parameter-kind").select_option("agreement")
    drawing.write("result", "made")
    drawing.choose("note_alarm")
    drawing.write("script", 'alarm = false\nending = "agreed"')
    drawing.save()
    task = drawing.node("pm_session", "hold_session")
    values = {one.get("name"): one.get("value") for one in task.iter(f"{SPIFF}property")}
    assert task.get("name") == "开会并记录"
    assert (values["name_en"], values["priority"]) == ("Meet", "2")
    assert values["document"] == "mediation_record, agreement"
    assert values["formJsonSchemaFilename"] == "invite.schema.json"
    assert values["formUiSchemaFilename"] == "invite.ui.json"
    assert values["assignee"] == "mediator"
    assert task.findtext(f".//{SPIFF}instructionsForEndUser") == "先稳住人。"
    operator = drawing.node("pm_session", "create_record").find(f".//{SPIFF}serviceTaskOperator")
    assert (operator.get("id"), operator.get("resultVariable")) == ("document.create", "made")
    assert [one.get("value") for one in operator.iter(f"{SPIFF}parameter")] == ['"agreement"']
    script = drawing.node("pm_session", "note_alarm").findtext(f"{BPMN}script")
    assert script == 'alarm = false\nending = "agreed"'


def test_conditions_deadlines_and_lists_are_written_as_the_engine_reads_them(
    drawing: Drawing,
) -> None:
    drawing.open("pm_session", "escalation_late")
    drawing.field("rule").select_option("mediation")
    drawing.write("base", "asked_on")
    drawing.open("pm_sign", "signing")
    drawing.unfold("many")
    drawing.field("mode").select_option("sequential")
    drawing.write("input", "duties")
    drawing.open(KEY, "f_g_accepted_inform")
    drawing.write("condition", 'ending = "x"')
    drawing.save()
    timer = drawing.node("pm_session", "escalation_late")
    assert timer.findtext(f".//{BPMN}timeDate") == 'deadline("mediation", asked_on)'
    loop = drawing.node("pm_sign", "signing").find(f"{BPMN}multiInstanceLoopCharacteristics")
    assert loop.get("isSequential") == "true"
    assert loop.findtext(f"{BPMN}loopDataInputRef") == "duties"
    assert loop.findtext(f"{BPMN}completionCondition") == 'act.result = "refused"'
    assert drawing.node("pm_sign", "duties").tag == f"{BPMN}property"
    flow = drawing.node(KEY, "f_g_accepted_inform")
    assert flow.findtext(f"{BPMN}conditionExpression") == 'ending = "x"'


def test_a_new_step_gets_a_good_id_a_form_and_its_findings_are_marked(drawing: Drawing) -> None:
    drawing.open("pm_session", "hold_session")
    page = drawing.page
    add = page.locator(".fq-toolbox button", has_text="人工任务")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".fq-side-head .fq-hint")).to_contain_text("do_1")
    alert = drawing.group("naming").locator(".fq-side-alert")
    expect(alert).to_contain_text("没有名称", timeout=CHECKED)
    expect(page.locator(".fq-pin.is-bad").first).to_be_visible()
    drawing.write("name", "再问一次")
    drawing.group("filling").get_by_role("button", name="新建表单").click()
    expect(page).to_have_url(re.compile("#forms"))
    page.go_back()
    drawing.save()
    task = drawing.node("pm_session", "do_1")
    assert task.get("name") == "再问一次"
    assert f"forms/{KEY}/do_1.schema.json" in drawing.files()
    assert drawing.node("pm_session", "f_hold_session_do_1").get("targetRef") == "do_1"


def test_a_shape_is_dragged_into_a_lane(drawing: Drawing) -> None:
    drawing.open("pm_session")
    page = drawing.page
    box = page.locator(".fq-toolbox button", has_text="计算").bounding_box()
    lane = page.locator('[data-element-id="lane_pm_session_1"]').bounding_box()
    assert box is not None
    assert lane is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 20, steps=5)
    page.mouse.move(lane["x"] + lane["width"] / 2, lane["y"] + lane["height"] / 2, steps=10)
    page.mouse.up()
    expect(page.locator(".fq-side-head .fq-hint")).to_contain_text("set_1")
    drawing.save()
    lanes = drawing.node("pm_session", "lane_pm_session_1").findall(f"{BPMN}flowNodeRef")
    assert "set_1" in [ref.text for ref in lanes]


def test_one_press_mends_a_rule_that_is_misspelt(drawing: Drawing) -> None:
    drawing.open("pm_session", "escalation_late")
    tree = drawing.ask("tree")
    path = f"bpmn/{KEY}/pm_session.bpmn"
    right = re.search(r'deadline\("(\w+)"', tree["files"][path])
    assert right is not None
    rule = right.group(1)
    wrong = tree["files"][path].replace(f'deadline("{rule}"', f'deadline("{rule[:-1]}"')
    drawing.ask("save", {"revision": tree["revision"], "changes": {path: wrong}, "notes": ""})
    drawing.page.reload()
    mend = drawing.group("timing").get_by_role("button", name=f"改成“{rule}”")
    mend.click(timeout=CHECKED)
    expect(mend).to_have_count(0)
    expect(drawing.group("timing").locator(".fq-side-alert")).to_have_count(0, timeout=CHECKED)
    drawing.save()
    assert facts(drawing.files()[path]) == facts(tree["files"][path])


def test_what_is_pasted_into_another_diagram_is_another_step(drawing: Drawing) -> None:
    drawing.open("pm_session", "hold_session")
    canvas = drawing.page.locator(".fq-canvas .djs-container > svg").first
    canvas.focus()
    drawing.page.keyboard.press("Control+c")
    drawing.open("pm_sign")
    canvas.focus()
    drawing.page.mouse.move(700, 560)
    drawing.page.keyboard.press("Control+v")
    drawing.page.mouse.move(720, 570)
    drawing.page.mouse.move(760, 575)
    drawing.page.mouse.down()
    drawing.page.mouse.up()
    expect(drawing.page.locator(".fq-side-head .fq-hint")).to_contain_text("do_1")
    drawing.save()
    task = drawing.node("pm_sign", "do_1")
    values = {one.get("name"): one.get("value") for one in task.iter(f"{SPIFF}property")}
    assert task.get("name") == "召开会议并记录"
    assert values["formJsonSchemaFilename"] == "hold_session.schema.json"
    assert drawing.node("pm_session", "hold_session").get("name") == "召开会议并记录"


def test_a_new_id_is_followed_in_scenarios_and_back(drawing: Drawing) -> None:
    drawing.open("pm_session", "hold_session")
    drawing.group("naming").locator("summary", has_text="改编号").click()
    drawing.write("id", "meet_parties")
    expect(drawing.page.locator(".fq-side-head .fq-hint")).to_contain_text("meet_parties")
    drawing.save()
    scenarios = [text for path, text in drawing.files().items() if "/scenarios/" in path]
    told = [text for text in scenarios if isinstance(text, str)]
    assert any('"task": "meet_parties"' in text for text in told)
    assert not any('"task": "hold_session"' in text for text in told)
    flow = drawing.node("pm_session", "f_g_step_hold_session")
    assert flow.get("targetRef") == "meet_parties"
    drawing.page.get_by_role("button", name="撤销").click()
    drawing.save()
    assert '"task": "hold_session"' in str(drawing.files())
    assert "meet_parties" not in str(drawing.files())


def test_a_phase_is_made_and_a_file_that_is_no_diagram_says_so(drawing: Drawing) -> None:
    drawing.open("pm_session")
    page = drawing.page
    page.get_by_role("button", name="新建阶段").click()
    expect(page.locator(".fq-side-head .fq-hint")).to_contain_text("phase_1")
    drawing.save()
    path, revision = f"bpmn/{KEY}/broken_file.bpmn", drawing.ask("tree")["revision"]
    drawing.ask("save", {"revision": revision, "changes": {path: "<broken"}, "notes": ""})
    page.goto("/inbox")
    page.goto(f"/studio/{KEY}#diagram/{quote(path, safe='')}")
    expect(page.locator(".fq-canvas [role=alert]")).to_contain_text("画不出来", timeout=CHECKED)
    page.get_by_role("button", name="删除这张图").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator(".fq-canvas [role=alert]")).to_have_count(0)
    drawing.save()
    made = drawing.files()
    assert path not in made
    assert 'id="phase_1"' in made[f"bpmn/{KEY}/phase_1.bpmn"]


def test_whoever_may_only_look_moves_nothing(enter: Enter) -> None:
    drawing = Drawing(enter("approver", size=SIZE)).open("pm_session", "hold_session")
    page = drawing.page
    expect(drawing.field("name")).to_have_attribute("readonly", "")
    page.locator(".fq-canvas .djs-container > svg").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    box = page.locator('[data-element-id="hold_session"]').bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 90, steps=4)
    page.mouse.up()
    expect(page.locator('[data-part="saved"]')).not_to_contain_text("有没保存的修改")
    assert page.locator('[data-element-id="hold_session"]').bounding_box() == box


@pytest.mark.parametrize(("language", "wrong"), [("zh-Hans", LATIN), ("en", HAN)], ids=["zh", "en"])
def test_no_word_of_the_other_language_is_on_the_canvas(
    enter: Enter, language: str, wrong: re.Pattern[str]
) -> None:
    person = enter("owner", size=SIZE).speak(language)
    drawing = Drawing(person).open("pm_session", "create_record")
    page = drawing.page
    page.locator(".djs-context-pad .entry[data-action='replace']").click()
    expect(page.locator(".djs-popup")).to_be_visible()
    words = page.evaluate(WORDS)
    person.speak("zh-Hans")
    shown = [one for one in words if wrong.search(re.sub(r"Ctrl\+.|SVG|PNG|PDF", "", str(one)))]
    assert shown == []
    assert len(words) > 30
