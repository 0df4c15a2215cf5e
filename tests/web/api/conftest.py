"""Programs that call the real site with tokens; every answer is held against the description."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.factories.cases import World
from tests.web.api.caller import Caller, Description
from webapp.app import create_app
from webapp.pages import log
from webapp.settings import Settings
from workflows.organisation.accounts import issue_token
from workflows.storage import SYSTEM

Call = Callable[[str], Caller]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The clock may be moved."""
    return replace(settings, test_clock=True)


@pytest.fixture
def description(site: Flask) -> Description:
    """What the site says about its API."""
    return Description(site)


def token(world: World, username: str) -> str:
    """A new token of somebody."""
    with world.platform.database.transaction(SYSTEM) as session:
        return issue_token(session, world.platform.ids, username=username, now=world.clock.now())


@pytest.fixture
def call(site: Flask, world: World, description: Description) -> Call:
    """A program with a token of its own."""

    def make(username: str) -> Caller:
        return Caller(site, world.platform.database, description, token(world, username))

    return make


@pytest.fixture
def anonymous(site: Flask, world: World, description: Description) -> Caller:
    """A program without a token."""
    return Caller(site, world.platform.database, description, None)


@pytest.fixture
def plain_site(world: World, settings: Settings) -> Iterator[Flask]:
    """The site of an installation without a test clock."""
    yield create_app(replace(settings, test_clock=False), world.platform)
    log.configure()
