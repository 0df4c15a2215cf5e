"""A document's page: copies in a second language, and characters no font has, before printing."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask
from sqlalchemy import select, update

from tests.factories.cases import World
from tests.factories.organisation import PASSWORD
from tests.factories.papers import PretendRenderer, build_papers, open_papers
from tests.web.client import Reader
from tests.web.conftest import give_password
from webapp.app import create_app
from webapp.pages import log
from webapp.pdf.answers import EXTENSION
from webapp.settings import Settings
from workflows.cases.tables import Document, TimelineEntry
from workflows.documents.states import VOID
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

NO_FONT = "\U0002ffff"
"""A place in the third plane that no character has been given, nor will be."""


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    made = build_papers(database, clock, ids, vault, files)
    for username in ("intake", "stranger"):
        give_password(made, username)
    return made


@pytest.fixture
def renderer() -> PretendRenderer:
    return PretendRenderer()


@pytest.fixture
def site(world: World, settings: Settings, renderer: PretendRenderer) -> Iterator[Flask]:
    made = create_app(settings, world.platform)
    made.extensions[EXTENSION] = renderer
    log.configure(io.StringIO())
    yield made
    structlog.reset_defaults()


@pytest.fixture
def reader(site: Flask, world: World) -> Reader:
    made = Reader(site, world.platform.database)
    made.sign_in("intake", PASSWORD)
    return made


def notice(world: World, **raw: object) -> str:
    """Address of the notice of a new case."""
    open_papers(world, **raw)
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(Document.id).order_by(Document.id.desc())).first()
    assert row is not None
    return f"/documents/{encode_id(row)}"


def test_page_offers_the_copies_of_its_document(world: World, reader: Reader) -> None:
    page = reader.visit(f"{notice(world)}/print", most_statements=16)
    assert "蒙古文对照本" in page.text
    assert "哈萨克文对照本" in page.text
    assert "以汉文文本为准" in page.text
    assert "本机字体中没有" not in page.text


def test_copy_is_made_of_the_frozen_facts_and_kept_nowhere(
    world: World, reader: Reader, renderer: PretendRenderer
) -> None:
    address = notice(world)
    answer = reader.ask("get", f"{address}/in/mn")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    (html,) = renderer.calls
    assert 'lang="mn-Mong"' in html
    assert "ᠮᠡᠳᠡᠭᠳᠡᠯ" in html
    assert html.count("李玉梅") == 2
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(Document)).one()
        assert row.sha256 is None
        assert row.verify_code in html
        actions = session.scalars(select(TimelineEntry.action)).all()
    assert "document.read" in actions


def test_language_the_document_does_not_have_is_not_found(world: World, reader: Reader) -> None:
    address = notice(world)
    assert reader.ask("get", f"{address}/in/en").status_code == 404
    assert reader.ask("get", f"{address}/in/..%2Fnotice").status_code == 404


def test_copy_is_for_those_who_may_read_the_document(world: World, site: Flask) -> None:
    other = Reader(site, world.platform.database)
    other.sign_in("stranger", PASSWORD)
    assert other.ask("get", f"{notice(world)}/in/mn").status_code == 404


def test_void_document_has_no_copies(world: World, reader: Reader) -> None:
    address = notice(world)
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(Document).values(state=VOID))
    assert reader.ask("get", f"{address}/in/mn").status_code == 422
    assert "蒙古文对照本" not in reader.visit(f"{address}/print", most_statements=16).text


def test_page_names_the_characters_no_font_has(world: World, reader: Reader) -> None:
    parties = [{"name": f"赵{NO_FONT}喆", "kind": "person", "side": "申请人"}]
    address = notice(world, parties=parties)
    page = reader.visit(f"{address}/print", most_statements=16)
    (told,) = page.words("//main//div[contains(., '本机字体中没有') and @role]")
    assert NO_FONT in told
    assert "喆" not in told
    assert "fonts-hanazono" in told
