"""What the Petition Regulation asks of the process, one article a test."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.rollout import package, run_of, scenario, walk_until
from workflows.deadlines import RuleBook
from workflows.deadlines.compute import local_day
from workflows.engine.elements import Element
from workflows.errors import InvalidFormError
from workflows.formspec import Store
from workflows.rollout.scenarios.scenario import TaskStep
from workflows.rollout.world.pure_world import PureWorld

KEY = "petition"
SEALED_PHASE = "pt_accuse"
HANDLING = "petition_handling"
FEES = ("收费", "办案费", "费用标准", "缴费")


def step(name: str, element: str) -> TaskStep:
    return next(s for s in scenario(name, KEY).steps if getattr(s, "element", None) == element)


def complete(world: PureWorld, element: str, data: dict[str, Any], who: str) -> None:
    task = next(task for task in world.list_tasks() if task.element == element)
    world.complete(who, task, data)


def open_items(world: PureWorld) -> list[str]:
    return sorted(task.element for task in world.list_tasks())


def clock_bases(world: PureWorld) -> dict[str, str]:
    assert world.run is not None
    return {clock.rule: clock.base for clock in world.run.clocks.values()}


def due(rule: str, base: str) -> date | None:
    return RuleBook.built_in().due(rule, base, "620902-XF").on


def test_art_19_what_is_being_handled_is_not_taken_twice() -> None:
    assert "decide_route" not in run_of("in_process", KEY).visits.elements
    assert "tell_rejection" in run_of("in_process", KEY).visits.elements


@pytest.mark.parametrize(
    ("answers", "opens"),
    [
        ({}, ["decide_route"]),
        ({"earlier_state": "in_process"}, ["tell_rejection"]),
        ({"earlier_state": "in_review"}, ["tell_rejection"]),
        ({"earlier_state": "concluded"}, ["tell_rejection"]),
        ({"in_scope": False}, ["tell_rejection"]),
        ({"matter_clear": False}, ["tell_rejection"]),
        ({"is_accusation": True, "in_scope": False}, ["review_accusation"]),
    ],
)
def test_art_19_to_22_what_is_accepted(answers: dict[str, Any], opens: list[str]) -> None:
    world = walk_until("happy", "check_petition", KEY)
    data = {**step("happy", "check_petition").data, **answers}
    complete(world, "check_petition", {**data, "checked_on": world.today().isoformat()}, "petition")
    assert open_items(world) == opens


@pytest.mark.parametrize("missing", ["registration", "notice", "opinion", "receipt"])
def test_a_file_without_its_papers_is_not_closed(missing: str) -> None:
    world = walk_until("happy", "close_petition", KEY)
    written = step("happy", "close_petition").data
    items = [item for item in written["volume_items"] if item != missing]
    data = {**written, "volume_items": items, "closed_on": world.today().isoformat()}
    complete(world, "close_petition", data, "petition")
    assert open_items(world) == ["close_petition"]


def test_art_20_more_than_five_representatives_are_refused() -> None:
    written = scenario("led_in", KEY)
    one = written.start.data["parties"][0]
    world = PureWorld(package(KEY), written.at)
    crowd = [{**one, "name": f"代表{n}", "id_pending": True} for n in range(6)]
    for party in crowd:
        party.pop("id_number")
    with pytest.raises(InvalidFormError) as caught:
        world.open_case(KEY, written.start, {**_today(world, written.start.data), "parties": crowd})
    assert [error.path for error in caught.value.errors] == ["/parties"]


def _today(world: PureWorld, data: Any) -> dict[str, Any]:
    return {**data, "received_on": world.today().isoformat()}


def test_art_22_forwarding_has_fifteen_days_from_receipt() -> None:
    world = walk_until("happy", "decide_route", KEY)
    assert clock_bases(world) == {"petition_transfer": "2026-03-02"}
    assert due("petition_transfer", "2026-03-02") == date(2026, 3, 17)
    assert "transfer_late" in run_of("overdue", KEY).visits.expired


def test_art_23_objection_within_five_working_days_and_silence_accepts() -> None:
    world = walk_until("objected", "receive_petition", KEY)
    assert clock_bases(world) == {"petition_objection": "2026-10-01"}
    assert due("petition_objection", "2026-09-30") == date(2026, 10, 13)
    assert due("petition_objection", "2026-02-13") == date(2026, 2, 27)
    assert "objection_due" in run_of("overdue", KEY).visits.expired
    assert "notice_late" in run_of("overdue", KEY).visits.expired


def test_art_23_objection_must_give_reasons() -> None:
    world = walk_until("incomplete", "receive_petition", KEY)
    data = {"unit_received_on": world.today().isoformat(), "unit_reply": "object"}
    with pytest.raises(InvalidFormError) as caught:
        complete(world, "receive_petition", data, step("incomplete", "receive_petition").who)
    assert [error.path for error in caught.value.errors] == ["/objection_reason"]


def test_art_24_a_dispute_goes_to_the_common_superior_and_no_objection_follows() -> None:
    run = run_of("objected", KEY)
    assert {"ask_superior", "create_decided"} <= run.visits.elements
    assert [document.kind for document in run.created].count("objection_letter") == 2


def test_art_25_urgent_matters_are_reported_while_the_check_goes_on() -> None:
    world = walk_until("led_in", "report_urgent", KEY)
    assert open_items(world) == ["check_petition", "report_urgent"]
    assert "urgent_late" in run_of("judicial", KEY).visits.expired


def test_art_29_a_suggestion_is_studied_and_answered_without_an_opinion() -> None:
    visited = run_of("suggestion", KEY).visits
    assert {"study_suggestion", "approve_reply", "send_reply"} <= visited.elements
    assert visited.elements.isdisjoint({"judge_route", "draft_opinion"})
    assert {"study_suggestion", "approve_reply"} <= visited.repeated


@pytest.mark.parametrize("name", ["accusation", "accusation_found"])
def test_art_30_an_accusation_is_sealed_and_never_leaves_the_office(name: str) -> None:
    run = run_of(name, KEY)
    assert run.sealed
    assert run.visits.elements.isdisjoint({"decide_route", "receive_petition", "close_petition"})
    lanes = {e.role for e in _people(SEALED_PHASE)}
    assert lanes == {"信访登记员", "信访负责人"}
    assert {e.scope for e in _people(SEALED_PHASE)} == {"owner"}


def _people(process: str) -> list[Element]:
    elements = package(KEY).process.elements.values()
    return [e for e in elements if e.kind == "userTask" and e.process == process]


def test_art_30_an_accusation_is_sealed_before_anybody_has_a_task() -> None:
    world = walk_until("accusation", "review_accusation", KEY)
    assert world.run is not None
    assert world.run.sealed
    assert len(world.run.journal) == 1


def test_art_30_what_is_said_against_whom_is_sealed_and_nothing_else_is_asked() -> None:
    fields = {field.name: field for field in package(KEY).forms["register"].fields}
    for name in ("accused", "accused_unit", "accusation", "accusation_papers"):
        assert fields[name].store is Store.SEALED
    run = run_of("accusation", KEY)
    assert set(run.facts.case) <= {
        "channel",
        *(f.name for form in package(KEY).forms.values() for f in form.fields),
    } - {"title", "summary", "claims", "accused", "accusation"}


@pytest.mark.parametrize(
    ("answers", "organ"),
    [
        ({"about_office": True}, "上一级信访部门"),
        ({"about_receiver": True}, "上一级纪检监察机关"),
        ({"accused_rank": "county"}, "上一级纪检监察机关"),
        ({"accusation_kind": "personnel"}, "同级党委组织部门"),
        ({"accusation_kind": "crime"}, "有管辖权的政法机关"),
        ({}, "同级纪检监察机关"),
    ],
)
def test_art_30_never_to_whom_it_concerns(answers: dict[str, Any], organ: str) -> None:
    world = walk_until("accusation", "review_accusation", KEY)
    data = {**step("accusation", "review_accusation").data, **answers}
    data["read_on"] = world.today().isoformat()
    complete(world, "review_accusation", data, "petition_head")
    assert world.run is not None
    assert world.run.created[-1].data["transfer_organ"] == organ


@pytest.mark.parametrize(
    ("way", "clause"),
    [
        ("to_judicial", 1),
        ("to_arbitration", 2),
        ("to_party", 3),
        ("to_administrative", 4),
        ("to_duty", 5),
    ],
)
def test_art_31_one_to_five_lead_to_their_own_procedure(way: str, clause: int) -> None:
    world = walk_until("happy", "judge_route", KEY)
    data = {**step("happy", "judge_route").data, way: True, "judged_on": world.today().isoformat()}
    complete(world, "judge_route", data, step("happy", "judge_route").who)
    assert open_items(world) == ["lead_in"]
    assert world.run is not None
    assert world.run.visits.rules["route31"] == {clause + 1}


def test_art_32_the_conclusion_must_follow_from_the_findings() -> None:
    assert "draft_opinion" in run_of("changed", KEY).visits.repeated
    assert run_of("changed", KEY).visits.rules["opinion_check"] == {4, 5}


@pytest.mark.parametrize(
    ("found", "result", "ready"),
    [
        ((True, True, True), "support", True),
        ((True, True, True), "reject", False),
        ((False, True, True), "support", False),
        ((True, False, True), "support", False),
        ((True, False, True), "explain", True),
        ((True, False, True), "reject", False),
        ((True, False, False), "reject", True),
        ((False, False, False), "reject", True),
    ],
)
def test_art_32_support_explain_or_reject(
    found: tuple[bool, bool, bool], result: str, ready: bool
) -> None:
    world = walk_until("happy", "draft_opinion", KEY)
    written = step("happy", "draft_opinion")
    data = {**written.data, "opinion_result": result}
    data |= dict(zip(("facts_clear", "has_basis", "reasonable"), found, strict=True))
    data["execution_due_on"] = (world.today() + timedelta(days=20)).isoformat()
    complete(world, "draft_opinion", data, written.who)
    assert open_items(world) == (["approve_opinion"] if ready else ["draft_opinion"])


def test_art_33_no_mediation_without_both_sides_and_none_of_court_matters() -> None:
    assert "record_mediation" in run_of("mediated", KEY).visits.elements
    for name in ("led_in", "judicial", "happy"):
        assert "record_mediation" not in run_of(name, KEY).visits.elements


def test_art_33_what_fails_or_runs_out_is_handled_on() -> None:
    assert "mediation_due" in run_of("overdue", KEY).visits.expired
    for name in ("overdue", "changed"):
        assert "draft_opinion" in run_of(name, KEY).visits.elements


def test_art_34_sixty_days_from_acceptance_not_rolled() -> None:
    world = walk_until("happy", "hear_petitioner", KEY)
    assert clock_bases(world) == {"petition_handling": "2026-03-10"}
    assert due("petition_handling", "2026-08-02") == date(2026, 10, 1)
    assert "supervision_letter" in [d.kind for d in run_of("overdue", KEY).created]


def test_art_34_an_extension_has_at_most_thirty_days_a_head_and_a_notice() -> None:
    world = walk_until("changed", "approve_extension", KEY)
    data = {
        "extension_approved": True,
        "extension_on": world.today().isoformat(),
        "extension_days": 31,
    }
    with pytest.raises(InvalidFormError) as caught:
        complete(world, "approve_extension", data, step("changed", "approve_extension").who)
    assert [error.path for error in caught.value.errors] == ["/extension_days"]
    extension = RuleBook.built_in().rule("petition_handling", "620902-XF").extension
    assert extension is not None
    assert extension.cap == 30
    kinds = [document.kind for document in run_of("changed", KEY).created]
    assert kinds.count("petition_extension_notice") == 1


def test_art_35_thirty_days_to_ask_and_thirty_to_decide() -> None:
    world = walk_until("third", "request_review", KEY)
    served = world.run.created[-1].data["served_on"] if world.run else None
    assert clock_bases(world) == {"petition_review_request": served}
    world = walk_until("third", "review_case", KEY)
    assert set(clock_bases(world)) == {"petition_review"}
    assert due("petition_review", "2026-03-01") == date(2026, 3, 31)
    assert "review_due" in run_of("overdue", KEY).visits.expired


def test_art_35_silence_closes_the_matter_and_a_late_request_finds_no_task() -> None:
    world = walk_until("third", "request_review", KEY)
    world.advance(timedelta(days=31))
    assert open_items(world) == ["rate_petition"]


def test_art_36_after_the_third_level_the_same_facts_are_not_taken_again() -> None:
    run = run_of("concluded_again", KEY)
    assert run.ended == "end_e1"
    assert run.facts.case["care_plan"]
    assert run_of("third", KEY).ended == "end_e8"


def test_execution_is_followed_while_the_time_for_review_runs() -> None:
    world = walk_until("happy", "execute", KEY)
    assert open_items(world) == ["execute", "request_review"]
    assert "execution_late" in run_of("overdue", KEY).visits.expired


def test_execution_needs_proof() -> None:
    world = walk_until("happy", "execute", KEY)
    data = {**step("happy", "execute").data, "executed_on": world.today().isoformat()}
    del data["execution_proof"]
    with pytest.raises(InvalidFormError) as caught:
        complete(world, "execute", data, step("happy", "execute").who)
    assert [error.path for error in caught.value.errors] == ["/execution_proof"]


def test_no_form_asks_for_a_fee() -> None:
    forms = package(KEY).forms.values()
    titles = [field.title["zh"] for form in forms for _, field in form.walk()]
    assert [title for title in titles if any(word in title for word in FEES)] == []


def test_silence_is_no_rating() -> None:
    assert "rating_due" in run_of("overdue", KEY).visits.expired
    assert "rating_office" not in run_of("overdue", KEY).facts.case


def handling_day(world: PureWorld) -> date:
    """When the handling has to be over, as its clock says."""
    assert world.run is not None
    return next(local_day(c.due_at) for c in world.run.clocks.values() if c.rule == HANDLING)


def test_art_34_the_step_that_grants_an_extension_moves_the_clock() -> None:
    world = walk_until("changed", "approve_extension", KEY)
    data = {"extension_approved": True, "extension_on": world.today().isoformat()}
    before = handling_day(world)
    who = "责任单位负责人@620902-XF"
    complete(world, "approve_extension", {**data, "extension_days": 20}, who)
    assert handling_day(world) == before + timedelta(days=20)
