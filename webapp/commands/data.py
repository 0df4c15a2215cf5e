"""`fengqiao db` and `fengqiao audit`: the tables, and whether the record is whole."""

from __future__ import annotations

import click

from webapp.commands.house import open_platform
from workflows.cases.timeline import verify
from workflows.catalogue.versions import compile_stored
from workflows.messages import say
from workflows.storage import SYSTEM


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Brings the tables to the newest migration, compiles published packages for this release.
    Safe to repeat."""
    platform = open_platform()
    with platform.database.transaction(SYSTEM) as session:
        compile_stored(session)
    click.echo(f"{platform.database.dialect}: up to date")


@click.group()
def audit() -> None:
    """The record of what was done."""


@audit.command("verify")
def verify_() -> None:
    """Checks every case's chain and every day's anchor; exit code 1 if something was changed."""
    platform = open_platform()
    with platform.database.reading(SYSTEM) as session:
        broken = list(verify(session))
    for place in broken:
        click.echo(f"{place.case_id}\t{place.seq}\t{say(place.why)}")
    click.echo("ok" if not broken else f"{len(broken)} broken")
    raise SystemExit(1 if broken else 0)
