"""Files as offices send them: encodings, separators, workbooks, and bad ones of every kind."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.factories.outside import FIRST, HEADING, SECOND, SYSTEMS, csv_text, line, workbook
from workflows.errors import InvalidInputError
from workflows.outside.csv_file import decode, guess_separator
from workflows.outside.recognise import cells_of, read_day, read_rows, recognise
from workflows.outside.sheet import MOST_BYTES, MOST_CELLS, MOST_ROWS, read_tables

BOMB_BYTES = 4 * 2**20
SAMPLE = Path(__file__).parents[2] / "data" / "outside" / "province-march.csv"
"""Everybody in it is invented."""


def code_of(content: bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        recognise(SYSTEMS.by_key, read_tables(content))
    return refused.value.message.code


def numbers(content: bytes) -> list[str]:
    found = recognise(SYSTEMS.by_key, read_tables(content))
    assert found.system.key == "province"
    return [row.number for row in read_rows(found)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_reads_the_same_in_every_encoding(encoding: str, separator: str) -> None:
    text = csv_text([line(申请人="哈力·𬱖䶮"), line(SECOND, 申请人="贾晓祎")], separator)
    content = text.encode(encoding)
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    found = recognise(SYSTEMS.by_key, read_tables(content))
    assert [row.names for row in read_rows(found)] == [("哈力·𬱖䶮",), ("贾晓祎",)]


def test_heading_may_stand_below_a_title() -> None:
    text = "酒泉市矛盾纠纷台账\n制表日期：2026-03-31\n" + csv_text([line()])
    assert numbers(text.encode()) == [FIRST]


def test_headings_are_known_with_stars_blanks_and_other_names() -> None:
    text = f"* 平台编号（必填）, 甲方 ,其他\n{FIRST},李玉梅,x\n"
    found = recognise(SYSTEMS.by_key, read_tables(text.encode()))
    assert cells_of(found, found.rows[0])["其他"] == "x"
    assert [row.names for row in read_rows(found)] == [("李玉梅",)]


def test_number_kept_as_a_quoted_formula_or_with_a_tab_is_the_number() -> None:
    text = f'案件编号,申请人\n"=""{FIRST}""",甲\n\t{SECOND}\t,乙\n'
    assert numbers(text.encode()) == [FIRST, SECOND]


def test_workbook_keeps_formulas_as_text_and_tells_rounded_numbers() -> None:
    rows = (
        line("=1+1"),
        (62090020260309001, "", "", "甲"),
        (FIRST, "", date(2026, 3, 9), "乙"),
    )
    found = recognise(SYSTEMS.by_key, read_tables(workbook(*rows)))
    facts = list(read_rows(found))
    codes = [row.problem.code if row.problem else "" for row in facts]
    assert codes == ["outside.formula_cell", "outside.damaged_cell", ""]
    assert facts[0].number == "=1+1"
    assert str(facts[2].on) == "2026-03-09"


def test_workbook_is_read_from_the_sheet_that_has_the_heading() -> None:
    book = Workbook()
    book.active.append(["说明"])  # type: ignore[union-attr]
    sheet = book.create_sheet("台账")
    sheet.append(list(HEADING))
    sheet.append(list(line()))
    stream = io.BytesIO()
    book.save(stream)
    assert numbers(stream.getvalue()) == [FIRST]


