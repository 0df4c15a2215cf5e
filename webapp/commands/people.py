"""`fengqiao user` and `fengqiao token`: accounts and API tokens."""

from __future__ import annotations

from datetime import datetime

import click

from webapp.commands.house import open_platform
from workflows.organisation.accounts import add_account, issue_token
from workflows.organisation.delegations import MOST_REASON, Leave, delegate
from workflows.organisation.demo import ensure_demo_account
from workflows.storage import SYSTEM


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--post", "posts", multiple=True, help="role@unit-code; may be given several times.")
@click.password_option(help="Asked for when not given.")
def add(username: str, name: str, posts: tuple[str, ...], password: str) -> None:
    """Adds an account for a new person, with posts that begin today."""
    platform = open_platform()
    with platform.database.transaction(SYSTEM) as session:
        add_account(
            session,
            platform.ids,
            username=username,
            name=name,
            password=password,
            posts=posts,
            now=platform.clock.now(),
        )
    click.echo(username)


@user.command("leave")
@click.argument("username")
@click.option("--to", "substitute", required=True, help="Username of who stands in.")
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day."
)
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day.")
@click.option("--reason", required=True, help="Why.")
def leave(username: str, substitute: str, first: datetime, last: datetime, reason: str) -> None:
    """Enters a leave for USERNAME, whose substitute may be anybody with an account."""
    platform = open_platform()
    wanted = Leave(username, substitute, first.date(), last.date(), reason[:MOST_REASON])
    with platform.database.transaction(SYSTEM) as session:
        delegate(session, platform.ids, wanted)
    click.echo(f"{username} -> {substitute} {first.date()} {last.date()}")


@click.command()
@click.argument("username")
def token(username: str) -> None:
    """Prints a new API token for USERNAME and nothing else; it is stored as a hash only.

    In a demo, role@unit-code names an account that is made at its first use.
    """
    platform = open_platform()
    now = platform.clock.now()
    with platform.database.transaction(SYSTEM) as session:
        if "@" in username:
            ensure_demo_account(session, platform.ids, username, now=now)
        made = issue_token(session, platform.ids, username=username, now=now)
    click.echo(made)
