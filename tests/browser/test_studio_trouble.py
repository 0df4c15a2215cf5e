"""What goes wrong while somebody works in the studio: the page says what happened, and nothing that
was typed is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.live_site import PASSWORD
from tests.browser.person import type_over
from tests.browser.test_studio_parts import SIZE, SLOW, Parts

KEY = "petition"
KEPT = """(words) => new Promise((resolve) => {
    const asked = indexedDB.open("fengqiao-studio", 1);
    const look = () => {
        const all = asked.result.transaction("unsaved").objectStore("unsaved").getAll();
        all.onsuccess = () => JSON.stringify(all.result).includes(words) ? resolve() : look();
    };
    asked.onsuccess = look;
})"""
"""Ends once the browser keeps an unsaved text."""
PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""
DROP = """(text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "Rechnung.bpmn"));
    const dropped = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.body.dispatchEvent(dropped);
    return dropped.defaultPrevented;
}"""
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="Definitions_1" targetNamespace="urn:x">
  <bpmn:process id="invoice" name="Invoice" isExecutable="true">
    <bpmn:startEvent id="StartEvent_1"><bpmn:outgoing>Flow_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Approve" name="Approve" camunda:assignee="${boss}"
      ><bpmn:incoming>Flow_1</bpmn:incoming></bpmn:userTask>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Approve" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="invoice">
    <bpmndi:BPMNShape id="S1" bpmnElement="StartEvent_1"
      ><dc:Bounds x="100" y="100" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S2" bpmnElement="Approve"
      ><dc:Bounds x="200" y="78" width="100" height="80" /></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Editors load and the gate answers in seconds where other tests run beside these."""
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture
def parts(enter: Enter) -> Iterator[Parts]:
    person = enter("owner", size=SIZE)
    parts = Parts(person, KEY)
    yield parts
    parts.page.unroute_all(behavior="ignoreErrors")
    parts.page.goto("/inbox")
    parts.ask("restore", {"version": parts.ask("tree")["from_version"]})
    assert [one for one in person.problems if one.startswith("script")] == []


def name_in(page: Page) -> Locator:
    return page.locator("#settings-basics").get_by_label("名称")


def saved(parts: Parts) -> str:
    return parts.file("package.toml")


def test_a_lost_network_loses_nothing_and_is_saved_when_it_is_back(parts: Parts) -> None:
    page = parts.open("settings")
    name_in(page).fill("断网时改的")
    parts.person.context.set_offline(True)
    page.keyboard.press("Control+s")
    expect(parts.said()).to_contain_text("没有连上服务器")
    expect(name_in(page)).to_have_value("断网时改的")
    parts.person.context.set_offline(False)
    expect(parts.said()).to_contain_text("已保存")
    assert "断网时改的" in saved(parts)


def test_a_server_that_does_not_answer_is_tried_again(parts: Parts) -> None:
    page = parts.open("settings")
    page.route("**/save", lambda route: route.abort())
    name_in(page).fill("服务器不在时改的")
    page.keyboard.press("Control+s")
    expect(parts.said()).to_contain_text("没有连上服务器")
    page.unroute("**/save")
    expect(parts.said()).to_contain_text("已保存")
    assert "服务器不在时改的" in saved(parts)


def test_after_signing_in_again_what_was_typed_is_saved(parts: Parts) -> None:
    page = parts.open("settings")
    name_in(page).fill("登录过期时改的")
    parts.person.context.clear_cookies()
    page.keyboard.press("Control+s")
    expect(parts.said()).to_contain_text("登录过期了")
    with page.expect_popup() as opened:
        parts.said().get_by_role("link", name="重新登录").click()
    window = opened.value
    window.fill("#username", "owner")
    window.fill("#password", PASSWORD)
    window.click("main button[type=submit]")
    expect(window).to_have_url(re.compile("/inbox$"))
    window.close()
    expect(name_in(page)).to_have_value("登录过期时改的")
    parts.save()
    assert "登录过期时改的" in saved(parts)


