"""The archivist's acts: acceptance, term, holds that keep the key, scores."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories.cases import rows
from tests.factories.volumes import pdf_of
from tests.volumes.conftest import Desk
from workflows.cases.tables import CaseKeyRow, TimelineEntry
from workflows.errors import ConflictError, ForbiddenError, InvalidInputError, RuleError
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id
from workflows.volumes.archive import accept_volume
from workflows.volumes.hold import lift_hold, place_hold
from workflows.volumes.review import items, most_points, print_review, review_volume
from workflows.volumes.tables import LegalHold, VolumeReview


def accept(desk: Desk, volume: str, username: str = "archivist", retention: str = "long") -> None:
    accept_volume(desk.world.platform, desk.world.actor(username), volume, retention)


def test_a_complete_volume_is_accepted_with_its_term(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    accept(desk, desk.make(opened), retention="permanent")
    shown = desk.page(opened).shown
    assert shown is not None
    assert (shown.accepted_by, shown.retention) == ("archivist", "permanent")
    assert rows(desk.world, TimelineEntry)[-1].action == "volume.accept"


def test_an_incomplete_volume_is_refused_and_says_what_is_missing(desk: Desk) -> None:
    opened = desk.open()
    volume = desk.make(opened)
    with pytest.raises(RuleError) as refused:
        accept(desk, volume)
    assert refused.value.message.code == "volumes.missing"
    assert refused.value.message.params["what"] == {"zh": "证据", "en": "Proof"}
    shown = desk.page(opened).shown
    assert shown is not None
    assert shown.accepted_at is None


def test_only_the_newest_volume_is_accepted_and_only_once(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    first, second = desk.make(opened), desk.make(opened)
    with pytest.raises(RuleError) as refused:
        accept(desk, first)
    assert refused.value.message.code == "volumes.superseded"
    accept(desk, second)
    with pytest.raises(RuleError) as again:
        accept(desk, second)
    assert again.value.message.code == "volumes.accepted_already"


def test_a_mediator_may_not_accept_hold_or_score(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    volume, actor = desk.make(opened), desk.world.actor("mediator")
    platform = desk.world.platform
    with pytest.raises(ForbiddenError):
        accept(desk, volume, "mediator")
    with pytest.raises(ForbiddenError):
        place_hold(platform, actor, opened.case, "起诉")
    with pytest.raises(ForbiddenError):
        review_volume(platform, actor, volume, {item.key: 1 for item in items()}, "")
    assert rows(desk.world, LegalHold) == rows(desk.world, VolumeReview) == []


def test_the_key_of_a_held_case_cannot_be_destroyed(desk: Desk) -> None:
    opened = desk.open()
    platform, actor = desk.world.platform, desk.world.actor("archivist")
    place_hold(platform, actor, opened.case, "当事人已起诉")
    assert desk.page(opened).hold is not None
    with pytest.raises(RuleError) as refused:
        destroy(desk, opened.case)
    assert refused.value.message.code == "volumes.held"
    assert desk.page(opened).case_id == opened.case, "its contents can still be read"
    with pytest.raises(ConflictError):
        place_hold(platform, actor, opened.case, "再次")
    lift_hold(platform, actor, opened.case)
    assert desk.page(opened).hold is None
    with pytest.raises(ConflictError):
        lift_hold(platform, actor, opened.case)
    destroy(desk, opened.case)
    with pytest.raises(RuleError) as erased:
        desk.page(opened)
    assert erased.value.message.code == "volumes.erased"


def destroy(desk: Desk, case: str) -> None:
    """Erases a case's contents."""
    with desk.world.platform.database.transaction(SYSTEM) as session:
        key = session.scalars(select(CaseKeyRow).where(CaseKeyRow.case_id == decode_id(case))).one()
        key.wrapped = None


def test_a_hold_needs_a_reason_that_only_the_case_key_opens(desk: Desk) -> None:
    opened = desk.open()
    platform, actor = desk.world.platform, desk.world.actor("archivist")
    with pytest.raises(InvalidInputError):
        place_hold(platform, actor, opened.case, "  ")
    place_hold(platform, actor, opened.case, "当事人已起诉")
    hold = desk.page(opened).hold
    assert hold is not None
    assert hold.reason == "当事人已起诉"
    assert "起诉".encode() not in rows(desk.world, LegalHold)[0].reason


def test_a_score_sheet_is_kept_shown_and_printed(desk: Desk) -> None:
    opened = desk.open(("甲.pdf", pdf_of(1)))
    volume, platform = desk.make(opened), desk.world.platform
    actor = desk.world.actor("archivist")
    full = {item.key: item.points for item in items()}
    review_volume(platform, actor, volume, {**full, "cover": 0}, "封面缺日期")
    review_volume(platform, actor, volume, full, "已补")
    page = desk.page(opened)
    assert page.review is not None
    assert (page.review.total, page.review.note) == (most_points(), "已补")
    assert len(rows(desk.world, VolumeReview)) == 2
    print_review(platform, actor, desk.renderer, volume)
    said = desk.renderer.said("卷宗评查评分表")
    assert "合计 100 100" in said
    assert "已补" in said


@pytest.mark.parametrize("wrong", [{"cover": 6}, {"cover": -1}, {}])
def test_points_beyond_an_item_are_refused(desk: Desk, wrong: dict[str, int]) -> None:
    volume = desk.make(desk.open(("甲.pdf", pdf_of(1))))
    points = {item.key: item.points for item in items() if item.key != "cover"} | wrong
    with pytest.raises(InvalidInputError):
        review_volume(desk.world.platform, desk.world.actor("archivist"), volume, points, "")
    assert rows(desk.world, VolumeReview) == []


def test_the_items_add_up_to_a_hundred() -> None:
    assert most_points() == 100
    assert len({item.key for item in items()}) == len(items())
