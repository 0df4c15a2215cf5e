"""`fengqiao seal`: the installation's own seal authority. Nothing of a case is shown."""

from __future__ import annotations

import click

from webapp.commands.house import open_platform
from webapp.settings import Settings
from workflows.cases.decision import today_of
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.organisation.units import load_unit
from workflows.sealing.authority import (
    init_authority,
    issue_anew,
    list_certificates,
)
from workflows.sealing.authority import revoke as revoke_certificate
from workflows.sealing.certificates import CAUSES
from workflows.sealing.keyring import Keyring
from workflows.storage import SYSTEM
from workflows.storage.clock import local_day

OFFICE = "枫桥"
"""Whose root it is where the installation has no name."""


@click.group()
def seal() -> None:
    """防篡改印: makes the authority, lists, issues and revokes certificates."""


def _keyring() -> Keyring:
    return Keyring(Settings.from_environment().secrets)


@seal.command()
def init() -> None:
    """Makes root, time-stamp authority and passphrase; harmless where they are there."""
    settings, platform = Settings.from_environment(), open_platform()
    office, now = settings.office or OFFICE, platform.clock.now()
    with platform.database.transaction(SYSTEM) as session:
        made = init_authority(session, Keyring(settings.secrets), office, now)
    if made:
        click.echo(
            "防篡改印已启用。请把 secrets/seal.passphrase 另存到安全处，不要与备份放在一起。"
        )
    else:
        click.echo("防篡改印早已启用，没有改动。")


@seal.command("list")
def show() -> None:
    """One line a certificate: serial, state, last day, unit."""
    with open_platform().database.reading(SYSTEM) as session:
        for one in list_certificates(session):
            last = local_day(one.not_after).isoformat()
            click.echo(f"{one.serial}  {one.state:<9} {last}  {one.unit_code}  {one.unit_name}")


@seal.command()
@click.argument("unit")
def issue(unit: str) -> None:
    """A new certificate for the unit with this code, as after a revocation; prints its serial."""
    platform = open_platform()
    with platform.database.transaction(SYSTEM) as session:
        found = load_unit(session, unit)
        now = platform.clock.now()
        row = issue_anew(session, _keyring(), found.code, found.name, now)
        click.echo(row.serial)


@seal.command()
@click.argument("serial")
@click.option("--as", "username", required=True, help="Username of the administrator.")
@click.option("--cause", type=click.Choice(sorted(CAUSES)), required=True, help="RFC 5280 5.3.1.")
@click.option("--reason", required=True, help="What happened, in words.")
def revoke(serial: str, username: str, cause: str, reason: str) -> None:
    """Revokes a certificate for good: its seals are called revoked from now on."""
    platform = open_platform()
    now = platform.clock.now()
    with platform.database.reading(SYSTEM) as session:
        account = load_account(session, username).id
    actor = load_actor(platform.database, account, today_of(now))
    with platform.database.transaction(SYSTEM) as session:
        revoke_certificate(session, _keyring(), actor, serial, cause=cause, reason=reason, now=now)
    click.echo(f"已吊销 {serial}")
