"""The real site over a small office on both databases, read by people without scripts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import structlog
from flask import Flask

from tests.factories.cases import World, build_world
from tests.factories.organisation import PASSWORD
from tests.web.client import Reader
from webapp.app import create_app
from webapp.pages import log
from webapp.settings import Settings
from workflows.organisation.passwords import hash_password
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

Enter = Callable[[str], Reader]


@cache
def hashed() -> str:
    """Everybody's password; hashing is slow on purpose, so it is done once."""
    return hash_password(PASSWORD)


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    """An office with people who know their password, and one published package."""
    made = build_world(database, clock, ids, vault, files)
    for username in made.accounts:
        give_password(made, username)
    return made


def give_password(world: World, username: str) -> None:
    """Lets somebody sign in with PASSWORD."""
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts[username]).password_hash = hashed()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database_url="sqlite://", office="丙镇综治中心")


@pytest.fixture
def lines() -> io.StringIO:
    """What the site logged."""
    return io.StringIO()


@pytest.fixture
def site(world: World, settings: Settings, lines: io.StringIO) -> Iterator[Flask]:
    """The site, its log caught."""
    made = create_app(settings, world.platform)
    log.configure(lines)
    yield made
    structlog.reset_defaults()


@pytest.fixture
def reader(site: Flask, world: World) -> Reader:
    """Somebody who is not signed in."""
    return Reader(site, world.platform.database)


@pytest.fixture
def enter(site: Flask, world: World) -> Enter:
    """Signs somebody in with a browser of their own."""

    def sign_in(username: str) -> Reader:
        made = Reader(site, world.platform.database)
        made.sign_in(username, PASSWORD)
        return made

    return sign_in


@pytest.fixture
def owner(enter: Enter, world: World) -> Reader:
    """Looks after all packages."""
    world.hire("owner", "流程负责人@1-ZZ")
    give_password(world, "owner")
    return enter("owner")
