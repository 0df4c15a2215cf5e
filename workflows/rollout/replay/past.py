"""What a version would have done with past cases: run by run, and in total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.cases.platform import Platform
from workflows.catalogue.package import Package
from workflows.errors import ConflictError, NotVisibleError
from workflows.messages import Message
from workflows.rollout.events import Event, note_event
from workflows.rollout.places import APPROVE, PUBLISH, check_place, find_version, read_place
from workflows.rollout.replay.runs import PastRun, list_past_runs, load_past_run
from workflows.rollout.replay.walk import Difference, Verdict, replay
from workflows.storage import Actor

PAGE = 50
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
        event = Event("replayed", notes=str(most))
        now = platform.clock.now()
        note_event(session, row, event, event_id=platform.ids.next(), now=now)
        return platform.catalogue.load(session, row.id)


def replay_past(
    platform: Platform, actor: Actor, draft: Package, *, most: int
) -> Iterator[Outcome]:
    """The newest `most` runs of the draft's procedure that the actor knows of, each through the
    draft. Nothing is written, numbered or sent. Stop by not asking for more."""
    left, before = most, None
    while left > 0:
        with platform.database.reading(actor) as session:
            page = list_past_runs(session, draft.manifest.key, most=PAGE, before=before)
        for run_id in page:
            outcome = _replay_one(platform, actor, draft, run_id)
            if outcome is not None and left > 0:
                left -= 1
                yield outcome
        if len(page) < PAGE:
            return
        before = page[-1]


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


def _replay_one(platform: Platform, actor: Actor, draft: Package, run_id: int) -> Outcome | None:
    """None for a run the actor does not know of."""
    try:
        with platform.database.reading(actor) as session:
            past = load_past_run(session, platform, actor, run_id)
    except NotVisibleError:
        return None
    try:
        found = replay(past.recorded, draft, past.due)
    except ConflictError as error:
        return _outcome(past, refused=error.message)
    return _outcome(past, steps=found.steps, differences=found.differences)


def _outcome(past: PastRun, **found: object) -> Outcome:
    return Outcome(past.case, past.case_number, past.run, **found)  # type: ignore[arg-type]
