"""Work items as rows: what a decision added, finished or took away.

Rows are dicts by column name (`snapshot.ITEM_COLUMNS`): the same shape the snapshot gives, lists
show, and one upsert writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select

from workflows.cases.decision import NewItem
from workflows.cases.facts import names_in
from workflows.cases.participation import join_person, join_unit
from workflows.cases.snapshot import LoadedRun
from workflows.cases.tables import FAR, NOBODY, WorkItem
from workflows.catalogue.manifest import Manifest
from workflows.organisation.tables import Account, Person, Unit
from workflows.organisation.units import load_unit, resolve_scope
from workflows.storage import Actor, Session
from workflows.storage.upsert import upsert

Row = dict[str, Any]
LABEL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Assigned:
    """Whom a new item belongs to. `account_id` None where the account was known before."""

    username: str
    name: str
    account_id: int | None = None


def area_of(unit_path: str) -> str:
    """The code by which wide lists find a unit's rows: the county, the second segment of a path;
    of a unit above the counties itself."""
    codes = unit_path.strip("/").split("/")
    return codes[1] if len(codes) > 1 else codes[0]


def stage_of(manifest: Manifest, process_id: str) -> tuple[str, Mapping[str, str]]:
    """Key and title of the stage a diagram belongs to; empty where it belongs to none."""
    for stage in manifest.stages:
        if process_id in stage.processes:
            return stage.key, stage.title
    return "", {"zh": "", "en": ""}


def instance_label(keys: Sequence[Any], parties: Iterable[Mapping[str, Any]]) -> str | None:
    """Whom or what a multi-instance task is about: the party's name where the key is a party."""
    names = {str(party.get("id")): str(party.get("name", "")) for party in parties}
    label = "、".join(names.get(str(key)) or str(key) for key in keys)
    return label[:LABEL_CHARACTERS] or None


def add_items(
    session: Session,
    loaded: LoadedRun,
    manifest: Manifest,
    new: Sequence[NewItem],
    clocks: Mapping[int, Mapping[str, Any]],
    *,
    actor: Actor,
    at: datetime,
) -> list[Row]:
    """Rows for new items, not written yet. Units and persons that come in take part from now on.

    `clocks`: all open clocks of the run by number. Reads a unit only for lanes outside the run's
    own, and an account only for people who had nothing to do with the run before.
    """
    rows = []
    for item in new:
        unit = unit_of(session, loaded, item, at)
        assigned = _assigned(session, loaded, item, actor)
        if assigned.account_id is not None:
            join_person(
                session,
                loaded.case,
                loaded.parts,
                account_id=assigned.account_id,
                why="assign",
                at=at,
            )
        rows.append(_row(loaded, manifest, item, unit, assigned, clocks, at))
    return rows


def finish(row: Mapping[str, Any], state: str, *, account_id: int, at: datetime) -> Row:
    """The row of an item that was done, or left without being done (`gone`)."""
    return {
        **row,
        "state": state,
        "revision": row["revision"] + 1,
        "done_at": at,
        "done_by": account_id,
    }


def with_case_facts(row: Mapping[str, Any], loaded: LoadedRun) -> Row:
    """The row with what its case is called now."""
    return {**row, **_case_texts(loaded)}


def with_clock(row: Mapping[str, Any], clock: Mapping[str, Any] | None) -> Row:
    """The row with the due date of its clock."""
    return {**row, **due_of(clock)}


def due_of(clock: Mapping[str, Any] | None) -> dict[str, datetime]:
    """`due_at` and `warn_at` an item has from its clock; FAR without one or while it is paused."""
    if clock is None or clock["status"] in ("paused", "uncomputable"):
        return {"due_at": FAR, "warn_at": FAR}
    warnings = [datetime.fromisoformat(text) for text in clock["warn_at"]]
    return {"due_at": clock["due_at"], "warn_at": min([*warnings, clock["due_at"]])}


def save_items(session: Session, rows: Sequence[Row]) -> None:
    """Writes new and changed rows: one statement. The draft of an item that stays open is left
    alone, because somebody may be saving it just now; that of a finished one goes."""
    upsert(
        session,
        WorkItem.__table__,
        [{**row, "draft": None} for row in rows],
        keep=("draft_revision", "draft_by", "draft_at"),
        instead=_keep_open_draft,
    )


def _keep_open_draft(stored: Any, new: Any) -> Mapping[str, Any]:
    return {"draft": case((new.state == "open", stored.draft), else_=None)}


def unit_of(session: Session, loaded: LoadedRun, item: NewItem, at: datetime) -> Unit | None:
    """The unit of a lane outside the run's own, which takes part from now on; None for the run's
    own unit."""
    code = resolve_scope(session, item.scope, loaded.run.unit_code, item.role)
    if code == loaded.run.unit_code:
        return None
    unit = load_unit(session, code)
    join_unit(
        session,
        loaded.run,
        loaded.parts,
        unit_code=unit.code,
        unit_path=unit.path,
        level="process",
        why="task",
        at=at,
    )
    return unit


def _assigned(session: Session, loaded: LoadedRun, item: NewItem, actor: Actor) -> Assigned:
    username = item.assignee or ""
    if not username:
        return Assigned("", "")
    if username == actor.username:
        return Assigned(username, actor.name, actor.account_id or None)
    for row in loaded.items:
        if row["assignee"] == username:
            return Assigned(username, row["assignee_name"])
    found = session.execute(
        select(Account.id, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.username == username)
    ).one_or_none()
    return Assigned(username, found.name, found.id) if found else Assigned("", "")


def _case_texts(loaded: LoadedRun) -> Row:
    case = loaded.case
    return {
        "case_number": case.number,
        "case_title": case.title,
        "case_kind": case.kind,
        "parties_text": case.parties_text,
        "access_class": loaded.run.access_class,
    }


def _row(
    loaded: LoadedRun,
    manifest: Manifest,
    item: NewItem,
    unit: Unit | None,
    assigned: Assigned,
    clocks: Mapping[int, Mapping[str, Any]],
    at: datetime,
) -> Row:
    stage, stage_title = stage_of(manifest, item.process)
    home = loaded.unit
    clock = clocks.get(item.clock) if item.clock is not None else None
    path = unit.path if unit else home.path
    return {
        "run_id": loaded.run.id,
        "number": item.number,
        "case_id": loaded.case.id,
        "revision": 1,
        "state": "open",
        "element": item.element,
        "process_id": item.process,
        "process": loaded.run.process,
        "title": dict(item.title),
        "stage": stage,
        "stage_title": dict(stage_title),
        **_case_texts(loaded),
        "role": item.role,
        "acts_for_party": int(item.acts_for_party),
        "unit_code": unit.code if unit else home.code,
        "unit_path": path,
        "unit_name": unit.short_name if unit else home.short_name,
        "county_code": area_of(path),
        "assignee": assigned.username,
        "assignee_name": assigned.name,
        "instance": list(item.instance),
        "instance_label": instance_label(item.instance, loaded.case.parties),
        "form": item.form,
        "priority": item.priority,
        "clock_number": item.clock,
        **due_of(clock),
        "opened_at": at,
        "done_at": None,
        "done_by": NOBODY,
        "draft_revision": 0,
        "draft_by": None,
        "draft_at": None,
    }


def party_names(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The parties' names of a row, in order."""
    return names_in(row["parties_text"])
