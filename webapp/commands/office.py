"""`fengqiao unit` and `fengqiao calendar`: what an office enters of itself, from files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from webapp.commands.house import open_platform
from workflows.cases.recount import enter_year, preview_year
from workflows.cases.tables import NORMAL
from workflows.deadlines.calendar import CalendarYear, build_year
from workflows.errors import InvalidInputError
from workflows.organisation.unit_list import read_units
from workflows.organisation.units import add_units, load_unit
from workflows.storage import SYSTEM

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
UNIT = click.option(
    "--unit", default="", help="Unit code whose own days these are; else everybody's."
)
MOST_LINES = 200
RESTRICTED = "***"
"""Instead of the number of a restricted case: what scrolls over a terminal is read by others."""


@click.group()
def unit() -> None:
    """Offices, places and grids."""


@unit.command("import")
@click.argument("file", type=FILE)
def import_units(file: Path) -> None:
    """Adds the units of a CSV FILE (编码,名称,简称,类别,层级,上级编码) that are not there yet."""
    records = read_units(file.read_bytes())
    with open_platform().database.transaction(SYSTEM) as session:
        added = add_units(session, records)
    click.echo(f"{added} / {len(records)}")


@click.group()
def calendar() -> None:
    """Holidays and swapped working days, one file a year."""


@calendar.command("preview")
@click.argument("file", type=FILE)
@UNIT
def preview(file: Path, unit: str) -> None:
    """Prints which open time limits the year in FILE would move. Changes nothing."""
    moved = preview_year(open_platform(), unit, _read(file))
    for one in moved[:MOST_LINES]:
        number = one.case_number if one.access_class == NORMAL else RESTRICTED
        click.echo(f"{number}\t{one.rule}\t{one.before}\t{one.after}\t{one.status}")
    click.echo(len(moved))


@calendar.command("load")
@click.argument("file", type=FILE)
@UNIT
def load(file: Path, unit: str) -> None:
    """Enters the year in FILE and counts every open time limit anew; prints how many moved."""
    platform = open_platform()
    if unit:
        with platform.database.reading(SYSTEM) as session:
            load_unit(session, unit)
    click.echo(enter_year(platform, unit, _read(file)))


def _read(file: Path) -> CalendarYear:
    """A year from a TOML file as those in `workflows/deadlines/data/calendars`."""
    try:
        return build_year(tomllib.loads(file.read_text(encoding="utf-8")))
    except KeyError as error:
        raise InvalidInputError("deadline.calendar_file", reason=str(error)) from error
    except (ValueError, TypeError, AssertionError, AttributeError) as error:
        raise InvalidInputError("deadline.calendar_file", reason=str(error)[:200]) from error
