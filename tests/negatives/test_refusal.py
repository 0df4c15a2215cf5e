"""1. One party's refusal starts no mediation: not by any task, start form, message or answer."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import rollout
from tests.negatives.asking import ask
from tests.negatives.registry import asked
from tests.negatives.site_world import SiteWorld, build
from tests.negatives.surfaces import ROOT
from workflows import decisions
from workflows.cases.tables import WorkItem
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id, encode_item
from workflows.storage.vault import Vault

PACKAGES = ("judicial_confirmation", "people_mediation", "litigation_handoff")
MEDIATES = {
    "inform_rights",
    "assign_mediator",
    "choose_mediator",
    "contact_other",
    "disclose",
    "hold_session",
    "draft_agreement",
    "sign_paper",
    "sign_agreement",
    "sign_application",
}
"""Tasks of mediating, and of what can only follow it."""
REFUSED: Mapping[str, tuple[str, int]] = {
    "people_mediation": ("refused", 2),
    "litigation_handoff": ("refused", 2),
    "judicial_confirmation": ("refused", 1),
}
"""Package → scenario, and how many steps up to the refusal."""
WAYS = {
    "route POST api.complete",
    "route POST cases.complete",
    "route POST api.send_message",
    "route POST api.answer_handoff",
    "route POST handoffs.answer",
    "route POST api.open_case",
    "route POST cases.open_case",
}
ON: Mapping[str, Any] = {"consent": "agreed", "outcome": "success", "takes": "yes"}


def tasks(site: SiteWorld) -> list[WorkItem]:
    with site.platform.database.reading(SYSTEM) as session:
        return list(session.scalars(select(WorkItem).order_by(WorkItem.number)).all())


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_after_a_refusal_nothing_goes_on(
    key: str, database: Database, tmp_path: Path, vault: Vault
) -> None:
    """Whoever tries, with whatever is typed: what was asked once is not asked again."""
    site = build(database, tmp_path, vault, io.StringIO(), PACKAGES)
    name, steps = REFUSED[key]
    world = site.walk(name, steps, key)
    before = {row.element for row in tasks(site)}
    assert before & MEDIATES == set()
    for row in tasks(site):
        item = encode_item(row.run_id, row.number)
        for who in ("intake", "head", "mediator", "liaison", "judge"):
            body = {"data": dict(ON), "revision": row.revision}
            for path, sent in (
                (f"/api/v1/tasks/{item}/complete", {"json": body}),
                (f"/tasks/{item}", {"data": {**ON, "_revision": str(row.revision)}}),
            ):
                status = ask(site.app, site.token(who), "POST", path, **sent).status
                assert status >= 400, (row.element, who)
    for message in (f"{key}.agreed", f"{key}.withdraw", f"{key}.confirmed"):
        body = {"message_id": message, "name": message, "payload": dict(ON)}
        path = f"/api/v1/cases/{world.case}/messages"
        assert ask(site.app, site.token("head"), "POST", path, json=body).status >= 400
    letter = encode_id(site.platform.ids.next())
    for path, sent in (
        (f"/api/v1/handoffs/{letter}/answer", {"json": {"outcome": "accepted"}}),
        (f"/letters/{letter}/answer", {"data": {"outcome": "accepted"}}),
    ):
        assert ask(site.app, site.token("liaison"), "POST", path, **sent).status == 404
    assert {row.element for row in tasks(site)} == before


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_its_whole_way_ends_without_mediating(key: str) -> None:
    name, _steps = REFUSED[key]
    run = rollout.run_of(name, key)
    done = {getattr(step, "element", "") for step in rollout.scenario(name, key).steps}
    assert done & MEDIATES == set()
    assert run.ended == rollout.scenario(name, key).end_element


@pytest.mark.parametrize("consent", [False, None])
def test_a_petition_goes_to_mediators_only_with_both_consents(consent: bool | None) -> None:
    """The table that decides about it, with everything else in favour."""
    table = decisions.load((ROOT / "bpmn" / "petition" / "mediation_fit.dmn").read_bytes())
    favour = {"clause31": 6, "civil_matter": True, "mediator_kind": "committee"}
    assert table.evaluate("mediation_fit", {**favour, "both_consent": True}) is True
    assert table.evaluate("mediation_fit", {**favour, "both_consent": consent}) is False


def test_every_way_is_listed() -> None:
    assert asked(1) == WAYS
