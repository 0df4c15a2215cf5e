"""Uploaded files: their uploader's until a form binds them to a case."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from tests.factories.cases import World
from workflows.cases.files import MOST_BYTES, Upload, clean_name, open_file, upload
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.tables import StoredFile
from workflows.errors import (
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    NotVisibleError,
)
from workflows.storage import SYSTEM

PDF = b"%PDF-1.7 a small file"


def sent(world: World, username: str = "intake", content: bytes = PDF, name: str = "scan.pdf"):
    return upload(world.platform, world.actor(username), Upload(BytesIO(content), name))


def test_upload_tells_digest_size_and_what_the_bytes_are(world: World) -> None:
    found = sent(world, name="C:\\scans\\证据 1.JPG")
    assert (found.size, found.media_type, found.name) == (21, "application/pdf", "证据 1.JPG")
    same, content = open_file(world.platform, world.actor("intake"), found.id)
    with content:
        assert (same, content.read()) == (found, PDF)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "cases.file_empty"),
        (b"<html><script>", "a.pdf", "cases.file_type"),
        (b"PK\x03\x04 zip", "a.zip", "cases.file_type"),
        (b"x" * (MOST_BYTES + 1), "a.pdf", "file.too_large"),
    ],
)
def test_upload_refuses_what_we_do_not_take(
    world: World, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        sent(world, content=content, name=name)
    assert refusal.value.message.code == code


def test_an_unbound_file_is_its_uploaders_only(world: World) -> None:
    found = sent(world)
    with pytest.raises(NotVisibleError):
        open_file(world.platform, world.actor("head"), found.id)
    with pytest.raises(InvalidFormError) as refusal:
        world.open("mediator", raw={"proof": found.id})
    assert refusal.value.errors[0].message.code == "cases.file_not_yours"


def test_a_form_binds_its_files_to_the_case(world: World) -> None:
    found = sent(world)
    opened = world.open(raw={"proof": found.id})
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(StoredFile)).one()
    assert (row.case_id is not None, row.field) == (True, "proof")
    page = load_case_page(world.platform, world.actor("head"), opened.case)
    assert [(file.id, file.field) for file in page.files] == [(found.id, "proof")]
    open_file(world.platform, world.actor("head"), found.id)[1].close()
    with pytest.raises(NotVisibleError):
        open_file(world.platform, world.actor("stranger"), found.id)
    with pytest.raises(ForbiddenError):
        open_file(world.platform, world.actor("watcher"), found.id)


def test_a_bound_file_may_be_named_again_by_its_case_only(world: World) -> None:
    found = sent(world, "mediator")
    _opened, talk = world.at_talk()
    done = world.complete("mediator", talk, outcome="again", scan=found.id)
    world.complete("mediator", done.tasks[0], outcome="again", scan=found.id)
    _other, talk = world.at_talk()
    with pytest.raises(InvalidFormError):
        world.complete("mediator", talk, outcome="again", scan=found.id)


@pytest.mark.parametrize("file", ["nothing", "0000000000000"])
def test_a_file_that_is_not_there_is_a_wrong_field(world: World, file: str) -> None:
    with pytest.raises(InvalidFormError):
        world.open(raw={"proof": file})


@pytest.mark.parametrize(
    ("name", "clean"),
    [("../../etc/passwd", "passwd"), ("a\x00b.pdf", "ab.pdf"), ("", "file"), ("x", "x")],
)
def test_names_lose_folders_and_control_characters(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("长" * 300 + ".jpeg")[-6:] == "长.jpeg"
    assert len(clean_name("长" * 300 + ".jpeg")) == 120
