"""Documents through the API: listed, read with a line in the record, waited for."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.cases import World
from tests.factories.papers import PretendRenderer, build_papers, open_papers
from tests.web.api.conftest import Call
from webapp.pdf.answers import EXTENSION
from workflows.documents.rendering import RenderError
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    return build_papers(database, clock, ids, vault, files)


@pytest.fixture
def renderer(site: Flask) -> PretendRenderer:
    made = PretendRenderer()
    site.extensions[EXTENSION] = made
    return made


def test_documents_of_a_case_are_listed_newest_first(call: Call, world: World) -> None:
    opened = open_papers(world)
    world.complete("mediator", opened.tasks[0], outcome="again", summary="谈了")
    listed = call("head").get(f"/cases/{opened.case}/documents").json
    assert [one["kind"] for one in listed["items"]] == ["record", "notice"]
    assert {one["state"] for one in listed["items"]} == {"pending"}
    assert listed["next"] is None
    case = call("head").get(f"/cases/{opened.case}").json
    assert [one["id"] for one in case["documents"]] == [one["id"] for one in listed["items"]]


def test_a_document_is_read_as_a_pdf_and_the_reading_is_recorded(
    call: Call, world: World, renderer: PretendRenderer
) -> None:
    opened = open_papers(world)
    head = call("head")
    [document] = head.get(f"/cases/{opened.case}/documents").json["items"]
    answer = head.get(f"/documents/{document['id']}").response
    assert answer.mimetype == "application/pdf"
    assert answer.get_data().startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"
    head.get(f"/documents/{document['id']}")
    assert len(renderer.calls) == 1
    lines = head.get(f"/cases/{opened.case}/timeline").json["items"]
    assert [line["action"] for line in lines].count("document.read") == 1
    [document] = head.get(f"/cases/{opened.case}/documents").json["items"]
    assert document["state"] == "ready"
    assert len(document["sha256"]) == 64


def test_while_the_renderer_is_busy_the_caller_is_told_to_come_back(
    call: Call, world: World, renderer: PretendRenderer
) -> None:
    opened = open_papers(world)
    head = call("head")
    [document] = head.get(f"/cases/{opened.case}/documents").json["items"]
    renderer.fails.append(RenderError("documents.render_busy"))
    waiting = head.get(f"/documents/{document['id']}", 202)
    assert int(waiting.response.headers["Retry-After"]) > 0
    assert (waiting.json["id"], waiting.json["state"]) == (document["id"], "pending")


def test_a_document_that_cannot_be_made_is_503(
    call: Call, world: World, renderer: PretendRenderer
) -> None:
    opened = open_papers(world)
    head = call("head")
    [document] = head.get(f"/cases/{opened.case}/documents").json["items"]
    renderer.fails.append(RenderError("documents.render_failed"))
    assert head.get(f"/documents/{document['id']}", 503).code == "documents.render_failed"


def test_a_document_needs_full_sight(call: Call, world: World) -> None:
    opened = open_papers(world)
    [document] = call("head").get(f"/cases/{opened.case}/documents").json["items"]
    call("stranger").get(f"/documents/{document['id']}", 404)
    call("stranger").get(f"/cases/{opened.case}/documents", 404)
