"""What people send about replays."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from workflows.errors import InvalidInputError
from workflows.rollout.replay.orders import MOST, REFUSED, SAME, WAITING, OrderReplay
from workflows.rollout.replay.walk import Verdict

VERDICTS = (WAITING, SAME, *(verdict.value for verdict in Verdict), REFUSED)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which replay the page shows, "" for the newest; its runs of one verdict, "" for all; behind
    which of them it goes on."""

    job: str = ""
    verdict: str = ""
    after: str | None = None


def read_shown(args: MultiDict[str, str]) -> Shown:
    """From the address. A verdict there is none of is no filter."""
    verdict = args.get("verdict", "")
    return Shown(
        job=args.get("job", "")[:13],
        verdict=verdict if verdict in VERDICTS else "",
        after=args.get("after", "")[:13] or None,
    )


def read_order(package: str, number: int, form: MultiDict[str, str]) -> OrderReplay:
    """The order of the page's form. Raises InvalidInputError where the number is none."""
    text = form.get("cases", "")
    if not text.isascii() or not text.isdigit():
        raise InvalidInputError("rollout.replay_how_many", most=MOST)
    return OrderReplay(package, number, int(text[:9]))
