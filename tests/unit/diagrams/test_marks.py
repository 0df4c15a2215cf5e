"""Painted diagrams: rings, broad lines and signs for what changed, and the surroundings of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from webapp.diagrams.svg import paint

SVG = {"s": "http://www.w3.org/2000/svg"}
DRAWN = (Path(__file__).parents[3] / "bpmn/people_mediation/pm_intake.bpmn").read_bytes()


def painted(**marks: str) -> etree._Element:
    return etree.fromstring(paint(DRAWN, marks=marks).encode())


@pytest.mark.parametrize(
    ("mark", "sign"), [("added", "+"), ("removed", "−"), ("changed", "≠"), ("missed", "?")]
)
def test_a_marked_shape_has_a_class_a_ring_and_a_sign(mark: str, sign: str) -> None:
    groups = painted(review_acceptance=mark).xpath(
        f"//s:g[contains(@class, 'is-{mark}')]", namespaces=SVG
    )
    assert [group.get("data-element") for group in groups] == ["review_acceptance"]
    assert sign in groups[0].xpath("./s:text/text()", namespaces=SVG)


def test_a_marked_flow_lies_on_a_broad_line() -> None:
    flow = etree.fromstring(DRAWN).find(".//{*}sequenceFlow").get("id")
    groups = painted(**{flow: "added"}).xpath("//s:g[@class='bpmn-flow is-added']", namespaces=SVG)
    assert len(groups) == 1
    assert len(groups[0].xpath("./s:path", namespaces=SVG)) == 2


def test_only_the_surroundings_of_an_element_are_shown() -> None:
    near = etree.fromstring(paint(DRAWN, around="review_acceptance").encode())
    whole = etree.fromstring(paint(DRAWN, around="nowhere").encode())
    assert near.get("viewBox").split()[2:] == ["640", "400"]
    assert float(whole.get("width")) > 640
