"""`fengqiao demo`: the invented Jiuquan installation, and what `fengqiao run` does at first."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import click

from webapp.house import build_platform
from webapp.pdf.answers import build_renderer
from webapp.settings import Settings, SettingsError
from workflows.cases.platform import Platform
from workflows.catalogue.source import find_keys, read_folder
from workflows.catalogue.versions import compile_stored, import_built_ins
from workflows.organisation.demo import (
    DemoAccount,
    build_demo,
    ensure_demo_account,
    list_demo_accounts,
)
from workflows.organisation.roles import save_built_in_roles
from workflows.rollout.demo import build_demo_cases, list_named_accounts
from workflows.sealing.authority import init_authority
from workflows.sealing.keyring import Keyring
from workflows.storage import SYSTEM
from workflows.storage.installation import check_master_key

DEMO_OFFICE = "枫桥演示"
"""Whose root the demo's seals lead to."""
ROOT = Path(__file__).parents[2]
"""Where `bpmn/` and `forms/` of the product stand."""


@click.command()
def demo() -> None:
    """Adds demo units, people, accounts and cases to an empty installation."""
    prepare(Settings.from_environment())


def prepare(settings: Settings, build_cases: Callable[..., int] = build_demo_cases) -> None:
    """Brings tables and built-in packages up to date; on loopback builds the demo once (people,
    then cases if there are none) and prints its sign-ins. Raises SettingsError where the demo may
    not exist. `build_cases`: makes the cases, as `build_demo_cases`."""
    platform = build_platform(settings)
    platform.database.upgrade()
    with platform.database.transaction(SYSTEM) as session:
        check_master_key(session, platform.vault)
        save_built_in_roles(session)
        now = platform.clock.now()
        for key in import_built_ins(session, ROOT, next_id=platform.ids.next, now=now):
            click.echo(f"流程包 {key} 已发布")
        compile_stored(session)
    if settings.is_loopback:
        _build(platform, settings, build_cases)
    elif settings.demo_password:
        raise SettingsError("FENGQIAO_DEMO_PASSWORD: demo accounts exist on loopback only.")
    platform.database.dispose()


def _build(platform: Platform, settings: Settings, build_cases: Callable[..., int]) -> None:
    password = settings.demo_password or secrets.token_urlsafe(9)
    now = platform.clock.now()
    with platform.database.transaction(SYSTEM) as session:
        built = build_demo(session, platform.ids, password=password, now=now)
        for name in list_named_accounts(read_folder(ROOT, key) for key in find_keys(ROOT)):
            ensure_demo_account(session, platform.ids, name, now=now)
        accounts = list_demo_accounts(session)
        init_authority(session, Keyring(settings.secrets), settings.office or DEMO_OFFICE, now)
    renderer = build_renderer(settings)
    try:
        if build_cases(platform, renderer=renderer, tell=_tell):
            click.echo()
    finally:
        renderer.close()
    _print(accounts, password if built else None)


def _tell(done: int, total: int) -> None:
    """One line that counts up."""
    click.echo(f"\r演示案件 {done}/{total}", nl=False)


def _print(accounts: tuple[DemoAccount, ...], password: str | None) -> None:
    click.echo("\n演示账号（全部虚构）")
    for account in accounts:
        click.echo(
            f"  {account.username:<14}{account.name}　{account.role}（{account.title_en}）"
            f"　{account.unit_name}"
        )
    if password:
        click.echo(f"  密码  {password}\n")
    else:
        click.echo(
            "  密码在首次启动时已显示；忘记了就换一个数据文件夹，或用 FENGQIAO_DEMO_PASSWORD\n"
        )
