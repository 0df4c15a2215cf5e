"""A court hands a matter to a committee that declines, to a second one that takes it on; the time
is extended by consent, no agreement is reached, and the suit is filed.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.hall import Hall, build_hall, scenario_data
from tests.factories.installation import check_run
from tests.factories.rollout import scenario
from workflows.cases.tables import Document
from workflows.cases.timeline import verify
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

COURT, MEDIATION, CONFIRM = "litigation_handoff", "people_mediation", "judicial_confirmation"
FAR, NEAR = "620902105-TW", "620902104-TW"
CONCESSION = "被告私下说可以让到一万二"
COURT_NOTE = "准予委派，承办法官意见另附"


@pytest.fixture
def hall(database: Database, tmp_path: Path, vault: Vault) -> Hall:
    start = datetime.fromisoformat("2026-03-30T09:00:00+08:00")
    return build_hall(database, tmp_path, vault, (CONFIRM, MEDIATION, COURT), start)


def court_data(element: str, name: str = "confirmed", nth: int = 0) -> dict[str, Any]:
    return {**scenario_data(COURT, name, element, nth)}


def delegate(hall: Hall, unit: str) -> None:
    """Received, fit, consented, and sent to the committee the parties chose."""
    filed = start_data()
    hall.open("liaison", COURT, **filed)
    screened = court_data("screen")
    hall.do("liaison", "screen", {**screened, "screen_note": COURT_NOTE})
    hall.do("liaison", "ask_consent", court_data("ask_consent"))
    hall.do("liaison", "choose_mediator", chosen(unit), chosen_by="parties")


def start_data() -> dict[str, Any]:
    return dict(scenario("confirmed", COURT).start.data)


def chosen(unit: str) -> dict[str, Any]:
    desk = dict(mediator_kind="committee", committee_via="desk", mediation_unit=unit)
    return {**desk, "chosen_on": {"$today": 0}}


def decline(hall: Hall) -> None:
    """The first committee finds that another one should do it."""
    intake, recorder = f"窗口受理员@{FAR}", f"记录人@{FAR}"
    refer = scenario_data(MEDIATION, "referred", "refer_out")
    review = scenario_data(MEDIATION, "referred", "review_acceptance")
    hall.do(intake, "review_acceptance", review, refer_to="other_committee")
    hall.do(intake, "refer_out", refer)
    hall.do(recorder, "close_case", scenario_data(MEDIATION, "referred", "close_case"))


def take_on(hall: Hall) -> None:
    """The second committee signs for the papers on 1 April."""
    hall.until("2026-04-01")
    happy = lambda element: scenario_data(MEDIATION, "happy", element)  # noqa: E731
    hall.do("intake", "review_acceptance", happy("review_acceptance"))
    hall.until("2026-04-02")
    hall.do("intake", "ask_consent", happy("ask_consent"))
    hall.do("intake", "inform_rights", happy("inform_rights"))
    hall.do("head", "assign_mediator", happy("assign_mediator"))


def extend(hall: Hall) -> None:
    """On the day after the limit both sides of the table are asked, and both agree."""
    hall.until("2026-05-07")
    agreed = dict(extension_agreed=True, extension_from={"$today": 0})
    scan = {"$file": "notice_signed.jpg"}
    hall.do("liaison", "extend_committee", agreed, extension_scan=[scan])
    own = scenario_data(MEDIATION, "extended_then_expired", "extend_consent")
    hall.do("mediator", "extend_consent", own)


def fail(hall: Hall) -> None:
    """The last session; then each office closes what is its own."""
    hall.until("2026-05-14")
    last = scenario_data(MEDIATION, "failed", "hold_session", -1)
    hall.do("mediator", "hold_session", last, session_summary=CONCESSION)
    hall.do("liaison", "file_case", court_data("file_case", "failed_filed"))
    told = scenario_data(MEDIATION, "failed", "tell_other_routes")
    hall.do("intake", "tell_other_routes", told)
    hall.do("recorder", "close_case", scenario_data(MEDIATION, "failed", "close_case"))


def test_the_matter_goes_out_twice_and_comes_back_to_be_filed(hall: Hall) -> None:
    delegate(hall, FAR)
    assert [row.state for row in hall.handoffs()] == ["received"]
    decline(hall)
    first = hall.run(MEDIATION)
    assert (hall.handoffs()[0].state, hall.handoffs()[0].reason) == ("declined", "referred")
    hall.do("liaison", "designate", chosen(NEAR), designation="accepted")
    take_on(hall)
    # Golden: thirty days from 1 April end in the May holiday, so on the 6th.
    assert hall.due(COURT) == {"await_due": date(2026, 5, 6)}
    assert hall.due(MEDIATION) == {"mediation_due": date(2026, 5, 6)}
    extend(hall)
    assert hall.due(COURT) == {"await_due": date(2026, 6, 8)}
    fail(hall)
    second = hall.run(MEDIATION)
    ends = [hall.run(COURT).end_state, first.unit_code, second.end_state]
    assert ends == ["end_l5", FAR, "end_e6"]
    assert [(r.state, r.outcome) for r in hall.handoffs()] == [
        ("declined", "declined"),
        ("answered", "failed"),
    ]
    records_hold(hall, first.id)
    each_office_sees_its_own_case(hall)
    the_mediators_are_barred(hall)


def records_hold(hall: Hall, first: int) -> None:
    sent = ["handoff.send", "handoff.arrive", "handoff.hear"]
    assert hall.told(COURT) == [*sent, *sent, "handoff.hear"]
    assert hall.told(MEDIATION) == ["handoff.receive", "handoff.answer", "handoff.answer"]
    with hall.platform.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []
    for run in (hall.run(COURT).id, hall.run(MEDIATION).id, first):
        assert check_run(hall.platform, encode_id(run))[0] == "start"


def each_office_sees_its_own_case(hall: Hall) -> None:
    """The first committee reads nothing of the second, the court hears no concessions."""
    outsider = f"窗口受理员@{FAR}"
    seen = {(who, p) for who in ("intake", "liaison", outsider) for p in (COURT, MEDIATION)}
    open_to = {(who, process) for who, process in seen if hall.page(who, process) != ""}
    assert open_to == {("intake", MEDIATION), ("liaison", COURT)}
    assert [CONCESSION in hall.holds(process) for process in (MEDIATION, COURT)] == [True, False]
    assert COURT_NOTE in hall.holds(COURT)
    assert COURT_NOTE not in hall.holds(MEDIATION)
    (answer,) = [text for name, text in hall.files(COURT) if "退回" in text and "对接回函" in name]
    assert "各方没有达成协议" in answer


def the_mediators_are_barred(hall: Hall) -> None:
    with hall.platform.database.reading(SYSTEM) as session:
        kinds = session.scalars(select(Document.kind).where(Document.run_id == hall.run(COURT).id))
        assert "mediator_bar" in set(kinds)
