"""What the rules on court-related mediation ask of the process, one rule a test."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.rollout import ROOT, package, run_of, scenario, walk_until
from workflows.deadlines import RuleBook
from workflows.decisions import load
from workflows.errors import ForbiddenError, InvalidFormError
from workflows.formspec import Store
from workflows.rollout.scenarios.scenario import TaskStep
from workflows.rollout.world.pure_world import PureWorld

KEY = "litigation_handoff"
UNIT = "620902-FY"
INVITED = "特邀调解员@620902-FY"
FEES = ("调解费", "费用标准", "缴费", "受理费")
LIMITS = {"delegated_mediation", "entrusted_ordinary", "entrusted_simple", "extended_mediation"}


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
    ("rule", "start", "due"),
    [
        ("delegated_mediation", "2026-09-03", "2026-10-08"),
        ("entrusted_ordinary", "2026-06-04", "2026-06-22"),
        ("entrusted_simple", "2026-09-18", "2026-09-28"),
        ("court_step", "2026-04-30", "2026-05-08"),
    ],
)
def test_golden_days(rule: str, start: str, due: str) -> None:
    found = RuleBook.built_in().due(rule, date.fromisoformat(start), UNIT)
    assert found.on == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("happy", "delegated_mediation"),
        ("suit_withdrawn", "entrusted_ordinary"),
        ("court_paper", "entrusted_simple"),
    ],
)
def test_art_27_the_limit_runs_from_the_receipt_of_the_papers(name: str, rule: str) -> None:
    before = walk_until(name, "mediator_reply", KEY)
    assert LIMITS.isdisjoint(clocks(before))
    world = walk_until(name, "mediator_reply", KEY)
    received = world.today()
    complete(world, "mediator_reply", dict(_accepted(world)), INVITED)
    assert clocks(world)[rule] == received.isoformat()
    assert len(LIMITS & clocks(world).keys()) == 1


def _accepted(world: PureWorld) -> dict[str, Any]:
    return {"reply": "accepted", "accepted_on": world.today().isoformat()}


def test_art_27_last_day_counts_and_the_next_asks_for_an_extension() -> None:
    world = walk_until("expired", "hold_session", KEY)
    world.advance(timedelta(days=35))
    assert open_items(world) == ["hold_session"]
    world.advance(timedelta(days=1))
    assert open_items(world) == ["extend_consent"]


def test_art_27_extended_only_by_consent_of_all_and_without_a_new_beginning() -> None:
    world = walk_until("expired", "extend_consent", KEY)
    complete(world, "extend_consent", {"extension_agreed": False}, INVITED)
    assert open_items(world) == ["report"]
    world = walk_until("expired", "extend_consent", KEY)
    day = world.today().isoformat()
    scan = [world.upload(INVITED, "a.jpg", b"x")]
    data = {"extension_agreed": True, "extension_from": day, "extension_scan": scan}
    complete(world, "extend_consent", data, INVITED)
    assert open_items(world) == ["hold_session"]
    assert clocks(world) == {"extended_mediation": day}


def test_art_11_nothing_is_mediated_without_consent() -> None:
    for name in ("refused", "silent", "unsuited"):
        assert run_of(name, KEY).visits.elements.isdisjoint({"choose_mediator", "hold_session"})
    assert "consent_due" in run_of("silent", KEY).visits.expired


def test_art_12_the_court_designates_where_the_parties_do_not_choose() -> None:
    assert {"choice_due", "designate"} <= run_of("nobody", KEY).visits.elements
    assert run_of("designation_refused", KEY).visits.elements.isdisjoint({"mediator_reply"})


def test_declined_or_silent_three_times_goes_back_to_the_court() -> None:
    run = run_of("nobody", KEY)
    assert "org_due" in run.visits.expired
    assert "designate" in run.visits.repeated
    assert "mediator_due" in run_of("failed_filed", KEY).visits.expired


def test_body_is_asked_in_its_own_unit() -> None:
    world = walk_until("confirmed", "org_reply", KEY)
    assert world.run is not None
    (item,) = world.run.items.values()
    assert (item.role, item.scope) == ("调委会主任", "620902104-TW")


def test_only_the_mediator_who_took_it_on_mediates() -> None:
    world = walk_until("happy", "hold_session", KEY)
    with pytest.raises(ForbiddenError):
        complete(world, "hold_session", dict(step("happy", "hold_session").data), "liaison")


@pytest.mark.parametrize(
    ("changes", "suited"),
    [
        ({}, True),
        *(
            ({"unsuited_for": [one]}, False)
            for one in ("special", "identity", "nature", "refused", "violence")
        ),
        ({"sham_suspected": True}, False),
        ({"unsuited_for": None}, True),
    ],
)
def test_what_is_suited(changes: dict[str, Any], suited: bool) -> None:
    context = {"unsuited_for": [], "sham_suspected": False, **changes}
    assert decide("suitable", context)["suited"] is suited


@pytest.mark.parametrize(
    ("relation", "objection", "recuse"),
    [
        ("none", False, False),
        ("none", True, True),
        ("kin", False, True),
        ("interest", False, True),
        ("influence", False, True),
        ("earlier", False, True),
    ],
)
def test_art_15_recusal(relation: str, objection: bool, recuse: bool) -> None:
    context = {"mediator_relation": relation, "mediator_objection": objection}
    assert decide("mediator_recusal", context)["must_recuse"] is recuse


def test_art_15_another_mediator_has_a_limit_of_their_own() -> None:
    world = walk_until("failed_resumed", "disclose", KEY)
    complete(world, "disclose", _disclosed(world, "kin"), INVITED)
    assert open_items(world) == ["designate"]
    assert LIMITS.isdisjoint(clocks(world))


def test_art_15_whoever_stood_back_is_not_designated_again() -> None:
    run = run_of("recused", KEY)
    assert "designate" in run.visits.repeated
    assert "mediator_reply" not in run.visits.repeated


def _disclosed(world: PureWorld, relation: str) -> dict[str, Any]:
    return {
        "mediator_relation": relation,
        "mediator_objection": False,
        "rights_told": True,
        "fee_none": True,
        "disclosed_on": world.today().isoformat(),
    }


@pytest.mark.parametrize("name", ["failed_filed", "failed_resumed", "expired", "unreachable"])
def test_art_16_and_26_failure_is_reported_and_the_mediator_barred(name: str) -> None:
    kinds = [document.kind for document in run_of(name, KEY).created]
    assert kinds.index("termination_report") < kinds.index("mediator_bar")


@pytest.mark.parametrize("name", ["sham", "withdrawn"])
def test_art_16_mediator_is_barred_however_mediation_ended(name: str) -> None:
    assert run_of(name, KEY).created[-1].kind == "mediator_bar"


def test_art_16_judge_confirms_that_the_mediator_takes_no_part() -> None:
    world = walk_until("failed_resumed", "resume_trial", KEY)
    data = {"resumed_on": world.today().isoformat(), "mediator_barred": False}
    with pytest.raises(InvalidFormError) as caught:
        complete(world, "resume_trial", data, "judge")
    assert [error.path for error in caught.value.errors] == ["/mediator_barred"]


def test_art_18_suspicion_stops_mediation_until_the_court_has_decided() -> None:
    world = walk_until("sham", "decide_sham", KEY)
    assert open_items(world) == ["decide_sham"]
    assert "hold_session" in run_of("sham", KEY).visits.repeated


def test_art_22_concessions_are_sealed() -> None:
    form = package(KEY).forms["hold_session"]
    stores = {field.name: field.store for field in form.fields}
    assert stores["concessions"] is Store.SEALED
    assert stores["sham_grounds"] is Store.SEALED
    assert all("concessions" not in facts.case for facts in _facts("happy"))


def _facts(name: str) -> list[Any]:
    return list(run_of(name, KEY).facts_by_revision.values())


def test_art_24_agreement_is_in_force_from_the_last_signature() -> None:
    world = walk_until("happy", "sign_agreement", KEY)
    first = {"signing_result": "signed", "signed_on": "2026-05-15", "sign_way": "paper"}
    last = {**first, "signed_on": world.today().isoformat()}
    complete(world, "sign_agreement", first, INVITED)
    complete(world, "sign_agreement", last, INVITED)
    assert open_items(world) == ["file_record"]


def test_refusal_to_sign_is_no_agreement() -> None:
    assert run_of("failed_resumed", KEY).visits.elements.isdisjoint({"judge_close", "file_record"})


@pytest.mark.parametrize(
    ("clause", "touches", "ready"),
    [
        ({"due_on": None, "method": None}, [], False),
        ({"due_on": "2026-06-30", "method": None}, [], True),
        ({"due_on": None, "method": "当场付清"}, None, True),
        ({"due_on": "2026-06-30", "method": None}, ["third_party"], False),
        ({"due_on": "2026-06-30", "method": None}, ["identity"], True),
    ],
)
def test_agreement_says_when_or_how(
    clause: dict[str, Any], touches: list[str] | None, ready: bool
) -> None:
    context = {"case": {"clauses": [clause]}, "touches": touches}
    assert decide("agreement_examined", context)["agreement_ready"] is ready


def test_appraisal_is_decided_by_the_court_and_stops_the_limit() -> None:
    assert open_items(walk_until("suit_withdrawn", "decide_appraisal", KEY)) == ["decide_appraisal"]
    book = RuleBook.built_in()
    assert all("appraisal" in book.rule(rule).pauses for rule in LIMITS)


def test_performed_needs_proof() -> None:
    world = walk_until("happy", "check_performance", KEY)
    data = {"performance": "performed", "checked_on": world.today().isoformat()}
    with pytest.raises(InvalidFormError) as caught:
        complete(world, "check_performance", data, "liaison")
    assert [error.path for error in caught.value.errors] == ["/performance_proof"]


def test_no_form_asks_for_a_fee() -> None:
    titles = [f.title["zh"] for form in package(KEY).forms.values() for _, f in form.walk()]
    assert [title for title in titles if any(word in title for word in FEES)] == []
