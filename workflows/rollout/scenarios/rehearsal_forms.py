"""Real forms in a rehearsal: shown with what is known, read as the site reads them, and turned
into what a scenario writes.

Files and signatures are chosen among made-up ones, so their fields become choices. Days become
`$today`, parties `$party`, files `$file`: a kept walk means the same on another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from workflows.cases.decision import NewItem, today_of
from workflows.engine.environment import World
from workflows.engine.live import loaded
from workflows.engine.values import kept, plain
from workflows.formspec import Choice, Field, Form, Store, Values, Widget, read_values
from workflows.rollout.scenarios.rehearsal import RehearsalWorld, Stand
from workflows.rollout.scenarios.rehearsal_files import fitting
from workflows.rollout.world.pure_run import PureRun

Json: TypeAlias = Any
NEAR_DAYS = 400
"""A day further away than this stands for itself: a birthday, an old contract."""


def made_up(form: Form, stand: Stand, run: PureRun | None) -> Form:
    """The form with choices in place of files and signatures. `run`: whose parties may sign, None
    before there is one."""
    signers = run.facts.parties if run is not None else ()
    files = tuple(stand.walking.files)
    return replace(form, fields=tuple(_made_up(one, files, signers) for one in form.fields))


def _made_up(one: Field, files: Sequence[str], parties: Sequence[Mapping[str, Any]]) -> Field:
    if one.repeats:
        columns = tuple(_made_up(column, files, parties) for column in one.fields)
        return replace(one, fields=columns)
    if one.widget is Widget.FILE:
        values = [(name, name) for name in fitting(files, one.accept)]
    elif one.widget is Widget.SIGNATURE:
        values = [(f"party{at}", str(party.get("name", ""))) for at, party in enumerate(parties)]
    else:
        return one
    choices = tuple(Choice(value, {"zh": title, "en": title}) for value, title in values)
    return replace(one, widget=Widget.CHECKLIST if one.multiple else Widget.CHOICE, choices=choices)


def first_values(stand: Stand, form: Form, run: PureRun, item: NewItem) -> dict[str, Json]:
    """What the form shows before anybody typed, as on the site; a file that must be there is
    chosen already."""
    ask = _Asking(stand.world, run, item)
    begins = item.properties.get("begins", "")
    known = ask(begins) if begins else None
    if known is None:
        known = _known_values(form, run, ask(None) or {})
    shown = {
        one.name: known.get(one.name) for one in form.fields if known.get(one.name) is not None
    }
    return {**_chosen(form, stand), **_named(stand.world, shown)}


def begin_values(stand: Stand, form: Form) -> dict[str, Json]:
    """The same for a start form: nothing is known yet."""
    return _chosen(form, stand)


def notice_of(stand: Stand, run: PureRun, item: NewItem) -> str:
    """What must be known before the task is done, "" for nothing."""
    text = item.properties.get("notice", "")
    return str(_Asking(stand.world, run, item)(text) or "") if text else ""


def read_data(
    stand: Stand, form: Form | None, run: PureRun | None, raw: Mapping[str, Json], who: str
) -> dict[str, Json]:
    """What was typed as the data of a scenario's step. Raises InvalidFormError with every error;
    paths are those of what was typed."""
    if form is None:
        return {}
    world = stand.world
    given = _with_files(stand, form.fields, raw, who)
    known = {}
    if run is not None:
        facts = run.facts
        known = {"case": facts.case, "parties": list(facts.parties), "unit": facts.unit}
    values = read_values(form, given, now=world.now, known=known)
    return _written(world, form, _all(form, values), run)


class _Asking:
    """Asks the run where an item stands: FEEL → its plain value, None → all process values."""

    def __init__(self, world: RehearsalWorld, run: PureRun, item: NewItem) -> None:
        self._world, self._run, self._item = world, run, item

    def __call__(self, text: str | None) -> Json:
        run, facts = self._run, self._run.facts
        around = World(facts.case, facts.parties, facts.unit, today_of(self._world.now))
        with loaded(run.around.package.process, around, run.state or b"") as live:
            task = live.standing().items.get(self._item.number)
            if task is None:
                return None
            if text is None:
                return plain(task.data)
            return plain(kept(live.environment.value(text, task.data)))


def _known_values(form: Form, run: PureRun, data: Mapping[str, Json]) -> dict[str, Json]:
    known: dict[str, Json] = {}
    for one in form.fields:
        if one.store is Store.PARTY:
            known[one.name] = [
                {**run.hidden_of_party.get(party["id"], {}), **party}
                for party in run.facts.parties
                if not party.get("ended")
            ]
        elif one.store is Store.PROCESS:
            known[one.name] = data.get(one.name)
        else:
            facts = run.facts.case if one.store is Store.CASE else run.hidden
            known[one.name] = facts.get(one.name)
    return known


def _chosen(form: Form, stand: Stand) -> dict[str, Json]:
    """The first fitting file of every field that must have one."""
    files, chosen = tuple(stand.walking.files), dict[str, Json]()
    for one in form.fields:
        if one.widget is Widget.FILE and (one.required or one.min_items):
            found = fitting(files, one.accept)[:1]
            chosen[one.name] = found if one.multiple else "".join(found)
    return chosen


def _named(world: RehearsalWorld, value: Json) -> Json:
    """Ids of files and signatures as the choices that stand for them."""
    if isinstance(value, dict):
        return {name: _named(world, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_named(world, inner) for inner in value]
    if isinstance(value, str) and value in world.named:
        return next(iter(world.named[value].values()))
    return value


def _with_files(
    stand: Stand, fields: Iterable[Field], raw: Mapping[str, Json], who: str
) -> dict[str, Json]:
    """What was typed, made-up files and signatures given to the world."""
    given = dict(raw)
    for one in fields:
        value = given.get(one.name)
        if one.repeats and isinstance(value, list):
            given[one.name] = [
                _with_files(stand, one.fields, row, who) if isinstance(row, dict) else row
                for row in value
            ]
        elif one.widget in (Widget.FILE, Widget.SIGNATURE):
            given[one.name] = _handed(stand, one, value, who)
    return given


def _handed(stand: Stand, one: Field, value: Json, who: str) -> Json:
    if isinstance(value, list):
        return [_handed(stand, one, inner, who) for inner in value]
    if one.widget is Widget.FILE and value in stand.walking.files:
        return stand.world.upload(who, value, stand.walking.files[value])
    number = str(value or "").removeprefix("party")
    if one.widget is Widget.SIGNATURE and number.isdecimal() and len(number) < 4:
        return stand.world.sign(who, int(number))
    return value


def _all(form: Form, values: Values) -> dict[str, Json]:
    """All values by field name, without what was left empty."""
    found = {**values.process, **values.case, **values.sealed}
    if form.parties is not None and values.parties is not None:
        found[form.parties.name] = values.parties
    return {name: value for name, value in found.items() if not _is_nothing(value)}


def _written(
    world: RehearsalWorld, form: Form, values: Mapping[str, Json], run: PureRun | None
) -> dict[str, Json]:
    """Values as a scenario writes them, in the order of the form."""
    ids = [party["id"] for party in run.facts.parties] if run is not None else []
    return {
        one.name: _write(world, one, values[one.name], ids)
        for one in form.fields
        if one.name in values
    }


def _write(world: RehearsalWorld, one: Field, value: Json, ids: Sequence[str]) -> Json:
    if one.repeats and isinstance(value, list):
        return [
            {
                column.name: _write(world, column, row[column.name], ids)
                for column in one.fields
                if not _is_nothing(row.get(column.name))
            }
            for row in value
        ]
    if isinstance(value, list):
        return [_write(world, one, inner, ids) for inner in value]
    if not isinstance(value, str):
        return value
    if value in world.named:
        return dict(world.named[value])
    if value in ids:
        return {"$party": ids.index(value)}
    if one.widget is Widget.DATE:
        away = (date.fromisoformat(value) - world.today()).days
        return {"$today": away} if abs(away) <= NEAR_DAYS else value
    return value


def _is_nothing(value: Json) -> bool:
    return value is None or value == "" or value == []
