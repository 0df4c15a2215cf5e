"""What the law asks of a judicial confirmation, one rule a test."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.rollout import ROOT, package, run_of, scenario, walk_until
from workflows.deadlines import RuleBook
from workflows.decisions import load
from workflows.errors import ForbiddenError, InvalidFormError
from workflows.rollout.scenarios.scenario import TaskStep
from workflows.rollout.world.pure_world import PureWorld

KEY = "judicial_confirmation"
UNIT = "620902104-TW"
FEES = ("手续费", "费用标准", "缴费", "诉讼费", "受理费")
SUITED = {
    "concerns": [],
    "body_lawful": True,
    "agreement_form": "written",
    "terms_clear": True,
}
OWN = {"mediated_for": "own", "court_ground": "body", "major": False, "court_level": "basic"}
WHOLE = ["agreement", "statement", "identity", "contact"]
PERSON = {"id": "p", "kind": "person", "agent_name": None, "agent_power": None}
ORGANISATION = {**PERSON, "kind": "organisation"}


def step(name: str, element: str) -> TaskStep:
    return next(s for s in scenario(name, KEY).steps if getattr(s, "element", None) == element)


def complete(world: PureWorld, element: str, data: dict[str, Any], who: str) -> None:
    task = next(task for task in world.list_tasks() if task.element == element)
    world.complete(who, task, data)


def open_items(world: PureWorld) -> list[str]:
    return sorted(task.element for task in world.list_tasks())


def clocks(world: PureWorld) -> dict[str, str]:
    assert world.run is not None
    return {clock.rule: clock.base for clock in world.run.clocks.values()}


def decide(name: str, context: dict[str, Any]) -> dict[str, Any]:
    source = (ROOT / "bpmn" / KEY / f"{name}.dmn").read_bytes()
    return dict(load(source).evaluate(name, context))


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-09-03", "2026-10-08"), ("2026-01-16", "2026-02-24"), ("2026-04-01", "2026-05-06")],
)
def test_art_205_thirty_days_roll_over_rest_days(start: str, due: str) -> None:
    found = RuleBook.built_in().due("confirmation", date.fromisoformat(start), UNIT)
    assert found.on == date.fromisoformat(due)


def test_art_205_the_thirty_days_run_from_the_day_of_effect_and_stop_with_the_submission() -> None:
    before = walk_until("happy", "submit", KEY)
    assert clocks(before) == {"confirmation": "2026-05-11"}
    assert "confirmation" not in clocks(walk_until("happy", "court_answer", KEY))


def test_last_day_still_counts_and_the_next_does_not() -> None:
    world = walk_until("late", "choose_court", KEY)
    world.advance(timedelta(days=35))
    assert open_items(world) == ["choose_court"]
    world.advance(timedelta(days=1))
    assert open_items(world) == ["check_late"]


def test_agreement_older_than_thirty_days_is_checked_at_once() -> None:
    world = walk_until("happy", "ask_both", KEY)
    world.advance(timedelta(days=60))
    assert open_items(world) == ["check_late"]


def test_what_was_posted_in_time_goes_on_after_the_last_day() -> None:
    world = walk_until("posted_in_time", "court_answer", KEY)
    assert open_items(world) == ["court_answer"]
    assert "confirm_due" in run_of("posted_in_time", KEY).visits.expired


def test_art_205_all_parties_apply_or_nobody_does() -> None:
    assert run_of("refused", KEY).visits.elements.isdisjoint({"review_agreement", "submit"})
    assert "submit" not in run_of("sign_refused", KEY).visits.elements
    world = walk_until("happy", "sign_application", KEY)
    assert open_items(world) == ["sign_application"] * 2
    data = {"signing_result": "signed", "signed_by": "self"}
    complete(world, "sign_application", {**data, "signed_on": str(world.today())}, "mediator")
    assert open_items(world) == ["sign_application"]


@pytest.mark.parametrize(
    ("changes", "conclusion"),
    [
        ({}, "ok"),
        *(
            ({"concerns": [one]}, "no")
            for one in (
                "identity",
                "title",
                "special",
                "outside",
                "unlawful",
                "third_party",
                "involuntary",
            )
        ),
        ({"body_lawful": False}, "no"),
        ({"agreement_form": "oral"}, "fix"),
        ({"agreement_form": "oral_written"}, "ok"),
        ({"terms_clear": False}, "fix"),
        ({"terms_clear": False, "concerns": ["identity"]}, "no"),
        ({"concerns": None}, "ok"),
    ],
)
def test_arts_355_and_358_what_cannot_be_confirmed(
    changes: dict[str, Any], conclusion: str
) -> None:
    found = decide("confirm_eligible", SUITED | changes)
    assert found["eligible"] == conclusion
    assert (found["eligible_reason"] is None) == (conclusion == "ok")


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, True),
        ({"court_ground": "domicile"}, True),
        ({"court_ground": "subject"}, True),
        ({"court_ground": "inviting"}, False),
        ({"mediated_for": "invited"}, False),
        ({"mediated_for": "invited", "court_ground": "inviting"}, True),
        ({"major": True}, False),
        ({"major": True, "court_level": "intermediate"}, True),
        ({"court_level": "intermediate"}, False),
    ],
)
def test_art_205_which_court(changes: dict[str, Any], right: bool) -> None:
    assert decide("court_choice", OWN | changes)["court_ok"] is right


@pytest.mark.parametrize(
    ("papers", "property_needed", "parties", "missing"),
    [
        (WHOLE, False, [PERSON], None),
        (WHOLE[1:], False, [PERSON], "调解协议原件"),
        (["agreement", "identity", "contact"], False, [PERSON], "主持调解的证明"),
        (["agreement", "statement", "contact"], False, [PERSON], "各方身份证明"),
        (WHOLE[:3], False, [PERSON], "各方住所、联系方式"),
        (WHOLE, True, [PERSON], "财产权利证明"),
        ([*WHOLE, "property"], True, [PERSON], None),
        (WHOLE, False, [PERSON, ORGANISATION], "授权委托书或者法定代表人身份证明"),
        ([*WHOLE, "power"], False, [PERSON, ORGANISATION], None),
    ],
)
def test_art_354_papers(
    papers: list[str],
    property_needed: bool,
    parties: list[dict[str, Any]],
    missing: str | None,
) -> None:
    context = {"papers": papers, "property_needed": property_needed, "parties": parties}
    found = decide("packet_complete", context)
    assert (found["packet_ready"], found["packet_missing"]) == (missing is None, missing)


@pytest.mark.parametrize(
    ("party", "signed_by", "allowed"),
    [
        (PERSON, "self", True),
        (PERSON, "representative", False),
        (PERSON, "agent", False),
        (PERSON, "guardian", False),
        ({**PERSON, "agent_name": "甲", "agent_power": "一般代理"}, "agent", False),
        ({**PERSON, "agent_name": "甲", "agent_power": "特别授权"}, "agent", True),
        ({**PERSON, "agent_name": "甲", "agent_power": "法定代理"}, "self", False),
        ({**PERSON, "agent_name": "甲", "agent_power": "法定代理"}, "guardian", True),
        (ORGANISATION, "self", False),
        (ORGANISATION, "guardian", False),
        (ORGANISATION, "representative", True),
    ],
)
def test_art_351_who_may_apply(party: dict[str, Any], signed_by: str, allowed: bool) -> None:
    context = {"signing_result": "signed", "signed_by": signed_by, "signer": "p"}
    found = decide("applicant_check", {**context, "parties": [party]})
    assert found["signer_allowed"] is allowed


def test_art_356_all_parties_appear_before_the_ruling() -> None:
    run = run_of("dismissed_mediate", KEY)
    assert {"notify_parties", "record_attendance"} <= run.visits.repeated
    world = walk_until("dismissed_mediate", "record_attendance", KEY)
    complete(world, "record_attendance", dict(_excused(world)), "liaison")
    assert open_items(world) == ["notify_parties"]


def _excused(world: PureWorld) -> dict[str, Any]:
    return {"attendance": "excused", "attended_on": str(world.today()), "absent_names": "住院"}


def test_art_357_papers_not_handed_in_go_back_to_the_court_to_decide() -> None:
    assert "supplement_due" in run_of("posted_in_time", KEY).visits.expired
    world = walk_until("dismissed_sue", "supplement", KEY)
    world.advance(timedelta(days=10))
    assert open_items(world) == ["record_ruling"]


def test_limits_of_the_court_never_stop_the_run() -> None:
    world = walk_until("happy", "record_ruling", KEY)
    world.advance(timedelta(days=40))
    assert open_items(world) == ["record_ruling"]
    assert "answer_late" in run_of("dismissed_mediate", KEY).visits.expired


def test_art_206_rejected_parties_choose_for_themselves() -> None:
    assert "choose_next" in run_of("dismissed_sue", KEY).visits.elements
    assert "choose_next" not in run_of("absent", KEY).visits.elements


@pytest.mark.parametrize(
    ("element", "data"),
    [
        ("check_performance", {"performance": "performed", "performed_on": "2026-03-10"}),
        ("follow_enforcement", {"enforcement": "performed"}),
    ],
)
def test_performed_needs_proof(element: str, data: dict[str, Any]) -> None:
    world = walk_until("performed_late", element, KEY)
    day = "checked_on" if element == "check_performance" else "enforcement_on"
    with pytest.raises(InvalidFormError) as caught:
        complete(world, element, {**data, day: str(world.today())}, "mediator")
    assert [error.path for error in caught.value.errors] == ["/performance_proof"]


def test_art_250_two_years_from_the_last_day_of_performance() -> None:
    world = walk_until("performed_late", "follow_enforcement", KEY)
    assert clocks(world) == {"enforcement": "2026-03-10"}
    assert "enforcement_due" in run_of("unenforced", KEY).visits.expired


def test_ruling_is_filed_before_the_end() -> None:
    assert "close_file" in run_of("absent", KEY).visits.repeated
    assert all(
        "close_file" in run_of(name, KEY).visits.elements for name in ("late", "withdrawn_early")
    )


def test_court_work_is_done_by_the_liaison_in_the_court() -> None:
    world = walk_until("happy", "submit", KEY)
    assert world.run is not None
    (item,) = world.run.items.values()
    assert (item.role, item.scope) == ("法院联络员", "court")
    with pytest.raises(ForbiddenError):
        complete(world, "submit", dict(step("happy", "submit").data), "mediator")


def test_no_form_asks_for_a_fee() -> None:
    titles = [f.title["zh"] for form in package(KEY).forms.values() for _, f in form.walk()]
    assert [title for title in titles if any(word in title for word in FEES)] == []
