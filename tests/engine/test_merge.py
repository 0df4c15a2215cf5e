"""An office's own way of people's mediation meets a newer common version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

import pytest

from tests.factories.rollout import KEY, ROOT
from workflows.catalogue.gate import check
from workflows.catalogue.package import compile_package
from workflows.catalogue.source import PackageSource, read_folder
from workflows.rollout.compare.comparison import compare
from workflows.rollout.merge.apply import merge
from workflows.rollout.merge.plan import Piece, key_of, plan
from workflows.rollout.scenarios.rehearse import rehearse

BASE = read_folder(ROOT, KEY)
DIAGRAM, LETTER = f"bpmn/{KEY}/pm_mediate.bpmn", f"forms/{KEY}/documents/rights_notice.html"
FORM, UI = f"forms/{KEY}/follow_up.schema.json", f"forms/{KEY}/follow_up.ui.json"
TABLE = f"bpmn/{KEY}/recusal.dmn"
OLD, TO, ON = "f_m_begin_assign_mediator", "f_to_village", "f_from_village"
STEP = f"""<bpmn:userTask id="ask_village" name="征求村委会意见">
  <bpmn:extensionElements><spiffworkflow:properties>
    <spiffworkflow:property name="name_en" value="Ask the village committee"/>
    <spiffworkflow:property name="formJsonSchemaFilename" value="ask_village.schema.json"/>
    <spiffworkflow:property name="formUiSchemaFilename" value="ask_village.ui.json"/>
  </spiffworkflow:properties></bpmn:extensionElements>
  <bpmn:incoming>{TO}</bpmn:incoming>
  <bpmn:outgoing>{ON}</bpmn:outgoing>
</bpmn:userTask>
<bpmn:sequenceFlow id="{TO}" sourceRef="m_begin" targetRef="ask_village"/>
<bpmn:sequenceFlow id="{ON}" sourceRef="ask_village" targetRef="assign_mediator"/>
<bpmn:userTask id="assign_mediator" name="指定调解员">"""
ASKED = {
    "type": "object",
    "title": "征求村委会意见",
    "properties": {
        "village_view": {
            "type": "string",
            "title": "村委会意见",
            "x-i18n": {"en": {"title": "View of the village committee"}},
            "x-store": "process",
        }
    },
    "required": ["village_view"],
}


def changed(
    source: PackageSource, texts: Mapping[str, tuple[tuple[str, str], ...]]
) -> PackageSource:
    files = dict(source.files)
    for path, pairs in texts.items():
        text = files[path].decode()
        for before, after in pairs:
            assert before in text, before
            text = text.replace(before, after)
        files[path] = text.encode()
    return PackageSource(source.key, files)


def with_step(source: PackageSource) -> PackageSource:
    """The newer version: a step with a form of its own before the mediator is assigned."""
    seat = "<bpmn:flowNodeRef>{}</bpmn:flowNodeRef>"
    here = seat.format("assign_mediator")
    ends = (
        (f"<bpmn:outgoing>{OLD}<", f"<bpmn:outgoing>{TO}<"),
        (f"<bpmn:incoming>{OLD}<", f"<bpmn:incoming>{ON}<"),
        (f'<bpmn:sequenceFlow id="{OLD}" sourceRef="m_begin" targetRef="assign_mediator"/>', ""),
        ('<bpmn:userTask id="assign_mediator" name="指定调解员">', STEP),
        (here, seat.format("ask_village") + here),
        (f'bpmnElement="{OLD}"', f'bpmnElement="{ON}"'),
    )
    stepped = changed(source, {DIAGRAM: ends})
    form = json.dumps(ASKED, ensure_ascii=False).encode()
    files = {
        f"forms/{KEY}/ask_village.schema.json": form,
        f"forms/{KEY}/ask_village.ui.json": b"{}",
    }
    return PackageSource(KEY, {**stepped.files, **files})


def with_question(source: PackageSource, name: str) -> PackageSource:
    """A form that asks one thing more, at its end."""
    schema, ui = json.loads(source.files[FORM]), json.loads(source.files[UI])
    schema["properties"][name] = {"type": "string", "title": name, "x-store": "process"}
    ui["ui:order"].append(name)
    for group in ui.get("ui:groups", ())[-1:]:
        group["fields"].append(name)
    files = {FORM: json.dumps(schema).encode(), UI: json.dumps(ui).encode()}
    return PackageSource(KEY, {**source.files, **files})


NEWER = changed(
    with_question(with_step(BASE), "village_told"), {LETTER: (("</h1>", "（新）</h1>"),)}
)
OWN = changed(
    with_question(BASE, "herd_moved"),
    {DIAGRAM: (('id="note_recused" name="记下回避的人"', 'id="note_recused" name="登记回避"'),)},
)
STEPS = {"ask_village", TO, ON, OLD}


@cache
def planned() -> tuple[Piece, ...]:
    """The newer version's pieces for the office: compared once for the tests that look at them."""
    return plan(BASE, OWN, NEWER)


