"""The page of a rehearsal: several people, wrong input, time, back, keeping; nothing real happens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.cases import KEY, World, small_package
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from workflows.storage import SYSTEM, Base

AT = f"/packages/{KEY}/versions/1/rehearse"


@pytest.fixture
def owner(enter: Enter, world: World) -> Reader:
    """Looks after all packages."""
    return hired(enter, world, "owner", "流程负责人@1-ZZ")


def hired(enter: Enter, world: World, username: str, post: str) -> Reader:
    world.hire(username, post)
    give_password(world, username)
    return enter(username)


def choose(reader: Reader, button: str) -> Page:
    """Presses a button that only chooses: its form goes into the address."""
    assert reader.last is not None
    found = reader.last.all(f"//form[@method='get'][.//button[contains(., '{button}')]]")
    assert found, button
    query = "&".join(f"{name}={value}" for name, value in found[0].form_values())
    return reader.visit(f"{AT}?{query}")


def press(reader: Reader, act: str, status: int = 200, **values: object) -> Page:
    """Sends the one form of an act."""
    assert reader.last is not None
    forms = reader.last.all(f"//form[contains(@action, '/rehearse/{act}')]")
    sent = dict(forms[0].form_values()) | {"_revision": revision(reader.last)}
    return reader.post(str(forms[0].get("action")), {**sent, **values}, status=status)


def revision(page: Page) -> str:
    return str(page.all("//input[@name='_revision']/@value")[0])


def begun(reader: Reader, **changes: object) -> Page:
    """A walk whose start form was sent."""
    reader.visit(AT)
    page = choose(reader, "填这张表")
    values: Mapping[str, object] = {
        "title": "浇水",
        "dispute_kind": "neighbourhood",
        "parties.0.kind": "person",
        "parties.0.name": "李玉梅",
        "parties.0.side": "申请人",
        **changes,
    }
    return reader.submit(page, values, action="/rehearse/start")


def test_a_walk_goes_through_several_hands_to_an_end(owner: Reader) -> None:
    page = begun(owner)
    assert "这是演练，不产生真实案件" in page.text
    assert "受理审查" in page.text
    choose(owner, "办理")
    page = press(owner, "task", way="talk")
    assert "人民调解员" in page.text
    choose(owner, "办理")
    page = press(owner, "task", outcome="done")
    assert "走到结束：办结" in page.text
    print(page.text)
