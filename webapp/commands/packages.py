"""`fengqiao packages …`: check, import, export and publish process packages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from webapp.commands.house import open_platform
from webapp.commands.migrate import migrate
from webapp.commands.replay import replay
from workflows.cases.decision import today_of
from workflows.catalogue import gate
from workflows.catalogue.bare import check_bare
from workflows.catalogue.neighbours import check_beside
from workflows.catalogue.source import PackageSource, read_folder, read_zip, write_folder
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import add_draft, current_version, publish
from workflows.engine.findings import Finding
from workflows.errors import FengqiaoError
from workflows.messages import say
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.organisation.units import find_path
from workflows.rollout.events import Event, note_event
from workflows.rollout.release import approve_version, demand_second_person
from workflows.rollout.versions import examine
from workflows.storage import SYSTEM

BARE_SUFFIXES = (".bpmn", ".dmn")


@click.group()
def packages() -> None:
    """Process packages: folders, zips and what the database holds."""


packages.add_command(replay)


packages.add_command(migrate)


@packages.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def check(path: Path, language: str) -> None:
    """Checks PATH (a package folder, a zip, a .bpmn or a .dmn) and prints findings as JSON lines.

    Exit code 0 when nothing was found, 1 otherwise.
    """
    try:
        findings = check_path(path)
    except FengqiaoError as exc:
        findings = (Finding("error", exc.message.code, None, exc.message, path.name, None),)
    for finding in findings:
        click.echo(json.dumps(gate.describe(finding, language), ensure_ascii=False))
    raise SystemExit(1 if findings else 0)


def check_path(path: Path) -> Sequence[Finding]:
    """Findings for whatever stands at `path`. Raises FengqiaoError if nothing readable does."""
    if path.suffix in BARE_SUFFIXES and path.is_file():
        return check_bare(path.name, path.read_bytes())
    return check_source(read_path(path), path)


def check_source(source: PackageSource, path: Path) -> tuple[Finding, ...]:
    """Findings of a package; of one in a folder also against those beside it."""
    findings = gate.check(source)
    root = next((one for one in (path, *path.resolve().parents) if (one / "bpmn").is_dir()), None)
    if root is None or path.is_file() or any(one.severity == "error" for one in findings):
        return findings
    return (*findings, *check_beside(source, root))


def read_path(path: Path) -> PackageSource:
    """A package from a zip or from a folder: `bpmn/<key>` itself, or a root with `bpmn/` in it.

    Raises InvalidInputError when there is no package.
    """
    if path.is_file():
        return read_zip(path.read_bytes())
    path = path.resolve()
    if path.parent.name in ("bpmn", "forms"):
        return read_folder(path.parent.parent, path.name)
    keys = sorted(p.parent.name for p in path.glob("bpmn/*/package.toml"))
    return read_folder(path, keys[0] if keys else path.name)


@packages.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--unit", default="", help="Unit code whose own way this is; empty: for everybody.")
def import_(path: Path, unit: str) -> None:
    """Stores the package at PATH as the next draft."""
    source = _checked(path)
    house = open_platform()
    with house.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            source,
            version_id=house.ids.next(),
            author="fengqiao packages import",
            now=house.clock.now(),
            unit_code=unit,
        )
        number = row.number
    click.echo(f"{source.key} {number} draft")


@packages.command("publish")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--unit", default="", help="Unit code whose own way this is; empty: for everybody.")
@click.option("--notes", default="", help="What changed, for those who will read it.")
def publish_(path: Path, unit: str, notes: str) -> None:
    """Stores the package at PATH and makes it the version new cases use. Its scenarios are walked
    first; errors are printed as JSON lines, and nothing is stored then."""
    source = _checked(path)
    house = open_platform()
    _refuse(examine(house, source).errors)
    with house.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            source,
            version_id=house.ids.next(),
            author="fengqiao packages publish",
            now=house.clock.now(),
            unit_code=unit,
            notes=notes,
        )
        publish(session, row, now=house.clock.now())
        event = Event("published", notes)
        note_event(session, row, event, event_id=house.ids.next(), now=house.clock.now())
        number = row.number
    click.echo(f"{source.key} {number} published")


@packages.command()
@click.argument("package")
@click.argument("number", type=int)
@click.option("--as", "username", required=True, help="Username of the second person.")
@click.option("--notes", default="", help="What they want to say.")
def approve(package: str, number: int, username: str, notes: str) -> None:
    """Approves version NUMBER of PACKAGE (key or key@unit) with somebody's rights."""
    house = open_platform()
    with house.database.reading(SYSTEM) as session:
        account = load_account(session, username).id
    try:
        actor = load_actor(house.database, account, today_of(house.clock.now()))
        approve_version(house, actor, package, number, notes=notes)
    except FengqiaoError as exc:
        raise click.ClickException(say(exc.message)) from exc
    click.echo(f"{package} {number} approved")


@packages.command("second-person")
@click.argument("when", type=click.Choice(["always", "by-difference"]))
def second_person(when: str) -> None:
    """Whether every publication needs a second person, or those that shift power."""
    house = open_platform()
    with house.database.transaction(SYSTEM) as session:
        demand_second_person(session, always=when == "always")
    click.echo(when)


@packages.command()
@click.argument("key")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--unit", default="", help="Unit code; the version that counts there is exported.")
def export(key: str, folder: Path, unit: str) -> None:
    """Writes the current version of KEY below FOLDER as bpmn/KEY and forms/KEY."""
    house = open_platform()
    with house.database.reading(SYSTEM) as session:
        try:
            row: PackageVersion = current_version(session, key, find_path(session, unit))
        except FengqiaoError as exc:
            raise click.ClickException(say(exc.message)) from exc
        source = read_zip(row.source)
    write_folder(source, folder)
    click.echo(f"{key} {row.number} → {folder}")


def _checked(path: Path) -> PackageSource:
    try:
        source = read_path(path)
        findings = check_source(source, path)
    except FengqiaoError as exc:
        raise click.ClickException(say(exc.message)) from exc
    _refuse([one for one in findings if one.severity == "error"])
    return source


def _refuse(errors: Sequence[Finding]) -> None:
    """Errors as JSON lines and exit code 1; nothing without errors."""
    for finding in errors:
        click.echo(json.dumps(gate.describe(finding, "zh-Hans"), ensure_ascii=False))
    if errors:
        raise SystemExit(1)
