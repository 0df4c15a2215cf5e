"""The people_mediation package, walked along every scenario in the pure world."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.rollout import KEY, ROOT, package, rehearsal, run_of, scenario, walk
from workflows.cases.decide import rerun
from workflows.catalogue.gate import check
from workflows.catalogue.source import read_folder
from workflows.deadlines import RuleBook
from workflows.messages import say

NAMES = sorted(path.stem for path in (ROOT / "bpmn" / KEY / "scenarios").glob("*.json"))
MOST_STATE_BYTES = 8 * 1024
ENDS = {
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
}
DOCUMENTS = {
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
    "record_oral": ["registration_form", "oral_agreement", "delivery_receipt", "follow_up_record"],
    "record_written": ["registration_form", "agreement", "delivery_receipt", "follow_up_record"],
    "sign_refused": [
        "application",
        "registration_form",
        "rights_notice",
        "mediation_record",
        "agreement",
        "termination_notice",
    ],
}


def test_the_gate_has_nothing_to_say() -> None:
    findings = check(read_folder(ROOT, KEY))
    assert [(f.file, f.element, say(f.message, "en")) for f in findings] == []


def test_rehearsal_has_nothing_to_say() -> None:
    assert [say(finding.message, "en") for finding in rehearsal().findings] == []


def test_every_scenario_is_expected_here() -> None:
    assert set(ENDS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_scenario_is_green_and_ends_as_expected(name: str) -> None:
    walked = walk(name)
    assert [say(reason.message, "en") for reason in walked.result.reasons] == []
    assert run_of(name).ended == ENDS[name]
    assert run_of(name).items == {}
    assert run_of(name).clocks == {}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_documents_come_in_the_order_of_the_procedure(name: str) -> None:
    assert [document.kind for document in run_of(name).created] == DOCUMENTS[name]


def test_scenarios_pass_every_task_decision_operation_limit_and_end() -> None:
    coverage = rehearsal().coverage
    assert coverage.missed == ()
    assert len(coverage.passed) == 74


def test_every_rule_of_the_tables_that_decide_is_used_or_named() -> None:
    """Rows no scenario needs are tested with the tables themselves."""
    used = {
        decision: {row for walked in rehearsal().walks for row in _rows(walked.name, decision)}
        for decision in ("accept", "recusal", "agreement_check", "signer_check", "volume_complete")
    }
    assert {decision: len(rows) for decision, rows in used.items()} == {
        "accept": 4,
        "recusal": 2,
        "agreement_check": 4,
        "signer_check": 4,
        "volume_complete": 2,
    }


def _rows(name: str, decision: str) -> set[int]:
    return run_of(name).visits.rules.get(decision, set())


@pytest.mark.parametrize("name", NAMES)
def test_journal_walked_again_gives_the_same_bytes(name: str) -> None:
    run, book = run_of(name), RuleBook.built_in()
    again = rerun(
        package().process,
        run.facts_by_revision.__getitem__,
        run.journal,
        lambda rule, base: book.due(rule, base, run.around.unit.code),
    )
    assert again.state == run.states[-1]


@pytest.mark.parametrize("seed", ["0", "1"])
def test_states_do_not_depend_on_the_hash_seed(seed: str) -> None:
    here = hashlib.sha256(b"".join(run_of("happy").states)).hexdigest()
    code = (
        "import hashlib; from tests.factories.rollout import run_of; "
        "print(hashlib.sha256(b''.join(run_of('happy').states)).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == here


@pytest.mark.parametrize("name", NAMES)
def test_state_stays_small(name: str) -> None:
    assert max(map(len, run_of(name).states)) <= MOST_STATE_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_state_holds_no_names_and_no_long_text(name: str) -> None:
    """Facts live in the record, never in the engine's state."""
    run = run_of(name)
    for document in run.created:
        plain = repr(document.data)
        assert not any(party["name"] in plain for party in document.facts.parties)
        assert document.facts.case["summary"] not in plain


def test_scenario_files_are_all_used_and_small() -> None:
    folder = ROOT / "bpmn" / KEY / "scenarios"
    texts = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.json"))
    for path in (folder / "files").iterdir():
        assert f'"{path.name}"' in texts
        assert path.stat().st_size < 20_000
        assert _is_what_it_says(path)


def _is_what_it_says(path: Path) -> bool:
    marks = {".jpg": b"\xff\xd8\xff", ".pdf": b"%PDF-"}
    return path.read_bytes().startswith(marks[path.suffix])


def test_scenarios_are_walked_by_the_demo_accounts_only() -> None:
    who = {getattr(step, "who", None) for name in NAMES for step in scenario(name).steps}
    assert who - {None} == {"intake", "head", "mediator", "mediator2", "recorder"}
