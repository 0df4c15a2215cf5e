"""State bytes: exact, small, stamped; what an expression computed keeps its type."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.engine import Case, Drawing, compiled
from tests.factories.engine_state import data_of
from tests.factories.engine_walk import full_version
from workflows.cases.decision import CommandKind
from workflows.engine.environment import World, element_id
from workflows.engine.findings import StateError
from workflows.engine.live import loaded
from workflows.engine.run import complete_item
from workflows.engine.state import FORMAT, TYPED, read_document
from workflows.engine.values import accept, iso_duration, plain, tagged, untagged
from workflows.errors import InvalidInputError
from workflows.feel import YearsMonths

STATES = Path(__file__).parent / "states"

VALUES = [
    Decimal("0.10"),
    date(2026, 3, 2),
    time(9, 30),
    datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001
    timedelta(days=-3, seconds=5),
    YearsMonths(14),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_typed_values_come_back_exactly(value: object):
    raw = orjson.dumps({"a": [value]}, default=tagged, option=TYPED)
    back = untagged(orjson.loads(raw))["a"][0]
    assert (back, type(back)) == (value, type(value))
    assert getattr(back, "tzinfo", None) == getattr(value, "tzinfo", None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(days=3, hours=4), "P3DT4H"),
        (timedelta(0), "PT0S"),
        (timedelta(seconds=-90), "-PT1M30S"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (timedelta(days=-1), "-P1D"),
    ],
)
def test_durations_leave_as_iso_8601(value: timedelta, text: str):
    assert iso_duration(value) == text


def test_plain_data_is_json():
    given_data = {
        "n": Decimal("1E+2"),
        "m": Decimal("0.50"),
        "d": [date(2026, 1, 2)],
        "y": YearsMonths(2),
    }
    assert plain(given_data) == {"n": 100, "m": "0.50", "d": ["2026-01-02"], "y": "P2M"}


@pytest.mark.parametrize(
    "value",
    [
        {"a\x00": 1},
        {1: 2},
        float("nan"),
        b"x",
        {"a": {"\x00": ["n", "1"]}},
        "half a pair \ud800",
        {"\udc00": 1},
    ],
)
def test_data_no_state_can_hold_is_refused(value: object):
    with pytest.raises(InvalidInputError):
        accept(value)


def test_data_nested_without_end_is_refused():
    value: list[object] = []
    for _ in range(200):
        value = [value]
    with pytest.raises(InvalidInputError):
        accept(value)


def test_binary_fractions_are_kept_as_decimal_text():
    assert accept({"a": 0.1, "b": 2.0}) == {"a": "0.1", "b": 2}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5).filter(lambda k: "\x00" not in k), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(data=st.dictionaries(st.sampled_from(["x", "y", "typename", "z"]), json_values, max_size=4))
def test_whatever_people_submit_comes_back_exactly(data: dict[str, object]):
    case = Case(VERSION)
    case.start(**data)
    case.complete("a", x=True)
    case.complete("b", x=1)
    assert data_of(case) == {**data, "x": 1}
    assert type(data_of(case)["x"]) is int


def two_steps():
    drawing = Drawing("p").start().user("a").user("b").end().flow("s > a > b > e")
    return compiled(drawing, names={"x": "any"})


VERSION = two_steps()


def test_script_results_keep_their_type_over_steps():
    drawing = Drawing("p").start().script("m", "d = case.on\nn = 1").user("a")
    drawing.script("k", "same = d = case.on").end().flow("s > m > a > k > e")
    from workflows.cases.decision import Facts

    version = compiled(drawing, case_names={"on": "date"})
    case = Case(version, facts=Facts({"on": "2026-03-02"}, (), {}, 1))
    case.start()
    case.complete("a")
    assert data_of(case) == {"d": date(2026, 3, 2), "n": 1, "same": True}


def test_finished_run_is_small():
    case = Case(VERSION)
    case.start(**{f"field_{n}": f"值{n}" for n in range(30)})
    case.complete("a")
    case.complete("b")
    assert case.state is not None
    assert len(case.state) < 1024


def broken(change) -> bytes:
    case = Case(VERSION)
    case.start()
    document = orjson.loads(zstandard.ZstdDecompressor().decompress(case.state))
    change(document)
    return zstandard.ZstdCompressor().compress(orjson.dumps(document))


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (b"", "engine.state_damaged"),
        (b"nonsense", "engine.state_damaged"),
        (zstandard.ZstdCompressor().compress(b"[]"), "engine.state_damaged"),
        (broken(lambda d: d.update(format=99)), "engine.state_format"),
        (broken(lambda d: d.update(process="other")), "engine.state_of_other"),
        (broken(lambda d: d["top"][6].pop(0)), "engine.state_damaged"),
        (broken(lambda d: d["top"][6][0].__setitem__(4, "gone")), "engine.state_damaged"),
    ],
)
def test_state_that_cannot_be_read_says_so(state: bytes, code: str):
    case = Case(VERSION, state=state)
    with pytest.raises(StateError) as caught:
        case.ask(CommandKind.WAKE)
    assert caught.value.message.code == code


def test_state_with_a_flipped_bit_is_found_damaged():
    case = Case(VERSION)
    case.start(x="something to compress " * 5)
    damaged = bytearray(case.state)
    damaged[len(damaged) // 2] ^= 0x10
    with pytest.raises(StateError):
        read_document(bytes(damaged))


def test_older_formats_are_upgraded_one_step_after_the_other():
    case = Case(VERSION)
    case.start()
    steps = {
        FORMAT: lambda d: {**d, "format": FORMAT + 1, "seen": [1]},
        FORMAT + 1: lambda d: {**d, "format": FORMAT + 2, "seen": [*d["seen"], 2]},
    }
    document = read_document(case.state, steps, newest=FORMAT + 2)
    assert (document["format"], document["seen"]) == (FORMAT + 2, [1, 2])


def test_a_version_survives_its_own_bytes():
    again = type(VERSION)(VERSION.to_bytes())
    one, other = Case(VERSION), Case(again)
    one.start(x=1)
    other.start(x=1)
    assert one.state == other.state
    assert again.elements == VERSION.elements


def test_damaged_version_bytes_say_so():
    with pytest.raises(StateError):
        type(VERSION)(b"x")


@pytest.mark.parametrize("path", sorted(STATES.glob("format_*.bin")), ids=lambda path: path.stem)
def test_state_of_every_format_ever_written_opens_and_goes_on(path: Path):
    with loaded(full_version(), World({}, (), {}, date(2026, 3, 2)), path.read_bytes()) as live:
        now = live.standing()
        assert sorted(element_id(task) for task in now.items.values()) == ["right_talk"]
        assert [element_id(task) for task in now.calls.values()] == ["tell"]
        (item,) = now.items.values()
        complete_item(item, {"right": 2})
        live.settle()
        assert [element_id(task) for task in live.standing().items.values()] == ["meeting"]


def test_newest_format_has_its_stored_state():
    assert (STATES / f"format_{FORMAT}.bin").exists()


def test_numbers_beyond_what_json_readers_keep_travel_as_text():
    assert accept({"n": 10**30}) == {"n": "1" + "0" * 30}
    assert plain(Decimal("1E+20")) == "1" + "0" * 20
    case = Case(VERSION)
    case.start(n=10**30)
    case.complete("a")
    case.complete("b")
    assert data_of(case)["n"] == "1" + "0" * 30
