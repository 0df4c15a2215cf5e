"""What scenarios of the built-in packages come to: ends, papers in order, coverage, people.

`test_built_in_packages.py` and `test_built_in_drawing.py` hold every package against its entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.factories.rollout import ROOT

INVITED = "特邀调解员@620902-FY"


@dataclass(frozen=True, slots=True)
class Expected:
    """`ends`: scenario → end event; `documents`: scenario → kinds in the order they are made, for
    some; `passed`: elements all scenarios pass together; `who`: accounts that walk them, None where
    nobody counts; `lanes`: from the citizen to the offices furthest away, in one order everywhere.
    """

    ends: Mapping[str, str]
    documents: Mapping[str, Sequence[str]]
    passed: int
    who: frozenset[str] | None
    lanes: tuple[str, ...]


PACKET = ["application", "mediation_statement", "inventory"]
SENT = ["delegation_letter", "materials_list"]
HEAD = ["consent_letter", *SENT, "address_confirmation"]
BACK = ["termination_report", "mediator_bar", "filing_notice"]
BEGUN = ["registration_form", "transfer_letter", "petition_notice"]

EXPECTED: Mapping[str, Expected] = {
    "judicial_confirmation": Expected(
        ends={
            "happy": "end_c9",
            "performed_late": "end_c9",
            "handed": "end_c9",
            "enforced": "end_c10",
            "unenforced": "end_c11",
            "refused": "end_c1",
            "sign_refused": "end_c1",
            "ineligible": "end_c2",
            "late": "end_c3",
            "not_accepted": "end_c4",
            "dismissed_mediate": "end_c5",
            "dismissed_sue": "end_c6",
            "withdrawn_early": "end_c7",
            "withdrawn_court": "end_c7",
            "posted_in_time": "end_c8",
            "absent": "end_c8",
        },
        documents={
            "happy": [*PACKET, "submission_letter", "attendance_notice", "effect_notice"],
            "enforced": [
                *PACKET,
                "submission_letter",
                "supplement_notice",
                "attendance_notice",
                "effect_notice",
                "enforcement_notice",
            ],
            "refused": ["result_notice"],
            "sign_refused": [*PACKET, "result_notice"],
            "late": ["result_notice"],
            "not_accepted": [*PACKET, "submission_letter", "result_notice"],
            "withdrawn_early": [],
            "withdrawn_court": [*PACKET, "submission_letter", "withdrawal_request"],
        },
        passed=54,
        who=frozenset({"intake", "mediator", "recorder", "liaison"}),
        lanes=("当事人", "窗口受理员", "人民调解员", "记录人", "法院联络员"),
    ),
    "litigation_handoff": Expected(
        ends={
            "happy": "end_l1",
            "confirmed": "end_l2",
            "court_paper": "end_l3",
            "suit_withdrawn": "end_l4",
            "failed_filed": "end_l5",
            "unperformed_filed": "end_l5",
            "unreachable": "end_l5",
            "failed_resumed": "end_l6",
            "withdrawn": "end_l7",
            "withdrawn_early": "end_l7",
            "withdrawn_choosing": "end_l7",
            "expired": "end_l8",
            "refused": "end_l9",
            "silent": "end_l9",
            "unsuited": "end_l9",
            "nobody": "end_l9",
            "designation_refused": "end_l9",
            "sham": "end_l10",
            "recused": "end_l6",
            "committee_agreed": "end_l1",
            "committee_failed": "end_l5",
            "committee_expired": "end_l8",
            "committee_withdrawn": "end_l7",
        },
        documents={
            "happy": [*HEAD, "mediation_record", "mediation_record", "agreement"],
            "confirmed": [*HEAD, "mediation_record", "agreement", "confirm_letter"],
            "court_paper": [*HEAD, "mediation_record", "agreement"],
            "failed_filed": [
                "consent_letter",
                *SENT * 3,
                "address_confirmation",
                "mediation_record",
                *BACK,
            ],
            "expired": [
                *HEAD,
                "mediation_record",
                "extension_confirmation",
                "mediation_record",
                *BACK,
            ],
            "refused": ["consent_letter", "filing_notice"],
            "unsuited": ["filing_notice"],
            "withdrawn": [*HEAD, "mediator_bar"],
            "sham": [*HEAD, *["mediation_record"] * 3, "mediator_bar"],
        },
        passed=71,
        who=frozenset({"liaison", "judge", "head", INVITED}),
        lanes=("当事人", "法院联络员", "调委会主任", "特邀调解员", "承办法官"),
    ),
    "people_mediation": Expected(
        ends={
            "happy": "end_e7",
            "oral": "end_e7",
            "returned": "end_e7",
            "represented": "end_e7",
            "thirty_parties": "end_e7",
            "record_oral": "end_e7",
            "record_written": "end_e7",
            "confirmed": "end_e7",
            "by_court": "end_e7",
            "by_petition": "end_e3",
            "not_accepted": "end_e1",
            "referred": "end_e2",
            "supplement_expired": "end_e1",
            "refused": "end_e3",
            "unreachable": "end_e4",
            "withdrawn": "end_e5",
            "failed": "end_e6",
            "danger": "end_e6",
            "investigated": "end_e6",
            "extended_then_expired": "end_e6",
            "sign_refused": "end_e6",
            "unperformed": "end_e8",
            "changed": "end_e9",
            "signed_on_screen": "end_e7",
            "screen_excluded": "end_e7",
        },
        documents={
            "happy": [
                "application",
                "registration_form",
                "rights_notice",
                "mediation_record",
                "mediation_record",
                "agreement",
                "delivery_receipt",
                "follow_up_record",
            ],
            "by_court": [
                "registration_form",
                "rights_notice",
                "mediation_record",
                "mediation_record",
                "agreement",
                "reply_letter",
                "delivery_receipt",
                "follow_up_record",
            ],
            "by_petition": ["registration_form", "reply_letter", "termination_notice"],
            "not_accepted": ["application", "registration_form", "termination_notice"],
            "referred": ["application", "registration_form", "referral_letter"],
            "refused": ["application", "registration_form", "termination_notice"],
            "danger": [
                "application",
                "registration_form",
                "danger_report",
                "rights_notice",
                "mediation_record",
                "termination_notice",
            ],
            "investigated": [
                "application",
                "registration_form",
                "rights_notice",
                "power_of_attorney",
                "investigation_record",
                "mediation_record",
                "danger_report",
                "mediation_record",
                "termination_notice",
            ],
            "record_oral": [
                "registration_form",
                "oral_agreement",
                "delivery_receipt",
                "follow_up_record",
            ],
            "record_written": [
                "registration_form",
                "agreement",
                "delivery_receipt",
                "follow_up_record",
            ],
            "sign_refused": [
                "application",
                "registration_form",
                "rights_notice",
                "mediation_record",
                "agreement",
                "termination_notice",
            ],
        },
        passed=75,
        who=frozenset({"intake", "head", "mediator", "mediator2", "recorder"}),
        lanes=("当事人", "窗口受理员", "调委会主任", "人民调解员", "记录人"),
    ),
    "petition": Expected(
        ends={
            "in_process": "end_e1",
            "concluded_again": "end_e1",
            "suggestion": "end_e2",
            "accusation": "end_e3",
            "accusation_found": "end_e3",
            "led_in": "end_e4",
            "judicial": "end_e4",
            "mediated": "end_e5",
            "answered": "end_e5",
            "unanswered": "end_e4",
            "revoked": "end_e6",
            "happy": "end_e6",
            "objected": "end_e6",
            "incomplete": "end_e6",
            "changed": "end_e7",
            "overdue": "end_e7",
            "third": "end_e8",
            "withdrawn": "end_e9",
        },
        documents={
            "happy": [*BEGUN, "opinion", "delivery_receipt"],
            "in_process": ["registration_form", "rejection_notice"],
            "suggestion": [*BEGUN, "suggestion_reply"],
            "accusation": ["accusation_transfer"],
            "accusation_found": ["registration_form", "accusation_transfer"],
            "judicial": [
                "registration_form",
                "urgent_report",
                "transfer_letter",
                "petition_notice",
                "guidance_notice",
            ],
            "mediated": [*BEGUN, "mediation_referral", "mediation_agreement"],
            "third": [
                *BEGUN,
                "opinion",
                "delivery_receipt",
                "review_opinion",
                "hearing_record",
                "recheck_opinion",
            ],
            "overdue": [
                *BEGUN,
                "mediation_referral",
                "supervision_letter",
                "opinion",
                "delivery_receipt",
                "review_opinion",
            ],
            "objected": [
                "registration_form",
                "transfer_letter",
                "objection_letter",
                "transfer_letter",
                "objection_letter",
                "transfer_letter",
                "petition_notice",
                "opinion",
                "delivery_receipt",
            ],
            "withdrawn": ["registration_form", "transfer_letter"],
        },
        passed=93,
        who=None,
        lanes=(
            "信访人",
            "信访登记员",
            "信访负责人",
            "责任单位负责人",
            "责任单位承办人",
            "复查复核人",
        ),
    ),
}
SCENARIOS = [
    (key, path.stem)
    for key in EXPECTED
    for path in sorted((ROOT / "bpmn" / key / "scenarios").glob("*.json"))
]
"""Package and scenario, for every scenario there is."""
