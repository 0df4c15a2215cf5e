"""What an actor may begin, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.access import StartSubject, may
from workflows.cases.platform import Platform
from workflows.cases.queries.records import Titles
from workflows.catalogue.manifest import StartForm
from workflows.catalogue.versions import list_current
from workflows.formspec import Form
from workflows.organisation.tables import Unit
from workflows.storage import Actor


@dataclass(frozen=True, slots=True)
class Offer:
    """One process the actor may start in one unit. `forms`: by form name (`StartForm.form`)."""

    process: str
    title: Titles
    version: int
    unit: str
    unit_name: str
    starts: tuple[StartForm, ...]
    forms: Mapping[str, Form]


def list_offers(platform: Platform, actor: Actor) -> tuple[Offer, ...]:
    """Everything the actor may start, by unit in the order of the posts, then by process. One
    statement for the units and one for each of them."""
    codes = list(dict.fromkeys(p.unit for p in actor.posts if "open_case" in p.abilities))
    offers: list[Offer] = []
    with platform.database.reading(actor) as session:
        units = {
            unit.code: unit for unit in session.scalars(select(Unit).where(Unit.code.in_(codes)))
        }
        for unit in (units[code] for code in codes if code in units):
            for version in list_current(session, [unit.path]):
                package = platform.catalogue.load(session, version.id)
                manifest = package.manifest
                subject = StartSubject(unit.path, unit.short_name, manifest.start_roles)
                if manifest.own_starts and may(actor, "start", subject) is None:
                    offers.append(
                        Offer(
                            process=manifest.key,
                            title=manifest.title,
                            version=version.number,
                            unit=unit.code,
                            unit_name=unit.short_name,
                            starts=manifest.own_starts,
                            forms={
                                start.form: package.forms[start.form]
                                for start in manifest.own_starts
                            },
                        )
                    )
    return tuple(offers)
