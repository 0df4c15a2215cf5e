"""Past runs of people_mediation through changed versions: what differs is named, nothing more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from tests.factories.rollout import KEY, ROOT, package, run_of
from workflows.cases.decide import Walk, decide
from workflows.cases.decision import Ports, Snapshot
from workflows.cases.journal_format import (
    MIGRATED,
    REVERTED,
    command_from_journal,
    replaying,
    version_entry,
)
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource, read_folder
from workflows.deadlines import RuleBook
from workflows.rollout.replay import walk
from workflows.rollout.replay.walk import RecordedRun, Replayed, Verdict, replay
from workflows.rollout.world.pure_run import PureRun

WALKED = (
    "changed",
    "failed",
    "happy",
    "not_accepted",
    "oral",
    "record_written",
    "referred",
    "supplement_expired",
    "withdrawn",
)


def due(rule: str, base: str) -> object:
    return RuleBook.built_in().due(rule, base, "620902104-TW")


def record(run: PureRun) -> RecordedRun:
    lines = [json.loads(json.dumps(entry)) for entry in run.journal]
    return RecordedRun(package(), lines, run.facts_by_revision.__getitem__, due)


@cache
def changed(*changes: tuple[str, str, str]) -> Package:
    """The package with texts of its files replaced: (path, before, after)."""
    source = read_folder(ROOT, KEY)
    files = dict(source.files)
    for path, before, after in changes:
        text = files[path].decode()
        assert before in text, (path, before)
        files[path] = text.replace(before, after).encode()
    return compile_package(PackageSource(KEY, files))


def through(draft: Package) -> dict[str, Replayed]:
    return {name: replay(record(run_of(name)), draft, due) for name in WALKED}


def verdicts(draft: Package) -> dict[str, Verdict]:
    return {name: found.verdict for name, found in through(draft).items() if found.verdict}


def test_the_same_version_differs_nowhere() -> None:
    found = through(package())
    assert [name for name, one in found.items() if one.differences] == []
    assert {name: one.steps for name, one in found.items()} == {
        name: len(run_of(name).journal) for name in WALKED
    }


@cache
def asks_more() -> Package:
    """The package with an answer that was optional and is demanded; its process is the same."""
    path = "forms/people_mediation/review_acceptance.schema.json"
    files = dict(read_folder(ROOT, KEY).files)
    schema = json.loads(files[path])
    schema["required"].append("refer_to")
    files[path] = json.dumps(schema, ensure_ascii=False).encode()
    return compile_package(PackageSource(KEY, files))


def test_one_walk_for_both_says_what_two_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft with another form is walked once; walked twice it comes to the same."""
    run = record(run_of("happy"))
    for entry in run.entries:
        entry["data"].pop("refer_to", None)
    once = replay(run, asks_more(), due)
    monkeypatch.setattr(walk, "is_same_process", lambda *_: False)
    assert replay(run, asks_more(), due) == once
    assert [found.element for found in once.differences] == ["review_acceptance"]


def test_the_same_process_is_known_by_its_bytes() -> None:
    other = changed(("bpmn/people_mediation/accept.dmn", '"supplement"', '"reject"'))
    assert walk.is_same_process(package(), asks_more())
    assert not walk.is_same_process(package(), other)


@pytest.mark.parametrize("name", WALKED)
def test_a_walk_in_memory_decides_what_bytes_decide(name: str) -> None:
    run, walked = record(run_of(name)), Walk(package().process)
    state: bytes | None = None
    for revision, entry in enumerate(run.entries):
        command, answers = command_from_journal(entry)
        facts, ports = run.facts_at(int(entry["facts_revision"])), Ports(due, {})
        snapshot = Snapshot(package().process, revision, state, facts)
        stored = decide(snapshot, command, replaying(ports, answers))
        kept = walked.decide(facts, command, replaying(ports, answers))
        assert kept == replace(stored, state=b"")
        state = stored.state


def test_two_replays_say_the_same() -> None:
    draft = changed(("bpmn/people_mediation/accept.dmn", '"supplement"', '"reject"'))
    assert through(draft) == through(draft)


