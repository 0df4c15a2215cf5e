"""Lists of units from spreadsheets."""

from __future__ import annotations

import pytest

from workflows.errors import InvalidInputError
from workflows.organisation.unit_list import read_units

HEAD = "编码,名称,简称,类别,层级,上级编码,备注\n"
ROW = "6209,酒泉市,酒泉,市,市,,\n620902,肃州区,肃州,县,县,6209,x\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_what_offices_save(encoding: str) -> None:
    first, second = read_units((HEAD + ROW + ",,,,,,\n").encode(encoding))
    assert (first.code, first.parent) == ("6209", None)
    assert (second.name, second.level, second.parent) == ("肃州区", "县", "6209")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unit.list_empty"),
        ("编码,名称\n1,2\n", "unit.list_column"),
        (HEAD + "1,,简,县,县,\n", "unit.list_value"),
        (HEAD + "1,名,简,县\n", "unit.list_level"),
        (HEAD + "1,名,简,县,省,\n", "unit.list_level"),
        (HEAD + "1,名,简,县,县,\n1,名,简,县,县,\n", "unit.list_twice"),
    ],
)
def test_says_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_units(text.encode())
    assert refusal.value.message.code == code
