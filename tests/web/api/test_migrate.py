"""Moving running cases through the API and the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.factories.cases import KEY, World
from tests.factories.migration import ADDED_STEP, RENAMED_TALK, next_turn, publish_next
from tests.web.api.caller import Caller
from tests.web.api.conftest import Call
from webapp.cli import fengqiao
from webapp.commands import migrate as command

HOME = f"/packages/{KEY}/versions/2/migrate"


@pytest.fixture
def owner(call: Call, world: World) -> Caller:
    """Looks after the packages of the whole installation."""
    world.hire("owner", "流程负责人@1-ZZ")
    return call("owner")


def turn(world: World) -> None:
    while next_turn(world):
        pass


def test_a_dry_run_then_the_move_then_one_case_back(world: World, owner: Caller) -> None:
    opened, _talk = world.at_talk()
    world.open()
    publish_next(world, *RENAMED_TALK)
    job = owner.post(HOME, {"from": 1, "dry_run": True}, 202).json["job"]
    assert owner.get(f"/jobs/{job}").json["state"] == "open"
    turn(world)
    found = owner.get(f"/jobs/{job}").json
    assert (found["state"], found["done"], found["total"]) == ("done", 2, 2)
    assert found["result"]["counts"] == {"can": 1, "stays": 1}
    (reason,) = found["result"]["stay_reasons"]
    assert (reason["code"], reason["element"], reason["cases"]) == (
        "engine.migrate_element_gone",
        "talk",
        1,
    )
    assert "调解" in reason["message"]

    job = owner.post(HOME, {"from": 1, "dry_run": False}, 202).json["job"]
    turn(world)
    rows = owner.get(f"/jobs/{job}").json["result"]["cases"]
    stays = next(row for row in rows if row["case"] == opened.case)
    moved = next(row for row in rows if row["case"] != opened.case)
    assert (stays["verdict"], stays["can_revert"]) == ("stays", False)
    assert (moved["verdict"], moved["can_revert"]) == ("moved", True)
    address = f"/jobs/{job}/runs/{moved['run']}/revert"
    assert owner.post(address).json["result"]["counts"] == {"reverted": 1, "stays": 1}
    assert owner.post(address, None, 409).code == "cases.nothing_to_revert"


def test_chosen_cases_stop_and_resume(world: World, owner: Caller) -> None:
    opened, _talk = world.at_talk()
    world.at_talk()
    publish_next(world, *ADDED_STEP)
    body = {"from": 1, "dry_run": False, "cases": [opened.case]}
    job = owner.post(HOME, body, 202, key="k").json["job"]
    assert owner.post(HOME, body, 202, key="k").json["job"] == job
    assert owner.post(f"/jobs/{job}/stop").json["state"] == "stopped"
    turn(world)
    assert owner.get(f"/jobs/{job}").json["done"] == 0
    assert owner.post(f"/jobs/{job}/resume").json["state"] == "open"
    turn(world)
    assert owner.get(f"/jobs/{job}").json["result"]["counts"] == {"moved": 1}


def test_others_are_refused(world: World, owner: Caller, call: Call) -> None:
    world.at_talk()
    publish_next(world, *ADDED_STEP)
    assert call("head").post(HOME, {"from": 1, "dry_run": True}, 403).status == 403
    job = owner.post(HOME, {"from": 1, "dry_run": True}, 202).json["job"]
    assert call("head").get(f"/jobs/{job}", 403).code == "rollout.not_yours"
    assert owner.get(f"/jobs/{opened_id()}", 404).code == "rollout.unknown_job"
    assert owner.post(HOME, {"from": 2, "dry_run": True}, 422).status == 422
    assert owner.post(HOME, {"from": 7, "dry_run": True}, 404).status == 404


def opened_id() -> str:
    return "0" * 13


def test_the_command_moves_and_says_why_others_stay(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.at_talk()
    world.open()
    publish_next(world, *RENAMED_TALK)
    monkeypatch.setattr(command, "open_platform", lambda: world.platform)
    asked = ["packages", "migrate", KEY, "--from", "1", "--to", "2", "--language", "en"]
    tried = CliRunner().invoke(fengqiao, [*asked, "--dry-run"])
    assert (tried.exit_code, tried.stdout.splitlines()[:2]) == (1, ["can 1", "stays 1"])
    done = CliRunner().invoke(fengqiao, asked)
    assert (done.exit_code, done.stdout.splitlines()[:2]) == (1, ["moved 1", "stays 1"])
    assert "not in the new version" in done.stdout
    wrong = CliRunner().invoke(fengqiao, [*asked[:-1], "en", "--to", "9"])
    assert wrong.exit_code == 1
    assert "9" in wrong.stderr
