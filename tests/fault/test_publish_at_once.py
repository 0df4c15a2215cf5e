"""A published version is used by every web process with the very next request, without a restart:
nothing waits for a cache to grow old."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.installation import PROGRAM, ROOT, Installation, free_port
from workflows.catalogue.source import read_folder, to_zip
from workflows.organisation.actors import load_actor
from workflows.organisation.tables import Account
from workflows.rollout.versions import AddVersion, add_version
from workflows.storage import SYSTEM
from workflows.storage.clock import local_day

KEY = "people_mediation"
HAPPY = json.loads((ROOT / f"bpmn/{KEY}/scenarios/happy.json").read_text("utf-8"))


def registration() -> dict[str, object]:
    today = local_day(datetime.now(UTC)).isoformat()
    text = json.dumps(HAPPY["start"]["data"]).replace('{"$today": 0}', f'"{today}"')
    found: dict[str, object] = json.loads(text)
    return found


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    """An installation, and a second server of it on a port of its own."""
    first = Installation(tmp_path, f"sqlite:///{tmp_path / 'fengqiao.db'}")
    first.prepare(registration())
    first.start()
    second = copy.copy(first)
    second.settings = replace(first.settings, port=free_port())
    with (tmp_path / "second").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "serve"],
            env=second.environment(), cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
    second.wait_until(second.is_ready)
    yield first, second
    server.terminate()
    server.wait(30)
    first.stop()


def draft(site: Installation) -> int:
    """A second version with another title, brought by a third process: this one."""
    source = read_folder(ROOT, KEY)
    path = f"bpmn/{KEY}/package.toml"
    text = source.files[path].decode().replace('zh = "', 'zh = "新', 1)
    sent = replace(source, files={**source.files, path: text.encode()})
    with site.platform.database.reading(SYSTEM) as session:
        account = session.scalars(select(Account.id).where(Account.username == "owner")).one()
    today = local_day(site.platform.clock.now())
    owner = load_actor(site.platform.database, account, today)
    return add_version(site.platform, owner, AddVersion(KEY, to_zip(sent))).version.number


def version_of_new_case(site: Installation, key: str) -> int:
    body = {"process": KEY, "form": "register", "data": registration()}
    opened = site.call("POST", "/api/v1/cases", body, user="intake", key=key)
    assert opened.status == 201, opened
    case = site.call("GET", f"/api/v1/cases/{opened.json['case']}", user="intake").json
    found: int = case["runs"][0]["version"]
    return found


def test_the_next_request_of_every_server_uses_the_new_version(
    sites: tuple[Installation, Installation],
) -> None:
    assert [version_of_new_case(site, f"a{n}") for n, site in enumerate(sites)] == [1, 1]
    number = draft(sites[0])
    address = f"/api/v1/packages/{KEY}/versions/{number}/publish"
    published = sites[0].call("POST", address, {"notes": "改名"}, user="owner")
    assert published.status == 200, published
    processes = sites[1].call("GET", "/api/v1/processes", user="intake").json["items"]
    assert {one["key"]: one["version"] for one in processes}[KEY] == number
    assert [version_of_new_case(site, f"b{n}") for n, site in enumerate(sites)] == [number] * 2
    again = sites[1].call(
        "POST", f"/api/v1/packages/{KEY}/versions/1/publish", {"notes": "退回"}, user="owner"
    )
    assert again.status == 200, again
    assert [version_of_new_case(site, f"c{n}") for n, site in enumerate(sites)] == [1, 1]
