"""Documents from the diagram's wish to stored bytes, and everything that can come in between."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.factories.cases import World
from tests.factories.papers import PretendRenderer, build_papers, open_papers
from workflows.cases.submission import open_sealed
from workflows.cases.tables import CaseKeyRow, CaseRecord, Document
from workflows.documents.freeze import open_facts
from workflows.documents.make import LEASE, MAX_ATTEMPTS, make_bytes, make_due
from workflows.documents.rendering import RenderError
from workflows.documents.states import void_documents
from workflows.errors import ConflictError, NotVisibleError, RuleError
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore, StoredBlob
from workflows.storage.ids import decode_id
from workflows.storage.vault import Vault

BUSY = "documents.render_busy"


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    return build_papers(database, clock, ids, vault, files)


@pytest.fixture
def renderer() -> PretendRenderer:
    return PretendRenderer()


def documents(world: World) -> list[Document]:
    """All documents, oldest first."""
    with world.platform.database.reading(SYSTEM) as session:
        return list(session.scalars(select(Document).order_by(Document.id)))


def change(world: World, **values: object) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(Document).values(**values))


def talk(
    world: World, opened_tasks: tuple[object, ...], outcome: str, summary: str = "谈了"
) -> object:
    return world.complete("mediator", opened_tasks[0], outcome=outcome, summary=summary)  # type: ignore[arg-type]


def test_diagram_gets_a_row_with_number_code_and_frozen_facts(world: World) -> None:
    opened = open_papers(world)
    (row,) = documents(world)
    assert (row.kind, row.state, row.number) == ("notice", "pending", "丙调委文字〔2026〕第1号")
    assert row.title == {"zh": "告知书", "en": "Notice"}
    assert row.sha256 is None
    assert len(row.verify_code) == 14
    assert row.case_id == decode_id(opened.case)


def test_frozen_facts_include_what_is_sealed(world: World) -> None:
    open_papers(world)
    with world.platform.database.reading(SYSTEM) as session:
        case, wrapped = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped).join(
                CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id
            )
        ).one()
        key = world.platform.vault.open_key(wrapped)
        assert open_sealed(case, key) == {"secret": "不想让儿子知道"}
        row = session.scalars(select(Document)).one()
        frozen = open_facts(key, row.id, row.facts)
    assert frozen["case"]["secret"] == "不想让儿子知道"
    assert frozen["parties"][0]["id_number"] == "990001198812249226"
    assert frozen["parties"][0]["phone"] == "10014345715"
    assert frozen["parties"][1]["address"] == "丁村三组"
    assert [party["no"] for party in frozen["parties"]] == [1, 2]


def test_first_maker_stores_the_bytes_and_the_digest(
    world: World, renderer: PretendRenderer
) -> None:
    open_papers(world)
    (row,) = documents(world)
    made = make_bytes(world.platform, renderer, row.id)
    (row,) = documents(world)
    assert (row.state, row.sha256, row.pages) == ("ready", made.sha256, 2)
    assert row.size_bytes == made.size_bytes
    assert row.ready_at == world.clock.now()
    pdf = world.platform.files.read(made.sha256).decode()
    assert "申请人：李玉梅，990001198812249226，10014345715" in pdf
    assert "浇水排到邻家地窖（邻里）不想让儿子知道" in pdf
    assert "丙调委文字〔2026〕第1号" in pdf
    assert row.verify_code in pdf


def test_second_maker_lays_nothing_out(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    (row,) = documents(world)
    first = make_bytes(world.platform, renderer, row.id)
    assert make_bytes(world.platform, renderer, row.id) == first
    assert len(renderer.calls) == 1


def test_correction_after_the_wish_does_not_reach_the_document(
    world: World, renderer: PretendRenderer
) -> None:
    open_papers(world)
    (row,) = documents(world)
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(CaseRecord).values(facts={"title": "别的"}, parties=[], parties_text="")
        )
    made = make_bytes(world.platform, renderer, row.id)
    assert "李玉梅" in world.platform.files.read(made.sha256).decode()


def test_makers_at_the_same_time_converge(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    (row,) = documents(world)
    found: list[str] = []
    ready = threading.Barrier(3)

    def make() -> None:
        ready.wait()
        found.append(make_bytes(world.platform, renderer, row.id).sha256)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
    (row,) = documents(world)
    assert (row.state, row.sha256) == ("ready", found[0])


def lose(world: World, sha256: str) -> None:
    """A file that a bad disk took."""
    world.platform.files._path(sha256).unlink()


def test_lost_bytes_are_made_again(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    (row,) = documents(world)
    first = make_bytes(world.platform, renderer, row.id)
    lose(world, first.sha256)
    assert make_bytes(world.platform, renderer, row.id) == first
    assert world.platform.files.holds(first.sha256)


def test_lost_bytes_made_by_a_newer_engine_get_their_new_digest(
    world: World, renderer: PretendRenderer
) -> None:
    open_papers(world)
    (row,) = documents(world)
    first = make_bytes(world.platform, renderer, row.id)
    lose(world, first.sha256)
    renderer.flavour = "2"
    again = make_bytes(world.platform, renderer, row.id)
    assert again.sha256 != first.sha256
    assert documents(world)[0].sha256 == again.sha256


def test_lost_original_of_a_sealed_document_is_not_replaced_by_another(
    world: World, renderer: PretendRenderer
) -> None:
    open_papers(world)
    (row,) = documents(world)
    first = make_bytes(world.platform, renderer, row.id)
    change(world, state="sealed")
    lose(world, first.sha256)
    renderer.flavour = "2"
    with pytest.raises(ConflictError) as caught:
        make_bytes(world.platform, renderer, row.id)
    assert caught.value.message.code == "documents.changed"
    assert documents(world)[0].sha256 == first.sha256


def test_newer_notice_supersedes_the_older(world: World) -> None:
    opened = open_papers(world)
    talk(world, opened.tasks, "redo")
    first, _record, second = documents(world)
    assert (first.kind, first.state, first.superseded_by) == ("notice", "superseded", second.id)
    assert (second.kind, second.state) == ("notice", "pending")


def test_records_stand_side_by_side(world: World) -> None:
    opened = open_papers(world)
    done = talk(world, opened.tasks, "again", "第一次")
    talk(world, done.tasks, "done", "第二次")  # type: ignore[attr-defined]
    rows = [row for row in documents(world) if row.kind == "record"]
    assert [row.state for row in rows] == ["pending", "pending"]


def test_sealed_document_is_never_superseded(world: World) -> None:
    opened = open_papers(world)
    change(world, state="sealed")
    talk(world, opened.tasks, "redo")
    assert documents(world)[0].state == "sealed"


def test_void_document_is_not_made(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    (row,) = documents(world)
    with world.platform.database.transaction(SYSTEM) as session:
        void_documents(session, row.run_id)
    with pytest.raises(RuleError) as caught:
        make_bytes(world.platform, renderer, row.id)
    assert caught.value.message.code == "documents.void"


def test_document_of_an_erased_case_is_gone(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    (row,) = documents(world)
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(CaseKeyRow).values(wrapped=None))
    with pytest.raises(RuleError) as caught:
        make_bytes(world.platform, renderer, row.id)
    assert caught.value.message.code == "documents.erased"


def test_document_that_does_not_exist_is_not_visible(
    world: World, renderer: PretendRenderer
) -> None:
    with pytest.raises(NotVisibleError):
        make_bytes(world.platform, renderer, 7)


def test_worker_makes_what_nobody_has_read(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    open_papers(world)
    assert make_due(world.platform, renderer, 10) == 2
    assert make_due(world.platform, renderer, 10) == 0
    assert [row.state for row in documents(world)] == ["ready", "ready"]


def test_worker_leaves_what_a_reader_has_made(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    (row,) = documents(world)
    make_bytes(world.platform, renderer, row.id)
    assert make_due(world.platform, renderer, 10) == 0


def test_failure_is_kept_and_tried_again_later(world: World, renderer: PretendRenderer) -> None:
    open_papers(world)
    renderer.fails = [RenderError(BUSY), RenderError(BUSY)]
    assert make_due(world.platform, renderer, 10) == 1
    (row,) = documents(world)
    assert (row.state, row.attempts, row.last_error) == ("pending", 1, BUSY)
    assert make_due(world.platform, renderer, 10) == 0
    world.clock.advance(timedelta(seconds=10))
    assert make_due(world.platform, renderer, 10) == 1
    world.clock.advance(timedelta(seconds=10))
    assert make_due(world.platform, renderer, 10) == 0
    world.clock.advance(timedelta(seconds=10))
    assert make_due(world.platform, renderer, 10) == 1
    (row,) = documents(world)
    assert (row.state, row.attempts, row.last_error) == ("ready", 3, None)


def test_worker_gives_up_but_a_reader_may_still_try(
    world: World, renderer: PretendRenderer
) -> None:
    open_papers(world)
    renderer.fails = [RenderError("documents.render_failed")] * MAX_ATTEMPTS
    for _ in range(MAX_ATTEMPTS):
        assert make_due(world.platform, renderer, 10) == 1
        world.clock.advance(timedelta(days=1))
    assert make_due(world.platform, renderer, 10) == 0
    (row,) = documents(world)
    make_bytes(world.platform, renderer, row.id)
    assert documents(world)[0].state == "ready"


class KilledError(BaseException):
    """The process ends here."""


class DyingStore(FileStore):
    """A file store in a process that is killed while it writes."""

    def put(self, *_arguments: object, **_options: object) -> StoredBlob:
        raise KilledError


def test_worker_killed_while_rendering_leaves_the_document_to_the_next(
    world: World, renderer: PretendRenderer
) -> None:
    open_papers(world)
    renderer.fails = [KilledError()]
    with pytest.raises(KilledError):
        make_due(world.platform, renderer, 10)
    assert documents(world)[0].state == "pending"
    assert make_due(world.platform, renderer, 10) == 0
    world.clock.advance(LEASE)
    assert make_due(world.platform, renderer, 10) == 1
    assert documents(world)[0].state == "ready"


def test_worker_killed_while_storing_leaves_the_document_to_the_next(
    world: World, renderer: PretendRenderer, tmp_path: Path
) -> None:
    open_papers(world)
    dying = replace(world.platform, files=DyingStore(tmp_path / "other"))
    with pytest.raises(KilledError):
        make_due(dying, renderer, 10)
    assert documents(world)[0].state == "pending"
    world.clock.advance(LEASE)
    assert make_due(world.platform, renderer, 10) == 1
    assert documents(world)[0].state == "ready"
