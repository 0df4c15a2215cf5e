"""`fengqiao packages replay`: past cases through a version, before it is published."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from webapp.commands.house import open_platform
from workflows.cases.decision import today_of
from workflows.errors import FengqiaoError
from workflows.messages import say
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.rollout.places import read_place
from workflows.rollout.replay.past import Outcome, Totals, open_replay, replay_past, total
from workflows.storage import SYSTEM


@click.command()
@click.argument("package")
@click.argument("number", type=int)
@click.option("--as", "username", required=True, help="Whose cases: those this person knows of.")
@click.option("--cases", default=200, show_default=True, help="How many, the newest first.")
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def replay(package: str, number: int, username: str, cases: int, language: str) -> None:
    """Walks past cases through version NUMBER of PACKAGE (key or key@unit) and prints one JSON
    line for each that differs, then the totals. Writes nothing but that it was asked. Exit code 0
    when no case differs, 1 otherwise.
    """
    house = open_platform()
    with house.database.reading(SYSTEM) as session:
        account = load_account(session, username).id
    found = []
    try:
        actor = load_actor(house.database, account, today_of(house.clock.now()))
        version = open_replay(house, actor, package, number, most=cases)
        unit = read_place(package).unit
        for outcome in replay_past(house, actor, version, most=cases, unit=unit):
            found.append(outcome)
            if outcome.verdict is not None or outcome.refused is not None:
                click.echo(json.dumps(_line(outcome, language), ensure_ascii=False))
    except FengqiaoError as error:
        raise click.ClickException(say(error.message, language)) from error
    totals = total(found)
    click.echo(json.dumps(_totals(totals), ensure_ascii=False))
    raise SystemExit(0 if totals.same == totals.runs else 1)


def _line(outcome: Outcome, language: str) -> Mapping[str, object]:
    return {
        "case": outcome.case,
        "number": outcome.case_number,
        "verdict": outcome.verdict,
        "refused": say(outcome.refused, language) if outcome.refused else None,
        "differences": [
            {
                "verdict": one.verdict,
                "step": one.step,
                "element": one.element,
                "message": say(one.message, language),
            }
            for one in outcome.differences
        ],
    }


def _totals(totals: Totals) -> Mapping[str, object]:
    return {
        "cases": totals.runs,
        "same": totals.same,
        "refused": totals.refused,
        "verdicts": totals.verdicts,
        "partings": [
            {"verdict": verdict, "element": element, "cases": cases}
            for verdict, element, cases in totals.partings
        ],
    }
