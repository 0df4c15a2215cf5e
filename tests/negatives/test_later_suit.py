"""4. The mediator is barred from the later suit, even where the same person is a judge of that
court: no way to get the judge's task, or to do it, is open to them; it is to any other judge."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.negatives.asking import ask
from tests.negatives.registry import asked
from tests.negatives.site_world import SiteWorld, build
from workflows.cases.claim_task import list_assignable
from workflows.cases.tables import WorkItem
from workflows.organisation.accounts import new_post
from workflows.organisation.actors import load_actor
from workflows.organisation.tables import Account, Delegation
from workflows.storage import SYSTEM, Database
from workflows.storage.clock import local_day
from workflows.storage.ids import encode_item
from workflows.storage.vault import Vault

PACKAGES = ("judicial_confirmation", "people_mediation", "litigation_handoff")
MEDIATOR, OTHER = "特邀调解员@620902-FY", "承办法官@620902-FY"
RULING = {"resumed_on": "2026-03-04", "mediator_barred": True}


class Suit:
    """A suit that goes on after mediation failed; its judge's task waits for somebody."""

    def __init__(self, site: SiteWorld) -> None:
        self.site = site
        site.walk("failed_resumed", 12, "litigation_handoff")
        for who in (MEDIATOR, OTHER):
            site.token(who)
        with site.platform.database.transaction(SYSTEM) as session:
            for username, role in ((MEDIATOR, "承办法官"), (MEDIATOR, "调委会主任")):
                account = session.scalars(select(Account).where(Account.username == username)).one()
                post = new_post(
                    site.platform.ids, account.person_id, role, "620902-FY", date(2020, 1, 1)
                )
                session.add(post)
        self.item = encode_item(self.row().run_id, self.row().number)

    def row(self) -> Any:
        with self.site.platform.database.reading(SYSTEM) as session:
            return session.scalars(select(WorkItem).where(WorkItem.element == "resume_trial")).one()

    def offered(self) -> set[str | None]:
        """Whom the list offers to whoever hands the task out."""
        platform = self.site.platform
        with platform.database.reading(SYSTEM) as session:
            head = session.scalars(select(Account.id).where(Account.username == MEDIATOR)).one()
        actor = load_actor(platform.database, head, local_day(platform.clock.now()))
        return {one.username for one in list_assignable(platform, actor, self.item)}

    def post(self, who: str, path: str, **body: Any) -> int:
        return ask(self.site.app, self.site.token(who), "POST", path, **body).status

    def give_up(self) -> None:
        """The task is nobody's again."""
        if self.row().assignee:
            body = {"revision": self.row().revision, "reason": "另行安排"}
            head = self.site.token(MEDIATOR)
            path = f"/api/v1/tasks/{self.item}/return"
            assert ask(self.site.app, head, "POST", path, json=body).status == 200


def by_api_claim(suit: Suit, who: str) -> None:
    body = {"revision": suit.row().revision}
    suit.post(who, f"/api/v1/tasks/{suit.item}/claim", json=body)


def by_api_assign(suit: Suit, who: str) -> None:
    body = {"revision": suit.row().revision, "to": who}
    suit.post(MEDIATOR, f"/api/v1/tasks/{suit.item}/assign", json=body)


def by_api_bulk(suit: Suit, who: str) -> None:
    suit.post(who, "/api/v1/tasks/bulk", json={"ids": [suit.item], "action": "claim"})


def by_page_claim(suit: Suit, who: str) -> None:
    suit.post(who, f"/tasks/{suit.item}/claim", data={"revision": str(suit.row().revision)})


def by_page_bulk(suit: Suit, who: str) -> None:
    suit.post(who, "/inbox/bulk", data={"item": suit.item, "action": "claim"})


def by_page_assign(suit: Suit, who: str) -> None:
    suit.post(MEDIATOR, "/inbox/assign/to", data={"item": suit.item, "to": who})


def by_handover(suit: Suit, who: str) -> None:
    """From a judge who leaves."""
    by_api_claim(suit, "judge")
    assert suit.row().assignee == "judge"
    path = "/people/judge/handover"
    suit.post(MEDIATOR, path, data={"to": who, "reason": "调离"})


WAYS: Mapping[str, Callable[[Suit, str], None]] = {
    "route POST api.claim": by_api_claim,
    "route POST api.assign": by_api_assign,
    "route POST api.bulk": by_api_bulk,
    "route POST inbox.claim": by_page_claim,
    "route POST inbox.bulk": by_page_bulk,
    "route POST inbox.assign": by_page_assign,
    "route POST people.hand": by_handover,
}
DOES = {"route POST api.complete", "route POST cases.complete"}


@pytest.fixture
def suit(database: Database, tmp_path: Path, vault: Vault) -> Suit:
    return Suit(build(database, tmp_path, vault, io.StringIO(), PACKAGES))


def test_the_mediator_cannot_get_the_judges_task(suit: Suit) -> None:
    for name, way in WAYS.items():
        way(suit, MEDIATOR)
        assert suit.row().assignee != MEDIATOR, name
        suit.give_up()
        way(suit, OTHER)
        assert suit.row().assignee == OTHER, name
        suit.give_up()


def test_the_mediator_is_not_offered_for_it(suit: Suit) -> None:
    offered = suit.offered()
    assert OTHER in offered
    assert MEDIATOR not in offered


def test_the_mediator_cannot_do_it_either(suit: Suit) -> None:
    """Neither unclaimed, nor standing in for the judge who has it, nor where a diagram or an
    older version gave it to them."""
    for assignee in ("", "judge", MEDIATOR):
        with suit.site.platform.database.transaction(SYSTEM) as session:
            row = session.get_one(WorkItem, (suit.row().run_id, suit.row().number))
            row.assignee = assignee
            if assignee == "judge":
                add_leave(suit, session)
        body = {"data": RULING, "revision": suit.row().revision}
        status = suit.post(MEDIATOR, f"/api/v1/tasks/{suit.item}/complete", json=body)
        assert status in (403, 422), assignee
        form = {**RULING, "mediator_barred": "true", "_revision": str(suit.row().revision)}
        suit.post(MEDIATOR, f"/tasks/{suit.item}", data=form)
        assert suit.row().state == "open"
    suit.give_up()
    body = {"data": RULING, "revision": suit.row().revision}
    assert suit.post(OTHER, f"/api/v1/tasks/{suit.item}/complete", json=body) == 200


def add_leave(suit: Suit, session: Any) -> None:
    """The judge is away, and the mediator stands in."""
    names = {}
    for username in ("judge", MEDIATOR):
        account = session.scalars(select(Account).where(Account.username == username)).one()
        names[username] = account.person_id
    today = date(2026, 3, 4)
    session.add(
        Delegation(
            id=suit.site.platform.ids.next(),
            from_person=names["judge"],
            to_person=names[MEDIATOR],
            from_on=today,
            to_on=today,
            role=None,
            unit_code=None,
            reason="休假",
        )
    )


def test_every_way_is_listed() -> None:
    assert asked(4) == {*WAYS, *DOES}
