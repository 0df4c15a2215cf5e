"""Mistakes in decisions stand where they are: in the cell, the expression, the box, to the word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.test_studio_parts import SIZE, Parts, type_over

KEY, FILE = "petition", "faults.dmn"
SLOW = 40_000
UNDERLINED = """() => [...(CSS.highlights.get("fq-fault") ?? [])].map(String)
    .filter(Boolean).sort().join(" | ")"""

DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="faults" name="有错的"
  namespace="https://fengqiao.example/dmn">
  <inputData id="given_sum" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <decision id="fault_table" name="表里的错"><variable name="fault_table" typeRef="string"/>
    <informationRequirement id="ir_1"><requiredInput href="#given_sum"/></informationRequirement>
    <decisionTable id="ft" hitPolicy="FIRST">
      <input id="ft_i" label="金额"><inputExpression id="ft_e" typeRef="number">
        <text>amount</text></inputExpression></input>
      <output id="ft_o" label="怎么办" name="way" typeRef="string"/>
      <rule id="ft_1"><inputEntry id="ft_1_1"><text>&gt; 5000</text></inputEntry>
        <outputEntry id="ft_1_2"><text>upper case(whoever)</text></outputEntry></rule>
      <rule id="ft_2"><inputEntry id="ft_2_1"><text>"many"</text></inputEntry>
        <outputEntry id="ft_2_2"><text>"x"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="fault_line" name="式子里的错"><variable name="fault_line" typeRef="number"/>
    <informationRequirement id="ir_2"><requiredInput href="#given_sum"/></informationRequirement>
    <literalExpression id="fl"><text>amount +
  nothing * 2</text></literalExpression>
  </decision>
  <decision id="fault_boxes" name="格子里的错"><variable name="fault_boxes" typeRef="Any"/>
    <informationRequirement id="ir_3"><requiredInput href="#given_sum"/></informationRequirement>
    <context id="fb">
      <contextEntry id="fb_1"><variable name="half" typeRef="number"/>
        <literalExpression id="fb_1_e"><text>amount / 2</text></literalExpression></contextEntry>
      <contextEntry id="fb_2">
        <literalExpression id="fb_2_e"><text>half + nowhere</text></literalExpression>
      </contextEntry>
    </context>
  </decision>
  <businessKnowledgeModel id="fault_way" name="算法里的错"><variable name="fault_way"/>
    <encapsulatedLogic id="fw"><formalParameter id="fw_p" name="x" typeRef="number"/>
      <literalExpression id="fw_e"><text>x + unheard</text></literalExpression>
    </encapsulatedLogic>
  </businessKnowledgeModel>
</definitions>
"""


@pytest.fixture
def parts(enter: Enter) -> Iterator[Parts]:
    owner = enter("owner", size=SIZE)
    parts = Parts(owner, KEY)
    parts.open("versions")
    parts.put(FILE, DMN)
    owner.page.goto("/inbox")
    yield parts
    owner.page.goto(f"/studio/{KEY}#versions")
    parts.ask("restore", {"version": parts.ask("tree")["from_version"]})
    assert owner.problems == []


def underlined(page: Page, words: str) -> None:
    page.wait_for_function(
        f"wanted => ({UNDERLINED})() === wanted",
        arg=words,
        timeout=SLOW,
    )


def test_a_fault_is_underlined_in_its_cell_and_goes_when_mended(parts: Parts) -> None:
    page = parts.open("decisions", FILE, "fault_table")
    underlined(page, '"many" | whoever')
    cell = page.locator('td[data-element-id="ft_1_2"]')
    assert "whoever" in str(cell.get_attribute("title"))
    type_over(page, cell, '"y"')
    page.locator('td[data-element-id="ft_2_1"]').click()
    page.keyboard.press("Escape")
    page.locator(".fq-remarks, .fq-studio-right h2").first.click()
    underlined(page, '"many"')
    parts.look(".fq-decision-pane")


def test_a_fault_of_an_expression_is_underlined_at_its_line(parts: Parts) -> None:
    page = parts.open("decisions", FILE, "fault_line")
    underlined(page, "nothing")
    parts.open("decisions", FILE, "fault_way")
    underlined(page, "unheard")


def test_a_decision_of_boxes_is_drawn_and_written_in_place(parts: Parts) -> None:
    page = parts.open("decisions", FILE, "fault_boxes")
    boxes = page.locator(".fq-boxed")
    expect(boxes).to_contain_text("一步一步算")
    expect(boxes.locator("th")).to_have_text(["half", "得数"])
    wrong = boxes.locator(".cm-lintRange-error")
    expect(wrong).to_have_text("nowhere", timeout=SLOW)
    expect(boxes.locator(".fq-feel-told").last).to_contain_text("nowhere")
    parts.look(".fq-decision-pane")
    field = boxes.locator(".cm-content").last
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("half + 1")
    expect(wrong).to_have_count(0, timeout=SLOW)
    parts.save()
    assert "<text>half + 1</text>" in parts.file(FILE)
    page.get_by_role("button", name="撤销").click()
    expect(field).to_have_text("half + nowhere")
    page.get_by_role("button", name="看源码").click()
    expect(boxes).to_be_hidden()
    page.get_by_role("button", name="看表格").click()
    expect(boxes).to_be_visible()
    page.get_by_role("button", name="决策关系图").click()
    expect(boxes).to_be_hidden()
    expect(page.locator('.djs-element[data-element-id="fault_table"]')).to_have_count(1)