def test_row_with_more_cells_than_the_heading_is_told_and_nothing_of_it_is_lost() -> None:
    content = f"案件编号,申请人\n{FIRST},李玉梅,多出来的\n".encode()
    found = recognise(SYSTEMS.by_key, read_tables(content))
    [facts] = read_rows(found)
    assert facts.problem is not None
    assert facts.problem.code == "outside.more_cells"
    assert cells_of(found, found.rows[0])["#3"] == "多出来的"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "outside.empty_file"),
        (b"\n\n,,\n", "outside.empty_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "outside.old_workbook"),
        (b"PK\x03\x04 no zip at all", "outside.broken_workbook"),
        (b"\xff\xfe\x41", "outside.encoding"),
        (b"\x81\x81\xff\xff\xff", "outside.encoding"),
        (bytes(range(1, 9)) * 40, "outside.encoding"),
        ("名称,金额\n甲,1\n".encode(), "outside.unknown_columns"),
        ("案件编号,名称\n1,甲\n".encode(), "outside.unknown_columns"),
        ("案件编号,申请人\n".encode(), "outside.no_rows"),
        ('案件编号,申请人\n"1,甲\n2,乙\n'.encode(), "outside.broken_csv"),
        (b"x" * (MOST_BYTES + 1), "outside.too_large"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_bad_file_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_too_many_rows_columns_and_characters_are_refused() -> None:
    assert code_of(csv_text([line()] * (MOST_ROWS + 1)).encode()) == "outside.too_many_rows"
    assert code_of((",".join(["甲"] * (MOST_CELLS + 1))).encode()) == "outside.too_wide"
    assert code_of(csv_text([line(纠纷概况="长" * 4001)]).encode()) == "outside.cell_too_long"
    wide = workbook(line(), heading=["甲"] * (MOST_CELLS + 5))
    assert code_of(wide) == "outside.too_wide"


def test_list_that_fits_two_systems_asks_which() -> None:
    content = f"受理号,申请人,案件编号,案号\n1,甲,{FIRST},{FIRST}\n".encode()
    assert code_of(content) == "outside.several_systems"
    assert recognise(SYSTEMS.by_key, read_tables(content), "court").system.key == "court"


def changed(content: bytes, name: str, data: bytes) -> bytes:
    """A workbook with one part replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData><row><c t='inlineStr'><is><t>&b;</t></is></c></row></sheetData></worksheet>"
)
OUTSIDE_ENTITY = LAUGHS.replace('"ha"', 'SYSTEM "file:///etc/passwd"')


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE_ENTITY])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_workbook_with_entities_is_refused_unread(xml: str, encoding: str) -> None:
    assert code_of(changed(workbook(line()), SHEET, xml.encode(encoding))) == "outside.doctype"


def test_workbook_that_unpacks_to_too_much_is_refused_unread() -> None:
    content = changed(workbook(line()), "xl/media/image1.bin", bytes(BOMB_BYTES))
    assert code_of(content) == "outside.bomb"


def test_workbook_with_too_many_parts_is_refused() -> None:
    stream = io.BytesIO(workbook(line()))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(600):
            archive.writestr(f"xl/media/{number}.bin", b"x")
    assert code_of(stream.getvalue()) == "outside.bomb"


@pytest.mark.parametrize("xml", [b"", b"<worksheet", b"no xml", b"<a/>"])
def test_workbook_with_a_broken_sheet_is_refused_or_empty(xml: bytes) -> None:
    found = code_of(changed(workbook(line()), SHEET, xml))
    assert found in ("outside.broken_workbook", "outside.empty_file")


def test_cut_off_workbook_is_refused() -> None:
    content = workbook(line())
    assert code_of(content[: len(content) // 2]) == "outside.broken_workbook"


def test_separator_is_the_one_that_makes_columns() -> None:
    assert guess_separator("a;b;c\n1;2;3") == ";"
    assert guess_separator("a\tb\n1\t2") == "\t"
    assert guess_separator("a") == ","


def test_text_with_a_control_character_is_no_text() -> None:
    with pytest.raises(InvalidInputError):
        decode(b"a\x01b")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-09", "2026-03-09"),
        ("2026/3/9 10:30", "2026-03-09"),
        ("2026年3月9日", "2026-03-09"),
        ("2026.03.09", "2026-03-09"),
        ("20260309", "2026-03-09"),
        ("2026-02-30", "None"),
        ("9.3.2026", "None"),
        ("", "None"),
    ],
)
def test_days_are_read_as_offices_write_them(text: str, day: str) -> None:
    assert str(read_day(text)) == day


def test_list_as_a_platform_really_gives_it() -> None:
    """Titles above the heading, numbers as formulas, a line break in a cell, rare characters, a
    number a spreadsheet has rounded, the same case twice, a total at the end; in GB 18030."""
    found = recognise(SYSTEMS.by_key, read_tables(SAMPLE.read_bytes()))
    assert found.system.key == "province"
    facts = list(read_rows(found))
    assert [row.number for row in facts[:3]] == [
        "GS6209022026030900017",
        "GS6209022026031100021",
        "GS6209022026031200005",
    ]
    assert facts[1].names == ("霍连成", "邓培源", "哈力·别克")
    assert facts[3].names == ("𬱖永福", "䶮成林")
    codes = [row.problem.code.removeprefix("outside.") if row.problem else "" for row in facts]
    assert codes == ["", "", "", "damaged_cell", "twice_in_file", "no_number"]
    assert [row.line for row in facts] == [4, 6, 7, 8, 9, 10]
    assert [str(row.on) for row in facts[:3]] == ["2026-03-09", "2026-03-11", "2026-03-12"]
