"""`fengqiao packages migrate`: running cases of a package go to another version."""

from __future__ import annotations

import click

from webapp.commands.house import open_platform
from workflows.cases.platform import Platform
from workflows.errors import FengqiaoError
from workflows.messages import say
from workflows.rollout.migration.orders import OrderMigration, order_migration
from workflows.rollout.migration.view import JobPage, load_job_page
from workflows.rollout.migration.work import work_off
from workflows.rollout.orders import OPEN
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id


@click.command()
@click.argument("key")
@click.option("--from", "before", type=int, required=True, help="Number of the version to leave.")
@click.option("--to", "after", type=int, required=True, help="Number of the version in use.")
@click.option("--case", "cases", multiple=True, help="Only this case; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each case.")
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def migrate(
    key: str, before: int, after: int, cases: tuple[str, ...], dry_run: bool, language: str
) -> None:
    """Moves the running cases of KEY (or key@unit) and prints how many went and why others stay.

    Interrupted, it goes on with the worker, or when it is called again. Exit code 1 where a case
    stays.
    """
    order = OrderMigration(key, before, after, dry_run, cases or None)
    platform = open_platform()
    try:
        page = _work_off(platform, order_migration(platform, SYSTEM, order))
    except FengqiaoError as exc:
        raise click.ClickException(say(exc.message, language)) from exc
    for verdict, count in sorted(page.job.counts.items()):
        click.echo(f"{verdict} {count}")
    for reason in page.reasons:
        click.echo(f"{reason.cases} × {say(reason.message, language)}")
    raise SystemExit(1 if page.reasons else 0)


def _work_off(platform: Platform, job: str) -> JobPage:
    """The worker may be at the same order: each case is decided once."""
    page = load_job_page(platform, SYSTEM, job)
    while page.job.state == OPEN:
        work_off(platform, {"job": decode_id(job)})
        page = load_job_page(platform, SYSTEM, job)
        click.echo(f"{page.job.done} / {page.job.total}", err=True)
    return page
