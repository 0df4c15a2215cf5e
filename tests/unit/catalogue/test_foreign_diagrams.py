"""Diagrams of other editors are read and answered with findings, alone and inside a package."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.factories.cases import KEY, small_package
from workflows.catalogue import gate
from workflows.catalogue.bare import check_bare
from workflows.engine.findings import Finding
from workflows.messages import say

FOLDER = Path(__file__).parents[2] / "data" / "foreign"
ROOT = Path(__file__).parents[3]
LIMIT_S = 5
EXPECTED = {
    "black_boxes": {("engine.no_process", None)},
    "camunda7": {
        ("engine.inclusive", "which"),
        ("engine.expression", "c"),
        ("engine.script_broken", "press"),
        ("engine.operation_unknown", "store"),
        ("engine.raw_timer", "cycle"),
        ("engine.event_subprocess", "again"),
        ("engine.no_role", "weigh"),
    },
    "camunda8": {
        ("engine.no_role", "Activity_check"),
        ("engine.operation_unknown", "Activity_book"),
        ("engine.raw_timer", "Event_late"),
    },
    "interchange": {
        ("engine.starts", "_ferry"),
        ("engine.link", "_lt"),
        ("engine.complex", "_cx"),
        ("engine.transaction", "_tx"),
        ("engine.ad_hoc", "_ah"),
        ("engine.data_store", "_dsr"),
        ("engine.role_unknown", "_t1"),
        ("engine.call_missing", "_call"),
    },
    "spiffarena": {
        ("engine.script_broken", "Activity_count"),
        ("engine.operation_unknown", "Activity_send"),
        ("engine.role_unknown", "Activity_look"),
        ("engine.expression", "Flow_4"),
    },
    "two_pools": {("engine.inclusive", "sid-a3"), ("engine.expression", "sid-ah")},
}
"""File → some of the errors it must have. `call_missing` is said only inside a package."""


def is_spoken(finding: Finding) -> bool:
    """Whether it has a sentence of its own in both languages."""
    chinese, english = say(finding.message, "zh-Hans"), say(finding.message, "en")
    return chinese != english and finding.code not in chinese + english


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_diagram_of_another_editor_gets_findings_alone(name: str) -> None:
    content = (FOLDER / f"{name}.bpmn").read_bytes()
    begun = time.perf_counter()
    found = check_bare(f"{name}.bpmn", content)
    assert time.perf_counter() - begun < LIMIT_S
    wanted = {one for one in EXPECTED[name] if one[0] != "engine.call_missing"}
    assert wanted <= {(one.code, one.element) for one in found if one.severity == "error"}
    assert [one for one in found if not is_spoken(one)] == []


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_diagram_of_another_editor_gets_findings_inside_a_package(name: str) -> None:
    base = small_package()
    files = {**base.files, f"bpmn/{KEY}/{name}.bpmn": (FOLDER / f"{name}.bpmn").read_bytes()}
    found = gate.check(replace(base, files=files))
    own = {(one.code, one.element) for one in found if one.file == f"{name}.bpmn"}
    assert EXPECTED[name] - {("engine.no_process", None)} <= own


def test_every_file_of_the_folder_is_asked_for() -> None:
    assert {path.stem for path in FOLDER.glob("*.bpmn")} == EXPECTED.keys()


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = (FOLDER / "two_pools.bpmn").read_text(encoding="utf-8")
    named = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    found = check_bare("two_pools.bpmn", named.encode(encoding))
    assert ("engine.inclusive", "sid-a3") in {(one.code, one.element) for one in found}


def test_single_files_of_the_built_in_packages_have_no_findings() -> None:
    files = [*ROOT.glob("bpmn/*/*.bpmn"), *ROOT.glob("bpmn/*/*.dmn")]
    assert len(files) > 50
    assert [path.name for path in files if check_bare(path.name, path.read_bytes())] == []


@pytest.mark.parametrize("content", [b"", b"junk", b"<a/>", b"<definitions/>", b"\x00" * 100])
def test_what_is_no_diagram_is_one_finding(content: bytes) -> None:
    for name in ("x.bpmn", "x.dmn"):
        found = check_bare(name, content)
        assert [one.severity for one in found] == ["error"]
        assert is_spoken(found[0])
