"""Publishing is power: a second person looks, a version counts at once, an earlier one comes back.

What counts is asked of the database whenever a case begins, so every process of every machine
follows with its next case.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.catalogue.source import PackageSource, read_zip
from workflows.catalogue.tables import DRAFT, PUBLISHED, RETIRED, PackageVersion
from workflows.catalogue.versions import publish
from workflows.errors import (
    ConflictError,
    ForbiddenError,
    PackageError,
    SecondPersonError,
)
from workflows.messages import Message
from workflows.notices.tell import tell
from workflows.organisation.tables import Account
from workflows.rollout.compare.comparison import Comparison, compare
from workflows.rollout.compare.power import Reason, touches_power
from workflows.rollout.events import LONGEST_NOTES, Event, note_event
from workflows.rollout.news import Subject, approval_given
from workflows.rollout.places import (
    APPROVE,
    PUBLISH,
    Place,
    check_place,
    find_base,
    find_version,
    read_place,
)
from workflows.rollout.versions import Examiner, VersionView, examine, title_of, view_of
from workflows.storage import Session
from workflows.storage.actor import Actor
from workflows.storage.installation import load_setting, save_setting

ALWAYS = "packages.always_second_person"
"""Setting: every publication needs a second person, whatever it touches."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a version would take the place of: `base_id` 0 and `base` None for a first one.
    `reasons`: why a second person has to look, empty where none has; `is_approved`: one has, at
    just this. `comparison`: with what counts now."""

    base_id: int
    base: VersionView | None
    comparison: Comparison
    reasons: tuple[Reason, ...]
    always: bool
    is_approved: bool

    @property
    def is_needed(self) -> bool:
        """Whether somebody else has to look, has looked or not."""
        return self.always or bool(self.reasons)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The reasons in words."""
        always = (Message("compare.power_always"),) if self.always else ()
        return (*always, *(one.message for one in self.reasons))

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons as programs read them."""
        return (*(("always",) if self.always else ()), *(one.code for one in self.reasons))


def look(session: Session, place: Place, row: PackageVersion) -> Looked:
    """Holds a version against what counts now. Two to four statements, half a second."""
    base = find_base(session, place)
    before = read_zip(base.source) if base is not None else None
    comparison = compare(before, read_zip(row.source))
    return Looked(
        base_id=base.id if base is not None else 0,
        base=view_of(base) if base is not None else None,
        comparison=comparison,
        reasons=touches_power(comparison),
        always=bool(load_setting(session, ALWAYS, False)),
        is_approved=is_approved(row, base),
    )


def is_approved(row: PackageVersion, base: PackageVersion | None) -> bool:
    """Whether somebody approved these bytes against this version."""
    against = base.id if base is not None else 0
    return row.approved_digest == row.digest and row.approved_against == against


def approve_version(
    platform: Platform,
    actor: Actor,
    package: str,
    number: int,
    *,
    notes: str = "",
    examiner: Examiner | None = None,
) -> VersionView:
    """A second person has looked at the difference. Raises NotVisibleError, ForbiddenError (not
    theirs, or their own draft under any account), ConflictError (in use already), PackageError with
    every error of a draft: what cannot be published is not approved either.

    `examiner`: as in `publish_version`."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        row = _approvable(session, place, number)
        state, source = row.state, read_zip(row.source)
    check_walked(platform, state, source, examiner)
    with platform.database.transaction(actor) as session:
        row = _approvable(session, place, number)
        looked = look(session, place, row)
        row.approver_id, row.approver = actor.account_id, actor.name
        row.approved_at, row.approved_digest = platform.clock.now(), row.digest
        row.approved_against = looked.base_id
        _note(session, platform, row, "approved", notes, looked)
        _tell_approved(session, platform, place, row, looked)
        return view_of(row)


def _tell_approved(
    session: Session, platform: Platform, place: Place, row: PackageVersion, looked: Looked
) -> None:
    """Whoever waits for it hears of it."""
    title = title_of(read_zip(row.source))
    subject = Subject(place, row, title, looked.base_id, platform.clock.now())
    tell(session, platform.ids, approval_given(session, subject), mails=platform.mails)


