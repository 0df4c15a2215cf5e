"""One dispute between two households of 肃州区, from the counter to the closed volume, by hand:
six people at real browsers, the mediator on a phone."""

from __future__ import annotations

import io
import json
import urllib.request
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.live_site import LiveSite
from tests.browser.person import PHONE, Person

SCANS = Path(__file__).parents[2] / "bpmn" / "people_mediation" / "scenarios" / "files"
TITLE = "西坝村两家浇水渗塌地窖"
REGISTRATION = {
    "title": TITLE,
    "dispute_kind": "neighbourhood",
    "source": "application",
    "place": "西坝村三组",
    "parties.0.name": "仉淑芳",
    "parties.0.side": "申请人",
    "parties.0.id_number": "990001198812249226",
    "parties.0.phone": "10014345715",
    "parties.1.name": "𬱖玉堃",
    "parties.1.side": "被申请人",
    "parties.1.id_number": "990001195505065458",
    "parties.1.phone": "10013073325",
    "summary": "九月十二日夜里𬱖玉堃家浇地，水渗进仉淑芳家地窖，窖壁塌了一角，泡坏土豆两千斤。",
    "claims": "1. 赔偿土豆损失\n2. 修好田埂",
    "risk": "low",
}
SESSION = {
    "session_place": "西坝村综治中心调解室",
    "recorder": "recorder",
    "session_summary": "双方各自陈述了经过。调解员核对了照片和浇地的轮次表，说明了相邻用水的规定。",
}
CLAUSES = {
    "disputed": "土豆损失的数额和田埂由谁修",
    "clauses.0.obligor": "𬱖玉堃",
    "clauses.0.obligee": "仉淑芳",
    "clauses.0.what": "赔偿土豆和地窖损失",
    "clauses.0.amount": "1800.00",
    "clauses.0.method": "现金",
    "clauses.0.due_on": "2026-12-30",
    "agreement_total": "1800.00",
}


def advance(live: LiveSite, duration: str) -> None:
    """Moves the installation's clock; what falls due has run when it answers."""
    request = urllib.request.Request(
        f"{live.url}/api/v1/test/clock",
        json.dumps({"advance": duration}).encode(),
        {"Authorization": f"Bearer {live.token('admin')}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200


def register(intake: Person) -> str:
    """The case's address."""
    page = intake.visit("/start")
    page.get_by_role("link", name="填写").first.click()
    intake.look()
    intake.fill(REGISTRATION)
    intake.submit()
    expect(page.locator("h1")).to_have_text(TITLE)
    return page.url.removeprefix(intake.base)


def work(person: Person, case: str, title: str, values: dict[str, object]) -> None:
    """One step of the case, done by one person."""
    person.open_task(case, title)
    person.fill(values)
    person.submit()


def check_draft(mediator: Person) -> None:
    """Before the step is completed the agreement can be printed with 草稿 on it."""
    button = mediator.page.get_by_role("button", name="打印草稿").first
    with mediator.context.expect_page() as opened:
        button.click()
    opened.value.close()


def test_a_dispute_goes_in_and_a_signed_agreement_comes_out(live: LiveSite, enter: Enter) -> None:
    intake, head, mediator = enter("intake"), enter("head"), enter("mediator", PHONE)
    case = register(intake)
    work(
        intake,
        case,
        "受理审查",
        {
            "civil_dispute": True,
            "crime_suspected": False,
            "already_handled": False,
            "materials_complete": True,
        },
    )
    work(intake, case, "征求对方意见", {"ask_way": "phone", "consent": "agreed"})
    work(
        intake,
        case,
        "告知权利义务",
        {"notice_scan": SCANS / "notice_signed.jpg", "session_public": "closed"},
    )
    work(
        head,
        case,
        "指定调解员",
        {
            "mediator": "mediator",
            "mediator_by": "head",
            "mediator_relation": "none",
            "mediator_objection": False,
        },
    )
    work(mediator, case, "召开会议并记录", {**SESSION, "session_result": "continue"})
    advance(live, "P2D")
    work(
        mediator,
        case,
        "召开会议并记录",
        {**SESSION, "session_result": "success", "outcome_form": "written"},
    )
    mediator.open_task(case, "起草协议书")
    mediator.fill(CLAUSES)
    check_draft(mediator)
    mediator.submit()
    for _party in range(2):
        work(mediator, case, "当事人签字", {"signing_result": "signed", "sign_way": "signature"})
    work(mediator, case, "调解员签字并扫描", {"signed_scan": SCANS / "agreement_signed.pdf"})
    work(head, case, "加盖印章", {"signatures_checked": True})
    work(intake, case, "送达协议", {"delivery_way": "in_person"})
    work(
        mediator,
        case,
        "核对履行",
        {"performance": "performed", "performance_proof": SCANS / "photo.jpg"},
    )
    advance(live, "P31D")
    work(
        mediator,
        case,
        "回访当事人",
        {
            "follow_up_way": "visit",
            "follow_up_with": "仉淑芳",
            "follow_up_summary": "钱已经付清，田埂也修好了，两家又走动起来了。",
            "satisfaction": "satisfied",
            "sued": "no",
            "new_risk": "no",
        },
    )
    recorder = enter("recorder")
    work(
        recorder,
        case,
        "整理立卷",
        {
            "volume_items": [
                "registration",
                "rights_notice",
                "identity",
                "mediation_record",
                "agreement",
                "performance",
                "follow_up",
            ],
            "retention": "long",
        },
    )
    page = recorder.visit(case)
    expect(page.locator("main")).to_contain_text("履行完毕")
    check_agreement(recorder, case)


def check_agreement(person: Person, case: str) -> None:
    """The agreement is a PDF with the parties, the sum in words, and no missing glyph."""
    page = person.visit(f"{case}/documents")
    link = page.get_by_role("link", name="人民调解协议书").first.get_attribute("href")
    assert link
    answer = person.page.request.get(link.removesuffix("/print"))
    assert answer.headers["content-type"] == "application/pdf", link
    with pdfplumber.open(io.BytesIO(answer.body())) as pdf:
        text = "".join(one.extract_text() or "" for one in pdf.pages)
    for words in ("𬱖玉堃", "仉淑芳", "壹仟捌佰元整", "人调字"):
        assert words in text
    assert "\ufffd" not in text


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_what_was_typed_survives_a_mistake(enter: Enter, size: str) -> None:
    intake = enter("intake") if size == "desk" else enter("intake", PHONE)
    page = intake.visit("/start")
    page.get_by_role("link", name="填写").first.click()
    intake.fill({**REGISTRATION, "parties.0.id_number": "990001198812249227"})
    page.locator("form.fq-form .fq-actions button.btn-primary").click()
    expect(page.locator(".fq-errors")).to_be_focused()
    intake.look()
    assert page.title().startswith("错误：")
    expect(page.locator('[name="parties.1.name"]')).to_have_value("𬱖玉堃")
    expect(page.locator('[name="summary"]')).to_have_value(REGISTRATION["summary"])
    page.locator(".fq-errors a").first.click()
    expect(page.locator('[name="parties.0.id_number"]')).to_be_focused()
