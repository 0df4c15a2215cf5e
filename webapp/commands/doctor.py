"""`fengqiao doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from webapp.commands.checks import machine, paper, records, seals, work
from webapp.commands.checks.result import (
    BAD,
    Findings,
    Patient,
    PatientCheck,
    Reading,
    ReadingCheck,
    Result,
    told,
)
from webapp.settings import Settings
from workflows.messages import say
from workflows.storage import SYSTEM, Clock, Database
from workflows.storage.clock import InstallationClock, SystemClock

MACHINE: tuple[PatientCheck, ...] = (
    machine.check_folder,
    machine.check_disk,
    machine.check_keys,
    machine.check_settings,
    machine.check_bundles,
    machine.check_outside,
    paper.check_fonts,
    paper.check_renderer,
)
STORED: tuple[ReadingCheck, ...] = (
    records.check_master_key,
    records.check_search,
    records.check_files,
    records.check_calendars,
    records.check_demo,
    work.check_worker,
    work.check_clocks,
    work.check_outbox,
    work.check_letters,
    work.check_documents,
    seals.check_seals,
    work.check_anchors,
)
"""Checks of what is stored; only where the tables are up to date."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def doctor(as_json: bool, language: str) -> None:
    """Examines this installation and changes nothing in it.

    One line a check: ok, warn or bad, and what to do. Exit code 1 if anything is bad.
    """
    results = examine(Settings.from_environment())
    is_well = all(result.level != BAD for result in results)
    if as_json:
        click.echo(json.dumps(_describe(results, is_well, language), ensure_ascii=False, indent=2))
    else:
        for result in results:
            click.echo(f"{result.level:<5} {result.check:<11} {say(result.message, language)}")
    raise SystemExit(0 if is_well else 1)


def examine(
    settings: Settings,
    machine_checks: tuple[PatientCheck, ...] = MACHINE,
    stored_checks: tuple[ReadingCheck, ...] = STORED,
) -> tuple[Result, ...]:
    """The results of all checks, or of some, in order. Never raises for what it finds."""
    database = Database(settings.database_url)
    patient = Patient(settings, database, SystemClock().now())
    try:
        of_machine = [result for check in machine_checks for result in _run(check, patient)]
        return (*of_machine, *_of_database(patient, stored_checks))
    finally:
        database.dispose()


def _of_database(patient: Patient, checks: tuple[ReadingCheck, ...]) -> Iterator[Result]:
    if _is_absent(patient.settings.database_url):
        yield Result("database", BAD, told("no_database"))
        return
    try:
        tables = tuple(_run(records.check_tables, patient))
    except SQLAlchemyError as error:
        yield Result("database", BAD, told("database_away", why=type(error).__name__))
        return
    yield from tables
    if all(result.level != BAD for result in tables):
        clock: Clock = SystemClock()
        if patient.settings.test_clock:
            clock = InstallationClock(patient.database)
        offices_now = clock.now()
        for check in checks:
            with patient.database.reading(SYSTEM) as session:
                yield from _run(check, Reading(patient, session, offices_now))


def _is_absent(url: str) -> bool:
    """Connecting to SQLite would make the file."""
    address = make_url(url)
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file()


def _run(check: Callable[[Any], Findings], about: Any) -> Iterator[Result]:
    """The check's results; a check that fails itself is a result too. Lets the database's own
    errors through only for the first check of it."""
    name = check.__name__.removeprefix("check_")
    try:
        for level, message in check(about):
            yield Result(name, level, message)
    except Exception as error:
        if check is records.check_tables and isinstance(error, SQLAlchemyError):
            raise
        yield Result(name, BAD, told("check_failed", why=type(error).__name__))


def _describe(results: tuple[Result, ...], is_well: bool, language: str) -> dict[str, Any]:
    """{"ok", "checks": [{"check", "level", "code", "text"}]}."""
    return {
        "ok": is_well,
        "checks": [
            {
                "check": result.check,
                "level": result.level,
                "code": result.message.code,
                "text": say(result.message, language),
            }
            for result in results
        ],
    }
