"""When the demo's acts take place: any day it is made on, they lie on working days before it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from workflows.catalogue.source import PackageSource
from workflows.deadlines import RuleBook
from workflows.rollout.demo import list_named_accounts
from workflows.rollout.demo.days import OfficeDays, moment
from workflows.rollout.demo.plan import plan, read_disputes, read_scripts
from workflows.rollout.demo.texts import fill, fill_all
from workflows.storage.clock import LOCAL, local_day

DAYS = OfficeDays(RuleBook.built_in().calendar())


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-09-03T10:00", date(2026, 9, 2)),
        ("2026-09-03T18:00", date(2026, 9, 3)),
        ("2026-10-05T12:00", date(2026, 9, 30)),
        ("2026-10-08T09:00", date(2026, 9, 30)),
        ("2031-03-09T12:00", date(2031, 3, 7)),
    ],
)
def test_last_over_is_the_newest_finished_working_day(now: str, day: date) -> None:
    assert DAYS.last_over(local(now)) == day


@pytest.mark.parametrize(
    ("gap", "before", "after"),
    [
        ("0", date(2026, 10, 8), date(2026, 10, 8)),
        ("1w", date(2026, 9, 30), date(2026, 10, 9)),
        ("2w", date(2026, 9, 29), date(2026, 10, 10)),
        ("3d", date(2026, 9, 30), date(2026, 10, 12)),
    ],
)
def test_gaps_around_the_national_day(gap: str, before: date, after: date) -> None:
    assert DAYS.before(date(2026, 10, 8), gap) == before
    assert DAYS.after(date(2026, 10, 8), gap) == after


@pytest.mark.parametrize(
    ("text", "day"),
    [("2w", date(2026, 7, 6)), ("10d", date(2026, 6, 29)), ("m3", date(2026, 6, 11))],
)
def test_ago(text: str, day: date) -> None:
    assert DAYS.ago(date(2026, 7, 8), text) == day


@pytest.mark.parametrize(("minutes", "hour"), [(0, "08:40"), (199, "11:59"), (200, "14:30")])
def test_moment_leaves_lunch_out(minutes: int, hour: str) -> None:
    assert moment(date(2026, 9, 3), minutes).astimezone(LOCAL).strftime("%H:%M") == hour


@pytest.mark.parametrize("offset", range(0, 730, 17))
def test_plan_lies_in_office_hours_before_any_day(offset: int) -> None:
    now = datetime(2026, 1, 2, 4, 30, tzinfo=UTC) + timedelta(offset, hours=offset % 24)
    acts = plan(read_scripts(), now, DAYS)
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert acts[-1].at < now
    assert not [act for act in acts if DAYS.is_rest(local_day(act.at))]
    for key in {act.script.key for act in acts}:
        own = [act for act in acts if act.script.key == key]
        assert [act.number for act in own] == list(range(len(own)))
        assert len({act.at for act in own}) == len(own)


def test_merged_case_is_opened_after_the_one_that_goes_on() -> None:
    acts = plan(read_scripts(), local("2026-09-03T10:00"), DAYS)
    opened = {act.script.key: act.at for act in acts if act.step.what == "open"}
    assert opened["D0085"] < opened["D0085b"]


def test_every_dispute_is_used_and_none_is_missing() -> None:
    assert {script.dispute for script in read_scripts()} == set(read_disputes())


def test_texts_have_no_year_and_no_unknown_placeholder() -> None:
    filled = fill_all(read_disputes(), date(2026, 3, 1), {"mediator": "韩立群"})
    text = json.dumps(filled, ensure_ascii=False)
    assert re.findall(r"\{(?!\")[a-z]+[^}\"]*\}", text) == []
    assert re.findall(r"202\d年", text) == []


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{d-1}晚", "2月28日晚"),
        ("从{m-3}起", "从12月起"),
        ("JQ{ymd}01", "JQ2026030101"),
        ("{mediator}劝", "韩立群劝"),
    ],
)
def test_fill(text: str, filled: str) -> None:
    assert fill(text, date(2026, 3, 1), {"mediator": "韩立群"}) == filled


def test_named_accounts_are_found_anywhere_in_a_scenario() -> None:
    scenario = {
        "start": {"as": "人民调解员@620902-TW", "data": {"mail": "a@b.c"}},
        "steps": [{"data": {"mediator": "民警@620902104-PCS"}}, {"as": "intake"}],
    }
    content = json.dumps(scenario).encode()
    files = {"bpmn/x/scenarios/a.json": content, "bpmn/x/scenarios/b.json": b"{"}
    found = list_named_accounts([PackageSource("x", files)])
    assert found == ("人民调解员@620902-TW", "民警@620902104-PCS")
