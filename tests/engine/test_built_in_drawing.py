"""How the diagrams, tables and forms of the built-in packages are drawn and worded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.factories.built_in import EXPECTED
from tests.factories.rollout import ROOT, package
from webapp.diagrams.measure import measure
from webapp.diagrams.reader import read
from webapp.diagrams.tidy import tidy
from webapp.diagrams.tree import GATEWAYS, Scope
from webapp.diagrams.xml import BPMN, parse_xml

DIAGRAMS = [path for key in EXPECTED for path in sorted((ROOT / "bpmn" / key).glob("*.bpmn"))]
TABLES = [path for key in EXPECTED for path in sorted((ROOT / "bpmn" / key).glob("*.dmn"))]
MOST_SHAPES = 25
CHINESE = re.compile(r"[\u4e00-\u9fff]")
QUOTED = re.compile("双方 or 各方|在线|匿名")
"""Words an English help text quotes because the form is filled in with them."""
HEAVY = {"longtext", "rows", "file", "parties", "money", "text"}

each = pytest.mark.parametrize("key", sorted(EXPECTED))
every_diagram = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)


def scopes(source: bytes) -> Iterator[Scope]:
    """Every process of a file and the sub-processes drawn in it."""
    for scope in read(parse_xml(source)).scopes:
        yield scope
        yield from (node.scope for node in scope.nodes.values() if node.scope)


@every_diagram
def test_labels_are_short_and_every_exit_of_a_gateway_is_named(path: Path) -> None:
    for scope in scopes(path.read_bytes()):
        for node in scope.nodes.values():
            if node.kind in GATEWAYS:
                exits = [flow for flow in scope.flows if flow.source == node.id]
                assert len(node.label) <= 7, node.id
                assert all(1 <= len(flow.label) <= 4 for flow in exits), node.id
            else:
                assert 1 <= len(node.label) <= 14, node.id


@every_diagram
def test_lanes_stand_in_one_order_without_defaults_one_process_a_file(path: Path) -> None:
    root = parse_xml(path.read_bytes())
    names = [lane.get("name") for lane in root.iter(f"{{{BPMN}}}lane")]
    assert names == [name for name in EXPECTED[path.parent.name].lanes if name in names]
    assert [process.get("id") for process in root.iter(f"{{{BPMN}}}process")] == [path.stem]
    assert not [element for element in root.iter() if element.get("default")]


@every_diagram
def test_picture_is_the_one_tidy_draws_and_reads_well(path: Path) -> None:
    source = path.read_bytes()
    assert tidy(source).source == source
    figures = measure(source)
    assert figures.shapes <= MOST_SHAPES
    assert (figures.through_shapes, figures.overlapping, figures.outside_lane) == (0, 0, 0)


@each
def test_every_name_and_title_is_there_in_english(key: str) -> None:
    elements = package(key).process.elements.values()
    assert [e.id for e in elements if not e.title["en"] or CHINESE.search(e.title["en"])] == []
    for form in package(key).forms.values():
        for name, field in form.walk():
            assert field.title["en"] != "", name
            assert not CHINESE.search(field.title["en"]), name
            assert not CHINESE.search(QUOTED.sub("", field.help.get("en", ""))), name
            if form.parties is None:
                assert not any(CHINESE.search(c.title["en"]) for c in field.choices), name


@each
def test_every_user_task_has_a_form(key: str) -> None:
    tasks = [e for e in package(key).process.elements.values() if e.kind == "userTask"]
    assert [e.id for e in tasks if package(key).form_of(e.form) is None] == []


@each
def test_every_user_task_says_what_to_do(key: str) -> None:
    tasks = [e for e in package(key).process.elements.values() if e.kind == "userTask"]
    assert [e.id for e in tasks if not e.instructions] == []


@each
def test_only_steering_values_are_kept_in_the_process(key: str) -> None:
    """Long text, rows, files and names of people belong to the case."""
    for form in package(key).forms.values():
        for field in form.fields:
            if field.store == "process":
                assert field.widget not in HEAVY, f"{form.name}.{field.name}"


@each
def test_stages_cover_every_phase(key: str) -> None:
    manifest = package(key).manifest
    assert len(manifest.stages) <= 8
    phases = {process for stage in manifest.stages for process in stage.processes}
    assert phases == set(package(key).process.processes) - {key}


@each
def test_every_end_has_its_outcome(key: str) -> None:
    elements = package(key).process.elements.values()
    drawn = {e.id for e in elements if e.kind == "endEvent" and e.process == key}
    assert set(package(key).manifest.outcomes) == drawn


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_decision_files_are_what_dmn_js_writes(path: Path) -> None:
    root = etree.fromstring(path.read_bytes())
    assert etree.QName(root).namespace == "https://www.omg.org/spec/DMN/20191111/MODEL/"
    decision = root.find("{*}decision")
    assert decision.get("id") == path.stem
    assert decision.find("{*}decisionTable").get("hitPolicy") == "FIRST"
    assert root.find(".//{*}DMNShape").get("dmnElementRef") == path.stem
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
