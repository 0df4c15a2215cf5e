"""Lists kept under a name: each account's own, seen by nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from workflows.errors import NotVisibleError, RuleError
from workflows.organisation.tables import SavedView
from workflows.storage import IdSource, Session
from workflows.storage.ids import decode_id

MOST_VIEWS = 20
LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class NewView:
    """What to keep. `address`: query parameters; a view of the same name is replaced."""

    name: str
    address: Mapping[str, str]
    is_first: bool = False


def keep_view(session: Session, ids: IdSource, view: NewView) -> None:
    """Keeps a view of the session's account. RuleError: no name, too long, too many."""
    name = " ".join(view.name.split())
    if not name:
        raise RuleError("view.no_name")
    if len(name) > LONGEST_NAME:
        raise RuleError("view.long_name", most=LONGEST_NAME)
    mine = SavedView.account_id == session.actor.account_id
    if view.is_first:
        session.execute(update(SavedView).where(mine).values(is_first=False))
    found = session.scalar(select(SavedView).where(mine, SavedView.name == name))
    if found is not None:
        found.address, found.is_first = dict(view.address), view.is_first
        return
    if session.scalars(select(func.count()).select_from(SavedView).where(mine)).one() >= MOST_VIEWS:
        raise RuleError("view.too_many", most=MOST_VIEWS)
    session.add(
        SavedView(
            id=ids.next(),
            account_id=session.actor.account_id,
            name=name,
            address=dict(view.address),
            is_first=view.is_first,
        )
    )


def drop_view(session: Session, view: str) -> str:
    """Forgets one; returns its name. NotVisibleError where the account has no such view."""
    gone = session.scalar(
        delete(SavedView)
        .where(SavedView.id == decode_id(view), SavedView.account_id == session.actor.account_id)
        .returning(SavedView.name)
    )
    if gone is None:
        raise NotVisibleError("view.unknown")
    return str(gone)


def first_view(session: Session) -> Mapping[str, str]:
    """Query parameters of the account's first view; empty where it has none."""
    found = session.scalar(
        select(SavedView.address).where(
            SavedView.account_id == session.actor.account_id, SavedView.is_first
        )
    )
    return found or {}
