"""One dispute between two households of 肃州区, from the counter to the closed volume, by hand:
six people at real browsers, the mediator on a phone."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from datetime import date, timedelta
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
    page.locator("main a[href^='/start/people_mediation/register']").first.click()
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


Step = tuple[str, str, dict[str, object]]
"""Who, the title of the task, what is filled in."""

BEFORE: tuple[Step, ...] = (
    (
        "intake",
        "受理审查",
        {
            "civil_dispute": True,
            "crime_suspected": False,
            "already_handled": False,
            "materials_complete": True,
        },
    ),
    ("intake", "征求对方意见", {"ask_way": "phone", "consent": "agreed"}),
    (
        "intake",
        "告知权利义务",
        {"notice_scan": SCANS / "notice_signed.jpg", "session_public": "closed"},
    ),
    (
        "head",
        "指定调解员",
        {
            "mediator": "mediator",
            "mediator_by": "head",
            "mediator_relation": "none",
            "mediator_objection": False,
        },
    ),
    ("mediator", "召开会议并记录", {**SESSION, "session_result": "continue"}),
)
"""Up to the first session."""

SIGNED: dict[str, object] = {"signing_result": "signed", "sign_way": "signature"}
SIGNING: tuple[Step, ...] = (
    ("mediator", "当事人签字", SIGNED),
    ("mediator", "当事人签字", SIGNED),
    ("mediator", "调解员签字并扫描", {"signed_scan": SCANS / "agreement_signed.pdf"}),
    ("head", "加盖印章", {"signatures_checked": True}),
    ("intake", "送达协议", {"delivery_way": "in_person"}),
    (
        "mediator",
        "核对履行",
        {"performance": "performed", "performance_proof": SCANS / "photo.jpg"},
    ),
)
"""Every party, the mediator, the seal; copies; each clause followed to its end."""

AFTER: tuple[Step, ...] = (
    (
        "mediator",
        "回访当事人",
        {
            "follow_up_way": "visit",
            "follow_up_with": "仉淑芳",
            "follow_up_summary": "钱已经付清，田埂也修好了，两家又走动起来了。",
            "satisfaction": "satisfied",
            "sued": "no",
            "new_risk": "no",
        },
    ),
    (
        "recorder",
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
    ),
)


def test_a_dispute_goes_in_and_a_signed_agreement_comes_out(live: LiveSite, enter: Enter) -> None:
    people = {name: enter(name) for name in ("intake", "head", "recorder")}
    people["mediator"] = enter("mediator", PHONE)
    case = register(people["intake"])

    def do(steps: tuple[Step, ...]) -> None:
        for who, title, values in steps:
            work(people[who], case, title, values)

    do(BEFORE)
    advance(live, "P2D")
    agreed = {**SESSION, "session_result": "success", "outcome_form": "written"}
    do((("mediator", "召开会议并记录", agreed),))
    mediator = people["mediator"]
    mediator.open_task(case, "起草协议书")
    mediator.fill({**CLAUSES, "clauses.0.due_on": in_days(mediator, 20)})
    check_draft(mediator)
    mediator.submit()
    do(SIGNING)
    advance(live, "P45D")
    do(AFTER)
    page = people["recorder"].visit(case)
    expect(page.locator("main")).to_contain_text("履行完毕")
    check_agreement(people["recorder"], case)


def in_days(person: Person, days: int) -> str:
    """So many days after the installation's today, which the inbox shows."""
    shown = person.context.request.get(f"{person.base}/inbox").text()
    stamp = re.search(r'datetime="(\d{4}-\d{2}-\d{2})', shown)
    assert stamp
    return (date.fromisoformat(stamp.group(1)) + timedelta(days=days)).isoformat()


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
    page.locator("main a[href^='/start/people_mediation/register']").first.click()
    intake.fill({**REGISTRATION, "parties.0.id_number": "990001198812249227"})
    page.locator("form.fq-form .fq-actions button.btn-primary").click()
    expect(page.locator(".fq-errors")).to_be_focused()
    intake.look()
    assert page.title().startswith("错误：")
    expect(page.locator('[name="parties.1.name"]')).to_have_value("𬱖玉堃")
    expect(page.locator('[name="summary"]')).to_have_value(REGISTRATION["summary"])
    page.locator(".fq-errors a").first.click()
    expect(page.locator('[name="parties.0.id_number"]')).to_be_focused()
