"""How the diagrams of people_mediation are drawn and worded (drawing conventions)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.factories.rollout import KEY, ROOT, package
from webapp.diagrams.reader import read
from webapp.diagrams.tidy import tidy
from webapp.diagrams.tree import GATEWAYS, Scope
from webapp.diagrams.xml import BPMN, parse_xml

FILES = sorted((ROOT / "bpmn" / KEY).glob("*.bpmn"))
LANES = ("当事人", "窗口受理员", "调委会主任", "人民调解员", "记录人")
"""From the citizen to the archive; the same order in every diagram."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def scopes(source: bytes) -> list[Scope]:
    found = read(parse_xml(source)).scopes
    inner = [n.scope for scope in found for n in scope.nodes.values() if n.scope]
    return [*found, *inner]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_labels_are_short_and_every_exit_of_a_gateway_is_named(path: Path) -> None:
    for scope in scopes(path.read_bytes()):
        for node in scope.nodes.values():
            if node.kind in GATEWAYS:
                exits = [flow for flow in scope.flows if flow.source == node.id]
                assert len(node.label) <= 7
                assert all(1 <= len(flow.label) <= 4 for flow in exits)
            else:
                assert 1 <= len(node.label) <= 14


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_outcome_hangs_on_a_default_flow(path: Path) -> None:
    root = parse_xml(path.read_bytes())
    assert not [element for element in root.iter() if element.get("default")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_lanes_stand_in_one_order_and_one_process_in_a_file(path: Path) -> None:
    root = parse_xml(path.read_bytes())
    names = [lane.get("name") for lane in root.iter(f"{{{BPMN}}}lane")]
    assert names == [name for name in LANES if name in names]
    assert [process.get("id") for process in root.iter(f"{{{BPMN}}}process")] == [path.stem]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_committed_picture_is_the_one_tidy_draws(path: Path) -> None:
    source = path.read_bytes()
    assert tidy(source).source == source


def test_every_name_is_there_in_english() -> None:
    missing = [
        element.id
        for element in package().process.elements.values()
        if element.title["zh"] and CHINESE.search(element.title["en"])
    ]
    assert missing == []


def test_every_user_task_has_a_form_with_titles_in_both_languages() -> None:
    for element in package().process.elements.values():
        if element.kind != "userTask":
            continue
        form = package().form_of(element.form)
        assert form is not None
        for name, field in form.walk():
            assert not CHINESE.search(field.title["en"]), name
            assert not CHINESE.search(field.help.get("en", "").replace("双方 or 各方", "")), name
            assert not any(CHINESE.search(c.title["en"]) for c in field.choices) or (
                form.parties is not None
            )


def test_only_steering_values_are_kept_in_the_process() -> None:
    """Long text, rows, files and names of people belong to the case."""
    heavy = {"longtext", "rows", "file", "parties", "money", "text"}
    for form in package().forms.values():
        for field in form.fields:
            if field.store == "process":
                assert field.widget not in heavy, f"{form.name}.{field.name}"


def test_stages_cover_every_phase() -> None:
    manifest = package().manifest
    assert len(manifest.stages) <= 8
    phases = {process for stage in manifest.stages for process in stage.processes}
    assert phases == set(package().process.processes) - {KEY}


def test_every_end_has_its_outcome() -> None:
    ends = {path for path in package().manifest.outcomes}
    drawn = {
        e.id
        for e in package().process.elements.values()
        if e.kind == "endEvent" and e.process == KEY
    }
    assert ends == drawn


def test_decision_files_are_what_dmn_js_writes() -> None:
    for path in (ROOT / "bpmn" / KEY).glob("*.dmn"):
        root = etree.fromstring(path.read_bytes())
        assert etree.QName(root).namespace == "https://www.omg.org/spec/DMN/20191111/MODEL/"
        decision = root.find("{*}decision")
        assert decision.get("id") == path.stem
        table = decision.find("{*}decisionTable")
        assert table.get("hitPolicy") == "FIRST"
        assert root.find(".//{*}DMNShape").get("dmnElementRef") == path.stem
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
