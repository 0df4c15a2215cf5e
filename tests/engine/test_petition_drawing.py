"""How the diagrams of petition are drawn and worded (drawing conventions)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.factories.rollout import ROOT, package
from webapp.diagrams.measure import measure
from webapp.diagrams.reader import read
from webapp.diagrams.tidy import tidy
from webapp.diagrams.tree import GATEWAYS
from webapp.diagrams.xml import BPMN, parse_xml

KEY = "petition"
FILES = sorted((ROOT / "bpmn" / KEY).glob("*.bpmn"))
LANES = ("信访人", "信访登记员", "信访负责人", "责任单位负责人", "责任单位承办人", "复查复核人")
"""From the citizen to the offices above; the same order in every diagram."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEAVY = {"longtext", "rows", "file", "parties", "money", "text"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_labels_are_short_and_every_exit_of_a_gateway_is_named(path: Path) -> None:
    for scope in read(parse_xml(path.read_bytes())).scopes:
        for node in scope.nodes.values():
            if node.kind in GATEWAYS:
                exits = [flow for flow in scope.flows if flow.source == node.id]
                assert len(node.label) <= 7, node.id
                assert all(1 <= len(flow.label) <= 4 for flow in exits), node.id
            else:
                assert 1 <= len(node.label) <= 14, node.id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_lanes_stand_in_one_order_without_defaults(path: Path) -> None:
    root = parse_xml(path.read_bytes())
    names = [lane.get("name") for lane in root.iter(f"{{{BPMN}}}lane")]
    assert names == [name for name in LANES if name in names]
    assert [process.get("id") for process in root.iter(f"{{{BPMN}}}process")] == [path.stem]
    assert not [element for element in root.iter() if element.get("default")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_picture_is_the_one_tidy_draws_and_reads_well(path: Path) -> None:
    source = path.read_bytes()
    assert tidy(source).source == source
    figures = measure(source)
    assert figures.shapes <= 25
    assert (figures.through_shapes, figures.overlapping, figures.outside_lane) == (0, 0, 0)


def test_every_name_and_title_is_there_in_english() -> None:
    elements = package(KEY).process.elements.values()
    assert [e.id for e in elements if e.title["zh"] and CHINESE.search(e.title["en"])] == []
    for form in package(KEY).forms.values():
        for name, field in form.walk():
            assert not CHINESE.search(field.title["en"]), name
            if form.parties is None:
                assert not any(CHINESE.search(c.title["en"]) for c in field.choices), name


def test_every_user_task_has_a_form_and_instructions() -> None:
    for element in package(KEY).process.elements.values():
        if element.kind == "userTask":
            assert package(KEY).form_of(element.form) is not None, element.id
            assert element.instructions, element.id


def test_only_steering_values_are_kept_in_the_process() -> None:
    for form in package(KEY).forms.values():
        for field in form.fields:
            if field.store == "process":
                assert field.widget not in HEAVY, f"{form.name}.{field.name}"


def test_every_end_has_its_outcome() -> None:
    drawn = {
        e.id
        for e in package(KEY).process.elements.values()
        if e.kind == "endEvent" and e.process == KEY
    }
    assert set(package(KEY).manifest.outcomes) == drawn


def test_decision_files_are_what_dmn_js_writes() -> None:
    for path in (ROOT / "bpmn" / KEY).glob("*.dmn"):
        root = etree.fromstring(path.read_bytes())
        assert etree.QName(root).namespace == "https://www.omg.org/spec/DMN/20191111/MODEL/"
        assert root.find("{*}decision").get("id") == path.stem
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
