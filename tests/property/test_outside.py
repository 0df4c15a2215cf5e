"""Whatever a list holds: it reads the same in every encoding, goes out harmless, comes back."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.outside import SYSTEMS
from workflows.errors import InvalidInputError
from workflows.outside.csv_file import CONTROLS
from workflows.outside.recognise import read_rows, recognise
from workflows.outside.sheet import FORMULA_STARTS, neutral, read_tables, restore
from workflows.outside.systems import tidy_number
from workflows.outside.writers import FORMATS, open_writer, tab_row

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="".join(CONTROLS)),
    max_size=20,
)
CELL = TEXT.map(str.strip)
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=1, max_size=6)
HEADING = ["案件编号", "申请人", "被申请人", "登记日期", "备注"]
READS_AS_TEXT = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])


def as_csv(rows: list[list[str]], separator: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(HEADING)
    writer.writerows([*row, *[""] * (5 - len(row))] for row in rows)
    return stream.getvalue()


@given(ROWS, READS_AS_TEXT, st.sampled_from(",;\t"))
@settings(max_examples=150)
def test_every_encoding_gives_the_same_rows(
    rows: list[list[str]], encoding: str, separator: str
) -> None:
    text = as_csv(rows, separator)
    plain = read_tables(text.encode())[0]
    assert read_tables(text.encode(encoding))[0] == plain
    kept = [row for row in rows if any(row)]
    assert [row.line for row in plain.rows[1:]] == sorted({row.line for row in plain.rows[1:]})
    assert len(plain.rows) - 1 == len(kept)


@given(st.text(max_size=30))
def test_no_cell_that_goes_out_begins_a_formula(text: str) -> None:
    shown = neutral(text)
    assert shown[:1] not in FORMULA_STARTS or shown == ""
    assert shown.lstrip()[:1] not in FORMULA_STARTS or shown.startswith("'") or not shown.strip()
    assert all(part[:1] not in FORMULA_STARTS for part in tab_row([text, text]).split("\t") if part)


@given(CELL)
def test_what_was_made_harmless_is_read_back(text: str) -> None:
    assert restore(neutral(text)) == text


@given(ROWS, st.sampled_from(sorted(FORMATS)))
@settings(max_examples=60)
def test_what_goes_out_comes_back(rows: list[list[str]], form: str) -> None:
    target = io.BytesIO()
    with open_writer(form, target) as writer:
        writer.write(HEADING)
        for row in rows:
            writer.write(row)
    [table] = read_tables(target.getvalue())
    found = [list(row.cells) for row in table.rows[1:]]
    assert found == [trimmed for row in rows if (trimmed := _trimmed(row))]


def _trimmed(row: list[str]) -> list[str]:
    kept = list(row)
    while kept and not kept[-1]:
        kept.pop()
    return kept


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    refusal = "outside."
    try:
        found = recognise(SYSTEMS.by_key, read_tables(content))
    except InvalidInputError as refused:
        refusal = refused.message.code
    else:
        assert list(read_rows(found))
    assert refusal.startswith("outside.")


@given(st.text(max_size=40))
def test_a_tidy_number_stays_as_it_is(text: str) -> None:
    once = tidy_number(text)
    assert tidy_number(once) == once
