"""Versions of packages through the API: a zip becomes a draft, is published, comes back."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest

from tests.factories.cases import KEY, World, small_package
from tests.web.api.caller import Answer, Caller
from tests.web.api.conftest import Call
from workflows.catalogue.source import PackageSource, read_zip, to_zip

HOME = f"/packages/{KEY}/versions"
TOML = f"bpmn/{KEY}/package.toml"


@pytest.fixture
def owner(call: Call, world: World) -> Caller:
    """Looks after the packages of the whole installation."""
    world.hire("owner", "流程负责人@1-ZZ")
    return call("owner")


def changed(old: str, new: str, path: str = TOML) -> PackageSource:
    """The package with one text replaced."""
    source = small_package()
    text = source.files[path].decode()
    assert old in text
    return replace(source, files={**source.files, path: text.replace(old, new).encode()})


def send(caller: Caller, source: PackageSource, status: int = 201, home: str = HOME) -> Answer:
    """Uploads a package."""
    content = {"file": (BytesIO(to_zip(source)), "package.zip")}
    return caller.send("POST", home, status, data=content)


def test_a_new_version_is_drafted_published_and_used_at_once(owner: Caller, call: Call) -> None:
    drafted = send(owner, changed("小案", "新小案")).json
    assert drafted["version"] == 2
    assert [one for one in drafted["findings"] if one["severity"] == "error"] == []
    assert {one["code"] for one in drafted["findings"]} >= {"rollout.no_happy"}
    assert call("intake").get("/processes").json["items"][0]["version"] == 1

    published = owner.post(f"{HOME}/2/publish", {"notes": "改了名称"}).json
    assert (published["state"], published["notes"]) == ("published", "改了名称")
    process = call("intake").get("/processes").json["items"][0]
    assert (process["version"], process["title"]) == (2, "新小案")
    states = {one["version"]: one["state"] for one in owner.get(HOME).json["items"]}
    assert states == {2: "published", 1: "retired"}
    assert owner.post(f"{HOME}/2/publish", {"notes": "又"}, 409).code == "package.already_published"


def test_a_version_comes_back_as_the_same_tree(owner: Caller) -> None:
    answer = owner.get(f"{HOME}/1/export").response
    assert answer.mimetype == "application/zip"
    assert read_zip(answer.get_data()).digest == small_package().digest


def test_a_broken_package_is_a_draft_that_cannot_be_published(owner: Caller) -> None:
    broken = changed('name = "register"\n', 'name = "register"\nform_ = "x"\n')
    broken = replace(broken, files={k: v for k, v in broken.files.items() if "register" not in k})
    drafted = send(owner, broken).json
    errors = [one for one in drafted["findings"] if one["severity"] == "error"]
    assert "package.form_missing" in {one["code"] for one in errors}
    assert all(one["message"] for one in errors)
    refused = owner.post(f"{HOME}/{drafted['version']}/publish", {"notes": "试"}, 422)
    assert "package.form_missing" in {one["code"] for one in refused.json["findings"]}
    assert owner.get(HOME).json["items"][0]["state"] == "draft"


def test_a_county_has_its_own_way(owner: Caller, call: Call, world: World) -> None:
    world.hire("county", "流程负责人@11-ZZ")
    county, home = call("county"), f"/packages/{KEY}@11/versions"
    assert send(county, changed("小案", "县小案"), home=home).json["version"] == 1
    county.post(f"{home}/1/publish", {"notes": "本县做法"})
    assert call("intake").get("/processes").json["items"][0]["title"] == "县小案"
    send(county, small_package(), 403)
    county.post(f"{HOME}/1/publish", {"notes": "全市"}, 403)


def test_only_who_looks_after_packages_may_touch_them(call: Call) -> None:
    head = call("head")
    head.get(HOME, 403)
    head.get(f"{HOME}/1/export", 403)
    head.post(f"{HOME}/1/publish", {"notes": "x"}, 403)
    send(head, small_package(), 403)


def test_what_is_no_package_is_refused(owner: Caller) -> None:
    junk = {"file": (BytesIO(b"PK\x03\x04 junk"), "package.zip")}
    assert owner.send("POST", HOME, 415, data=junk).code == "package.not_a_zip"
    other = send(owner, small_package(), 422, home="/packages/other_matter/versions")
    assert other.code == "rollout.other_package"
    send(owner, small_package(), 422, home=f"/packages/{KEY}@nowhere/versions")
    owner.get("/packages/other_matter/versions", 404)
    owner.get(f"{HOME}/99/export", 404)
    owner.post(f"{HOME}/99/publish", {"notes": "x"}, 404)
