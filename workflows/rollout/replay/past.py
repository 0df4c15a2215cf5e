"""What a version would have done with past cases: run by run, and in total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.cases.platform import Platform
from workflows.catalogue.package import Package
from workflows.catalogue.tables import PackageVersion
from workflows.errors import FengqiaoError
from workflows.messages import Message
from workflows.organisation.units import find_path
from workflows.rollout.events import Event, note_event
from workflows.rollout.places import (
    APPROVE,
    PUBLISH,
    Place,
    check_place,
    find_version,
    read_place,
)
from workflows.rollout.replay.runs import find_known_run, list_past_runs, load_past_run
from workflows.rollout.replay.telling import without_facts
from workflows.rollout.replay.walk import Difference, Verdict, replay
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id

REPLAY = PUBLISH | APPROVE
"""Abilities that let somebody see what a version would have done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. `steps`: lines walked; `refused`: why it could not be walked at all."""

    case: str
    case_number: str
    run: str
    steps: int = 0
    differences: tuple[Difference, ...] = ()
    refused: Message | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The gravest difference, None for the same path."""
        grave = list(Verdict).index
        return max((d.verdict for d in self.differences), key=grave, default=None)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of many runs. `partings`: (verdict, element) → in how many runs, the most first."""

    runs: int
    same: int
    refused: int
    verdicts: Mapping[Verdict, int]
    partings: Sequence[tuple[Verdict, str, int]]


def open_replay(
    platform: Platform, actor: Actor, package: str, number: int, *, most: int
) -> Package:
    """The version to replay through, and a line in its record that the actor does.

    `package`: `key` or `key@unit`. NotVisibleError, ForbiddenError; PackageError for a draft that
    cannot run.
    """
    place = read_place(package)
    with platform.database.transaction(actor) as session:
        check_place(session, place, REPLAY)
        row = find_version(session, place, number)
        note_replay(session, platform, row, most=most)
        return platform.catalogue.load(session, row.id)


def note_replay(session: Session, platform: Platform, row: PackageVersion, *, most: int) -> None:
    """A line in the version's record: the session's actor replays so many cases through it."""
    event = Event("replayed", notes=str(most))
    now = platform.clock.now()
    note_event(session, row, event, event_id=platform.ids.next(), now=now)


def list_runs(session: Session, place: Place, *, most: int) -> list[tuple[int, int]]:
    """(run, case) row ids of the newest `most` runs a version of the place could have walked, as
    far as the session's actor knows of them: of the unit whose own way it is, and below it."""
    under = find_path(session, place.unit) if place.unit else "/"
    return list_past_runs(session, place.key, most=most, under=under)


def replay_past(
    platform: Platform, actor: Actor, draft: Package, *, most: int, unit: str = ""
) -> Iterator[Outcome]:
    """The runs of `list_runs`, each through the draft. Nothing is written, numbered or sent. Stop
    by not asking for more. `unit`: whose own way the draft is."""
    place = Place(draft.manifest.key, unit)
    with platform.database.reading(actor) as session:
        runs = list_runs(session, place, most=most)
    for run_id, _case in runs:
        outcome = replay_run(platform, actor, draft, run_id)
        if outcome is not None:
            yield outcome


def replay_run(platform: Platform, actor: Actor, draft: Package, run_id: int) -> Outcome | None:
    """One run through the draft; None for a run the actor does not know of. A journal that cannot
    be read or walked is `refused`."""
    with platform.database.reading(actor) as session:
        known = find_known_run(session, run_id)
        if known is None:
            return None
        names = encode_id(known.case.id), known.case.number, encode_id(run_id)
        try:
            past = load_past_run(session, platform, known)
        except FengqiaoError as error:
            return Outcome(*names, refused=without_facts(error.message))
    try:
        found = replay(past.recorded, draft, past.due)
    except FengqiaoError as error:
        return Outcome(*names, refused=without_facts(error.message))
    return Outcome(*names, steps=found.steps, differences=found.differences)


def total(outcomes: Iterable[Outcome]) -> Totals:
    """What all of them come to."""
    all_of_them = list(outcomes)
    verdicts = Counter(one.verdict for one in all_of_them if one.verdict is not None)
    partings: Counter[tuple[Verdict, str]] = Counter()
    for one in all_of_them:
        partings.update({(d.verdict, d.element or "") for d in one.differences})
    refused = sum(one.refused is not None for one in all_of_them)
    return Totals(
        runs=len(all_of_them),
        same=len(all_of_them) - verdicts.total() - refused,
        refused=refused,
        verdicts=dict(verdicts),
        partings=[(verdict, element, n) for (verdict, element), n in partings.most_common()],
    )
