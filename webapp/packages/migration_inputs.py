"""What people send about moving cases."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from webapp.packages.inputs import MOST_NUMBER
from workflows.errors import InvalidInputError
from workflows.rollout.migration.orders import OrderMigration


@dataclass(frozen=True, slots=True)
class Shown:
    """Which job the page shows, "" for the newest, and behind which of its cases it goes on."""

    job: str
    after: str | None


def read_shown(args: MultiDict[str, str]) -> Shown:
    """From the address."""
    return Shown(args.get("job", "")[:13], args.get("after", "")[:13] or None)


def read_order(package: str, after: int, form: MultiDict[str, str]) -> OrderMigration:
    """The order of the page's forms: `way` is `try`, `all` or `chosen`. Raises InvalidInputError
    where no version or no case was chosen."""
    text, way = form.get("from", ""), form.get("way", "try")
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:12]) <= MOST_NUMBER:
        raise InvalidInputError("package.no_number")
    chosen = tuple(case[:13] for case in form.getlist("case")) if way == "chosen" else None
    if chosen == ():
        raise InvalidInputError("rollout.migrate_choose")
    return OrderMigration(package, int(text), after, way == "try", chosen)
