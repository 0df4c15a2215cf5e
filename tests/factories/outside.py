"""Lists as other systems give them, and shortcuts for taking them in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from tests.factories.cases import World
from workflows.outside.systems import load_systems
from workflows.outside.tables import OutsideRow
from workflows.outside.take_file import TakeFile, Taken, take_file
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id

SYSTEMS = load_systems()
HEADING = ("案件编号", "本地编号", "登记日期", "申请人", "被申请人", "纠纷概况")
FIRST, SECOND, THIRD = "GS6209022026030900017", "GS6209022026030900018", "GS6209022026030900019"


def line(number: str = FIRST, **cells: str) -> tuple[str, ...]:
    """One row under HEADING."""
    return (number, *(cells.get(name, "") for name in HEADING[1:]))


def csv_text(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """A CSV file as text, the heading first."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(HEADING)
    writer.writerows(rows)
    return stream.getvalue()


def csv_bytes(*rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    """The same as a file."""
    return csv_text(rows).encode(encoding)


def workbook(*rows: Sequence[Any], heading: Sequence[str] = HEADING) -> bytes:
    """The same as a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(heading))
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def take(world: World, content: bytes, username: str = "intake", **more: Any) -> Taken:
    """Hands a file in."""
    command = TakeFile("省平台三月.csv", content, **more)
    return take_file(world.platform, world.actor(username), SYSTEMS, command)


def findings(world: World, file: str) -> Mapping[int, str]:
    """Line → finding of a file's rows."""
    return {row.line: row.finding for row in kept_rows(world, file)}


def kept_rows(world: World, file: str) -> list[OutsideRow]:
    """A file's rows as they are stored."""
    with world.platform.database.reading(SYSTEM) as session:
        found = session.scalars(
            select(OutsideRow)
            .where(OutsideRow.file_id == decode_id(file))
            .order_by(OutsideRow.line)
        )
        return list(found)
