"""Replaying past cases through the API."""

from __future__ import annotations

import pytest

from tests.factories.cases import KEY, World
from tests.factories.migration import publish_next
from tests.factories.replays import SKIPS_TALK, turn
from tests.web.api.caller import Caller
from tests.web.api.conftest import Call

HOME = f"/packages/{KEY}/versions/2/replay"


@pytest.fixture
def owner(call: Call, world: World) -> Caller:
    """Looks after the packages of the whole installation."""
    world.hire("owner", "流程负责人@1-ZZ")
    return call("owner")


def work(world: World) -> None:
    while turn(world.platform):
        pass


def test_a_replay_says_what_differs_and_where(world: World, owner: Caller) -> None:
    opened, _talk = world.at_talk()
    world.open()
    publish_next(world, SKIPS_TALK)
    job = owner.post(HOME, {"cases": 20}, 202).json["job"]
    found = owner.get(f"/jobs/{job}").json
    assert (found["kind"], found["state"], found["done"], found["total"]) == (
        "replay",
        "open",
        0,
        2,
    )
    work(world)
    found = owner.get(f"/jobs/{job}").json
    assert (found["state"], found["done"]) == ("done", 2)
    result = found["result"]
    assert (result["package"], result["version"], result["most"]) == (KEY, 2, 20)
    assert result["counts"] == {"same": 1, "other_path": 1}
    (parting,) = result["partings"]
    assert (parting["element"], parting["diagram"], parting["cases"]) == ("e_refused", KEY, 1)
    same, parted = result["cases"]
    assert (same["verdict"], same["differences"]) == ("same", [])
    assert (parted["case"], parted["verdict"], parted["message"]) == (
        opened.case,
        "other_path",
        None,
    )
    assert "调解" in parted["differences"][0]["message"]


def test_a_replay_is_ordered_once_stopped_and_resumed(world: World, owner: Caller) -> None:
    world.open()
    publish_next(world)
    job = owner.post(HOME, {"cases": 5}, 202, key="k").json["job"]
    assert owner.post(HOME, {"cases": 5}, 202, key="k").json["job"] == job
    assert owner.post(f"/jobs/{job}/stop").json["state"] == "stopped"
    work(world)
    assert owner.get(f"/jobs/{job}").json["done"] == 0
    assert owner.post(f"/jobs/{job}/stop", None, 409).code == "rollout.job_not_open"
    assert owner.post(f"/jobs/{job}/resume").json["state"] == "open"
    work(world)
    assert owner.get(f"/jobs/{job}").json["result"]["counts"] == {"same": 1}


def test_pages_of_cases_follow_each_other(
    world: World, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.rollout.replay.view.PAGE", 1)
    for _ in range(2):
        world.open()
    publish_next(world)
    job = owner.post(HOME, {"cases": 5}, 202).json["job"]
    first = owner.get(f"/jobs/{job}").json["result"]
    second = owner.get(f"/jobs/{job}", cursor=first["next"]).json["result"]
    assert second["next"] is None
    assert first["cases"][0]["run"] != second["cases"][0]["run"]


def test_others_and_wrong_orders_are_refused(world: World, owner: Caller, call: Call) -> None:
    world.open()
    publish_next(world)
    head = call("head")
    assert head.post(HOME, {"cases": 5}, 403).code == "rollout.not_yours"
    job = owner.post(HOME, {"cases": 5}, 202).json["job"]
    for path in (f"/jobs/{job}/stop", f"/jobs/{job}/resume"):
        assert head.post(path, None, 403).code == "rollout.not_yours"
    assert head.get(f"/jobs/{job}", 403).code == "rollout.not_yours"
    assert owner.post(HOME, {"cases": 0}, 422).paths == ["/cases"]
    assert owner.post(HOME.replace("/2/", "/7/"), {"cases": 5}, 404).status == 404


def test_the_second_person_may_replay_too(world: World, owner: Caller, call: Call) -> None:
    world.open()
    publish_next(world)
    world.hire("second", "安全审核@1-ZZ")
    second = call("second")
    job = second.post(HOME, {"cases": 5}, 202).json["job"]
    work(world)
    assert second.get(f"/jobs/{job}").json["result"]["counts"] == {"same": 1}
