"""`fengqiao outbox`: what could not leave, and another try for it."""

from __future__ import annotations

import click
from sqlalchemy import select

from webapp.commands.house import open_platform
from workflows.messages import Message, say
from workflows.storage import SYSTEM
from workflows.storage import outbox as rows
from workflows.storage.tables import OutboxRow

MOST_LINES = 1000


@click.group()
def outbox() -> None:
    """What must leave the installation and was given up after many attempts."""


@outbox.command("list")
def list_() -> None:
    """One line a dead row: id, topic, when it was written, attempts, the last error."""
    with open_platform().database.reading(SYSTEM) as session:
        dead = session.scalars(
            select(OutboxRow)
            .where(OutboxRow.state == "dead")
            .order_by(OutboxRow.id)
            .limit(MOST_LINES)
        )
        for row in dead:
            written = row.created_at.isoformat(timespec="seconds")
            click.echo(f"{row.id}\t{row.topic}\t{written}\t{row.attempts}\t{row.last_error or ''}")


@outbox.command()
@click.argument("topic")
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def revive(topic: str, language: str) -> None:
    """Gives all dead rows of TOPIC a new set of attempts."""
    platform = open_platform()
    with platform.database.transaction(SYSTEM) as session:
        dead = session.scalars(
            select(OutboxRow.id).where(OutboxRow.state == "dead", OutboxRow.topic == topic)
        ).all()
        now = platform.clock.now()
        count = sum(rows.revive(session, row_id, now=now) for row_id in dead)
    click.echo(say(Message("outbox.revived", {"count": count}), language))
