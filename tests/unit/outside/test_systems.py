"""Systems as data: what a file may say, and what it may never ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.errors import InvalidInputError
from workflows.outside.sources import NEVER, may_leave, read_source
from workflows.outside.systems import load_systems, read_system, spellings, tidy_number

ROOT = Path(__file__).parents[3]
SMALL = """
key = "county"
title = { zh = "县平台", en = "County platform" }
names = ["县平台"]
number = { pattern = '[0-9]{6}', example = "123456" }
[[column]]
header = "编号"
match = "number"
from = "reference"
[[column]]
header = "姓名"
match = "party"
from = "parties.name"
"""


def test_built_in_systems_accept_their_own_examples() -> None:
    systems = load_systems().by_key
    assert sorted(systems) == ["court", "petition", "province"]
    for system in systems.values():
        assert system.accepts(tidy_number(system.example)), system.key


def test_office_adds_and_replaces_systems_without_a_restart(tmp_path: Path) -> None:
    assert "county" not in load_systems(tmp_path).by_key
    (tmp_path / "a.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "b.toml").write_text(SMALL.replace("county", "court"), encoding="utf-8")
    found = load_systems(tmp_path)
    assert found.by_key["court"].name == "县平台"
    assert set(found.by_key) == {"county", "court", "petition", "province"}
    assert found.problems == ()


def test_wrong_file_is_told_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "b.toml").write_text("key = ", encoding="utf-8")
    (tmp_path / "c.toml").write_bytes(b"\xff\xfe\x00")
    found = load_systems(tmp_path)
    assert "county" in found.by_key
    assert [name for name, _why in found.problems] == ["b.toml", "c.toml"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('from = "parties.name"', 'from = "case.concessions"'), "outside.never"),
        (('from = "parties.name"', 'from = "party.申请人.secret"'), "outside.unknown_source"),
        (('from = "parties.name"', 'from = "__import__"'), "outside.unknown_source"),
        (('from = "parties.name"', 'feel = "1 +"'), "outside.bad_feel"),
        (('from = "parties.name"', 'feel = "open(1)"'), "outside.bad_feel"),
        (('from = "parties.name"', 'python = "1"'), "outside.unknown_key"),
        (('header = "姓名"', 'header = "编号"'), "outside.heading_twice"),
        (('match = "party"', 'match = "number"'), "outside.one_number_column"),
        (('match = "party"', 'match = "date"'), "outside.nothing_to_match"),
        (('match = "party"', 'match = "name"'), "outside.bad_system"),
        (("[0-9]{6}", "[0-9"), "outside.bad_system"),
        (('names = ["县平台"]', "names = []"), "outside.bad_system"),
        (('key = "county"', 'key = "../x"'), "outside.bad_system"),
        (('key = "county"', 'key = "county"\ndates = "us"'), "outside.bad_system"),
    ],
)
def test_wrong_file_says_what_is_wrong(change: tuple[str, str], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_system(SMALL.replace(*change))
    assert refused.value.message.code == code


def test_no_system_names_what_never_leaves() -> None:
    for name in NEVER:
        with pytest.raises(InvalidInputError):
            read_source(f"case.{name}")
    for system in load_systems().by_key.values():
        sources = {one.source.name for one in system.columns if one.source is not None}
        assert not sources & NEVER
    assert may_leave({"concessions": "让两千", "title": "甲"}) == {"title": "甲"}


def test_numbers_have_one_form_and_are_found_in_others() -> None:
    for typed in (
        " (2026)甘0902诉前调123号",
        "〔２０２６〕甘０９０２诉前调１２３号",
        "[2026]甘0902诉前调 123号",
    ):
        assert tidy_number(typed) == "（2026）甘0902诉前调123号"
    assert "(2026)甘1号" in spellings("（2026）甘1号")


def test_example_of_the_handbook_is_a_system() -> None:
    handbook = (ROOT / "docs" / "outside-systems.md").read_text(encoding="utf-8")
    system = read_system(handbook.split("```toml\n")[1].split("```")[0])
    assert (system.key, len(system.columns)) == ("county", 4)
