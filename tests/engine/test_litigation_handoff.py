"""The litigation_handoff package, walked along every scenario in the pure world."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.factories.rollout import ROOT, package, rehearsal, run_of, scenario, walk
from webapp.diagrams.reader import read
from webapp.diagrams.tidy import tidy
from webapp.diagrams.tree import GATEWAYS
from webapp.diagrams.xml import BPMN, parse_xml
from workflows.cases.decide import rerun
from workflows.catalogue.gate import check
from workflows.catalogue.source import read_folder
from workflows.deadlines import RuleBook
from workflows.messages import say

KEY = "litigation_handoff"
NAMES = sorted(path.stem for path in (ROOT / "bpmn" / KEY / "scenarios").glob("*.json"))
DIAGRAMS = sorted((ROOT / "bpmn" / KEY).glob("*.bpmn"))
MOST_STATE_BYTES = 8 * 1024
MOST_SHAPES = 25
INVITED = "特邀调解员@620902-FY"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LANES = ("当事人", "法院联络员", "调委会主任", "特邀调解员", "承办法官")
"""From the citizen over the court's desk to the outside bodies and the judge."""
ENDS = {
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
}
SENT = ["delegation_letter", "materials_list"]
HEAD = ["consent_letter", *SENT, "address_confirmation"]
BACK = ["termination_report", "mediator_bar", "filing_notice"]
DOCUMENTS = {
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
}


def test_the_gate_has_nothing_to_say() -> None:
    findings = check(read_folder(ROOT, KEY))
    assert [(f.file, f.element, say(f.message, "en")) for f in findings] == []


def test_rehearsal_has_nothing_to_say() -> None:
    assert [say(finding.message, "en") for finding in rehearsal(KEY).findings] == []


def test_every_scenario_is_expected_here_and_every_end_is_reached() -> None:
    assert set(ENDS) == set(NAMES)
    assert set(ENDS.values()) == set(package(KEY).manifest.outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_scenario_is_green_and_ends_as_expected(name: str) -> None:
    walked = walk(name, KEY)
    assert [say(reason.message, "en") for reason in walked.result.reasons] == []
    assert run_of(name, KEY).ended == ENDS[name]
    assert run_of(name, KEY).items == {}
    assert run_of(name, KEY).clocks == {}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_documents_come_in_the_order_of_the_procedure(name: str) -> None:
    assert [document.kind for document in run_of(name, KEY).created] == DOCUMENTS[name]


def test_scenarios_pass_every_task_decision_operation_limit_and_end() -> None:
    coverage = rehearsal(KEY).coverage
    assert coverage.missed == ()
    assert len(coverage.passed) == 71


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
def test_state_stays_small_and_holds_no_names(name: str) -> None:
    run = run_of(name, KEY)
    assert max(map(len, run.states)) <= MOST_STATE_BYTES
    for document in run.created:
        plain = repr(document.data)
        assert not any(party["name"] in plain for party in document.facts.parties)
        assert document.facts.case["summary"] not in plain


def test_scenarios_are_walked_by_demo_accounts_and_one_invited_mediator() -> None:
    who = {getattr(step, "who", None) for name in NAMES for step in scenario(name, KEY).steps}
    assert who - {None} == {"liaison", "judge", "head", INVITED}


def test_scenario_files_are_all_used_and_small() -> None:
    folder = ROOT / "bpmn" / KEY / "scenarios"
    texts = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.json"))
    for path in (folder / "files").iterdir():
        assert f'"{path.name}"' in texts
        assert path.stat().st_size < 20_000


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_diagram_is_small_tidy_and_labelled(path: Path) -> None:
    source = path.read_bytes()
    assert tidy(source).source == source
    root = parse_xml(source)
    (scope,) = read(root).scopes
    assert scope.count_shapes() <= MOST_SHAPES
    names = [lane.get("name") for lane in root.iter(f"{{{BPMN}}}lane")]
    assert names == [name for name in LANES if name in names]
    for node in scope.nodes.values():
        assert 1 <= len(node.label) <= (7 if node.kind in GATEWAYS else 14)
    assert not [flow for flow in scope.flows if flow.default or len(flow.label) > 4]


def test_every_name_and_every_field_is_there_in_english() -> None:
    titles = [element.title["en"] for element in package(KEY).process.elements.values()]
    for form in package(KEY).forms.values():
        for _, field in form.walk():
            titles.append(field.title["en"])
            titles += [choice.title["en"] for choice in field.choices if form.parties is None]
    assert [title for title in titles if not title or CHINESE.search(title)] == []


def test_stages_cover_every_phase() -> None:
    phases = {key for stage in package(KEY).manifest.stages for key in stage.processes}
    assert phases == set(package(KEY).process.processes) - {KEY}


def test_only_steering_values_are_kept_in_the_process() -> None:
    heavy = {"longtext", "rows", "file", "parties", "money", "text"}
    for form in package(KEY).forms.values():
        for field in form.fields:
            if field.store == "process":
                assert field.widget not in heavy, f"{form.name}.{field.name}"
