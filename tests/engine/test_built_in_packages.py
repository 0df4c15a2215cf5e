"""Every built-in package, walked along every scenario in the pure world."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.built_in import EXPECTED, SCENARIOS
from tests.factories.rollout import ROOT, package, rehearsal, run_of, scenario, walk
from workflows.cases.decide import rerun
from workflows.catalogue.gate import check
from workflows.catalogue.handoffs import check_ends
from workflows.catalogue.source import read_folder
from workflows.deadlines import RuleBook
from workflows.messages import say

MOST_STATE_BYTES = 8 * 1024
MARKS = {".jpg": b"\xff\xd8\xff", ".pdf": b"%PDF-"}
ORDERED = [(key, name) for key, expected in EXPECTED.items() for name in expected.documents]

each = pytest.mark.parametrize("key", sorted(EXPECTED))
every_scenario = pytest.mark.parametrize(("key", "name"), SCENARIOS)


@each
def test_the_gate_has_nothing_to_say(key: str) -> None:
    findings = check(read_folder(ROOT, key))
    assert [(f.file, f.element, say(f.message, "en")) for f in findings] == []


@each
def test_rehearsal_has_nothing_to_say(key: str) -> None:
    assert [say(finding.message, "en") for finding in rehearsal(key).findings] == []


@each
def test_what_is_handed_over_fits_the_package_that_receives_it(key: str) -> None:
    sent = {one.package for one in package(key).manifest.handoffs}
    assert sent <= set(EXPECTED)
    assert [check_ends(package(key), package(other)) for other in sorted(sent)] == [()] * len(sent)


@each
def test_every_scenario_is_expected_and_every_end_is_reached(key: str) -> None:
    ends = EXPECTED[key].ends
    assert set(ends) == {name for one, name in SCENARIOS if one == key}
    assert set(ends.values()) == set(package(key).manifest.outcomes)


@every_scenario
def test_scenario_is_green_and_ends_as_expected(key: str, name: str) -> None:
    walked = walk(name, key)
    assert [say(reason.message, "en") for reason in walked.result.reasons] == []
    run = run_of(name, key)
    assert (run.ended, run.items, run.clocks) == (EXPECTED[key].ends[name], {}, {})


@pytest.mark.parametrize(("key", "name"), ORDERED)
def test_documents_come_in_the_order_of_the_procedure(key: str, name: str) -> None:
    made = [document.kind for document in run_of(name, key).created]
    assert made == EXPECTED[key].documents[name]


@each
def test_scenarios_pass_every_task_decision_operation_limit_and_end(key: str) -> None:
    coverage = rehearsal(key).coverage
    assert coverage.missed == ()
    assert len(coverage.passed) == EXPECTED[key].passed


@every_scenario
def test_journal_walked_again_gives_the_same_bytes(key: str, name: str) -> None:
    run, book = run_of(name, key), RuleBook.built_in()
    again = rerun(
        package(key).process,
        run.facts_by_revision.__getitem__,
        run.journal,
        lambda rule, base: book.due(rule, base, run.around.unit.code),
    )
    assert again.state == run.states[-1]


@every_scenario
def test_state_stays_small_and_holds_no_names_and_no_long_text(key: str, name: str) -> None:
    """Facts live in the record, never in the engine's state."""
    run = run_of(name, key)
    assert max(map(len, run.states)) <= MOST_STATE_BYTES
    for document in run.created:
        plain = repr(document.data)
        assert not any(party["name"] in plain for party in document.facts.parties)
        assert document.facts.case.get("summary", "—") not in plain


@each
def test_scenarios_are_walked_by_accounts_of_the_demo(key: str) -> None:
    names = [name for one, name in SCENARIOS if one == key]
    who = {getattr(step, "who", None) for name in names for step in scenario(name, key).steps}
    expected = EXPECTED[key].who
    assert expected is None or who - {None} == expected


@each
def test_scenario_files_are_all_used_small_and_what_they_say(key: str) -> None:
    folder = ROOT / "bpmn" / key / "scenarios"
    texts = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.json"))
    files: list[Path] = sorted((folder / "files").iterdir())
    assert files != []
    for path in files:
        assert f'"{path.name}"' in texts
        assert path.stat().st_size < 20_000
        assert path.read_bytes().startswith(MARKS[path.suffix])
