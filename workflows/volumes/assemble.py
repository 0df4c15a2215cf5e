"""The worker's side of an order: papers are made and bound, then one transaction says so.

Nothing is held while pages are laid out. Whoever dies in the middle leaves the volume before as
it was; the outbox row brings the order again, and it begins from the start.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import update

from workflows.cases.platform import Platform
from workflows.documents.orders import UNDER_WAY, WORKING, carry_out, mark_failed
from workflows.documents.rendering import Renderer
from workflows.errors import RuleError
from workflows.storage import SYSTEM
from workflows.volumes.binding import Binder, Bound
from workflows.volumes.contents import Contents, gather
from workflows.volumes.facts import VolumeFacts, read_facts
from workflows.volumes.layout import Layout, lay_out
from workflows.volumes.papers import look, with_bytes
from workflows.volumes.place import lock_volume
from workflows.volumes.save import save
from workflows.volumes.tables import Volume

MOST_PAPERS = 500
"""Of one volume: each is an open file while it is bound."""
TELL_SECONDS = 0.7
"""Between two writes of how far it is."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be bound, read in one transaction."""

    volume_id: int
    contents: Contents
    facts: VolumeFacts


def assemble(
    platform: Platform, renderer: Renderer, binder: Binder, payload: Mapping[str, Any]
) -> None:
    """Handler of `ASSEMBLE_TOPIC`. May be called twice for one order: what is finished stays."""
    volume_id = int(payload["volume"])
    carry_out(
        lambda: _read(platform, volume_id),
        lambda order: _make(platform, renderer, binder, order),
        lambda why: mark_failed(platform, Volume, volume_id, why),
        volume=volume_id,
    )


def _read(platform: Platform, volume_id: int) -> _Order | None:
    """None where the order is done with."""
    with platform.database.transaction(SYSTEM) as session:
        place, row = lock_volume(session, platform, SYSTEM, volume_id)
        if row.state not in UNDER_WAY:
            return None
        row.state = WORKING
        contents = gather(session, place.package, place.case, place.run)
        if len(contents.papers) > MOST_PAPERS:
            raise RuleError("volumes.too_many_papers", most=MOST_PAPERS)
        facts = read_facts(session, place, row, platform.clock.now())
        return _Order(volume_id, contents, facts)


def _make(platform: Platform, renderer: Renderer, binder: Binder, order: _Order) -> None:
    told = _Teller(platform, order.volume_id)
    contents = _with_bytes(platform, renderer, order.contents, told)
    papers = contents.papers
    with ExitStack() as stack, binder.open() as binding:
        found = look(platform, stack, binding, papers)
        layout = lay_out(renderer, order.facts, contents, found)
        told.total = len(papers) + layout.pages
        bound = binding.bind(layout.wanted, lambda n: told(len(papers) + min(n, layout.pages)))
        _store(platform, order, layout, bound)


def _with_bytes(
    platform: Platform, renderer: Renderer, contents: Contents, told: Callable[[int], None]
) -> Contents:
    """The same papers, those of our own with bytes in the store."""
    made = 0
    lines = []
    for line in contents.lines:
        papers = []
        for paper in line.papers:
            made += 1
            told(made)
            papers.append(with_bytes(platform, renderer, paper))
        lines.append(replace(line, papers=tuple(papers)))
    return replace(contents, lines=tuple(lines))


def _store(platform: Platform, order: _Order, layout: Layout, bound: Bound) -> None:
    blob = platform.files.put(bound.content)
    with platform.database.transaction(SYSTEM) as session:
        save(session, platform, order.volume_id, layout, blob)


class _Teller:
    """Writes how far the worker is, not more often than people look."""

    def __init__(self, platform: Platform, volume_id: int) -> None:
        self._platform = platform
        self._volume_id = volume_id
        self._next = 0.0
        self.total = 0

    def __call__(self, done: int) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + TELL_SECONDS
        with self._platform.database.transaction(SYSTEM) as session:
            session.execute(
                update(Volume)
                .where(Volume.id == self._volume_id, Volume.state == WORKING)
                .values(done=done, total=max(done, self.total))
            )
