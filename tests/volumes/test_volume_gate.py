"""What the gate says of `[volume]`, and that people's mediation has the thirteen lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.catalogue.gate import check
from workflows.catalogue.manifest import read_manifest
from workflows.catalogue.source import PackageSource, read_folder
from workflows.catalogue.volume import VolumePlan

ROOT = Path(__file__).parents[2]
FILE = "bpmn/people_mediation/package.toml"


@pytest.fixture(scope="module")
def built_in() -> PackageSource:
    return read_folder(ROOT, "people_mediation")


def changed(source: PackageSource, old: str, new: str) -> PackageSource:
    text = source.files[FILE].decode()
    assert old in text
    return PackageSource(source.key, {**source.files, FILE: text.replace(old, new, 1).encode()})


def plan(source: PackageSource) -> VolumePlan:
    manifest, findings = read_manifest(source.key, source.files[FILE])
    assert manifest is not None, findings
    assert manifest.volume is not None
    return manifest.volume


def test_people_mediation_has_thirteen_lines_and_every_paper_has_one(
    built_in: PackageSource,
) -> None:
    assert [line.key for line in plan(built_in).lines] == [
        "application", "rights_notice", "identity", "power_of_attorney", "investigation",
        "evidence", "mediation_record", "agreement", "performance", "follow_up", "confirmation",
        "note", "back",
    ]  # fmt: skip
    assert not [one.code for one in check(built_in) if "volume" in one.code]


def test_required_lines_are_those_of_the_ministry_and_give_way_to_the_end(
    built_in: PackageSource,
) -> None:
    lines = {line.key: line for line in plan(built_in).lines}
    assert [line.key for line in lines.values() if line.required] == [
        "application", "rights_notice", "identity", "mediation_record", "agreement", "back",
    ]  # fmt: skip
    assert lines["agreement"].must_be_there("end_e7")
    assert lines["agreement"].must_be_there(None)
    assert not lines["agreement"].must_be_there("end_e3")
    assert not lines["back"].must_be_there("end_e7"), "a sheet of our own is never missing"


def test_a_paper_no_line_names_goes_to_the_rest(built_in: PackageSource) -> None:
    found = plan(built_in)
    kept = {
        "agreement": found.line_of_document("oral_agreement"),
        "identity": found.line_of_field("identity_scan"),
        "evidence": found.line_of_field("some_other"),
        "confirmation": found.line_of_field("handoff"),
    }
    assert {name: line.key if line else None for name, line in kept.items()} == {
        name: name for name in kept
    }


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('documents = ["rights_notice"]', 'documents = ["map"]', "package.volume_document"),
        ('fields = ["identity_scan"]', 'fields = ["portrait"]', "package.volume_field"),
        ('fields = ["notice_scan"]', 'fields = ["identity_scan"]', "package.volume_twice"),
        ('fields = ["identity_scan"]\n', "", "package.volume_unplaced"),
        ('unless = ["end_e1", "end_e2"', 'unless = ["end_x", "end_e2"', "package.volume_end"),
        ('sheet = "note"', 'sheet = "poem"', "package.volume_sheet"),
        ('sheet = "note"', 'sheet = "note"\nrest = true', "package.volume_sheet_papers"),
        ('sheet = "note"', 'sheet = "back"', "package.volume_twice"),
        ('access_class = "normal"', 'access_class = "psychology"', "package.volume_restricted"),
        ('key = "follow_up"\ntitle', "title", "manifest.shape"),
        ('documents = ["rights_notice"]', 'documents = "rights_notice"', "manifest.shape"),
    ],
)
def test_what_a_volume_says_that_is_not_so_is_found(
    built_in: PackageSource, old: str, new: str, code: str
) -> None:
    assert code in {one.code for one in check(changed(built_in, old, new))}


def test_a_package_without_the_table_has_no_volume() -> None:
    source = read_folder(ROOT, "petition")
    manifest, _findings = read_manifest("petition", source.files["bpmn/petition/package.toml"])
    assert manifest is not None
    assert manifest.volume is None