def test_a_flipped_rule_parts_exactly_those_it_decided() -> None:
    draft = changed(("bpmn/people_mediation/accept.dmn", '"supplement"', '"reject"'))
    asked = {name for name in WALKED if decided(name, "accept", "supplement")}
    found = through(draft)
    assert asked
    assert {name for name, one in found.items() if one.differences} == asked
    assert {found[name].verdict for name in asked} == {Verdict.OTHER_PATH}
    parting = found["supplement_expired"].differences[-1]
    assert parting.message.code == "rollout.parts_here"
    assert parting.message.params["expected"]["zh"] == "补正材料"


def decided(name: str, decision: str, outcome: str) -> bool:
    """Whether a decision of a run came out so."""
    return any(
        one["decision"] == decision and outcome in one["outputs"].values()
        for entry in run_of(name).journal
        for one in entry.get("decisions", ())
    )


def test_another_owner_of_a_step_is_named_and_the_path_goes_on() -> None:
    draft = changed(
        (
            "bpmn/people_mediation/pm_mediate.bpmn",
            'id="lane_pm_mediate_2" name="调委会主任"',
            'id="lane_pm_mediate_2" name="司法所"',
        )
    )
    found = through(draft)
    assert {one.verdict for one in found.values()} == {None, Verdict.OTHER_OWNER}
    assert found["happy"].steps == len(run_of("happy").journal)
    assert {one.element for one in found["happy"].differences} == {"assign_mediator"}


def test_another_rule_of_a_clock_is_another_deadline() -> None:
    draft = changed(
        ("bpmn/people_mediation/pm_mediate.bpmn", 'deadline("mediation"', 'deadline("confirmation"')
    )
    found = verdicts(draft)
    assert found["happy"] is Verdict.OTHER_DEADLINE
    assert set(found.values()) == {Verdict.OTHER_DEADLINE}


def test_an_answer_nobody_was_asked_for_is_missing() -> None:
    path = "forms/people_mediation/review_acceptance.schema.json"
    schema = json.loads((ROOT / path).read_text("utf-8"))
    schema["properties"]["looked_up"] = {
        "type": "string",
        "title": "查重结果",
        "x-i18n": {"en": {"title": "Duplicates"}},
    }
    schema.setdefault("required", []).append("looked_up")
    files = dict(read_folder(ROOT, KEY).files)
    files[path] = json.dumps(schema, ensure_ascii=False).encode()
    layout = path.replace(".schema.", ".ui.")
    ui = json.loads(files[layout])
    ui["ui:order"].append("looked_up")
    ui["ui:groups"][0]["fields"].append("looked_up")
    files[layout] = json.dumps(ui, ensure_ascii=False).encode()
    draft = compile_package(PackageSource(KEY, files))
    found = replay(record(run_of("happy")), draft, due)
    assert found.verdict is Verdict.MISSING_DATA
    assert [d.message.params for d in found.differences] == [{"field": "looked_up"}]


def test_a_run_that_gets_stuck_says_where_and_why() -> None:
    draft = changed(("bpmn/people_mediation/accept.dmn", '"supplement"', '"unclear"'))
    found = {name: one for name, one in through(draft).items() if one.differences}
    assert set(found) == {name for name in WALKED if decided(name, "accept", "supplement")}
    (difference,) = found["supplement_expired"].differences
    assert (difference.verdict, difference.element) == (Verdict.STUCK, "review_acceptance")
    assert difference.message.code.startswith("engine.")


@pytest.mark.parametrize("name", WALKED)
def test_a_replay_leaves_the_record_as_it_was(name: str) -> None:
    run = run_of(name)
    before = json.dumps(run.journal, sort_keys=True)
    replay(record(run), package(), due)
    assert json.dumps(run.journal, sort_keys=True) == before


def test_a_run_that_went_to_another_version_on_its_way_is_replayed_whole() -> None:
    run = run_of("happy")
    end = "</definitions>"
    later = changed(("bpmn/people_mediation/accept.dmn", end, f"<!-- 2 -->{end}"))
    half = len(run.journal) // 2
    lines = [*run.journal]
    for kind, before, after in ((MIGRATED, 1, 2), (REVERTED, 2, 1), (MIGRATED, 1, 2)):
        entry = version_entry(
            kind,
            revision=half,
            facts_revision=run.journal[half]["facts_revision"],
            at=datetime.fromisoformat(run.journal[half]["at"]),
            before=before,
            after=after,
        )
        lines.insert(half, entry)
    recorded = replace(record(run), entries=lines, packages={1: package(), 2: later})
    found = replay(recorded, package(), due)
    assert (found.steps, found.differences) == (len(lines), ())
