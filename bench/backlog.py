"""Many open work items by bulk insert, in the shape the use cases write them.

One real case is opened and brought to its first session; its rows are the moulds. Each further
case is a copy with its own ids, number, title, parties, unit, dates and words. Spread: 30 % wait
for an intake officer, 20 % for a head, 50 % for a mediator, of which three in five have been
claimed; three busy committees hold a tenth of everything each, the other committees of the seven
counties share the rest, towns four times as much as villages. Due dates lie from 20 days ago to 40
days ahead; every tenth item has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    MetaData,
    Table,
    Text,
    cast,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from bench.installation import Installation
from bench.mediation import case_before_its_session
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
from workflows.storage.types import UtcDateTime

CHUNK = 2_000
BUSY_SHARE = 0.1
MEASURED = "three_posts"
"""Username of the mediator whose inbox is measured."""
TOWN_WEIGHT = {"乡": 4.0, "村": 1.0, "县": 2.0}
SPREAD = Table(
    "bench_spread",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    *(Column(name, Text) for name in ("written", "title", "parties", "words", "role")),
    *(Column(name, Text) for name in ("unit_code", "unit_path", "unit_name", "county")),
    *(Column(name, Text) for name in ("assignee",)),
    *(Column(name, UtcDateTime) for name in ("opened", "due", "warn")),
    Column("due_on", Date),
)
"""What differs from case to case; dropped when the rows are made."""

PLACE = {"unit_code": "unit_code", "unit_path": "unit_path", "county_code": "county"}
DATES = {"due_at": "due", "fires_at": "due", "due_on": "due_on", "warn_at": "warn"}
OWN: Mapping[Any, Mapping[str, str]] = {
    CaseRecord: {"id": "id", "number": "written", "title": "title", "parties_text": "parties"}
    | {"opened_at": "opened", **PLACE},
    Run: {"id": "id", "case_id": "id", "opened_at": "opened", **PLACE},
    Participation: {"case_id": "id", "run_id": "id", **PLACE},
    ClockRow: {"run_id": "id", "case_id": "id", "unit_code": "unit_code"}
    | {name: DATES[name] for name in ("due_at", "fires_at", "due_on")},
    WorkItem: {"run_id": "id", "case_id": "id", "case_number": "written", "case_title": "title"}
    | {"parties_text": "parties", "role": "role", "unit_name": "unit_name"}
    | {"assignee": "assignee", "assignee_name": "assignee", "opened_at": "opened", **PLACE}
    | {name: DATES[name] for name in ("due_at", "warn_at")},
}
"""Table → its columns that come from SPREAD; all others are the mould's."""

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
    run_id = case_before_its_session(house).run_id
    offices, shares = committees(house)
    random = Random(count)
    opened = house.platform.clock.now()
    engine = house.platform.database.engine.execution_options(fengqiao_mode="write")
    with engine.begin() as connection:
        SPREAD.create(connection)
        numbers = iter(range(1 << 40, 1 << 62, 1 << 8))
        for start in range(0, count, CHUNK):
            picked = random.choices(offices, shares, k=min(CHUNK, count - start))
            rows = [_row(random, office, next(numbers), opened) for office in picked]
            if house.dialect == "postgresql":
                rows = [{**row, "words": _with_places(row["words"])} for row in rows]
            connection.execute(insert(SPREAD), rows)
        _copy_moulds(connection, run_id)
        words: Any = SPREAD.c.words
        if house.dialect == "postgresql":
            words = cast(words, TSVECTOR)
        connection.execute(
            insert(CaseSearch).from_select(["case_id", "words"], select(SPREAD.c.id, words))
        )
        SPREAD.drop(connection)
    with house.platform.database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _copy_moulds(connection: Connection, run_id: int) -> None:
    """Every case's rows: the mould's, but for what is its own."""
    case_id = connection.scalar(select(Run.case_id).where(Run.id == run_id))
    for model, own in OWN.items():
        table: Table = model.__table__
        mould = table.alias("mould")
        columns = [
            SPREAD.c[own[column.name]] if column.name in own else mould.c[column.name]
            for column in table.c
        ]
        made = select(*columns).join_from(SPREAD, mould, literal(True))
        made = made.where(*_only_mould(mould, table.name, case_id))
        connection.execute(insert(table).from_select([c.name for c in table.c], made))


def _only_mould(mould: Any, name: str, case_id: int) -> Iterator[Any]:
    """Of the real case's rows the one that is copied."""
    yield mould.c["id" if name == "case_record" else "case_id"] == case_id
    if name == "work_item":
        yield mould.c.state == "open"
    elif name == "clock":
        yield mould.c.rule == "mediation"
    elif name == "participation":
        yield mould.c.account_id == 0


def _row(random: Random, office: Office, number: int, now: datetime) -> dict[str, Any]:
    title = f"{random.choice(WHERE)}{random.choice(WHAT)}纠纷"
    names = [random.choice(FAMILY) + random.choice(GIVEN) for _ in range(2)]
    written = f"{office.short_name}受〔2026〕第{number >> 8 & 0xFFFFF}号"
    words = [word for part in (written, title, *names) for word in words_of(part)]
    opened = now - timedelta(minutes=random.randrange(40_000))
    days = random.randrange(-20, 40)
    due = now + timedelta(days=days) if random.random() > 0.1 else FAR
    (role,) = random.choices(ROLES, ROLE_WEIGHTS)
    claimed = role == ROLES[2] and random.random() < 0.6
    return {
        "id": number,
        "written": written,
        "title": title,
        "parties": "、".join(names),
        "words": " ".join([*words, *map(unit_word, office.path.strip("/").split("/"))]),
        "role": role,
        "unit_code": office.code,
        "unit_path": office.path,
        "unit_name": office.short_name,
        "county": area_of(office.path),
        "assignee": _holder(random, office) if claimed else "",
        "opened": opened,
        "due": due,
        "warn": due - timedelta(days=7),
        "due_on": due.date(),
    }


def _holder(random: Random, office: Office) -> str:
    """One of four mediators of the committee; a fifth of everything is the measured one's."""
    return MEASURED if random.random() < 0.2 else f"m{random.randrange(4)}-{office.code}"


def _with_places(words: str) -> str:
    """PostgreSQL's way to write words in order."""
    return " ".join(f"'{word}':{place}" for place, word in enumerate(words.split(), 1))