@pytest.mark.parametrize(("side", "left"), [("mine", "乙页改的"), ("theirs", "甲页改的")])
def test_of_two_tabs_the_second_chooses_and_nothing_is_lost(
    parts: Parts, side: str, left: str
) -> None:
    page = parts.open("settings")
    other = parts.person.context.new_page()
    other.goto(page.url)
    name_in(other).fill("乙页改的")
    name_in(page).fill("甲页改的")
    parts.save()
    other.keyboard.press("Control+s")
    dialog = other.locator("dialog")
    expect(dialog).to_contain_text("甲页改的")
    expect(dialog).to_contain_text("乙页改的")
    assert "甲页改的" in saved(parts)
    dialog.locator(f'input[value="{side}"]').check()
    dialog.get_by_role("button", name="合在一起保存").click()
    expect(dialog).to_have_count(0)
    expect(other.locator("[data-part=saved]")).to_contain_text("已保存")
    expect(name_in(other)).to_have_value(left)
    assert left in saved(parts)
    saves = [one["number"] for one in parts.ask("saves")["saves"]]
    assert len(saves) >= (2 if side == "mine" else 1)
    if side == "theirs":
        other.locator('[data-room="settings"]').get_by_role("button", name="撤销").click()
        expect(name_in(other)).to_have_value("乙页改的")
    other.close(run_before_unload=False)


def test_what_a_closed_browser_had_not_saved_is_offered_again(parts: Parts) -> None:
    page = parts.open("settings")
    before = name_in(page).input_value()
    name_in(page).fill("关掉以前改的")
    page.evaluate(KEPT, "关掉以前改的")
    again = parts.person.context.new_page()
    page.close(run_before_unload=False)
    parts.page = parts.person.page = again
    parts.open("settings")
    expect(again.locator(".fq-note.is-info").first).to_contain_text(
        "上次没有保存的修改已经放回这里"
    )
    expect(name_in(again)).to_have_value("关掉以前改的")
    assert before in saved(parts)
    with again.expect_navigation():
        again.get_by_role("button", name="不要这些修改").click()
    expect(name_in(again)).to_have_value(before)


def test_what_is_no_diagram_is_refused_and_a_foreign_one_taken_as_it_is(parts: Parts) -> None:
    page = parts.open("diagram")
    diagrams = page.locator('[data-room="diagram"] .fq-studio-list .fq-tree').first.locator("a")
    expect(page.locator(".fq-canvas .djs-shape")).not_to_have_count(0)
    many = diagrams.count()
    page.evaluate(PASTE, "今天下午三点开会")
    expect(parts.said()).to_contain_text("粘贴的不是 BPMN 流程图")
    file = {"name": "照片.bpmn", "mimeType": "text/xml", "buffer": b"\x89PNG"}
    page.locator('.fq-manage input[type="file"]').set_input_files(file)
    expect(parts.said()).to_contain_text("“照片.bpmn”不是 BPMN 流程图")
    expect(diagrams).to_have_count(many)
    page.evaluate(PASTE, FOREIGN)
    expect(page.locator('[data-element-id="Approve"]')).to_be_visible()
    expect(diagrams).to_have_count(many + 1)
    expect(page.locator(".fq-findings")).to_contain_text("Approve")
    assert page.evaluate(DROP, FOREIGN) is True
    expect(diagrams).to_have_count(many + 2)
    expect(page.locator(".fq-drawing")).to_be_visible()


def test_a_form_that_refers_to_itself_is_a_finding(parts: Parts) -> None:
    page = parts.open("settings")
    tree = parts.ask("tree")
    path = next(one for one in tree["files"] if one.endswith(".schema.json"))
    schema = json.loads(tree["files"][path])
    schema["properties"]["again"] = {"title": "又是自己", "$ref": "#"}
    changes = {path: json.dumps(schema, ensure_ascii=False)}
    assert "saved" in parts.ask("save", {"revision": tree["revision"], "changes": changes})
    page.goto("/inbox")
    parts.open("forms")
    page.locator('[data-room="forms"] .fq-tree a').first.wait_for()
    finding = page.locator(".fq-findings li", has_text="$ref")
    finding.get_by_role("link", name="去修改").click()
    card = page.locator("#card-again")
    expect(card).to_contain_text("又是自己")
    card.click()
    expect(page.locator('[data-room="forms"] #p-title')).to_have_value("又是自己")


def test_a_block_that_is_not_closed_is_named_with_its_line(parts: Parts) -> None:
    page = parts.open("texts")
    editor = page.locator(".fq-textdesk .cm-content")
    expect(page.locator(".fq-pages img")).not_to_have_count(0)
    type_over(editor, "<p>第一行</p>\n<p>第二行</p>\n{% if today != null %}\n<p>没有关上</p>\n")
    problem = page.locator(".fq-pageproblems li.is-bad")
    expect(problem).to_contain_text("第 3 行")
    expect(page.locator(".fq-pages.is-old img")).not_to_have_count(0)
    expect(page.locator(".fq-findings")).to_contain_text("没有")
    problem.get_by_role("button", name="第 3 行").click()
    expect(editor).to_be_focused()
