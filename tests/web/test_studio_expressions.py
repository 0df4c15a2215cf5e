"""Expressions as they are typed: their place of error, and their value on a sample case."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.client import Reader
from tests.web.test_studio import Studio
from workflows.catalogue.package import compile_package
from workflows.catalogue.source import read_folder
from workflows.studio.expressions import LONGEST_VALUE, Looked, Typed, list_functions, look_at
from workflows.studio.sample import SampleCase, walk_sample

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sample() -> SampleCase:
    """Of people's mediation: the happy scenario walked to its end."""
    found = walk_sample(compile_package(read_folder(ROOT, "people_mediation")), {})
    assert found is not None
    return found


def look(text: str, sample: SampleCase | None = None, kind: str = "expression") -> Looked:
    names = {"session_result": "string", "rounds": "number", "mediation_from": "date"}
    return look_at(Typed(text, kind, names, {"dispute_kind": "string"}), sample)


def places(found: Looked) -> list[tuple[int, int]]:
    return [(one.line, one.column) for one in found.problems]


def test_a_misspelt_name_is_told_at_its_column() -> None:
    assert places(look('session_reslt = "success"')) == [(1, 1)]
    assert places(look("rounds > 1 and\nroundz < 9")) == [(2, 1)]
    assert places(look("a = rounds + 1\nb = rond", kind="script")) == [(2, 5)]
    assert places(look("rounds >", kind="expression"))[0][0] == 1


def test_what_reads_has_no_problem() -> None:
    assert look("") == look("rounds > 1") == Looked((), ())
    assert look('deadline("mediation", mediation_from)', kind="timer") == Looked((), ())
    assert look("> 50000", kind="unary").problems == ()
    assert look("a = 1\nb = a + 1", kind="script").problems == ()


def test_values_are_those_of_the_walked_case(sample: SampleCase) -> None:
    assert sample.data["session_result"] == "success"
    assert look('session_result = "success"', sample).values == (("", "true"),)
    assert look("case.dispute_kind", sample).values[0][1] == sample.case["dispute_kind"]
    assert look("count(parties)", sample).values == (("", str(len(sample.parties))),)
    told = look("a = 1\nb = a + 1", sample, kind="script").values
    assert told == (("a", "1"), ("b", "2"))


@pytest.mark.parametrize(
    "text", ["9 ** 9 ** 9 ** 9", "for i in 1..999999999 return i", "(" * 5000], ids=str.__len__
)
def test_a_hostile_text_ends_with_a_short_answer(sample: SampleCase, text: str) -> None:
    found = look(text, sample)
    assert all(len(value) <= LONGEST_VALUE for _, value in found.values)
    assert bool(found.values) != bool(found.problems) or text.startswith("for")


def test_functions_are_offered_with_their_parameters() -> None:
    known = list_functions()
    assert known["substring"] == ("string", "start position", "length")
    assert known["deadline"] == ("rule", "base")


def test_the_page_asks_and_is_answered(owner: Reader) -> None:
    studio = Studio(owner)
    names = studio.post("check", {"revision": 0})
    asked = {"kind": "expression", "names": names["names"], "case": names["case"], "revision": 0}
    wrong = studio.post("expression", {**asked, "text": 'entri = "register"'})
    assert [(one["line"], one["column"]) for one in wrong["problems"]] == [(1, 1)]
    assert "entri" in wrong["problems"][0]["message"]
    assert studio.post("expression", {**asked, "text": 'entry = "register"'})["problems"] == []
    studio.post("expression", {**asked, "text": "1", "kind": "python"}, 422)
    studio.post("expression", {**asked, "text": "1", "names": {"a": 1}}, 422)
