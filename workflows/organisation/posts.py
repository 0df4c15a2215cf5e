"""Posts: which roles somebody holds, and ending one on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.organisation.tables import Account, Post, Unit
from workflows.storage import Session


def list_held_roles(session: Session, on: date) -> frozenset[str]:
    """Roles that somebody holds somewhere on a day."""
    held = select(Post.role).where(Post.from_on <= on, Post.to_on >= on).distinct()
    return frozenset(session.scalars(held))


def end_post(session: Session, post_id: int, username: str, last_on: date, today: date) -> Post:
    """`last_on` becomes the last day of a post; work that person still has stays theirs until it
    is handed over.

    Only an administrator of that unit or the system may (ForbiddenError). NotVisibleError if the
    account's person does not hold such a post; RuleError for a day before today or before the
    post's first day, or after its end.
    """
    found = session.execute(
        select(Post, Unit.path, Unit.short_name)
        .join(Unit, Unit.code == Post.unit_code)
        .join(Account, Account.person_id == Post.person_id)
        .where(Post.id == post_id, Account.username == username)
    ).one_or_none()
    actor = session.actor
    if found is None:
        raise NotVisibleError("post.unknown")
    if not actor.is_system and not actor.may_in("admin", found.path):
        raise ForbiddenError("post.not_admin", unit=found.short_name)
    post: Post = found.Post
    if last_on < max(today, post.from_on):
        raise RuleError("post.end_past")
    if last_on > post.to_on:
        raise RuleError("post.end_late")
    post.to_on = last_on
    return post
