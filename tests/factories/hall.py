"""The demo's offices in one installation, for stories that go from one of them to the next.

Everybody acts as who they are (a demo account, or `role@unit`), the worker's handlers bring what
goes between the offices, clocks fall due at their moments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.factories import rollout
from tests.factories.cases import World
from tests.factories.demo_site import Shelf, built_in, demo_platform
from tests.factories.handoffs import Letters
from workflows.cases.complete_task import Completed
from workflows.cases.files import Upload, upload
from workflows.cases.open_case import OpenCase, Opened, open_case
from workflows.cases.platform import Platform
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.records import InboxRow
from workflows.cases.snapshot import load_run, state_place
from workflows.cases.tables import CaseRecord, ClockRow, Run, StoredFile, TimelineEntry
from workflows.cases.wake import wake_together
from workflows.deadlines.compute import SHANGHAI
from workflows.errors import NotVisibleError
from workflows.handoffs.tables import Handoff
from workflows.organisation.demo import ensure_demo_account
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, Actor, Database
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

MORNING = time(9)
JPEG = b"\xff\xd8\xff\xe0 scan"


class Staff(World):
    """People are the demo's; one that is not there yet is made when first asked for."""

    def actor(self, username: str) -> Actor:
        if username not in self.accounts:
            platform = self.platform
            with platform.database.transaction(SYSTEM) as session:
                known = select(Account.id).where(Account.username == username)
                self.accounts[username] = (
                    session.scalar(known)
                    or ensure_demo_account(
                        session, platform.ids, username, now=platform.clock.now()
                    ).id
                )
        return super().actor(username)