@cache
def merged_whole() -> PackageSource:
    """The office's version with all of them."""
    return merge(OWN, NEWER, planned())


def keys(pieces: tuple[Piece, ...]) -> set[str]:
    return {piece.changes[0].element for piece in pieces}


def test_every_difference_of_the_newer_version_is_a_piece() -> None:
    pieces = planned()
    assert STEPS | {"ask_village", "village_told", "rights_notice"} <= keys(pieces)
    assert "herd_moved" not in keys(pieces)
    assert "note_recused" not in keys(pieces)


def test_all_pieces_give_both_sides_changes() -> None:
    merged = merged_whole()
    left = {(one.noun, one.element) for one in compare(NEWER, merged).changes}
    ours = {(one.noun, one.element) for one in compare(BASE, OWN).changes}
    assert left - {("form", "follow_up")} == ours - {("form", "follow_up")}
    assert plan(BASE, merged, NEWER) == ()


def test_what_is_merged_passes_the_gate() -> None:
    merged = merged_whole()
    assert [one for one in check(merged) if one.severity == "error"] == []
    assert compile_package(merged).process.key == KEY


def test_nothing_chosen_changes_nothing() -> None:
    assert merge(OWN, NEWER, ()) == OWN


def test_a_single_piece_is_taken_alone() -> None:
    pieces = [one for one in planned() if one.changes[0].element == "rights_notice"]
    merged = merge(OWN, NEWER, pieces)
    assert {one.element for one in compare(OWN, merged).changes} == {"rights_notice"}


def test_what_both_changed_is_told() -> None:
    """Here the office has changed a step that the newer version changes too."""
    both = changed(NEWER, {DIAGRAM: (('name="记下回避的人"', 'name="记录回避情况"'),)})
    pieces = plan(BASE, OWN, both)
    (piece,) = [one for one in pieces if one.changes[0].element == "note_recused"]
    assert [one.element for one in piece.own] == ["note_recused"]
    untouched = [one for one in pieces if one.key != piece.key]
    assert all(not one.own or key_of(one.own[0]) == one.key for one in untouched)


def test_what_the_newer_version_dropped_can_be_dropped() -> None:
    pieces = plan(NEWER, with_question(NEWER, "herd_moved"), BASE)
    merged = merge(with_question(NEWER, "herd_moved"), BASE, pieces)
    assert f"forms/{KEY}/ask_village.schema.json" not in merged.files
    assert [one for one in check(merged) if one.severity == "error"] == []
    left = {one.element for one in compare(BASE, merged).changes}
    assert left - {"follow_up"} == {"herd_moved"}


@pytest.mark.parametrize("path", [TABLE, f"bpmn/{KEY}/people_mediation.bpmn"])
def test_a_file_that_is_gone_and_comes_back(path: str) -> None:
    without = PackageSource(KEY, {k: v for k, v in BASE.files.items() if k != path})
    merged = merge(without, BASE, plan(None, without, BASE))
    assert compare(BASE, merged).changes == ()


def test_without_a_common_version_everything_counts_as_changed_on_both_sides() -> None:
    pieces = plan(None, OWN, NEWER)
    assert pieces
    assert all(piece.own for piece in pieces)


def test_a_rule_is_taken_with_its_table() -> None:
    text = BASE.files[TABLE].decode()
    cell = text[text.index("<inputEntry") : text.index("</inputEntry>")]
    newer = PackageSource(
        KEY,
        {
            **BASE.files,
            TABLE: text.replace(cell, cell.replace("<text>", "<text>not(null), "), 1).encode(),
        },
    )
    pieces = plan(BASE, BASE, newer)
    assert [piece.key for piece in pieces] == ["table:recusal"]
    assert compare(newer, merge(BASE, newer, pieces)).changes == ()


def test_the_merged_scenarios_are_walked_where_the_own_way_differs_only_in_words() -> None:
    """What the newer version asks additionally turns its old scenarios red: the office is told."""
    merged = compile_package(merged_whole())
    told = [one for one in rehearse(merged).findings if one.severity == "error"]
    assert told
