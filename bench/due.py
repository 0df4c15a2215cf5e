"""Many runs whose clock is due, as copies of one real case with keys of their own.

One mediation is brought to where its clock runs through the use cases. A copy has its own ids, its
own data key, its parties and its engine state sealed anew for their place, so that a worker opens,
wakes and saves it like any other. Two clocks are measured: the mediation's time limit, whose firing
ends a session, makes a paper, opens a task for its mediator and tells them, which is the most a
clock does; and the answer nobody gave, whose firing closes a task and opens it once more with a
clock of its own, which is what most do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert, select, text

from bench.installation import Installation
from bench.mediation import SESSION, WALKED, case_before
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.snapshot import state_place
from workflows.cases.submission import open_party, seal_party
from workflows.cases.tables import (
    CaseKeyRow,
    CaseRecord,
    ClockRow,
    JournalEntry,
    Participation,
    Party,
    Run,
    TimelineEntry,
    WorkItem,
)
from workflows.cases.timeline import body_place, first_hash, hash_entry
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import CaseKey


@dataclass(frozen=True, slots=True)
class Kind:
    """A clock to fire: its rule, and the scenario and task at which it runs."""

    name: str
    rule: str
    scenario: str
    element: str


DEAREST = Kind("makes a paper", "mediation", WALKED, SESSION)
LIGHT = Kind("opens a task", "consent_reply", "unreachable", "ask_consent")
CHUNK = 500
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mould:
    """The rows of the real case by table, and its open key."""

    rows: Mapping[str, Sequence[Row]]
    key: CaseKey


MODELS = (CaseRecord, CaseKeyRow, Party, Participation, Run, WorkItem, ClockRow, JournalEntry)
MODELS = (*MODELS, TimelineEntry)


def fill(house: Installation, copies: int, kind: Kind = DEAREST) -> tuple[int, ...]:
    """Adds the copies; their clocks stand far ahead until `make_due`. Their run ids."""
    run_id = case_before(house, kind.scenario, kind.element).run_id
    engine = house.platform.database.engine.execution_options(fengqiao_mode="write")
    with engine.begin() as connection:
        mould = _load(house, connection, run_id)
        ids = count(house.platform.ids.next() + (1 << 40))
        made = []
        for start in range(0, copies, CHUNK):
            chunk = [_copy(house, mould, ids) for _ in range(min(CHUNK, copies - start))]
            for model in MODELS:
                name = model.__table__.name
                connection.execute(insert(model.__table__), [row for c in chunk for row in c[name]])
            made += [rows["run"][0]["id"] for rows in chunk]
    with house.platform.database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return tuple(made)


def make_due(house: Installation, runs: Sequence[int], kind: Kind = DEAREST) -> None:
    """This clock of these runs has come a moment ago."""
    due = house.platform.clock.now() - timedelta(seconds=1)
    clock, item = ClockRow.__table__, WorkItem.__table__
    engine = house.platform.database.engine.execution_options(fengqiao_mode="write")
    with engine.begin() as connection:
        for start in range(0, len(runs), CHUNK):
            mine = runs[start : start + CHUNK]
            connection.execute(
                clock.update()
                .where(clock.c.run_id.in_(mine), clock.c.rule == kind.rule, clock.c.is_open == 1)
                .values(due_at=due, fires_at=due)
            )
            connection.execute(item.update().where(item.c.run_id.in_(mine)).values(due_at=due))


def _load(house: Installation, connection: Connection, run_id: int) -> Mould:
    case_id = connection.scalar(select(Run.case_id).where(Run.id == run_id))
    rows = {}
    for model in MODELS:
        table = model.__table__
        owner = "id" if model is CaseRecord else "case_id" if "case_id" in table.c else "run_id"
        mine = table.c[owner] == (run_id if owner == "run_id" else case_id)
        found = connection.execute(select(table).where(mine))
        rows[table.name] = [dict(row._mapping) for row in found]
    key = house.platform.vault.open_key(rows["case_key"][0]["wrapped"])
    return Mould(rows, key)


def _copy(house: Installation, mould: Mould, ids: Iterator[int]) -> Mapping[str, Sequence[Row]]:
    vault = house.platform.vault
    case_id, run_id, wrapped = next(ids), next(ids), vault.new_case_key()
    key = vault.open_key(wrapped)
    own = {"case_id": case_id, "run_id": run_id}
    parties = {row["id"]: next(ids) for row in mould.rows["party"]}
    rows: dict[str, list[Row]] = {
        name: [{**row, **{k: v for k, v in own.items() if k in row}} for row in found]
        for name, found in mould.rows.items()
    }
    for row in rows["participation"]:
        row["run_id"] = run_id
    (matter,), (run,) = rows["case_record"], rows["run"]
    matter |= {"id": case_id, "number": f"{matter['number']}/{case_id}"}
    matter["parties"] = [
        {**one, "id": encode_id(parties[decode_id(one["id"])])} for one in matter["parties"]
    ]
    rows["case_key"] = [{"case_id": case_id, "wrapped": wrapped}]
    opened = mould.key.open(run["state"], state_place(run["id"]).encode())
    old, run["id"] = run["id"], run_id
    run["state"] = key.seal(opened, state_place(run_id).encode())
    for row in rows["party"]:
        fields = open_party(mould.key, row["id"], row["sealed"])
        row["id"] = parties[row["id"]]
        row["sealed"] = seal_party(key, row["id"], fields)
    for row in rows["journal_entry"]:
        entry = open_json(mould.key, row["entry"], journal_place(old, row["number"]))
        row["entry"] = seal_json(key, entry, journal_place(run_id, row["number"]))
    _chain(rows, mould, key, matter)
    return rows


def _chain(rows: Mapping[str, list[Row]], mould: Mould, key: CaseKey, matter: Row) -> None:
    """The copied record is a whole chain too, so that `audit verify` may be asked afterwards."""
    original = mould.rows["case_record"][0]["id"]
    head = first_hash(matter["id"])
    for row in sorted(rows["timeline_entry"], key=lambda line: int(line["seq"])):
        body = open_json(mould.key, row["body"], body_place(original, row["seq"]))
        row["body"] = seal_json(key, body, body_place(matter["id"], row["seq"]))
        row["hash"] = head = hash_entry(head, TimelineEntry(**row))
    matter["head_hash"] = head
