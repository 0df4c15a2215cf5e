"""Packages made to harm, by the page and by the API: a finding or a refusal within seconds, no
failure of ours, and what is in use stays."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest

from tests.factories.cases import KEY, World, small_package
from tests.factories.hostile import FOUND, REFUSED, beside, spine
from tests.web.api.caller import Caller
from tests.web.api.conftest import Call
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from webapp.api.blueprint import BASE
from workflows.catalogue.source import read_zip
from workflows.catalogue.tables import PackageVersion
from workflows.errors import InvalidInputError
from workflows.storage import SYSTEM

HOME = f"/packages/{KEY}/versions"
LIMIT_S = 30
"""For one package, on a machine that does other things meanwhile."""
MOST_BYTES = 64 * 1024 * 1024
"""Of memory to read a zip: the largest package is 24 MiB."""


@pytest.fixture
def program(call: Call, world: World) -> Caller:
    """Looks after all packages, by the API."""
    world.hire("owner", "流程负责人@1-ZZ")
    return call("owner")


@pytest.fixture
def owner(enter: Enter, world: World) -> Reader:
    """Looks after all packages, by the pages."""
    world.hire("owner", "流程负责人@1-ZZ")
    give_password(world, "owner")
    return enter("owner")


@contextmanager
def in_time(world: World) -> Iterator[None]:
    """The block ends in time, and the published version is what it was."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < LIMIT_S
    with world.platform.database.reading(SYSTEM) as session:
        rows = session.query(PackageVersion).filter_by(state="published").all()
        assert [(row.key, row.number, row.digest) for row in rows] == [
            (KEY, 1, small_package().digest)
        ]


def bring(reader: Reader, content: bytes, status: int) -> Page:
    page = reader.visit("/packages")
    return reader.submit(page, {"file": [(BytesIO(content), "package.zip")]}, status=status)


@pytest.mark.parametrize("name", FOUND)
def test_the_api_tells_what_is_wrong_and_publishes_nothing(
    program: Caller, world: World, name: str
) -> None:
    made, code = FOUND[name]
    with in_time(world):
        sent = {"file": (BytesIO(made()), "package.zip")}
        drafted = program.send("POST", HOME, 201, data=sent).json
        errors = {one["code"] for one in drafted["findings"] if one["severity"] == "error"}
        assert code in errors
        refused = program.post(f"{HOME}/{drafted['version']}/publish", {"notes": "x"}, 422)
        assert code in {one["code"] for one in refused.json["findings"]}


@pytest.mark.parametrize("name", FOUND)
def test_the_page_shows_what_is_wrong(owner: Reader, world: World, name: str) -> None:
    made, _code = FOUND[name]
    with in_time(world):
        page = bring(owner, made(), 200)
        assert "错误" in page.text
        assert page.all("//button[contains(., '发布')]") == []
        assert owner.visit(f"{HOME}/2/scenarios").status == 200
        assert owner.visit(f"/packages/{KEY}/compare?from=1&to=2").status == 200


@pytest.mark.parametrize("name", REFUSED)
def test_a_zip_out_of_bounds_is_refused_and_nothing_is_stored(
    owner: Reader, world: World, name: str
) -> None:
    content = REFUSED[name]()
    with in_time(world):
        sent = {"file": (BytesIO(content), "package.zip")}
        csrf = {"X-CSRFToken": owner.token()}
        answer = owner.ask("POST", f"{BASE}{HOME}", data=sent, headers=csrf)
        assert answer.status_code in (413, 415, 422)
        assert answer.get_json()["code"].startswith("package.")
        assert bring(owner, content, 422).title.startswith("错误：")
        with world.platform.database.reading(SYSTEM) as session:
            assert session.query(PackageVersion).count() == 1


@pytest.mark.parametrize("name", REFUSED)
def test_a_zip_out_of_bounds_takes_no_more_memory_than_a_package(name: str) -> None:
    content = REFUSED[name]()
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInputError):
            read_zip(content)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_scripts_in_names_are_shown_as_they_are_written(owner: Reader, world: World) -> None:
    evil = (
        b'id="talk" name="&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(1)&lt;/script&gt;"'
    )
    with in_time(world):
        page = bring(owner, spine('id="talk" name="调解"'.encode(), evil), 200)
        assert page.all("//img[@src='x']") == []
        compared = owner.visit(f"/packages/{KEY}/compare?from=1&to=2")
        assert "<script>alert(1)</script>" in compared.text
        for picture in compared.all("//figure//img"):
            drawn = owner.ask("GET", picture.get("src")).get_data(as_text=True)
            assert "<script" not in drawn
            assert "onerror=alert(1)&gt;" in drawn or "onerror" not in drawn


def test_a_package_gives_its_author_no_right(program: Caller, world: World) -> None:
    """Whatever it says: roles and posts come from the administrator alone."""
    sent = {"file": (BytesIO(beside(f"bpmn/{KEY}/posts.json", b"[]")), "package.zip")}
    program.send("POST", HOME, 201, data=sent)
    before = program.get("/me").json
    program.post(f"{HOME}/2/publish", {"notes": "x"}, 422)
    assert program.get("/me").json == before
