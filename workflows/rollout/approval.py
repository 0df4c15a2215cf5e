"""Asking the second person to look: the owner chooses whom, they are told, and it is noted.

Wherever a version came from (the studio, an upload, a rehearsal, a county's own way), this is the
one way to ask.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from workflows.cases.platform import Platform
from workflows.catalogue.source import read_zip
from workflows.catalogue.tables import PUBLISHED, PackageVersion
from workflows.errors import ConflictError, FieldError, InvalidFormError
from workflows.messages import Message
from workflows.notices.tell import APPROVAL, tell, told_of
from workflows.organisation.holders import Holder, list_holders
from workflows.rollout.events import Event, note_event
from workflows.rollout.news import ASKED, Subject, approval_wanted
from workflows.rollout.places import (
    PUBLISH,
    Place,
    check_place,
    find_paths,
    find_version,
    read_place,
)
from workflows.rollout.release import Looked, check_walked, look
from workflows.rollout.versions import Examiner, title_of
from workflows.storage import Actor, Session
from workflows.storage.clock import local_day

BETWEEN = {"zh-Hans": "、", "zh-Hant": "、"}
"""What stands between names, ", " in other languages."""


@dataclass(frozen=True, slots=True)
class AskApproval:
    """`whom`: username of one who may approve there, "" for all of them."""

    package: str
    number: int
    whom: str = ""


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """Names of those who are told now, and of those who were told before; the first in words."""

    told: tuple[str, ...]
    before: tuple[str, ...]
    message: Message


def load_approvers(
    platform: Platform, actor: Actor, package: str, number: int
) -> tuple[Holder, ...]:
    """Who may approve a version, its author left out. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, PUBLISH)
        row = find_version(session, place, number)
        return list_approvers(session, platform, find_paths(session, place), row)


def list_approvers(
    session: Session, platform: Platform, paths: Collection[str], row: PackageVersion
) -> tuple[Holder, ...]:
    """Those whose post carries it where the package counts, by name, but for the reader and the
    author (of old drafts only the name is known); one statement."""
    today, barred = local_day(platform.clock.now()), [session.actor.account_id]
    if row.author_id is not None:
        barred.append(row.author_id)
    holders = list_holders(session, "approve", paths, today, but=barred)
    return tuple(one for one in holders if row.author_id is not None or one.name != row.author)


def ask_approval(
    platform: Platform, actor: Actor, command: AskApproval, examiner: Examiner | None = None
) -> AskedApproval:
    """Tells those who may approve that somebody waits for them; each is told once of the same
    version against the same one in use.

    Raises NotVisibleError, ForbiddenError, InvalidFormError (`/whom`: may not approve it),
    ConflictError (in use, approved, needs nobody, nobody there, all were asked already),
    PackageError with the errors of a draft; nothing is written then.
    """
    place = read_place(command.package)
    with platform.database.reading(actor) as session:
        row, _looked = _askable(session, place, command.number)
        state, source = row.state, read_zip(row.source)
    check_walked(platform, state, source, examiner)
    with platform.database.transaction(actor) as session:
        row, looked = _askable(session, place, command.number)
        chosen = _choose(
            list_approvers(session, platform, find_paths(session, place), row), command.whom
        )
        before = told_of(session, APPROVAL, row.id, looked.base_id)
        new = tuple(one for one in chosen if one.account_id not in before)
        if not new:
            raise ConflictError("rollout.asked_already", who=_names(chosen, actor))
        subject = Subject(place, row, title_of(source), looked.base_id, platform.clock.now())
        tell(session, platform.ids, approval_wanted(subject, new), mails=platform.mails)
        event = Event(ASKED, _names(new, actor), looked.base_id or None, looked.codes)
        note_event(session, row, event, event_id=platform.ids.next(), now=subject.at)
    names = _names(new, actor)
    return AskedApproval(
        told=tuple(one.name for one in new),
        before=tuple(one.name for one in chosen if one not in new),
        message=Message("rollout.approval_asked", {"who": names, "number": command.number}),
    )


def _askable(session: Session, place: Place, number: int) -> tuple[PackageVersion, Looked]:
    """The version and what it would replace, where an approval can be asked for."""
    check_place(session, place, PUBLISH)
    row = find_version(session, place, number)
    if row.state == PUBLISHED:
        raise ConflictError("rollout.nothing_to_approve", number=number)
    looked = look(session, place, row)
    if looked.is_approved:
        raise ConflictError("rollout.approved_already", number=number, who=row.approver)
    if not looked.is_needed:
        raise ConflictError("rollout.approval_not_needed", number=number)
    return row, looked


def _choose(approvers: tuple[Holder, ...], whom: str) -> tuple[Holder, ...]:
    if not approvers:
        raise ConflictError("rollout.no_approver")
    chosen = tuple(one for one in approvers if whom in ("", one.username))
    if not chosen:
        raise InvalidFormError([FieldError("/whom", Message("rollout.may_not_approve"))])
    return chosen


def _names(holders: tuple[Holder, ...], actor: Actor) -> str:
    return BETWEEN.get(actor.language, ", ").join(one.name for one in holders)
