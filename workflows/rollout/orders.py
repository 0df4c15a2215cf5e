"""Orders the worker carries out piece by piece: stopped, resumed, and whose they are.

What moving and replaying have in common. An order lists its runs once, when it is given; an outbox
row says that some are left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.errors import ConflictError, NotSignedInError, NotVisibleError
from workflows.organisation.actors import load_actor
from workflows.rollout.places import Place, check_place
from workflows.rollout.tables import Order
from workflows.storage import SYSTEM, Actor, Session, outbox
from workflows.storage.clock import local_day
from workflows.storage.ids import decode_id

OPEN, STOPPED, DONE = "open", "stopped", "done"
_Kind = TypeVar("_Kind", bound=Order)


def new_order(platform: Platform, actor: Actor, place: Place) -> dict[str, Any]:
    """Values every new order has."""
    return {
        "id": platform.ids.next(),
        "key": place.key,
        "unit_code": place.unit,
        "state": OPEN,
        "account_id": actor.account_id,
        "ordered_by": actor.name,
        "ordered_at": platform.clock.now(),
        "done_at": None,
    }


def load_order(session: Session, kind: type[_Kind], job: str, abilities: Collection[str]) -> _Kind:
    """The order with this outside id. NotVisibleError, or ForbiddenError without one of the
    abilities where its package counts."""
    return _checked(session, session.get(kind, decode_id(job)), abilities)


def stop_order(session: Session, kind: type[_Kind], job: str, abilities: Collection[str]) -> None:
    """Nothing more is begun. Raises what `load_order` raises; ConflictError: it is not open."""
    row = _checked(session, _locked(session, kind, decode_id(job)), abilities)
    if row.state != OPEN:
        raise ConflictError("rollout.job_not_open")
    row.state = STOPPED


def resume_order(
    session: Session, kind: type[_Kind], job: str, abilities: Collection[str]
) -> _Kind:
    """Open again; whoever calls posts its next piece. Raises what `load_order` raises;
    ConflictError: it was not stopped."""
    row = _checked(session, _locked(session, kind, decode_id(job)), abilities)
    if row.state != STOPPED:
        raise ConflictError("rollout.job_not_stopped")
    row.state = OPEN
    return row


def post(
    session: Session,
    platform: Platform,
    topic: str,
    job_id: int,
    *,
    available_at: datetime | None = None,
    more: Mapping[str, str] | None = None,
) -> None:
    """An outbox row: this order has runs left. Payload {"job"} and `more`."""
    payload = orjson.dumps({"job": job_id, **(more or {})})
    now = platform.clock.now()
    outbox.add(
        session, topic, payload=payload, ids=platform.ids, now=now, available_at=available_at
    )


def who_ordered(platform: Platform, order: Order) -> Actor | None:
    """Whoever gave the order, with the posts of today; None where they are gone."""
    if order.account_id == SYSTEM.account_id:
        return SYSTEM
    try:
        return load_actor(platform.database, order.account_id, local_day(platform.clock.now()))
    except NotSignedInError:
        return None


def _locked(session: Session, kind: type[_Kind], order_id: int) -> _Kind | None:
    """Held until the transaction ends: the worker writes the state, too."""
    return session.scalars(select(kind).where(kind.id == order_id).with_for_update()).one_or_none()


def _checked(session: Session, row: _Kind | None, abilities: Collection[str]) -> _Kind:
    if row is None:
        raise NotVisibleError("rollout.unknown_job")
    check_place(session, Place(row.key, row.unit_code), abilities)
    return row
