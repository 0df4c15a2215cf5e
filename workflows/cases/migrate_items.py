"""Open work items as another version words them: title, form, stage, role, unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.cases.decision import today_of
from workflows.cases.item_rows import Row, area_of, stage_of, unit_of
from workflows.cases.new_work import new_items
from workflows.cases.snapshot import LoadedRun, state_place
from workflows.catalogue.package import Package
from workflows.engine.environment import World
from workflows.engine.live import loaded as live_state
from workflows.engine.standing import Standing
from workflows.organisation.candidates import find_candidates
from workflows.storage import Session


def items_under(
    session: Session, loaded: LoadedRun, old: Package, new: Package, at: datetime
) -> list[Row]:
    """Rows that change when the run, which holds its new state already, goes from `old` to `new`.

    A row keeps its assignee, draft and clock. Its revision rises where what its reader sees or may
    enter is another: a page that is open must then be looked at again.
    """
    changed = []
    for row in loaded.items:
        words = _words(row["element"], new)
        if old.process.elements[row["element"]].scope != (
            new.process.elements[row["element"]].scope
        ):
            words |= _place(session, loaded, row, new, at)
        rewritten = {**row, **words}
        if rewritten != row or _shown(row["element"], old) != _shown(row["element"], new):
            changed.append({**rewritten, "revision": row["revision"] + 1})
    return changed


def _words(name: str, package: Package) -> Row:
    element = package.process.elements[name]
    stage, stage_title = stage_of(package.manifest, element.process)
    return {
        "process_id": element.process,
        "title": dict(element.title),
        "stage": stage,
        "stage_title": dict(stage_title),
        "role": element.role or "",
        "acts_for_party": int(element.acts_for_party),
        "form": element.form,
        "priority": int(element.properties.get("priority", "0")),
    }


def _shown(name: str, package: Package) -> tuple[Any, ...]:
    """What a task's page shows besides its row."""
    element = package.process.elements[name]
    form = package.form_of(element.form)
    asked = None if form is None else (form.schema, form.ui)
    return element.instructions, element.documentation, dict(element.properties), asked


def _place(
    session: Session, loaded: LoadedRun, row: Row | Any, package: Package, at: datetime
) -> Row:
    """The unit the lane's scope names now."""
    run, facts = loaded.run, loaded.facts()
    world = World(facts.case, facts.parties, facts.unit, today_of(at))
    state = loaded.key.open(run.state, state_place(run.id).encode())

    def people(role: str) -> list[str]:
        found = find_candidates(session, role, run.unit_code, today_of(at))
        return [person.username for person in found if person.username]

    with live_state(package.process, world, state, people) as live:
        items = new_items(live, live.standing(), Standing())
    item = next(one for one in items if one.number == row["number"])
    unit = unit_of(session, loaded, item, at)
    home = loaded.unit
    path = unit.path if unit else home.path
    return {
        "unit_code": unit.code if unit else home.code,
        "unit_path": path,
        "unit_name": unit.short_name if unit else home.short_name,
        "county_code": area_of(path),
    }
