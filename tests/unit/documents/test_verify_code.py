"""Codes that people type from paper."""

from __future__ import annotations

import pytest

from workflows.documents.verify_code import ALPHABET, new_verify_code, read_verify_code


def test_new_code_reads_back_as_itself() -> None:
    code = new_verify_code()
    assert read_verify_code(code) == code


def test_new_codes_differ_and_use_no_letter_twice_meant() -> None:
    codes = {new_verify_code() for _ in range(200)}
    assert len(codes) == 200
    assert set("".join(codes)) <= {*ALPHABET, "-"}
    assert not set("01ILOU") & set(ALPHABET)


@pytest.mark.parametrize("typed", ["7k3m-q9tx-22hd", " 7K3MQ9TX22HD ", "7K3M Q9TX 22HD"])
def test_code_is_found_however_it_was_typed(typed: str) -> None:
    assert read_verify_code(typed) == "7K3M-Q9TX-22HD"


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M-Q9TX-22H0", "7K3M-Q9TX-22HD-A", "七" * 12])
def test_other_text_is_no_code(typed: str) -> None:
    assert read_verify_code(typed) is None
