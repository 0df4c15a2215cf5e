"""Files that come without a picture are given one; what cannot be drawn stays as it is."""

from __future__ import annotations

import pytest

from webapp.diagrams.build import build
from webapp.diagrams.files import MOST_FLOWS, with_picture
from webapp.diagrams.tidy import tidy

DRAWN = build('process p "办理"\nstart a "开始"\nend b "结束"\na > b\n')
BARE = DRAWN.partition(b"<bpmndi:BPMNDiagram")[0] + b"</bpmn:definitions>"


def test_a_file_without_a_picture_is_laid_out_and_one_with_a_picture_stays() -> None:
    assert with_picture(DRAWN) == DRAWN
    assert with_picture(BARE) == tidy(BARE).source
    assert b'bpmnElement="f_a_b"' in with_picture(BARE)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<a/>",
        b"<a>" * 100_000,
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        BARE.replace(b'id="b" ', b""),
    ],
    ids=["nothing", "no diagram", "deep", "entities", "no id"],
)
def test_what_cannot_be_drawn_stays_as_it_is(broken: bytes) -> None:
    assert with_picture(broken) == broken


def test_loose_ends_are_drawn_around() -> None:
    for loose in (
        BARE.replace(b'targetRef="b"', b'targetRef="none"'),
        BARE.replace(b' sourceRef="a"', b""),
    ):
        assert loose != BARE
        assert b'bpmnElement="a"' in with_picture(loose)


def test_what_would_take_minutes_is_not_laid_out() -> None:
    flow = BARE.partition(b"<bpmn:sequenceFlow")[2].partition(b"/>")[0]
    one = b"<bpmn:sequenceFlow" + flow + b"/>"
    many = BARE.replace(one, one * (MOST_FLOWS + 1))
    assert many != BARE
    assert with_picture(many) == many
