"""Drafts: kept as typed, sealed, never over somebody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories.cases import World
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.queries.task_page import load_task_page
from workflows.cases.save_draft import DraftConflictError, SaveDraft, save_draft
from workflows.cases.tables import WorkItem
from workflows.errors import (
    AlreadyDoneError,
    ForbiddenError,
    InvalidInputError,
    NotVisibleError,
    StaleRevisionError,
)
from workflows.storage import SYSTEM


def test_a_draft_is_kept_unchecked_and_wins_over_what_is_known(world: World) -> None:
    _opened, talk = world.at_talk()
    actor = world.actor("mediator")
    saved = save_draft(world.platform, actor, SaveDraft(talk.id, {"outcome": "?", "x": 1}, 0))
    page = load_task_page(world.platform, actor, talk.id)
    assert saved.draft_revision == page.draft_revision == 1
    assert page.draft == {"outcome": "?", "x": 1}
    assert (page.draft_by, page.draft_at) == ("mediator", world.clock.now())
    assert page.data["summary"] == "水渠漏水淹了邻居的地窖"


def test_a_draft_is_sealed(world: World) -> None:
    _opened, talk = world.at_talk()
    save_draft(world.platform, world.actor("mediator"), SaveDraft(talk.id, {"note": "秘密"}, 0))
    with world.platform.database.reading(SYSTEM) as session:
        stored = session.scalars(select(WorkItem.draft).where(WorkItem.draft.is_not(None))).one()
    assert "秘密".encode() not in stored


def test_a_draft_saved_by_somebody_since_is_a_conflict_with_both(world: World) -> None:
    _opened, talk = world.at_talk()
    save_draft(world.platform, world.actor("mediator2"), SaveDraft(talk.id, {"note": "二"}, 0))
    with pytest.raises(DraftConflictError) as conflict:
        save_draft(world.platform, world.actor("mediator"), SaveDraft(talk.id, {"note": "一"}, 0))
    found = conflict.value
    assert (found.revision, found.theirs, found.mine, found.by) == (
        1,
        {"note": "二"},
        {"note": "一"},
        "mediator2",
    )
    saved = save_draft(
        world.platform, world.actor("mediator"), SaveDraft(talk.id, {"note": "一"}, 1)
    )
    assert saved.draft_revision == 2


def test_a_revision_without_a_draft_is_stale(world: World) -> None:
    _opened, talk = world.at_talk()
    with pytest.raises(StaleRevisionError):
        save_draft(world.platform, world.actor("mediator"), SaveDraft(talk.id, {}, 4))


def test_others_at_the_form_are_named(world: World) -> None:
    _opened, talk = world.at_talk()
    save_draft(world.platform, world.actor("mediator2"), SaveDraft(talk.id, {}, 0))
    assert load_task_page(world.platform, world.actor("mediator"), talk.id).others == ("mediator2",)
    assert load_task_page(world.platform, world.actor("mediator2"), talk.id).others == ()


def test_completing_ends_the_draft(world: World) -> None:
    _opened, talk = world.at_talk()
    actor = world.actor("mediator")
    save_draft(world.platform, actor, SaveDraft(talk.id, {"note": "x"}, 0))
    world.complete("mediator", talk, outcome="again")
    page = load_task_page(world.platform, actor, talk.id)
    assert (page.draft, page.draft_revision, page.data, page.row.state) == (None, 0, {}, "done")
    with pytest.raises(AlreadyDoneError):
        save_draft(world.platform, actor, SaveDraft(talk.id, {}, 1))


def test_claiming_keeps_the_draft(world: World) -> None:
    _opened, talk = world.at_talk()
    actor = world.actor("mediator")
    save_draft(world.platform, actor, SaveDraft(talk.id, {"note": "x"}, 0))
    claim(world.platform, actor, ItemCommand(talk.id))
    assert load_task_page(world.platform, actor, talk.id).draft == {"note": "x"}


def test_a_draft_too_large_is_refused(world: World) -> None:
    _opened, talk = world.at_talk()
    with pytest.raises(InvalidInputError):
        save_draft(
            world.platform, world.actor("mediator"), SaveDraft(talk.id, {"n": "x" * 300_000}, 0)
        )


def test_drafts_are_for_whoever_may_complete(world: World) -> None:
    _opened, talk = world.at_talk()
    with pytest.raises(ForbiddenError):
        save_draft(world.platform, world.actor("head"), SaveDraft(talk.id, {}, 0))
    with pytest.raises(NotVisibleError):
        save_draft(world.platform, world.actor("stranger"), SaveDraft(talk.id, {}, 0))
