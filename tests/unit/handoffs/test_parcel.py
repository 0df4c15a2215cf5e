"""What goes over, name by name, and what an outcome makes of a letter."""

from __future__ import annotations

import pytest

from tests.factories.handoffs import court_package, talks_package
from workflows.catalogue.handoffs import HandoffKind
from workflows.catalogue.package import compile_package
from workflows.handoffs.parcel import held_ids, pack, unpack
from workflows.handoffs.states import State, after

KIND = HandoffKind(
    kind="refer",
    title={"zh": "转", "en": "Refer"},
    package="other",
    start="in",
    fields=("title", "way", "amount"),
    sealed=("shelter",),
    parties=("phone", "id"),
)
CASE = {"title": "甲与乙", "amount": "", "note": "内部", "way": "case"}
PARTIES = [
    {"id": "p1", "name": "甲", "side": "申请人", "kind": "person", "phone": "100", "address": "x"},
    {"id": "p2", "name": "乙", "side": "被申请人", "kind": "person", "ended": "left"},
]


def packed(kind: HandoffKind = KIND) -> dict[str, object]:
    sealed = {"shelter": "某路1号", "secret": "不说"}
    data = {"way": "data", "more": 1}
    return dict(pack(kind, case=CASE, sealed=sealed, data=data, parties=PARTIES))


def test_only_what_is_named_and_known_goes_over() -> None:
    assert packed()["values"] == {"title": "甲与乙", "way": "case", "shelter": "某路1号"}


def test_a_party_goes_without_its_id_and_without_what_is_not_named() -> None:
    (party,) = packed()["parties"]  # type: ignore[misc]
    assert party == {"kind": "person", "name": "甲", "side": "申请人", "phone": "100"}


def test_without_the_line_no_party_goes() -> None:
    assert packed(HandoffKind("k", {}, "other", "in"))["parties"] is None


def test_the_parcel_answers_the_other_form() -> None:
    form = compile_package(talks_package()).forms["delegated"]
    raw = unpack({"values": {"title": "x"}, "parties": [{"name": "甲"}]}, form)
    assert raw == {"title": "x", "parties": [{"name": "甲"}]}
    assert unpack({"values": {}, "parties": None}, form) == {}


def test_process_data_say_which_letters_they_speak_of() -> None:
    data = {"sent": {"handoff": "a"}, "other": {"handoff": None}, "n": 1, "list": [{"handoff": 2}]}
    assert held_ids(data) == {"a"}


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("accepted", State.ACCEPTED),
        ("declined", State.DECLINED),
        ("returned", State.DECLINED),
        ("agreed", State.ANSWERED),
        ("withdrawn", State.ANSWERED),
    ],
)
def test_an_outcome_brings_a_state(outcome: str, state: State) -> None:
    assert after(outcome) is state


@pytest.mark.parametrize(
    ("word", "message"),
    [("accepted", None), ("declined", "delegate.declined"), ("answered", "delegate.answered")],
)
def test_a_word_comes_as_the_message_that_is_declared(word: str, message: str | None) -> None:
    declared = compile_package(court_package()).manifest.handoff("delegate")
    assert declared is not None
    assert declared.message_for(word) == message


def test_a_refusal_nobody_waits_for_comes_as_the_answer() -> None:
    alone = HandoffKind("k", {}, "other", "in", messages={"answered": "a"})
    assert [alone.message_for(word) for word in ("accepted", "declined")] == [None, "a"]
