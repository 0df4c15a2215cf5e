"""The `fengqiao` console script. Groups load when asked for: `deadline` starts fast."""

from __future__ import annotations

import importlib
import sys

import click

from workflows.errors import FengqiaoError
from workflows.messages import say

COMMANDS = {
    "run": "webapp.commands.serve:run",
    "serve": "webapp.commands.serve:serve",
    "worker": "webapp.commands.serve:worker",
    "demo": "webapp.commands.demo:demo",
    "db": "webapp.commands.data:db",
    "backup": "webapp.commands.backup:backup",
    "restore": "webapp.commands.backup:restore",
    "audit": "webapp.commands.data:audit",
    "doctor": "webapp.commands.doctor:doctor",
    "seal": "webapp.commands.seal:seal",
    "outbox": "webapp.commands.outbox:outbox",
    "outside": "webapp.commands.outside:outside",
    "user": "webapp.commands.people:user",
    "unit": "webapp.commands.office:unit",
    "calendar": "webapp.commands.office:calendar",
    "token": "webapp.commands.people:token",
    "packages": "webapp.commands.packages:packages",
    "deadline": "webapp.commands.deadline:deadline",
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, name = target.split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="fengqiao")
def fengqiao() -> None:
    """枫桥: case handling for dispute-resolution centres."""


def main() -> None:
    """Entry of the console script: domain refusals become one line and exit code 1."""
    from webapp.settings import SettingsError

    try:
        fengqiao(prog_name="fengqiao")
    except FengqiaoError as exc:
        click.echo(say(exc.message), err=True)
        sys.exit(1)
    except SettingsError as exc:
        click.echo(str(exc), err=True)
        sys.exit(2)
