"""Later papers, missing ones, failures, crashes: what a volume says and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.factories.cases import rows
from tests.factories.volumes import SmallRenderer, pdf_of
from tests.volumes.conftest import Desk
from webapp.pdf.binder import VolumeBinder
from workflows.documents.rendering import RenderError
from workflows.errors import NotVisibleError
from workflows.volumes.assemble import assemble
from workflows.volumes.binding import BindError
from workflows.volumes.open_volume import read_volume
from workflows.volumes.tables import Volume


def test_a_later_paper_makes_a_new_volume_and_the_old_one_stays(desk: Desk) -> None:
    desk.renderer.pages = 1
    opened = desk.open(("合同.pdf", pdf_of(2)))
    first = desk.make(opened)
    before = bytes_of(desk, first)
    page = desk.page(opened)
    assert page.newer == ()
    desk.world.complete("mediator", opened.tasks[0], outcome="redo", summary="又谈")
    page = desk.page(opened)
    assert set(page.newer) == {"告知书", "记录"}
    second = desk.make(opened)
    page = desk.page(opened)
    assert [(one.number, one.is_current) for one in page.volumes] == [(2, True), (1, False)]
    assert page.shown is not None
    assert page.shown.id == second
    assert page.changes is not None
    assert page.changes.since == 1
    assert sorted(page.changes.added) == ["告知书", "记录"]
    assert page.changes.removed == ("告知书",), "the notice was replaced by a newer one"
    assert page.changes.moved == 0
    assert bytes_of(desk, first) == before


def test_an_inserted_paper_renumbers_those_behind_it(desk: Desk) -> None:
    desk.renderer.pages = 1
    opened = desk.open(("甲.pdf", pdf_of(2)))
    talk = desk.world.complete("mediator", opened.tasks[0], outcome="again", summary="谈过")
    desk.make(opened)
    records = desk.page(opened).lines[2]
    assert (records.first, records.pages) == (4, 1)
    desk.world.complete("mediator", talk.tasks[0], outcome="redo", summary="再谈")
    desk.renderer.pages = 3
    desk.make(opened)
    page = desk.page(opened)
    assert [line.first for line in page.lines] == [1, 4, 6, 10, None]
    assert page.changes is not None
    assert page.changes.moved >= 1


def test_an_older_volume_is_shown_when_asked_for(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    desk.make(opened)
    desk.make(opened)
    page = desk.page(opened, number=1)
    assert page.shown is not None
    assert (page.shown.number, page.shown.is_current) == (1, False)
    assert page.newer == ()
    with pytest.raises(NotVisibleError):
        desk.page(opened, number=3)


def test_the_same_papers_make_the_same_list_and_no_changes(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    desk.make(opened)
    desk.make(opened)
    changes = desk.page(opened).changes
    assert changes is not None
    assert (changes.added, changes.removed, changes.moved) == ((), (), 0)


def test_missing_papers_are_named_on_cover_page_and_record(desk: Desk) -> None:
    opened = desk.open()
    desk.make(opened)
    page = desk.page(opened)
    assert [title["zh"] for title in page.missing] == ["证据"]
    assert page.shown is not None
    assert [title["zh"] for title in page.shown.missing] == ["证据"]
    assert [line.is_missing for line in page.lines] == [False, True, False, False, False]
    assert "（未齐：缺证据）" in desk.renderer.said('class="cover"')
    assert "缺少必备材料：证据" in desk.renderer.said('class="note"')


def test_an_end_without_it_makes_a_line_no_longer_required(desk: Desk) -> None:
    opened = desk.open()
    desk.world.complete("mediator", opened.tasks[0], outcome="done", summary="谈成")
    desk.make(opened)
    page = desk.page(opened)
    assert page.missing == ()
    assert page.shown is not None
    assert page.shown.missing == ()
    assert not page.lines[1].required


class _Failing:
    """A binder that breaks off at one of its two steps."""

    def __init__(self, error: BaseException, at: str) -> None:
        self._error, self._at = error, at
        self._whole = VolumeBinder()

    @contextmanager
    def open(self) -> Any:
        with self._whole.open() as binding:
            yield _FailingBinding(binding, self._error, self._at)


class _FailingBinding:
    def __init__(self, binding: Any, error: BaseException, at: str) -> None:
        self._binding, self._error, self._at = binding, error, at

    def look(self, files: Sequence[Any]) -> Any:
        if self._at == "look":
            raise self._error
        return self._binding.look(files)

    def bind(self, wanted: Any, told: Callable[[int], None]) -> Any:
        told(1)
        raise self._error


def test_a_failure_is_told_and_the_volume_before_stands(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    first = desk.make(opened)
    desk.binder = _Failing(BindError("volumes.bind_timeout"), "bind")
    desk.make(opened)
    page = desk.page(opened)
    assert page.shown is not None
    assert (page.shown.id, page.shown.is_current) == (first, True)
    assert page.volumes[0].state == "failed"
    assert page.volumes[0].problem is not None
    assert page.volumes[0].problem.code == "volumes.bind_timeout"
    desk.binder = VolumeBinder()
    desk.make(opened)
    assert [one.state for one in desk.page(opened).volumes] == ["ready", "failed", "ready"]


@pytest.mark.parametrize("at", ["look", "bind"])
def test_a_worker_that_dies_leaves_the_old_volume_and_the_next_one_finishes(
    desk: Desk, at: str
) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    first = desk.make(opened)
    second = desk.order(opened)
    platform = desk.world.platform
    payload = {"volume": rows(desk.world, Volume)[-1].id}
    with pytest.raises(KeyboardInterrupt):
        assemble(platform, desk.renderer, _Failing(KeyboardInterrupt(), at), payload)
    page = desk.page(opened)
    assert page.shown is not None
    assert page.shown.id == first
    assert page.under_way is not None
    desk.work()
    page = desk.page(opened)
    assert page.shown is not None
    assert page.shown.id == second
    assemble(platform, desk.renderer, _Failing(KeyboardInterrupt(), "look"), payload)
    assert desk.page(opened).shown == page.shown, "an order that is done with is not begun again"


def test_a_busy_renderer_puts_the_order_off(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    desk.order(opened)
    payload = {"volume": rows(desk.world, Volume)[-1].id}
    busy = SmallRenderer(fails=[RenderError("documents.render_busy")])
    with pytest.raises(RenderError):
        assemble(desk.world.platform, busy, VolumeBinder(), payload)
    desk.work()
    assert desk.page(opened).volumes[0].state == "ready"


def test_an_order_nothing_came_of_may_be_given_anew(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    desk.order(opened)
    desk.world.clock.advance(timedelta(minutes=31))
    desk.make(opened)
    page = desk.page(opened)
    assert [one.state for one in page.volumes] == ["ready", "failed"]
    assert page.volumes[1].problem is not None
    assert page.volumes[1].problem.code == "volumes.given_up"


def bytes_of(desk: Desk, volume: str) -> bytes:
    _view, content = read_volume(desk.world.platform, desk.world.actor("mediator"), volume)
    with content:
        return content.read()
