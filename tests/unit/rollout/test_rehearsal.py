"""Rehearsals in memory: walked to an end with real forms, undone, kept as a scenario that is green."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.factories.rollout import KEY, package, scenario
from workflows.errors import InvalidFormError, NotVisibleError, RuleError
from workflows.formspec import flatten, parse_submission
from workflows.rollout.scenarios import rehearsal_view
from workflows.rollout.scenarios.rehearsal import (
    Stand,
    add,
    back,
    begin,
    finish,
    parse_step,
    take,
    walk_again,
)
from workflows.rollout.scenarios.rehearsal_forms import first_values, made_up, read_data
from workflows.rollout.scenarios.rehearsal_tasks import find_task, key_of, step_of
from workflows.rollout.scenarios.run_scenario import Walking, run_scenario
from workflows.rollout.scenarios.scenario import AdvanceStep, TaskStep, parse_scenario
from workflows.rollout.world.pure_world import PureWorld

UNIT = "620902102001-TW"


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


def rehearse_like(name: str, key: str = KEY) -> Stand:
    """Walks what a scenario of the package says, every form filled in and sent as a page does."""
    written = scenario(name, key)
    who = PureWorld(package(key), written.at).office.colleague(written.start.who, written.at.date())
    start = begin(
        written.at, who.username, who.posts[0][1], written.start.form or "", written.start.data
    )
    stand = walk_again(package(key), {}, start)
    for step in written.steps:
        if isinstance(step, AdvanceStep):
            raw: Mapping[str, Any] = {"advance": rehearsal_view.duration_text(step.by)}
        else:
            assert isinstance(step, TaskStep)
            raw = completed(stand, step)
        stand = walk_again(package(key), {}, add(stand.content, raw))
        assert stand.refusal is None, (step, stand.refusal)
    return stand


def completed(stand: Stand, step: TaskStep) -> Mapping[str, Any]:
    """The step of a task whose form was drawn, filled in and sent."""
    stand.world.look_at(step.package or stand.package.manifest.key)
    task, run, item = find_task(stand.world, key_of(stand.world, stand.walking.find(step)))
    form = run.around.package.form_of(item.form)
    if form is None:
        return step_of(stand.world, task, step.who, {})
    shown = made_up(form, stand, run)
    values = {**first_values(stand, form, run, item), **typed(stand, dict(step.data))}
    sent = parse_submission(shown, flatten(shown, values))
    return step_of(stand.world, task, step.who, read_data(stand, form, run, sent, step.who))


def green(stand: Stand, content: bytes) -> tuple[Any, ...]:
    """Why a kept walk is red as a scenario of its package; nothing where it is green."""
    kept = parse_scenario("kept", content)
    world = PureWorld(stand.package, kept.at)
    return run_scenario(kept, stand.package.manifest.key, world, stand.walking.files).reasons


@pytest.mark.parametrize("name", ["happy", "represented", "sign_refused", "extended_then_expired"])
def test_a_walk_with_real_forms_is_kept_and_green(name: str) -> None:
    stand = rehearse_like(name)
    content = finish(stand, "演练")
    assert green(stand, content) == ()
    kept, written = orjson.loads(content), scenario(name)
    assert kept["end"] == {"run": KEY, "element": written.end_element}
    assert set(written.documents) <= set(kept["documents"])
