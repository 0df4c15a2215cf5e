"""The starting points of the studio: each is a whole package, and so is each copy of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from html import unescape

import pytest

from tests.factories.documents import PEOPLE, UNIT
from tests.factories.package_papers import BARE_PARTY, NAMED
from webapp.diagrams.measure import measure
from workflows.catalogue.gate import check
from workflows.catalogue.package import compile_package
from workflows.catalogue.source import PackageSource
from workflows.documents.compose import DocumentFacts, compose
from workflows.documents.freeze import Frozen, freeze
from workflows.messages import say
from workflows.rollout.scenarios.rehearse import Rehearsal, rehearse
from workflows.rollout.world.pure_run import CreatedDocument
from workflows.studio.starting import (
    NAMES,
    find_starting_point,
    list_starting_points,
    propose_key,
    read_titles,
    rename,
)

KEYS: Mapping[str, str] = {
    "simple_approval": "market_stalls",
    "intake_handling": "x1",
    "two_party_agreement": "well_" + "w" * 35,
    "referral_answer": "referral_answer_2",
}
TITLES = {"zh": '摊位<“甲”&"乙">', "en": "Stalls \"A\" & 'B' <1>"}
ENDS: Mapping[str, Mapping[str, str]] = {
    "simple_approval": {
        "happy": "end_agreed",
        "returned": "end_agreed",
        "refused": "end_refused",
        "late": "end_late",
        "withdrawn": "end_withdrawn",
        "withdrawn_returned": "end_withdrawn",
    },
    "intake_handling": {
        "happy": "end_done",
        "returned": "end_done",
        "extended": "end_done",
        "rejected": "end_rejected",
        "expired": "end_expired",
        "withdrawn": "end_withdrawn",
        "withdrawn_handling": "end_withdrawn",
    },
    "two_party_agreement": {
        "happy": "end_agreed",
        "second_session": "end_agreed",
        "refused": "end_unsigned",
        "unsigned": "end_unsigned",
        "failed": "end_failed",
        "expired": "end_expired",
        "withdrawn": "end_withdrawn",
        "withdrawn_drafting": "end_withdrawn",
    },
    "referral_answer": {
        "happy": "end_answered",
        "returned": "end_answered",
        "silent": "end_answered",
        "urged": "end_answered",
        "unanswered": "end_unanswered",
        "declined": "end_declined",
        "withdrawn": "end_withdrawn",
        "withdrawn_handling": "end_withdrawn",
    },
}
each = pytest.mark.parametrize("name", NAMES)


def copied(name: str) -> PackageSource:
    return rename(find_starting_point(name).tree, KEYS[name], TITLES)


@cache
def rehearsal(name: str) -> Rehearsal:
    """A copy is walked: what is green there is green in what it was copied from."""
    return rehearse(compile_package(copied(name)))


@each
def test_the_gate_has_nothing_to_say(name: str) -> None:
    for tree in (find_starting_point(name).tree, copied(name)):
        found = [(f.file, f.element, say(f.message, "en")) for f in check(tree)]
        assert found == []


@each
def test_every_scenario_of_a_copy_is_green_and_every_end_is_reached(name: str) -> None:
    walked = rehearsal(name)
    assert [say(finding.message, "en") for finding in walked.findings] == []
    ended = {one.name: one.scenario.end_element for one in walked.walks if one.scenario}
    assert ended == ENDS[name]
    package = compile_package(copied(name))
    assert set(ended.values()) == set(package.manifest.outcomes)
    assert walked.coverage.missed == ()


@each
def test_a_copy_says_nothing_of_where_it_comes_from(name: str) -> None:
    point, copy = find_starting_point(name), copied(name)
    assert len(copy.files) == len(point.tree.files)
    rest = [
        path
        for path, content in copy.files.items()
        if name in path.replace(KEYS[name], "")
        or name.encode() in content.replace(KEYS[name].encode(), b"")
        or point.title["zh"].encode() in content
        or b'"' + point.title["en"].encode() + b'"' in content
    ]
    assert rest == []
    package = compile_package(copy)
    assert package.manifest.title == TITLES
    assert package.process.elements[KEYS[name]].title == TITLES
    assert package.manifest.case_kind == KEYS[name]


def created(name: str) -> Mapping[str, CreatedDocument]:
    """One document of each kind its scenarios make."""
    runs = [walk.world.run for walk in rehearsal(name).walks if walk.world and walk.world.run]
    return {document.kind: document for run in runs for document in run.created}


def frozen(document: CreatedDocument) -> Frozen:
    numbers = {
        "number": document.number,
        "opened_on": "2026-05-11",
        "case_number": "受〔2026〕41号",
    }
    return freeze(
        case=document.facts.case,
        parties=document.facts.parties,
        unit=UNIT,
        run=numbers,
        data=document.data,
        people={**PEOPLE, **NAMED, "620902104-SFS": "西峰镇司法所"},
        today=date(2026, 9, 3),
    )


@each
def test_documents_are_made_without_holes_and_of_a_record_that_knows_nothing(name: str) -> None:
    package = compile_package(copied(name))
    made = created(name)
    assert set(made) == set(package.manifest.documents)
    for document in made.values():
        facts = frozen(document)
        about = DocumentFacts(document.kind, document.number, date(2026, 9, 3), "7K3M-Q9TX-22HD")
        text = words(compose(package, facts, about).html)
        assert document.facts.parties[0]["name"] in text or "回复函" in text
        assert not re.search(r"null|None|\{\{|（）|620902|end_", text), text
        bare = {**facts, "case": {}, "data": {}, "parties": [BARE_PARTY]}
        assert "null" not in words(compose(package, bare, about).html)


def words(html: str) -> str:
    """The body's text without markup and spaces."""
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", html.partition("<body>")[2])))


@each
def test_diagrams_read_well(name: str) -> None:
    point = find_starting_point(name)
    found = measure(point.drawn)
    assert found.shapes <= 25
    assert (found.through_shapes, found.overlapping, found.on_top) == (0, 0, 0)
    assert (found.outside_lane, found.missing) == (0, 0)


@each
def test_every_field_of_a_form_is_named_in_both_languages_and_most_are_explained(
    name: str,
) -> None:
    package = compile_package(find_starting_point(name).tree)
    for form in package.forms.values():
        fields = [one for one in form.fields if one.name != "parties"]
        assert all(one.title["zh"] != one.title["en"] for one in fields), form.name
        assert any(one.help for one in form.fields), form.name
    assert package.manifest.documents


def test_they_are_offered_with_what_they_are_for_and_how_they_end() -> None:
    points = list_starting_points()
    assert [point.title["zh"] for point in points] == [
        "简单审批",
        "受理—办理—办结",
        "双方协议",
        "转办与回复",
    ]
    assert all(point.purpose["zh"] and point.purpose["en"] for point in points)
    assert [one["en"] for one in points[0].ends][:2] == ["Agreed", "Refused"]


def test_a_key_is_proposed_that_nobody_has() -> None:
    assert propose_key("simple_approval", ()) == "simple_approval"
    assert propose_key("simple_approval", {"simple_approval"}) == "simple_approval_2"
    taken = {"simple_approval", "simple_approval_2"}
    assert propose_key("simple_approval", taken) == "simple_approval_3"


def test_the_chinese_title_stands_for_a_missing_english_one() -> None:
    assert read_titles(" 小额  救助 ", "") == {"zh": "小额 救助", "en": "小额 救助"}
