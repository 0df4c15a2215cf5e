"""`fengqiao deadline`: when does a limit end, and why."""

from __future__ import annotations

import click

from webapp.commands.house import find_book
from workflows.deadlines.explain import explain
from workflows.errors import FengqiaoError
from workflows.messages import say


@click.command()
@click.argument("rule")
@click.option("--from", "base", required=True, metavar="DATE", help="Day the limit starts from.")
@click.option("--unit", default=None, help="Unit code whose own rules and calendar count.")
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def deadline(rule: str, base: str, unit: str | None, language: str) -> None:
    """Prints the due date of RULE, then the reasons.

    First line: ISO date and "final" or "provisional". Exit code 1 where no date can be given.
    """
    try:
        answer = explain(find_book(), rule, base, unit=unit, language=language)
    except FengqiaoError as exc:
        raise click.ClickException(say(exc.message, language)) from exc
    for line in answer.lines:
        click.echo(line, err=not answer.found)
    raise SystemExit(0 if answer.found else 1)