@dataclass
class Hall:
    """`done`: who has done what, in order."""

    letters: Letters
    done: list[tuple[str, str]] = field(default_factory=list)

    @property
    def platform(self) -> Platform:
        return self.letters.world.platform

    def actor(self, who: str) -> Actor:
        return self.letters.world.actor(who)

    def today(self) -> date:
        return self.letters.world.clock.now().astimezone(SHANGHAI).date()

    def open(self, who: str, process: str, **raw: Any) -> Opened:
        """A new case."""
        command = OpenCase(process=process, raw=self.filled(who, raw))
        opened = open_case(self.platform, self.actor(who), command)
        self.letters.work()
        return opened

    def tasks(self, who: str, element: str) -> list[InboxRow]:
        """The open items of an element that somebody may do."""
        actor, rows = self.actor(who), []
        for tab in ("claimable", "mine"):
            rows += list_inbox(self.platform, actor, InboxQuery(tab=tab, page_size=100)).rows
        return [row for row in rows if row.name == element]

    def do(self, who: str, element: str, raw: Mapping[str, Any], **changes: Any) -> Completed:
        """Completes the first open item of an element and lets the worker bring what follows."""
        rows = self.tasks(who, element)
        assert rows != [], (who, element)
        given = self.filled(who, {**raw, **changes})
        done = self.letters.world.complete(who, rows[0], **given)
        self.done.append((who, element))
        self.letters.work()
        return done

    def filled(self, who: str, value: Any) -> Any:
        """Values of scenarios with their days counted and their files uploaded by `who`."""
        if isinstance(value, list):
            return [self.filled(who, one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$today" in value:
            return (self.today() + timedelta(days=value["$today"])).isoformat()
        if "$file" in value:
            sent = Upload(BytesIO(JPEG + value["$file"].encode()), "scan.jpg")
            return upload(self.platform, self.actor(who), sent).id
        return {name: self.filled(who, one) for name, one in value.items()}

    def until(self, day: str) -> None:
        """Goes on to the morning of a day; what falls due before is done at its moment."""
        target = datetime.combine(date.fromisoformat(day), MORNING, SHANGHAI)
        while (due := self._next_due()) is not None and due <= target:
            self._go_to(due)
            while wake_together(self.platform, 10):
                pass
            self.letters.work()
        self._go_to(target)

    def _go_to(self, moment: datetime) -> None:
        clock = self.letters.world.clock
        clock.advance(max(moment - clock.now(), timedelta(0)))

    def _next_due(self) -> datetime | None:
        with self.platform.database.reading(SYSTEM) as session:
            return session.scalar(select(func.min(ClockRow.fires_at)))

    def run(self, process: str) -> Run:
        """The newest run of a process."""
        with self.platform.database.reading(SYSTEM) as session:
            wanted = select(Run).where(Run.process == process).order_by(Run.id.desc()).limit(1)
            return session.scalars(wanted).one()

    def case(self, process: str) -> str:
        """The outside id of the newest case of a process."""
        return encode_id(self.run(process).case_id)

    def due(self, process: str) -> dict[str, date | None]:
        """Element → due day of the open clocks of the newest run of a process."""
        run = self.run(process)
        with self.platform.database.reading(SYSTEM) as session:
            wanted = select(ClockRow).where(ClockRow.run_id == run.id, ClockRow.is_open == 1)
            return {clock.element: clock.due_on for clock in session.scalars(wanted)}

    def handoffs(self) -> list[Handoff]:
        """Every letter, in the order they were sent."""
        with self.platform.database.reading(SYSTEM) as session:
            return list(session.scalars(select(Handoff).order_by(Handoff.id)))

    def told(self, process: str) -> list[str]:
        """The actions of handoffs in the record of the newest case of a process, in order."""
        case_id = self.run(process).case_id
        wanted = select(TimelineEntry.action).where(
            TimelineEntry.case_id == case_id, TimelineEntry.action.startswith("handoff.")
        )
        with self.platform.database.reading(SYSTEM) as session:
            return list(session.scalars(wanted.order_by(TimelineEntry.seq)))

    def page(self, who: str, process: str) -> str:
        """All that somebody reads on the page of a case, as text; "" where they may not open it."""
        try:
            return repr(load_case_page(self.platform, self.actor(who), self.case(process)))
        except NotVisibleError:
            return ""

    def facts(self, process: str) -> Mapping[str, Any]:
        """The plain facts of the newest case of a process."""
        with self.platform.database.reading(SYSTEM) as session:
            facts: Mapping[str, Any] = session.get_one(CaseRecord, self.run(process).case_id).facts
            return facts

    def files(self, process: str) -> list[tuple[str, str]]:
        """Name and text of every file of a case; the pretended PDF of a document is its HTML."""
        case_id = self.run(process).case_id
        with self.platform.database.reading(SYSTEM) as session:
            found = session.scalars(select(StoredFile).where(StoredFile.case_id == case_id)).all()
        store = self.platform.files
        return sorted((f.name, store.read(f.sha256).decode(errors="replace")) for f in found)

    def holds(self, process: str) -> str:
        """Everything an office has in its case: facts, files, what its diagram knows."""
        run = self.run(process)
        with self.platform.database.transaction(SYSTEM) as session:
            loaded = load_run(session, self.platform, run.id)
            state = loaded.key.open(loaded.run.state, state_place(run.id).encode())
        known = state.decode(errors="replace")
        return repr((self.facts(process), self.files(process), known))


def scenario_data(key: str, name: str, element: str, nth: int = 0) -> Mapping[str, Any]:
    """What a scenario of a built-in package gives at a task."""
    steps = [s for s in rollout.scenario(name, key).steps if getattr(s, "element", "") == element]
    data: Mapping[str, Any] = steps[nth].data
    return data


def build_hall(
    database: Database, folder: Path, vault: Vault, keys: Iterable[str], start: datetime
) -> Hall:
    """The demo's offices with the named packages published, at the moment a story begins."""
    platform, clock = demo_platform(
        database, folder, vault, start, built_in(*keys), catalogue=Shelf()
    )
    return Hall(Letters(Staff(platform, clock)))