def _approvable(session: Session, place: Place, number: int) -> PackageVersion:
    """The version, where the actor may approve it. Raises what `approve_version` does."""
    check_place(session, place, APPROVE)
    row = find_version(session, place, number)
    if row.state == PUBLISHED:
        raise ConflictError("rollout.nothing_to_approve", number=number)
    if is_author(session, row, session.actor):
        raise ForbiddenError("rollout.own_draft")
    return row


def check_walked(
    platform: Platform, state: str, source: PackageSource, examiner: Examiner | None
) -> None:
    """Raises PackageError with the errors of a draft and of its scenarios. It takes seconds: never
    within a transaction. A version's bytes stay, so what was walked is what is published."""
    if state != DRAFT:
        return
    errors = (examiner(source) if examiner else examine(platform, source)).errors
    if errors:
        raise PackageError(errors)


def is_author(session: Session, row: PackageVersion, actor: Actor) -> bool:
    """By account, by person (who may have two accounts), and by name for old drafts."""
    if row.author_id is None:
        return row.author == actor.name
    return _is_same_person(session, row.author_id, actor.account_id)


def _is_alone(session: Session, row: PackageVersion, actor: Actor) -> bool:
    """Whether whoever publishes is the only person behind it: they approved it themselves, and no
    other person drafted it just now (it came from the command line, or is an earlier version)."""
    if row.approver_id is None or (row.state == DRAFT and row.author_id is not None):
        return False
    return _is_same_person(session, row.approver_id, actor.account_id)


def _is_same_person(session: Session, one: int, other: int) -> bool:
    people = select(Account.person_id).where(Account.id.in_((one, other)))
    return one == other or len(set(session.scalars(people))) == 1


def publish_version(
    platform: Platform,
    actor: Actor,
    package: str,
    number: int,
    *,
    notes: str,
    examiner: Examiner | None = None,
) -> VersionView:
    """Makes a draft, or an earlier version with its old bytes, what new cases use.

    `examiner`: one that keeps what it found; None: a draft is examined anew.
    Raises NotVisibleError, ForbiddenError, ConflictError (in use already, or something changed in
    the meantime), PackageError with every error of the gate and of the scenarios of a draft,
    SecondPersonError with what it touches where nobody else approved it.
    """
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, PUBLISH)
        row = find_version(session, place, number)
        if row.state == PUBLISHED:
            raise ConflictError("package.already_published", number=number)
        looked, seen = look(session, place, row), _seen(session, place, row)
        alone = _is_alone(session, row, actor)
        state, source = row.state, read_zip(row.source)
    check_walked(platform, state, source, examiner)
    if looked.is_needed and (alone or not looked.is_approved):
        raise SecondPersonError(looked.messages)
    with platform.database.transaction(actor) as session:
        row = find_version(session, place, number)
        publish(
            session,
            row,
            now=platform.clock.now(),
            expected=lambda: seen == _seen(session, place, row),
        )
        row.notes = notes.strip()[:LONGEST_NOTES] or row.notes
        act = "restored" if state == RETIRED else "published"
        _note(session, platform, row, act, notes, looked)
        return view_of(row)


def _seen(session: Session, place: Place, row: PackageVersion) -> tuple[object, ...]:
    """What a decision to publish rests on."""
    base = find_base(session, place)
    always = bool(load_setting(session, ALWAYS, False))
    return (
        row.state,
        row.digest,
        base.id if base is not None else 0,
        always,
        row.approved_digest,
        row.approved_against,
    )


def _note(
    session: Session, platform: Platform, row: PackageVersion, act: str, notes: str, looked: Looked
) -> None:
    event = Event(act, notes, replaced_id=looked.base_id or None, reasons=looked.codes)
    note_event(session, row, event, event_id=platform.ids.next(), now=platform.clock.now())


def demand_second_person(session: Session, *, always: bool) -> None:
    """Whether every publication needs a second person; flushed with the transaction."""
    save_setting(session, ALWAYS, always)
