"""Many open work items by bulk insert, in the shape the use cases write them.

One real case is opened and brought to its first session; its rows are the moulds. Each further
case is a copy with its own ids, number, title, parties, unit, dates and words. Spread: 30 % wait
for an intake officer, 20 % for a head, 50 % for a mediator, of which three in five have been
claimed; three busy committees hold a tenth of everything each, the other committees of the seven
counties share the rest, towns four times as much as villages. Due dates lie from 20 days ago to 40
days ahead; every tenth item has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, insert, select, text

from bench.installation import Installation
from bench.mediation import Waiting, case_before_its_session
from workflows.cases.item_rows import area_of
from workflows.cases.search import unit_word, words_of
from workflows.cases.tables import (
    FAR,
    CaseRecord,
    CaseSearch,
    ClockRow,
    Participation,
    Run,
    WorkItem,
)
from workflows.organisation.tables import Unit
from workflows.storage import SYSTEM

CHUNK = 2_000
BUSY_SHARE = 0.1
TOWN_WEIGHT = {"乡": 4.0, "村": 1.0, "县": 2.0}
COPIED: tuple[Table, ...] = tuple(
    model.__table__ for model in (CaseRecord, Run, Participation, ClockRow, WorkItem)
)
ROLES = ("窗口受理员", "调委会主任", "人民调解员")
ROLE_WEIGHTS = (30, 20, 50)
WHAT = ("土地承包", "宅基地边界", "浇水", "欠薪", "借款", "离婚", "赡养", "噪声", "漏水", "停车")
WHERE = ("西峰镇", "银达镇", "总寨镇", "三墩镇", "双塔村", "新地村", "花园社区", "富康家园")
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = ("建国", "秀兰", "玉梅", "志强", "万年", "芷珺", "成林", "红霞", "永福", "彩云")


@dataclass(frozen=True, slots=True)
class Office:
    """A committee that has work."""

    code: str
    path: str
    short_name: str


def committees(house: Installation) -> tuple[Sequence[Office], Sequence[float]]:
    """All mediation committees, three towns' first, and how much of the work each has."""
    with house.platform.database.reading(SYSTEM) as session:
        units = session.scalars(
            select(Unit).where(Unit.kind.endswith("人民调解委员会")).order_by(Unit.code)
        ).all()
    ordered = sorted(units, key=lambda unit: (unit.level != "乡", unit.code))
    weights = [TOWN_WEIGHT[unit.level] for unit in ordered[3:]]
    rest = sum(weights)
    shares = [BUSY_SHARE] * 3 + [w / rest * (1 - 3 * BUSY_SHARE) for w in weights]
    return [Office(unit.code, unit.path, unit.short_name) for unit in ordered], shares


def fill(house: Installation, count: int) -> None:
    """Adds `count` cases with one open work item each."""
    moulds = _moulds(house, case_before_its_session(house))
    random = Random(count)
    offices, shares = committees(house)
    ids = iter(range(1 << 40, 1 << 62, 1 << 8))
    engine = house.platform.database.engine.execution_options(fengqiao_mode="write")
    with engine.begin() as connection:
        if house.dialect == "sqlite":
            connection.execute(text("PRAGMA synchronous=OFF"))
        for start in range(0, count, CHUNK):
            picked = random.choices(offices, shares, k=min(CHUNK, count - start))
            cases = [_case(random, moulds, office, next(ids)) for office in picked]
            for table in COPIED:
                connection.execute(insert(table), [case[table.name] for case in cases])
            _insert_words(connection, house.dialect, [case["words"] for case in cases])
    with house.platform.database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _insert_words(connection: Any, dialect: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if dialect == "sqlite":
        connection.execute(insert(CaseSearch), rows)
        return
    placed = [
        {
            "case_id": row["case_id"],
            "words": " ".join(f"'{word}':{n}" for n, word in enumerate(row["words"].split(), 1)),
        }
        for row in rows
    ]
    connection.execute(
        text("INSERT INTO case_search VALUES (:case_id, CAST(:words AS tsvector))"), placed
    )


def _moulds(house: Installation, waiting: Waiting) -> dict[str, dict[str, Any]]:
    """The rows of one real case, by table."""
    found = {}
    with house.platform.database.reading(SYSTEM) as session:
        case_id = session.scalars(select(Run.case_id).where(Run.id == waiting.run_id)).one()
        for table in COPIED:
            key = table.c["id" if table.name == "case_record" else "case_id"]
            statement = select(table).where(key == case_id)
            if table.name == "work_item":
                statement = statement.where(table.c.state == "open")
            if table.name == "clock":
                statement = statement.where(table.c.is_open == 1)
            found[table.name] = dict(session.raw(statement).first()._mapping)
    return found


def _case(
    random: Random, moulds: Mapping[str, Mapping[str, Any]], office: Office, number: int
) -> dict[str, dict[str, Any]]:
    what, where = random.choice(WHAT), random.choice(WHERE)
    names = [random.choice(FAMILY) + random.choice(GIVEN) for _ in range(2)]
    title = f"{where}{what}纠纷"
    opened = moulds["work_item"]["opened_at"] - timedelta(minutes=random.randrange(40_000))
    due = opened + timedelta(days=random.randrange(-20, 40)) if random.random() > 0.1 else FAR
    written = f"{office.short_name}受〔2026〕第{number >> 8 & 0xFFFFF}号"
    place = {
        "unit_code": office.code,
        "unit_path": office.path,
        "county_code": area_of(office.path),
    }
    clocked = {"due_at": due, "fires_at": due, "due_on": due.date()}
    shown = {"case_number": written, "case_title": title, "parties_text": "、".join(names)}
    rows = {
        "case_record": {"id": number, "number": written, "title": title, **place}
        | {"opened_at": opened, "parties_text": "、".join(names)},
        "run": {"id": number, "case_id": number, **place, "opened_at": opened},
        "participation": {"case_id": number, "run_id": number, "account_id": 0, **place},
        "clock": {"run_id": number, "case_id": number, "unit_code": office.code, **clocked},
        "work_item": {
            "run_id": number,
            "case_id": number,
            **place,
            **shown,
            **_held_by(random, office),
            "unit_name": office.short_name,
            "due_at": due,
            "warn_at": due - timedelta(days=7),
            "opened_at": opened,
        },
    }
    made: dict[str, dict[str, Any]] = {
        table.name: _cast(table, moulds[table.name], rows[table.name]) for table in COPIED
    }
    words = [word for part in (written, title, *names) for word in words_of(part)]
    units = [unit_word(code) for code in office.path.strip("/").split("/")]
    made["words"] = {"case_id": number, "words": " ".join([*words, *units])}
    return made


def _cast(table: Table, mould: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {**mould, **{name: value for name, value in row.items() if name in table.c}}


def _held_by(random: Random, office: Office) -> dict[str, str]:
    (role,) = random.choices(ROLES, ROLE_WEIGHTS)
    claimed = role == ROLES[2] and random.random() < 0.6
    username = f"m{random.randrange(4)}-{office.code}" if claimed else ""
    return {"role": role, "assignee": username, "assignee_name": username}
