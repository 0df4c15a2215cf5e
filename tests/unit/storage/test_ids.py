"""Row ids and their outside form."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.times import START
from workflows.errors import InvalidInputError
from workflows.storage.clock import MovableClock
from workflows.storage.ids import IdSource, decode_id, decode_item, encode_id, encode_item


def _no_start(_bound: int) -> int:
    return 0


def test_ids_grow_while_the_clock_stands_still() -> None:
    source = IdSource(MovableClock(START))
    made = [source.next() for _ in range(1000)]
    assert made == sorted(set(made))


def test_ids_of_a_later_second_are_larger_than_all_before() -> None:
    clock = MovableClock(START)
    source = IdSource(clock, start=lambda bound: bound - 1)
    before = source.next()
    clock.advance(timedelta(seconds=1))
    later = IdSource(clock, start=_no_start)
    assert later.next() > before + 2**29 - 1


def test_ids_start_at_the_second_of_the_clock() -> None:
    source = IdSource(MovableClock(START), start=_no_start)
    assert source.next() == int(START.timestamp()) << 30
    assert source.next() == (int(START.timestamp()) << 30) + 1


def test_ids_fit_63_bits_until_2200() -> None:
    clock = MovableClock(START.replace(year=2200))
    assert IdSource(clock, start=lambda bound: bound - 1).next() < 2**63


def test_two_sources_do_not_meet() -> None:
    clock = MovableClock(START)
    first, second = IdSource(clock), IdSource(clock)
    assert not {first.next() for _ in range(200)} & {second.next() for _ in range(200)}


def test_threads_never_get_the_same_id() -> None:
    source, made = IdSource(MovableClock(START)), list[int]()

    def take() -> None:
        made.extend(source.next() for _ in range(500))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2000


@given(st.integers(0, 2**63 - 1))
def test_outside_form_round_trips(number: int) -> None:
    text = encode_id(number)
    assert len(text) == 13
    assert decode_id(text) == number


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_outside_form_sorts_like_the_number(first: int, second: int) -> None:
    assert (encode_id(first) < encode_id(second)) == (first < second)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**31 - 1))
def test_item_form_round_trips(run: int, number: int) -> None:
    assert decode_item(encode_item(run, number)) == (run, number)


@given(st.text())
def test_any_text_decodes_or_is_malformed(text: str) -> None:
    for decode in (decode_id, decode_item):
        with contextlib.suppress(InvalidInputError):
            decode(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "000000000000l",
        "0000000000000 ",
        "00000000000000",
        "z" * 13,
        "０" * 13,
        "0" * 12 + "A",
    ],
)
def test_malformed_ids_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        decode_id(text)


@pytest.mark.parametrize(
    "tail", ["", "-", "-01", "--1", "-1.0", "-2147483648", "-٣", "-1-2", "- 1"]
)
def test_malformed_items_are_refused(tail: str) -> None:
    with pytest.raises(InvalidInputError):
        decode_item(encode_id(7) + tail)


@pytest.mark.parametrize("number", [-1, 2**63])
def test_numbers_that_are_no_ids_are_a_mistake(number: int) -> None:
    with pytest.raises(ValueError, match="not a row id"):
        encode_id(number)
