"""Two drafts of one package in the same moment, as after a double click: each gets a number of its
own, or is told to look again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sqlalchemy import select

from tests.factories.cases import KEY, World, small_package
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import add_draft
from workflows.errors import ConflictError
from workflows.storage import SYSTEM

UNIT = "11"


def test_two_drafts_at_once_never_share_a_number(world: World) -> None:
    platform, held = world.platform, Event()

    def draft(*, hold: bool) -> str:
        if not hold:
            held.wait(10)
        try:
            with platform.database.transaction(SYSTEM) as session:
                number, now = platform.ids.next(), platform.clock.now()
                row = add_draft(
                    session, small_package(), version_id=number, author="t", now=now, unit_code=UNIT
                )
                if hold:
                    held.set()
                    Event().wait(0.3)
                return str(row.number)
        except ConflictError as error:
            return error.message.code

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(draft, hold=True), pool.submit(draft, hold=False)
        told = first.result(), second.result()
    assert told in {("1", "2"), ("1", "rollout.changed_meanwhile")}
    with platform.database.reading(SYSTEM) as session:
        wanted = select(PackageVersion.number).where(
            PackageVersion.key == KEY, PackageVersion.unit_code == UNIT
        )
        numbers = sorted(session.scalars(wanted))
    assert numbers == [int(one) for one in told if one.isdigit()]
