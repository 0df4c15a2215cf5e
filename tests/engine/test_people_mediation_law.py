"""What the People's Mediation Law asks of the process, one article a test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.rollout import KEY, package, run_of, scenario, walk_until
from workflows.cases.decision import NewItem
from workflows.errors import ForbiddenError, InvalidFormError
from workflows.rollout.scenarios.scenario import TaskStep
from workflows.rollout.world.pure_world import PureWorld

FEES = ("收费", "调解费", "费用标准", "缴费")


def step(name: str, element: str) -> TaskStep:
    return next(s for s in scenario(name).steps if getattr(s, "element", None) == element)


def complete(world: PureWorld, element: str, data: dict[str, Any], who: str) -> None:
    task = next(task for task in world.list_tasks() if task.element == element)
    world.complete(who, task, data)


def open_items(world: PureWorld) -> list[str]:
    return [task.element for task in world.list_tasks()]


def only_item(world: PureWorld) -> NewItem:
    assert world.run is not None
    (item,) = world.run.items.values()
    return item


def clock_bases(world: PureWorld) -> dict[str, str]:
    assert world.run is not None
    return {clock.rule: clock.base for clock in world.run.clocks.values()}


def test_art_17_express_refusal_starts_no_mediation() -> None:
    run = run_of("refused")
    assert run.visits.elements.isdisjoint({"inform_rights", "assign_mediator", "hold_session"})


def test_art_4_no_form_asks_for_a_fee() -> None:
    titles = [field.title["zh"] for form in package().forms.values() for _, field in form.walk()]
    assert [title for title in titles if any(word in title for word in FEES)] == []


def test_art_26_every_end_without_agreement_tells_of_other_routes() -> None:
    for name in ("not_accepted", "refused", "unreachable", "failed", "unperformed"):
        assert "tell_other_routes" in run_of(name).visits.elements
    for name in ("happy", "withdrawn"):
        assert "tell_other_routes" not in run_of(name).visits.elements


def test_art_25_danger_is_reported_while_the_review_goes_on() -> None:
    world = walk_until("danger", "review_acceptance")
    assert sorted(open_items(world)) == ["report_danger", "review_acceptance"]
    assert open_items(walk_until("danger", "report_danger")) == ["report_danger"]
    assert "danger_late" in run_of("danger").visits.expired
    assert "report_danger" not in run_of("happy").visits.elements


def test_art_25_danger_in_a_session_is_reported_while_mediation_goes_on() -> None:
    world = walk_until("investigated", "report_escalation")
    assert sorted(open_items(world)) == ["appraise", "report_escalation"]
    assert "escalation_late" in run_of("investigated").visits.expired


def test_art_20_nobody_is_invited_without_the_consent_of_all() -> None:
    world = walk_until("investigated", "invite")
    data = {**step("investigated", "invite").data, "invite_consented": False}
    data["invite_on"] = world.today().isoformat()
    with pytest.raises(InvalidFormError) as caught:
        complete(world, "invite", data, "mediator")
    assert [error.path for error in caught.value.errors] == ["/invite_consented"]


def test_art_27_every_end_goes_through_filing() -> None:
    for name in ("happy", "not_accepted", "refused", "withdrawn", "failed", "unperformed"):
        assert "close_case" in run_of(name).visits.elements


def test_art_29_written_agreement_is_in_force_from_the_last_act() -> None:
    world = walk_until("happy", "seal_paper")
    world.advance(timedelta(days=3))
    sealed = world.today().isoformat()
    complete(world, "seal_paper", {"signatures_checked": True, "sealed_on": sealed}, "head")
    assert clock_bases(world) == {"delivery": sealed}


def test_art_29_every_party_signs_before_the_mediator() -> None:
    world = walk_until("thirty_parties", "sign_paper")
    assert open_items(world) == ["sign_paper"] * 30
    signed = dict(step("thirty_parties", "sign_paper").data, signed_on=world.today().isoformat())
    for _ in range(28):
        complete(world, "sign_paper", signed, "mediator")
    complete(world, "sign_paper", {**signed, "signed_by": "representative"}, "mediator")
    assert open_items(world) == ["sign_paper"]
    complete(world, "sign_paper", signed, "mediator")
    assert open_items(world) == ["sign_mediator"]


def test_one_refusal_to_sign_ends_the_signing() -> None:
    world = walk_until("thirty_parties", "sign_paper")
    data = {"signing_result": "refused", "refusal_note": "数额少了两天。"}
    complete(world, "sign_paper", data, "mediator")
    assert open_items(world) == ["tell_other_routes"]


@pytest.mark.parametrize(
    ("party", "signed_by", "asked_again"),
    [(0, "self", True), (0, "guardian", False), (1, "agent", True), (2, "self", True)],
)
def test_who_may_not_sign_is_sent_back(party: int, signed_by: str, asked_again: bool) -> None:
    """Party 0 is a child with a guardian, 1 has no agent, 2 is an organisation."""
    world = walk_until("represented", "sign_paper")
    task = next(task for task in world.list_tasks() if task.party == party)
    data = {"signing_result": "signed", "signed_on": world.today().isoformat()}
    world.complete("mediator", task, {**data, "signed_by": signed_by, "sign_way": "signature"})
    assert (party in [task.party for task in world.list_tasks()]) is asked_again


def test_thumbprint_needs_a_witness() -> None:
    assert "sign_mediator" in run_of("represented").visits.repeated
    assert "sign_mediator" not in run_of("happy").visits.repeated


def test_unsigned_paper_stands_overdue() -> None:
    assert "sign_late" in run_of("represented").visits.expired


def test_art_29_seal_does_not_make_it_earlier_than_the_signatures() -> None:
    world = walk_until("happy", "seal_paper")
    signed = world.today().isoformat()
    earlier = (world.today() - timedelta(days=1)).isoformat()
    complete(world, "seal_paper", {"signatures_checked": True, "sealed_on": earlier}, "head")
    assert clock_bases(world) == {"delivery": signed}


def test_art_29_seal_needs_the_signatures_checked() -> None:
    world = walk_until("happy", "seal_paper")
    day = world.today().isoformat()
    with pytest.raises(InvalidFormError) as caught:
        complete(world, "seal_paper", {"signatures_checked": False, "sealed_on": day}, "head")
    assert [error.path for error in caught.value.errors] == ["/signatures_checked"]


def test_art_30_oral_agreement_is_in_force_the_day_it_is_reached() -> None:
    world = walk_until("record_oral", "deliver")
    agreed = world.today() - timedelta(days=1)
    assert clock_bases(world) == {"delivery": agreed.isoformat()}


def test_written_record_waits_for_the_seal_and_oral_one_does_not() -> None:
    assert open_items(walk_until("record_written", "seal_paper")) == ["seal_paper"]
    assert open_items(walk_until("record_oral", "deliver")) == ["deliver"]


@pytest.mark.parametrize(
    ("name", "element", "result"),
    [("happy", "confirm_performance", "performance"), ("unperformed", "urge", "urge_result")],
)
def test_performed_needs_proof(name: str, element: str, result: str) -> None:
    world = walk_until(name, element)
    day = world.today().isoformat()
    days = {"checked_on": day} if element == "confirm_performance" else {"urged_on": day}
    ways = {} if element == "confirm_performance" else {"urge_way": "visit", "urge_note": "付了。"}
    data = {**days, **ways, result: "performed", "performed_on": day}
    with pytest.raises(InvalidFormError) as caught:
        complete(world, element, data, "mediator")
    assert [error.path for error in caught.value.errors] == ["/performance_proof"]


def test_art_31_every_clause_has_a_clock_of_its_own() -> None:
    world = walk_until("changed", "confirm_performance")
    assert world.run is not None
    clocks = world.run.clocks.values()
    bases = {clock.base for clock in clocks if clock.rule == "performance"}
    assert sorted(open_items(world)) == ["confirm_performance"] * 3 + ["offer_confirmation"]
    assert bases == {"2026-05-31", "2026-06-18", "2026-07-01"}


def test_late_delivery_and_performance_stand_overdue() -> None:
    expired = run_of("changed").visits.expired
    assert {"deliver_late", "obligation_due", "follow_up_due"} <= expired
    assert "performance_due" in run_of("unperformed").visits.expired


def test_change_of_the_agreement_names_the_old_one() -> None:
    run = run_of("changed")
    (changed,) = [document for document in run.created if document.kind == "changed_agreement"]
    assert changed.number == run.number
    assert len(changed.facts.case["new_clauses"]) == 2
    assert [a for a in run.created if a.kind == "agreement"] != []


def test_clock_of_mediation_runs_from_the_notice_not_from_the_assignment() -> None:
    world = walk_until("happy", "assign_mediator")
    informed = world.today().isoformat()
    world.advance(timedelta(days=2))
    written = step("happy", "assign_mediator")
    complete(world, "assign_mediator", dict(written.data), "head")
    assert clock_bases(world) == {"mediation": informed}


def test_extension_starts_the_clock_anew_from_the_agreed_day() -> None:
    world = walk_until("extended_then_expired", "extend_consent")
    assert clock_bases(world) == {}
    day = world.today().isoformat()
    scan = world.upload("mediator", "a.jpg", b"x")
    data = {"extension_agreed": True, "extension_from": day, "extension_scan": scan}
    complete(world, "extend_consent", data, "mediator")
    assert clock_bases(world) == {"mediation": day}
    assert open_items(world) == ["hold_session"]


def test_expiry_without_consent_is_no_agreement() -> None:
    world = walk_until("extended_then_expired", "extend_consent")
    complete(world, "extend_consent", {"extension_agreed": False}, "mediator")
    assert open_items(world) == ["tell_other_routes"]


def test_conflict_of_interest_asks_for_another_mediator() -> None:
    world = walk_until("oral", "assign_mediator")
    data = {
        "mediator": "mediator",
        "mediator_by": "head",
        "mediator_relation": "interest",
        "mediator_objection": False,
    }
    complete(world, "assign_mediator", data, "head")
    assert open_items(world) == ["assign_mediator"]
    again = {**data, "mediator_relation": "none"}
    complete(world, "assign_mediator", again, "head")
    assert open_items(world) == ["assign_mediator"], "whoever stood back is not assigned again"
    complete(world, "assign_mediator", {**again, "mediator": "mediator2"}, "head")
    assert open_items(world) == ["hold_session"]
    assert only_item(world).assignee == "mediator2"


def test_art_28_vague_words_are_sent_back_where_an_oral_agreement_is_recorded() -> None:
    world = walk_until("oral", "oral_agreement")
    written = {**step("oral", "oral_agreement").data, "agreed_on": world.today().isoformat()}
    vague = [{"obligor": "双方", "what": "尽快协商解决"}]
    complete(world, "oral_agreement", {**written, "clauses": vague}, "recorder")
    assert open_items(world) == ["oral_agreement"]


def test_session_belongs_to_the_mediator_who_was_assigned() -> None:
    world = walk_until("happy", "hold_session")
    written = step("happy", "hold_session")
    with pytest.raises(ForbiddenError):
        complete(world, "hold_session", dict(written.data), "mediator2")


def test_what_parties_do_is_recorded_by_staff() -> None:
    item = only_item(walk_until("happy", "inform_rights"))
    assert (item.role, item.acts_for_party) == ("窗口受理员", True)
    world = walk_until("happy", "sign_paper")
    assert world.run is not None
    signing = [(item.role, item.acts_for_party) for item in world.run.items.values()]
    assert signing == [("人民调解员", True)] * 2


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("happy", "review_acceptance"),
        ("happy", "ask_consent"),
        ("happy", "inform_rights"),
        ("happy", "hold_session"),
        ("happy", "draft_agreement"),
        ("happy", "sign_paper"),
        ("happy", "sign_mediator"),
        ("happy", "seal_paper"),
        ("failed", "supplement"),
        ("referred", "refer_out"),
        ("danger", "report_danger"),
        ("investigated", "investigate"),
        ("investigated", "report_escalation"),
        ("extended_then_expired", "extend_consent"),
    ],
)
def test_withdrawal_before_effect_leads_to_filing_and_e5(name: str, element: str) -> None:
    world = walk_until(name, element)
    world.withdraw("intake", "双方自行和解")
    assert open_items(world) == ["close_case"]
    data = {
        "volume_items": ["registration"],
        "retention": "short",
        "closed_on": world.today().isoformat(),
    }
    complete(world, "close_case", data, "recorder")
    assert world.ended(KEY) == "end_e5"


def test_third_silence_is_the_last() -> None:
    world = walk_until("unreachable", "ask_consent")
    for _ in range(2):
        world.advance(timedelta(days=10))
        assert open_items(world) == ["ask_consent"]
    world.advance(timedelta(days=10))
    assert open_items(world) == ["tell_other_routes"]


def test_joint_application_needs_no_question_to_the_other_party() -> None:
    assert "ask_consent" not in run_of("failed").visits.elements


def test_number_is_given_at_acceptance_and_not_before() -> None:
    world = walk_until("happy", "review_acceptance")
    assert world.run is not None
    assert world.run.number is None
    assert run_of("happy").number == "西峰镇调委会人调字〔2026〕第1号"
    assert run_of("not_accepted").number is None
    assert run_of("record_oral").number == "西峰镇调委会人调字〔2026〕第1号"
