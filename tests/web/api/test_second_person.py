"""A version that shifts power needs a second person; an earlier one comes back; its effects."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.factories.cases import KEY, World, small_package
from tests.web.api.caller import Caller
from tests.web.api.conftest import Call
from tests.web.api.test_packages import HOME, changed, send
from workflows.catalogue.source import to_zip
from workflows.catalogue.tables import PackageEvent, PackageVersion
from workflows.organisation.tables import Account
from workflows.rollout.release import demand_second_person
from workflows.storage import SYSTEM

DRAWN = f"bpmn/{KEY}/{KEY}.bpmn"
LANES = ('start_roles = ["窗口受理员", ', 'start_roles = ["窗口受理员", "记录人", ')
NOTES = {"notes": "试用"}
ASKED, MEASURED = 7, 4
"""Statements: who asks, where the package counts, both versions and the setting; the effects."""


@pytest.fixture
def owner(call: Call, world: World) -> Caller:
    world.hire("owner", "流程负责人@1-ZZ", "安全审核@1-ZZ")
    return call("owner")


@pytest.fixture
def second(call: Call, world: World) -> Caller:
    world.hire("second", "安全审核@1-ZZ")
    return call("second")


def events(world: World) -> list[tuple[str, str, str]]:
    with world.platform.database.reading(SYSTEM) as session:
        rows = session.scalars(select(PackageEvent).order_by(PackageEvent.id))
        return [(row.act, row.who, row.reasons) for row in rows]


def test_a_version_that_shifts_power_waits_for_somebody_else(
    owner: Caller, second: Caller, world: World
) -> None:
    send(owner, changed(*LANES))
    refused = owner.post(f"{HOME}/2/publish", NOTES, 403)
    assert refused.code == "needs_second_person"
    assert refused.json["reasons"] == ["可以发起案件的岗位有变化：start_roles"]
    own = owner.post(f"{HOME}/2/approve", {"notes": "自己"}, 403)
    assert own.code == "rollout.own_draft"
    second.post(f"{HOME}/2/publish", NOTES, 403)
    approved = second.post(f"{HOME}/2/approve", {"notes": "看过"}).json
    assert (approved["state"], approved["approver"]) == ("draft", "second")
    assert owner.post(f"{HOME}/2/publish", NOTES).json["state"] == "published"
    assert events(world) == [
        ("drafted", "owner", ""),
        ("approved", "second", "start_roles"),
        ("published", "owner", "start_roles"),
    ]
    assert second.post(f"{HOME}/2/approve", {}, 409).code == "rollout.nothing_to_approve"


def test_a_draft_that_changed_after_the_approval_is_not_approved(
    owner: Caller, second: Caller, world: World
) -> None:
    send(owner, changed(*LANES))
    second.post(f"{HOME}/2/approve", {})
    other = changed('["窗口受理员", ', '["窗口受理员", "记录人", "民警", ')
    with world.platform.database.transaction(SYSTEM) as session:
        row = session.scalars(select(PackageVersion).where(PackageVersion.number == 2)).one()
        row.source, row.digest = to_zip(other), other.digest
    assert owner.post(f"{HOME}/2/publish", NOTES, 403).code == "needs_second_person"
    assert owner.get(HOME).json["items"][0]["approver"] is None


def test_an_approval_against_another_version_does_not_count(owner: Caller, second: Caller) -> None:
    send(owner, changed(*LANES))
    second.post(f"{HOME}/2/approve", {})
    send(owner, changed("小案", "新小案"))
    owner.post(f"{HOME}/3/publish", NOTES)
    assert owner.post(f"{HOME}/2/publish", NOTES, 403).code == "needs_second_person"


def test_a_second_account_of_the_author_is_the_author(
    owner: Caller, call: Call, world: World
) -> None:
    world.hire("twin", "安全审核@1-ZZ")
    send(owner, changed(*LANES))
    with world.platform.database.transaction(SYSTEM) as session:
        people = select(Account.person_id).where(Account.username == "owner")
        twin = session.scalars(select(Account).where(Account.username == "twin")).one()
        twin.person_id = session.scalars(people).one()
    refused = call("twin").post(f"{HOME}/2/approve", {}, 403)
    assert refused.code == "rollout.own_draft"


def test_an_installation_may_always_demand_two(owner: Caller, second: Caller, world: World) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        demand_second_person(session, always=True)
    send(owner, changed("小案", "新小案"))
    refused = owner.post(f"{HOME}/2/publish", NOTES, 403)
    assert refused.json["reasons"] == ["本单位规定每次发布都要第二人审核"]
    second.post(f"{HOME}/2/approve", {})
    owner.post(f"{HOME}/2/publish", NOTES)


def test_an_earlier_version_comes_back_with_its_bytes(
    owner: Caller, call: Call, world: World
) -> None:
    send(owner, changed("小案", "新小案"))
    owner.post(f"{HOME}/2/publish", NOTES)
    back = owner.post(f"{HOME}/1/publish", {"notes": "退回"}).json
    assert (back["state"], back["digest"]) == ("published", small_package().digest)
    states = {one["version"]: one["state"] for one in owner.get(HOME).json["items"]}
    assert states == {1: "published", 2: "retired"}
    assert call("intake").get("/processes").json["items"][0]["version"] == 1
    assert events(world)[-1] == ("restored", "owner", "")


def test_going_back_to_more_power_needs_a_second_person(owner: Caller, second: Caller) -> None:
    fewer = changed('["窗口受理员", ', "[")
    send(owner, fewer)
    second.post(f"{HOME}/2/approve", {})
    owner.post(f"{HOME}/2/publish", NOTES)
    assert owner.post(f"{HOME}/1/publish", NOTES, 403).code == "needs_second_person"
    second.post(f"{HOME}/1/approve", {})
    owner.post(f"{HOME}/1/publish", NOTES)


def test_nobody_goes_back_to_more_power_alone(
    owner: Caller, second: Caller, world: World, call: Call
) -> None:
    send(owner, changed('["窗口受理员", ', "["))
    second.post(f"{HOME}/2/approve", {})
    owner.post(f"{HOME}/2/publish", NOTES)
    owner.post(f"{HOME}/1/approve", {})
    assert owner.post(f"{HOME}/1/publish", NOTES, 403).code == "needs_second_person"
    world.hire("third", "流程负责人@1-ZZ")
    call("third").post(f"{HOME}/1/publish", NOTES)


def test_two_versions_are_compared_for_programs(owner: Caller, call: Call) -> None:
    send(owner, changed('id="talk" name="调解"', 'id="talk" name="再调解"', DRAWN))
    found = owner.get(f"/packages/{KEY}/compare?from=1&to=2").json
    assert (found["from"], found["to"], found["added"], found["removed"]) == (1, 2, [], [])
    assert [(one["element"], one["details"]) for one in found["changed"]] == [
        ("talk", ["名称由“调解”改为“再调解”"])
    ]
    assert found["reasons"] == []
    owner.get(f"/packages/{KEY}/compare?from=1", 422)
    owner.get(f"/packages/{KEY}/compare?from=1&to=9", 404)
    call("head").get(f"/packages/{KEY}/compare?from=1&to=2", 403)


def test_effects_are_told_before_publishing(owner: Caller, call: Call, world: World) -> None:
    world.at_talk()
    world.open()
    source = changed('id="talk" name="调解"', 'id="talk" name="再调解"', DRAWN)
    clock = 'deadline("mediation", today)'
    text = source.files[DRAWN].decode().replace(clock, 'deadline("supplement", today)')
    send(owner, replace(source, files={**source.files, DRAWN: text.encode()}))
    answer = owner.get(f"{HOME}/2/impact")
    assert answer.statements <= ASKED + MEASURED
    found = answer.json
    assert found["cases"] == 2
    steps = [(one["element"], one["cases"], one["change"]) for one in found["steps"]]
    assert steps == [("review", 1, None), ("talk", 1, "changed")]
    assert found["people"] == [{"role": "人民调解员", "people": 3, "tasks": ["再调解"]}]
    assert [(one["element"], one["running"]) for one in found["clocks"]] == [("b_late", 1)]
    call("head").get(f"{HOME}/2/impact", 403)


def test_what_a_form_begins_with_is_no_time_limit(owner: Caller) -> None:
    form = 'value="talk.schema.json"/>'
    begins = '<spiffworkflow:property name="begins" value="{}"/>'
    send(owner, changed(form, form + begins, DRAWN))
    assert owner.get(f"{HOME}/2/impact").json["clocks"] == []
    found = owner.get(f"/packages/{KEY}/compare?from=1&to=2").json
    assert found["changed"][0]["details"] == ["表单打开时填好的内容：“空白”"]
