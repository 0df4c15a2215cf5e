"""`fengqiao outside`: lists of other systems from the command line, in somebody's name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from webapp.commands.house import open_platform
from webapp.house import outside_systems
from webapp.settings import Settings
from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.queries.cases_list import CasesQuery
from workflows.messages import say
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.outside.apply import apply_file
from workflows.outside.export import ExportQuery, export_cases
from workflows.outside.queries.lists import RowsQuery, load_file_page
from workflows.outside.systems import Systems
from workflows.outside.take_file import TakeFile, take_file
from workflows.outside.writers import FORMATS
from workflows.storage import SYSTEM, Actor

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, writable=True, path_type=Path)
USERNAME = click.option(
    "--as", "username", required=True, help="Username in whose name and with whose rights."
)
UNIT = click.option("--unit", default=None, help="Unit code; else the first of the posts.")
DAY = click.DateTime(["%Y-%m-%d"])
CHUNK_ROWS = 500


@click.group()
def outside() -> None:
    """Lists of other systems: the province's, the court's, the petition office's."""


@outside.command("systems")
def systems() -> None:
    """Prints the systems and their columns; exit code 1 where a file of the office is wrong."""
    found = _systems()
    for system in found.by_key.values():
        columns = ",".join(column.header for column in system.columns)
        click.echo(f"{system.key}\t{system.title['zh']}\t{columns}")
    for name, why in found.problems:
        click.echo(f"{name}: {say(why)}", err=True)
    if found.problems:
        raise SystemExit(1)


@outside.command("import")
@click.argument("file", type=FILE)
@USERNAME
@UNIT
@click.option("--system", default="", help="Key of the system; else recognised by the heading.")
@click.option("--apply", "write", is_flag=True, help="Write what is sure; else only a preview.")
def import_list(file: Path, username: str, unit: str | None, system: str, write: bool) -> None:
    """Takes FILE (.csv or .xlsx) in and prints how many rows were found to be what."""
    platform, known = open_platform(), _systems()
    actor = _actor(platform, username)
    command = TakeFile(file.name, file.read_bytes(), unit, system)
    taken = take_file(platform, actor, known, command)
    if write:
        while apply_file(platform, actor, known, taken.file, most=CHUNK_ROWS).left:
            pass
    counts = load_file_page(platform, actor, RowsQuery(file=taken.file)).counts
    click.echo(f"{taken.file}\t{taken.system}\t{taken.rows}")
    for finding, count in sorted(counts.items()):
        click.echo(f"{finding}\t{count}")


@outside.command("export")
@click.argument("system")
@click.argument("target", type=TARGET)
@USERNAME
@UNIT
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="csv")
@click.option("--status", type=click.Choice(["open", "closed"]), default=None)
@click.option("--from", "first", type=DAY, default=None, help="Opened on this day or later.")
@click.option("--until", "last", type=DAY, default=None, help="Opened on this day or before.")
def export_list(
    system: str,
    target: Path,
    username: str,
    unit: str | None,
    form: str,
    status: str | None,
    first: date | None,
    last: date | None,
) -> None:
    """Writes the cases USERNAME sees whole to TARGET in the columns of SYSTEM."""
    platform = open_platform()
    query = CasesQuery(status=status, opened_from=_day(first), opened_to=_day(last))
    wanted = _systems().load(system)
    actor = _actor(platform, username)
    with target.open("wb") as file:
        done = export_cases(platform, actor, wanted, ExportQuery(query, form, unit), file)
    click.echo(f"{done.cases}\t{done.left_out}")


def _systems() -> Systems:
    return outside_systems(Settings.from_environment())


def _day(given: date | None) -> date | None:
    return None if given is None else date(given.year, given.month, given.day)


def _actor(platform: Platform, username: str) -> Actor:
    with platform.database.reading(SYSTEM) as session:
        account = load_account(session, username).id
    return load_actor(platform.database, account, today_of(platform.clock.now()))
