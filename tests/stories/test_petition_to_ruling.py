"""One matter from a petition over mediation to a court's ruling and its performance.

Every step by the person who does it; three offices, three cases, two letters and their answers.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.hall import Hall, build_hall, scenario_data
from tests.factories.installation import check_run
from workflows.cases.tables import Party
from workflows.cases.timeline import verify
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

PETITION, MEDIATION, COURT = "petition", "people_mediation", "judicial_confirmation"
TOWN = "620902104-TW"
DEPARTMENT = "责任单位承办人@620902104-ZZ"
CONCESSION = "哈布拉什私下说两万八也能接受"
OFFICE_NOTE = "县里主要领导已经批示"
PETITIONER = {
    "name": "哈布拉什·吐尔逊",
    "kind": "person",
    "side": "申请人",
    "gender": "男",
    "ethnicity": "哈萨克",
    "birth_date": "1966-06-26",
    "id_number": "990005196606262899",
    "phone": "10012527507",
    "occupation": "牧民",
    "address": "酒泉市肃州区",
}
OTHER = {
    "name": "戚万年",
    "kind": "person",
    "side": "被申请人",
    "gender": "男",
    "ethnicity": "汉",
    "birth_date": "1955-05-06",
    "id_number": "990001195505065458",
    "phone": "10013073325",
    "address": "酒泉市肃州区西峰镇",
}
CLAUSE = {
    "obligor": "戚万年",
    "obligee": "哈布拉什·吐尔逊",
    "what": "支付土地流转费",
    "amount": "31000.00",
    "due_on": "2026-09-30",
    "method": "转账",
}


@pytest.fixture
def hall(database: Database, tmp_path: Path, vault: Vault) -> Hall:
    start = datetime.fromisoformat("2026-08-24T09:00:00+08:00")
    return build_hall(database, tmp_path, vault, (COURT, MEDIATION, PETITION), start)


def petition(hall: Hall) -> None:
    """Registered, forwarded, accepted; both sides want mediation, a committee has a desk."""
    first = dict(channel="visit", received_on={"$today": 0}, purposes=["own_claim"], judicial=False)
    about = dict(title="土地流转到期欠费", dispute_kind="rural", urgent=False)
    told = dict(summary="流转五年到期，流转费欠了三年。", claims="付清流转费")
    hall.open("petition", PETITION, **first, **about, **told, parties=[PETITIONER])
    for who, element in (
        ("petition", "check_petition"),
        ("petition_head", "decide_route"),
        (DEPARTMENT, "receive_petition"),
        (DEPARTMENT, "notify_petitioner"),
    ):
        hall.do(who, element, scenario_data(PETITION, "mediated", element))
    way: dict[str, Any] = {**scenario_data(PETITION, "mediated", "judge_route")}
    del way["mediation_body"]
    desk = dict(mediation_via="desk", mediation_unit=TOWN, judge_note=OFFICE_NOTE)
    hall.do(DEPARTMENT, "judge_route", way, other_side="戚万年", **desk)


def mediate(hall: Hall) -> None:
    """The committee takes it on and the two agree; in force with the seal on 3 September."""
    data = lambda element, nth=0: scenario_data(MEDIATION, "happy", element, nth)  # noqa: E731
    hall.until("2026-08-25")
    both = [{**PETITIONER, "id": parties_of(hall, MEDIATION)[0]}, OTHER]
    review = data("review_acceptance")
    hall.do("intake", "review_acceptance", review, dispute_kind="contract", parties=both)
    hall.do("intake", "ask_consent", data("ask_consent"))
    hall.do("intake", "inform_rights", data("inform_rights"))
    hall.do("head", "assign_mediator", data("assign_mediator"))
    hall.until("2026-09-01")
    hall.do("mediator", "hold_session", data("hold_session", 1), session_summary=CONCESSION)
    draft = dict(disputed="流转费数额", clauses=[CLAUSE], agreement_total="31000.00")
    hall.do("mediator", "draft_agreement", draft)
    for _ in both:
        hall.do("mediator", "sign_paper", data("sign_paper"))
    hall.until("2026-09-03")
    hall.do("mediator", "sign_mediator", data("sign_mediator"))
    hall.do("head", "seal_paper", data("seal_paper"))


def confirm(hall: Hall) -> None:
    """Both ask for confirmation; the court rules on 14 September and the ruling is served."""
    data = lambda element, nth=0: scenario_data(COURT, "happy", element, nth)  # noqa: E731
    hall.until("2026-09-07")
    together = dict(confirm_choice="together", confirm_via="desk", offered_on={"$today": 0})
    hall.do("mediator", "offer_confirmation", together)
    hall.do("mediator", "ask_both", data("ask_both"))
    hall.do("mediator", "review_agreement", data("review_agreement"))
    hall.do("mediator", "choose_court", data("choose_court"))
    hall.do("intake", "gather_papers", data("gather_papers"))
    for _ in parties_of(hall, COURT):
        own = dict(signing_result="signed", signed_on={"$today": 0}, signed_by="self")
        hall.do("mediator", "sign_application", own)
    hall.do("liaison", "submit", data("submit"))
    hall.until("2026-09-09")
    hall.do("liaison", "court_answer", data("court_answer"))
    hall.do("intake", "notify_parties", data("notify_parties"))
    hall.until("2026-09-14")
    for element in ("record_attendance", "record_ruling"):
        hall.do("liaison", element, data(element))


def parties_of(hall: Hall, process: str) -> list[str]:
    case_id = hall.run(process).case_id
    with hall.platform.database.reading(SYSTEM) as session:
        ids = session.scalars(select(Party.id).where(Party.case_id == case_id).order_by(Party.id))
        return [encode_id(party) for party in ids]


def perform_and_close(hall: Hall) -> None:
    """Paid on 30 September; followed up when thirty days are over; everything is filed."""
    happy = lambda key, element: scenario_data(key, "happy", element)  # noqa: E731
    hall.until("2026-10-01")
    hall.do("mediator", "confirm_performance", happy(MEDIATION, "confirm_performance"))
    hall.do("mediator", "check_performance", happy(COURT, "check_performance"))
    hall.do("recorder", "close_file", happy(COURT, "close_file"))
    hall.until("2026-10-09")
    hall.do("mediator", "follow_up", happy(MEDIATION, "follow_up"))
    closing = scenario_data(MEDIATION, "confirmed", "close_case")
    hall.do("recorder", "close_case", closing)


def test_petition_mediated_confirmed_and_performed_shows_each_office_its_own_part(
    hall: Hall,
) -> None:
    petition(hall)
    assert hall.due(PETITION)["answer_due"] == date(2026, 9, 23)
    mediate(hall)
    assert (hall.handoffs()[0].state, hall.handoffs()[0].outcome) == ("answered", "agreed")
    hall.do("petition", "rate_petition", scenario_data(PETITION, "mediated", "rate_petition"))
    hall.do("petition", "close_petition", scenario_data(PETITION, "mediated", "close_petition"))
    assert hall.run(PETITION).end_state == "end_e5"
    hall.do("intake", "deliver", scenario_data(MEDIATION, "happy", "deliver"))
    # Golden: 2026-09-03 and thirty days end in the holiday, so on 8 October; for both offices.
    assert hall.due(MEDIATION)["offer_due"] == date(2026, 10, 8)
    confirm(hall)
    assert hall.due(MEDIATION).keys() == {"obligation_due"}
    hall.do("intake", "serve_ruling", scenario_data(COURT, "happy", "serve_ruling"))
    assert [row.outcome for row in hall.handoffs()] == ["agreed", "confirmed"]
    nobody_reads_more_than_was_handed_over(hall)
    perform_and_close(hall)
    ends = [hall.run(key).end_state for key in (PETITION, MEDIATION, COURT)]
    assert ends == ["end_e5", "end_e7", "end_c9"]
    both_records_hold(hall)


def both_records_hold(hall: Hall) -> None:
    assert hall.told(PETITION) == [
        "handoff.send",
        "handoff.arrive",
        "handoff.hear",
        "handoff.hear",
    ]
    assert hall.told(MEDIATION) == [
        "handoff.receive",
        "handoff.answer",
        "handoff.answer",
        "handoff.send",
        "handoff.arrive",
        "handoff.hear",
    ]
    assert hall.told(COURT) == ["handoff.receive", "handoff.answer"]
    with hall.platform.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []
    for process in (PETITION, MEDIATION, COURT):
        assert check_run(hall.platform, encode_id(hall.run(process).id))[0] == "start"


def test_the_clock_of_confirmation_runs_from_the_same_day_at_both_desks(hall: Hall) -> None:
    petition(hall)
    mediate(hall)
    hall.do("intake", "deliver", scenario_data(MEDIATION, "happy", "deliver"))
    hall.until("2026-09-07")
    together = dict(confirm_choice="together", confirm_via="desk", offered_on={"$today": 0})
    hall.do("mediator", "offer_confirmation", together)
    assert hall.due(COURT)["confirm_due"] == date(2026, 10, 8)
    # Nobody applies: the offer is over with the thirty days, and so is the application.
    hall.until("2026-10-09")
    assert [len(hall.tasks("liaison", "check_late")), hall.run(COURT).status] == [1, "open"]


def nobody_reads_more_than_was_handed_over(hall: Hall) -> None:
    committee = hall.page("intake", MEDIATION)
    assert (PETITIONER["name"] in committee, OFFICE_NOTE in committee) == (True, False)
    for who, process in (("petition", MEDIATION), ("petition", COURT), ("liaison", MEDIATION)):
        assert hall.page(who, process) == ""
    for who in ("intake", "mediator", "liaison"):
        assert hall.page(who, PETITION) == ""
    assert OTHER["name"] in hall.page("liaison", COURT)
    # What was said in the session is in the committee's own case, and in no other.
    told = [CONCESSION in hall.holds(process) for process in (PETITION, MEDIATION, COURT)]
    assert told == [False, True, False]


def test_only_named_facts_and_papers_reach_each_office(hall: Hall) -> None:
    petition(hall)
    assert hall.facts(MEDIATION).keys() == {"title", "summary", "claims", "other_side"}
    assert names(hall, MEDIATION) == ["访调对接移送函"]
    mediate(hall)
    assert names(hall, PETITION) == ["人民调解协议书", "对接回函"]
    hall.do("intake", "deliver", scenario_data(MEDIATION, "happy", "deliver"))
    together = dict(confirm_choice="together", confirm_via="desk", offered_on={"$today": 0})
    hall.do("mediator", "offer_confirmation", together)
    named = {"title", "dispute_kind", "summary", "clauses", "agreement_total"}
    assert hall.facts(COURT).keys() == named | {
        "agreement_number",
        "mediation_body",
        "agreement_scan",
    }
    assert names(hall, COURT) == ["scan.jpg", "人民调解协议书", "司法确认转办函"]


def names(hall: Hall, process: str) -> list[str]:
    """What the files of a case are called, without the numbers of the papers."""
    return [name.removesuffix(".pdf").partition(" ")[0] for name, _ in hall.files(process)]
