"""The petition package, walked along every scenario in the pure world."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.rollout import ROOT, package, rehearsal, run_of, walk
from workflows.cases.decide import rerun
from workflows.catalogue.gate import check
from workflows.catalogue.source import read_folder
from workflows.deadlines import RuleBook
from workflows.messages import say

KEY = "petition"
FOLDER = ROOT / "bpmn" / KEY / "scenarios"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
MOST_STATE_BYTES = 8 * 1024
ENDS = {
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
}
BEGUN = ["registration_form", "transfer_letter", "petition_notice"]
DOCUMENTS = {
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
}


def test_the_gate_has_nothing_to_say() -> None:
    findings = check(read_folder(ROOT, KEY))
    assert [(f.file, f.element, say(f.message, "en")) for f in findings] == []


def test_rehearsal_has_nothing_to_say() -> None:
    assert [say(finding.message, "en") for finding in rehearsal(KEY).findings] == []


def test_every_scenario_is_expected_here() -> None:
    assert set(ENDS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_scenario_is_green_and_ends_as_expected(name: str) -> None:
    assert [say(reason.message, "en") for reason in walk(name, KEY).result.reasons] == []
    run = run_of(name, KEY)
    assert (run.ended, run.items, run.clocks) == (ENDS[name], {}, {})


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_documents_come_in_the_order_of_the_procedure(name: str) -> None:
    assert [document.kind for document in run_of(name, KEY).created] == DOCUMENTS[name]


def test_scenarios_pass_every_task_decision_operation_limit_and_end() -> None:
    coverage = rehearsal(KEY).coverage
    assert coverage.missed == ()
    assert len(coverage.passed) == 92


def test_every_phase_is_a_bead_of_the_strip() -> None:
    drawn = set(package(KEY).process.processes) - {KEY}
    assert {one for stage in package(KEY).manifest.stages for one in stage.processes} == drawn


@pytest.mark.parametrize("name", NAMES)
def test_journal_walked_again_gives_the_same_bytes(name: str) -> None:
    run, book = run_of(name, KEY), RuleBook.built_in()
    again = rerun(
        package(KEY).process,
        run.facts_by_revision.__getitem__,
        run.journal,
        lambda rule, base: book.due(rule, base, run.around.unit.code),
    )
    assert again.state == run.states[-1]


@pytest.mark.parametrize("name", NAMES)
def test_state_stays_small_and_holds_no_names_and_no_long_text(name: str) -> None:
    run = run_of(name, KEY)
    assert max(map(len, run.states)) <= MOST_STATE_BYTES
    for document in run.created:
        plain = repr(document.data)
        assert not any(party["name"] in plain for party in document.facts.parties)
        assert document.facts.case.get("summary", "—") not in plain


def test_scenario_files_are_all_used_and_small() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json"))
    for path in (FOLDER / "files").iterdir():
        assert f'"{path.name}"' in texts
        assert path.stat().st_size < 20_000
        assert _is_what_it_says(path)


def _is_what_it_says(path: Path) -> bool:
    marks = {".jpg": b"\xff\xd8\xff", ".pdf": b"%PDF-"}
    return path.read_bytes().startswith(marks[path.suffix])
