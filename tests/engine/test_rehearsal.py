"""Rehearsals in memory: walked to an end with real forms, undone, kept as a green scenario."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.factories.cases import registration
from tests.factories.handoffs import COURT as COURT_KEY
from tests.factories.handoffs import TALKS, court_package, talks_package
from tests.factories.rollout import KEY, package, scenario
from workflows.catalogue.package import compile_package
from workflows.errors import (
    ForbiddenError,
    InvalidFormError,
    NotVisibleError,
    RuleError,
)
from workflows.formspec import Widget, flatten, parse_submission
from workflows.rollout.scenarios import rehearsal_view
from workflows.rollout.scenarios.rehearsal import (
    MOST_STEPS,
    Stand,
    add,
    back,
    begin_walk,
    finish,
    fresh,
    parse_step,
    take,
    walk_again,
)
from workflows.rollout.scenarios.rehearsal_files import made_up_files
from workflows.rollout.scenarios.rehearsal_forms import (
    begin_values,
    first_values,
    made_up,
    notice_of,
    read_data,
)
from workflows.rollout.scenarios.rehearsal_tasks import find_task, key_of, step_of, waited_for
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.scenarios.scenario import (
    AdvanceStep,
    MessageStep,
    Step,
    TaskStep,
    parse_scenario,
)
from workflows.rollout.world.pure_world import PureWorld

COURT = "litigation_handoff"
AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
TOWN = "620902104-TW"
LIAISON, HEAD = "法院联络员@620902-FY", f"调委会主任@{TOWN}"


def typed(stand: Stand, value: Any) -> Any:
    """A scenario's value as somebody would type it: files and signatures by the choice's value."""
    if isinstance(value, list):
        return [typed(stand, inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "$today" in value:
        return (stand.world.today() + timedelta(days=value["$today"])).isoformat()
    if "$party" in value:
        return stand.world.party(value["$party"])
    for reference in ("$file", "$signature"):
        if reference in value:
            return value[reference]
    return {name: typed(stand, inner) for name, inner in value.items()}


def rehearse_like(name: str, key: str = KEY, until: str = "") -> Stand:
    """Walks what a scenario of the package says, every form filled in and sent as a page does, up
    to the first step on the element `until`."""
    written = scenario(name, key)
    before = fresh(package(key), {}, written.at)
    who = before.world.office.colleague(written.start.who, written.at.date())
    start = package(key).manifest.start(written.start.form)
    assert start is not None
    real = package(key).forms[start.form]
    shown = made_up(real, before, None)
    given = {**begin_values(before, real), **typed(before, dict(written.start.data))}
    sent = parse_submission(shown, flatten(shown, given))
    data = read_data(before, real, None, sent, who.username)
    unit = written.start.unit or who.posts[0][1]
    stand = walk_again(
        package(key), {}, begin_walk(written.at, written.start.who, unit, start.name, data)
    )
    for step in written.steps:
        if isinstance(step, TaskStep) and step.element == until:
            return stand
        raw = stepped(stand, step)
        take(stand, parse_step(raw))
        stand.content = add(stand.content, raw)
    assert not until
    return stand


def stepped(stand: Stand, step: Step) -> Mapping[str, Any]:
    """A step as the acts of the page write it."""
    if isinstance(step, AdvanceStep):
        return {"advance": rehearsal_view.duration_text(step.by)}
    if isinstance(step, MessageStep):
        said = {"message": step.name, "payload": dict(step.payload)}
        return said if step.who is None else {**said, "as": step.who}
    return completed(stand, step, {})


def completed(stand: Stand, step: TaskStep, other: Mapping[str, Any]) -> Mapping[str, Any]:
    """The step of a task whose form was drawn, filled in and sent. `other`: typed instead."""
    stand.world.look_at(step.package or stand.package.manifest.key)
    task, run, item = find_task(stand.world, key_of(stand.world, stand.walking.find(step)))
    form = run.around.package.form_of(item.form)
    if form is None:
        return step_of(stand.world, task, step.who, {})
    shown = made_up(form, stand, run)
    values = {**first_values(stand, form, run, item), **typed(stand, dict(step.data)), **other}
    sent = parse_submission(shown, flatten(shown, values))
    return step_of(stand.world, task, step.who, read_data(stand, form, run, sent, step.who))


def reasons(stand: Stand, content: bytes) -> list[str]:
    """Why a kept walk is red as a scenario of its package; nothing where it is green."""
    kept = parse_scenario("kept", content)
    world = PureWorld(stand.package, kept.at)
    result = run_scenario(kept, stand.package.manifest.key, world, stand.walking.files)
    return [str(reason) for reason in result.reasons]


CHOSEN = [
    (KEY, "happy"),
    (KEY, "represented"),
    (KEY, "sign_refused"),
    (KEY, "extended_then_expired"),
    (KEY, "withdrawn"),
    (COURT, "committee_agreed"),
    (COURT, "recused"),
    ("petition", "answered"),
    ("judicial_confirmation", "handed"),
]


@pytest.mark.parametrize(("key", "name"), CHOSEN)
def test_a_walk_with_real_forms_is_kept_and_green(key: str, name: str) -> None:
    stand = rehearse_like(name, key)
    content = finish(stand, "演练")
    assert reasons(stand, content) == []
    kept, written = orjson.loads(content), scenario(name, key)
    assert kept["end"] == {"run": key, "element": written.end_element}
    assert kept["documents"] == list(stand.world.documents())
    assert set(written.documents) <= set(kept["documents"])


def test_a_kept_walk_means_the_same_on_another_day() -> None:
    stand = rehearse_like("represented")
    kept = orjson.loads(finish(stand, "演练"))
    text = orjson.dumps(kept["steps"]).decode()
    assert '{"$today":0}' in text
    assert '{"$file":"receipt.jpg"}' in text
    assert not any(f'"{file_id}"' in text for file_id in stand.world.files)
    assert '"party-' not in text
    born = kept["start"]["data"]["parties"][0]["birth_date"]
    assert born == scenario("represented").start.data["parties"][0]["birth_date"]


def test_the_same_content_stands_at_the_same_place() -> None:
    stand = rehearse_like("happy", until="hold_session")
    again = walk_again(stand.package, {}, stand.content)
    assert again.refusal is None
    assert rehearsal_view.view(again) == rehearsal_view.view(stand)


def test_a_step_back_is_where_it_was() -> None:
    stand = rehearse_like("happy", until="ask_consent")
    before = rehearsal_view.view(walk_again(stand.package, {}, stand.content))
    forward = walk_again(stand.package, {}, add(stand.content, {"advance": "P2D"}))
    assert rehearsal_view.view(forward) != before
    content = back(forward)
    assert content is not None
    assert rehearsal_view.view(walk_again(stand.package, {}, content)) == before


def test_nothing_is_left_before_the_start() -> None:
    stand = rehearse_like("happy", until="review_acceptance")
    assert stand.content["steps"] == []
    assert back(stand) is None


def test_going_to_the_next_time_limit_makes_it_run_out() -> None:
    stand = rehearse_like("happy", until="ask_consent")
    clocks = rehearsal_view.list_clocks(stand)
    by = rehearsal_view.until(stand, clocks[0].due)
    take(stand, parse_step({"advance": rehearsal_view.duration_text(by)}))
    assert stand.world.now == clocks[0].due
    assert stand.happened[-1].expired == (clocks[0].title,)


@pytest.mark.parametrize(
    ("by", "text"),
    [
        (timedelta(days=1), "P1D"),
        (timedelta(days=2, hours=3, minutes=5), "P2DT3H5M"),
        (timedelta(hours=1), "PT1H"),
        (timedelta(minutes=1), "PT1M"),
    ],
    ids=["day", "all", "hour", "minute"],
)
def test_a_duration_is_written_as_scenarios_read_it(by: timedelta, text: str) -> None:
    assert rehearsal_view.duration_text(by) == text
    assert parse_step({"advance": text}) == AdvanceStep(by)


def test_a_wrong_form_is_refused_with_every_error_and_nothing_moves() -> None:
    stand = rehearse_like("happy", until="review_acceptance")
    before = rehearsal_view.view(stand)
    task = stand.world.list_tasks()[0]
    _, run, item = find_task(stand.world, key_of(stand.world, task))
    form = run.around.package.form_of(item.form)
    with pytest.raises(InvalidFormError) as wrong:
        read_data(stand, form, run, {"reviewed_on": "昨天前", "civil_dispute": ""}, "intake")
    paths = {error.path for error in wrong.value.errors}
    assert {"/reviewed_on", "/civil_dispute", "/crime_suspected"} <= paths
    assert rehearsal_view.view(stand) == before


def test_a_form_begins_with_what_is_known() -> None:
    stand = rehearse_like("happy", until="review_acceptance")
    _, run, item = find_task(stand.world, rehearsal_view.view(stand).tasks[0].key)
    form = run.around.package.form_of(item.form)
    assert form is not None
    shown = first_values(stand, form, run, item)
    assert shown["dispute_kind"] == "neighbourhood"
    assert shown["parties"][0]["id"] == "party-1"
    assert shown["parties"][0]["id_number"] == "990001198812249226"
    assert shown.keys() <= {one.name for one in form.fields}
    assert notice_of(stand, run, item) == ""


def test_a_file_that_must_be_there_is_chosen_already() -> None:
    stand = rehearse_like("happy", until="review_acceptance")
    forms = [form for key in (KEY, COURT) for form in package(key).forms.values()]
    chosen = [
        (one, begin_values(stand, form)[one.name])
        for form in forms
        for one in form.fields
        if one.widget is Widget.FILE and (one.required or one.min_items)
    ]
    assert len(chosen) > 5
    for one, value in chosen:
        names = value if one.multiple else [value]
        assert len(names) == 1
        assert names[0] in stand.walking.files
        assert {"pdf": "application/pdf", "jpg": "image/jpeg"}[names[0][-3:]] in one.accept


def test_made_up_files_are_what_their_names_say() -> None:
    assert made_up_files()["rehearsal.pdf"].startswith(b"%PDF-1.4")
    assert made_up_files()["rehearsal.pdf"].endswith(b"%%EOF\n")
    assert made_up_files()["rehearsal.jpg"].startswith(b"\xff\xd8\xff")


def test_only_whoever_may_do_a_task_is_offered() -> None:
    stand = rehearse_like("happy", until="ask_consent")
    view = rehearsal_view.view(stand)
    people = view.tasks[0].people
    assert people[0].unit == stand.world.runs[0].around.unit.code
    assert {one.role for one in people} == {view.tasks[0].role}
    with pytest.raises(ForbiddenError):
        take(stand, TaskStep("ask_consent", "judge", {}))


def test_letters_to_a_party_without_a_desk_wait_for_their_answer() -> None:
    stand = rehearse_like("committee_agreed", COURT, until="record_answer")
    before = walk_again(stand.package, {}, {**stand.content, "steps": stand.content["steps"][:4]})
    assert set(waited_for(before.world)) == {
        "litigation_handoff.taken",
        "litigation_handoff.not_taken",
        "litigation_handoff.committee_answered",
    }
    titles = {title["zh"] for title in waited_for(before.world).values()}
    assert len(titles) == 3
    assert "不接收" in titles
    assert any(one.kind == "message" and one.title for one in stand.happened)


def test_an_open_walk_is_not_kept() -> None:
    stand = rehearse_like("happy", until="ask_consent")
    with pytest.raises(RuleError) as refused:
        finish(stand, "演练")
    assert refused.value.message.code == "rollout.rehearsal_open"


def test_what_no_longer_goes_through_ends_there_and_can_be_taken_back() -> None:
    stand = rehearse_like("happy", until="inform_rights")
    other = {**stand.content, "steps": [{"task": "nowhere", "as": "intake"}, {"advance": "P1D"}]}
    broken = walk_again(stand.package, {}, other)
    assert broken.refusal is not None
    assert broken.refusal.message.code == "rollout.task_not_open"
    assert len(broken.happened) == 1
    content = back(broken)
    assert content is not None
    assert content["steps"] == []
    with pytest.raises(RuleError):
        finish(broken, "演练")


def test_a_task_that_is_done_is_gone() -> None:
    stand = rehearse_like("happy", until="review_acceptance")
    key = rehearsal_view.view(stand).tasks[0].key
    find_task(stand.world, key)
    for gone in ("0-99999", "", key.replace("0-", "1-")):
        with pytest.raises(NotVisibleError):
            find_task(stand.world, gone)


def test_a_walk_has_a_longest_length_and_is_quick() -> None:
    stand = rehearse_like("thirty_parties")
    assert len(stand.content["steps"]) > 40
    began = time.perf_counter()
    walk_again(stand.package, {}, stand.content)
    assert time.perf_counter() - began < 5
    full = {**stand.content, "steps": [{"advance": "P1D"}] * MOST_STEPS}
    with pytest.raises(RuleError):
        add(full, {"advance": "P1D"})


def test_a_letter_goes_to_a_desk_whose_tasks_are_offered_too() -> None:
    court, talks = (compile_package(source) for source in (court_package(), talks_package()))
    others = {COURT_KEY: court, TALKS: talks}
    data = {**registration(), "shelter": "甲市某路1号"}
    start = begin_walk(AT, LIAISON, LIAISON.partition("@")[2], "register", data)
    stand = walk_again(court, others, start)
    for who, sent in ((LIAISON, {"to": TOWN}), (HEAD, {"takes": "yes"})):
        tasks = rehearsal_view.view(stand).tasks
        shown = next(one for one in tasks if who.partition("@")[0] == one.role)
        task, run, item = find_task(stand.world, shown.key)
        form = run.around.package.form_of(item.form)
        raw = step_of(stand.world, task, who, read_data(stand, form, run, sent, who))
        stand = walk_again(court, others, add(stand.content, raw))
        assert stand.refusal is None
    assert stand.happened[-1].package == talks.manifest.title
    assert stand.content["steps"][-1]["package"] == TALKS
    assert {one.package is None for one in rehearsal_view.view(stand).tasks} == {False}


def test_one_task_of_several_is_told_by_its_party() -> None:
    stand = rehearse_like("happy", until="seal_paper")
    signed = [one for one in stand.happened if one.instance]
    assert {one.instance for one in signed} == {"上官芷珺", "戚万年"}
    picks = [
        step.get("pick") for step in stand.content["steps"] if step.get("task") == "sign_paper"
    ]
    assert {"party": 0} in picks
