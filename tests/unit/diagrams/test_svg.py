"""The painter: what it draws, what it says, and what a strict page lets pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from webapp.diagrams.build import build
from webapp.diagrams.letters import wrap
from webapp.diagrams.picture import text_width
from webapp.diagrams.svg import paint

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"
TEXT = """
process p "流程" "Process"
lane 甲 "First"
start a @甲 "开始" "Begin"
user b "办理一件很要紧而且名字很长的事情" "Handle it" form=f
xor g "对吗？"
end c "结束"
a > b > g
g > c else "是" "yes"
"""


def drawn(source: bytes, **options: object) -> etree._Element:
    return etree.fromstring(paint(source, **options))


def texts(svg: etree._Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def test_names_stand_in_the_picture() -> None:
    found = texts(drawn(build(TEXT)))
    assert {"流程", "甲", "开始", "是"} <= set(found)
    assert "办理一件很要紧而且名字很长的事情" in "".join(found)


def test_english_names_are_shown_where_there_are_any() -> None:
    found = set(texts(drawn(build(TEXT), language="en")))
    assert {"Process", "First", "Begin", "Handle it", "yes", "结束"} <= found


def test_active_elements_wear_a_ring_and_a_class() -> None:
    svg = drawn(build(TEXT), active={"b"})
    marked = [
        g.get("data-element") for g in svg.iter(f"{SVG}g") if "is-active" in g.get("class", "")
    ]
    assert marked == ["b"]
    assert len(svg.findall(f".//{SVG}rect[@class='bpmn-ring']")) == 1


def test_default_flow_has_its_stroke() -> None:
    group = drawn(build(TEXT)).find(f".//{SVG}g[@data-element='f_g_c']")
    assert len(group.findall(f"{SVG}path")) == 2


def test_screen_readers_hear_the_title() -> None:
    svg = drawn(build(TEXT), title="办理到哪里了")
    assert svg.get("role") == "img"
    assert svg[0].text == "办理到哪里了"


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").glob("*/*.bpmn")), ids=lambda p: p.stem)
def test_nothing_inline_that_a_strict_policy_refuses(path: Path) -> None:
    svg = drawn(path.read_bytes(), active={"hold_session"})
    for element in svg.iter():
        assert element.tag not in (f"{SVG}style", f"{SVG}script")
        assert not any(name == "style" or name.startswith("on") for name in element.attrib)


def test_everything_drawn_lies_inside_the_view_box() -> None:
    svg = drawn(build(TEXT))
    left, top, width, height = map(float, svg.get("viewBox").split())
    for rect in svg.iter(f"{SVG}rect"):
        x, y = float(rect.get("x")), float(rect.get("y"))
        assert left <= x <= left + width
        assert top <= y <= top + height


def test_file_without_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture"):
        paint(b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')


def test_chinese_wraps_anywhere_and_english_at_spaces() -> None:
    assert wrap("办理一件很长的事", 40, 10) == ["办理一件", "很长的事"]
    assert wrap("Hold a session", 45, 10) == ["Hold a", "session"]
    assert all(text_width(line, 10) <= 40 for line in wrap("甲乙丙丁戊己庚", 40, 10))
