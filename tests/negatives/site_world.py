"""An office that handles petitions, an ordinary one, and two accusations: one sealed when it was
registered, one known for what it is only when it was checked."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.factories import rollout
from tests.factories.api_world import ApiWorld, InProcess, Site
from tests.factories.demo_site import built_in, demo_platform
from tests.factories.papers import PretendRenderer
from webapp.app import create_app
from webapp.jobs import build_sources
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.cases.tables import (
    CaseRecord,
    ClockRow,
    Document,
    Run,
    StoredFile,
    TimelineEntry,
    WorkItem,
)
from workflows.jobs.worker import Worker
from workflows.notices.tables import Notice
from workflows.organisation.accounts import issue_token
from workflows.organisation.demo import ensure_demo_account
from workflows.rollout.scenarios.scenario import Scenario, TaskStep
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id, encode_item
from workflows.storage.vault import Vault

KEY = "petition"
AT = datetime.fromisoformat("2026-03-04T11:05:00+08:00")
MOST_SETS = 2
"""Of each accusation the newest of everything, and what was before it."""
ACCUSED_UNIT, COUNTY = "620902104-ZZ", "620902-ZZ"
CANARIES = ("鸜鹆", "鵩鴞", "驩兜")
"""The accuser, the accused and what is said of them: characters no other text of the house has."""
ACCUSATION: Mapping[str, Any] = {
    "parties": [{"name": "鸜鹆", "kind": "person", "side": "申请人", "id_pending": True}],
    "accused": "鵩鴞",
    "accused_unit": "某镇综治中心鵩鴞处",
    "accusation": "来信称驩兜收了钱",
}
FOUND: Mapping[str, Any] = {
    "title": "反映驩兜返佣",
    "summary": "称鵩鴞的家属开店，导游按三成返佣。",
    "claims": "查处鵩鴞。",
}


@dataclass
class SiteWorld:
    """The site and what is in it."""

    site: Site
    app: Flask
    platform: Platform
    lines: io.StringIO
    tokens: dict[str, str] = field(default_factory=dict)
    most_sets: int = MOST_SETS
    renderer: PretendRenderer = field(default_factory=PretendRenderer)

    def token(self, who: str) -> str:
        """A token of a demo account or of `role@unit`, always the same."""
        if who not in self.tokens:
            self.tokens[who] = self.site.token_of(who)
        return self.tokens[who]

    def walk(
        self,
        name: str,
        most: int,
        key: str = KEY,
        *,
        typed: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
        **changed: Any,
    ) -> ApiWorld:
        """The first steps of a scenario of a package, people's steps only, all at once. `changed`:
        other values of the start form, `typed`: of tasks by element."""
        written = rollout.scenario(name, key)
        steps = tuple(
            replace(step, data={**step.data, **typed.get(step.element, {})})
            for step in written.steps
            if isinstance(step, TaskStep)
        )[:most]
        data = {**written.start.data, **changed}
        start = replace(written.start, data=data)
        short: Scenario = replace(written, at=AT, steps=steps, start=start)
        result, world = self.site.walk(short, key, rollout.package(key).scenario_files)
        undone = [reason for reason in result.reasons if reason.step is not None]
        assert undone == [], undone
        return world

    def settle(self) -> None:
        """Does what waits for the worker, so that nothing waits."""
        Worker(build_sources(self.platform, self.renderer)).run_until_idle()

    def ordinary(self) -> None:
        """A petition anybody of the office may know of, forwarded to the accused's unit."""
        self.walk("happy", 3)

    def accuse(self) -> None:
        """Both accusations, with open tasks, clocks, papers and files."""
        self.walk("accusation", 1, **ACCUSATION)
        parties = [{**rollout.scenario("accusation_found", KEY).start.data["parties"][0]}]
        parties[0]["name"] = CANARIES[0]
        self.walk("accusation_found", 2, parties=parties, **FOUND)

    def things(self, access_class: str = "sealed") -> Iterator[dict[str, str]]:
        """Outside ids of what each case of a class consists of, one set after the other."""
        with self.platform.database.reading(SYSTEM) as session:
            sealed = select(CaseRecord.id).where(CaseRecord.access_class == access_class)
            for case in session.scalars(sealed.order_by(CaseRecord.id)).all():
                run = session.scalars(select(Run.id).where(Run.case_id == case)).one()
                found: dict[str, list[str]] = {"case": [encode_id(case)], "run": [encode_id(run)]}
                for name, table in (("document", Document), ("file", StoredFile)):
                    ids = session.scalars(
                        select(table.id).where(table.case_id == case).order_by(table.id.desc())
                    )
                    found[name] = [encode_id(one) for one in ids]
                for name, table in (("item", WorkItem), ("clock", ClockRow)):
                    numbers = session.scalars(
                        select(table.number)
                        .where(table.case_id == case)
                        .order_by(table.number.desc())
                    )
                    found[name] = [encode_item(run, one) for one in numbers]
                notices = session.scalars(select(Notice.id).where(Notice.run_id == run))
                found["notice"] = [encode_id(one) for one in notices]
                yield from self._sets(found)

    def _sets(self, found: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
        nothing = self.nothing()
        most = max(len(ids) for ids in found.values())
        for place in range(min(most, self.most_sets)):
            some = {name: ids[min(place, len(ids) - 1)] for name, ids in found.items() if ids}
            yield {**nothing, **some}

    def nothing(self) -> dict[str, str]:
        """Ids of nothing that ever was."""
        names = ("case", "run", "document", "file", "notice", "letter", "other")
        made = {name: encode_id(self.platform.ids.next()) for name in names}
        item = encode_item(self.platform.ids.next(), 3)
        return {**made, "item": item, "clock": item}

    def numbers(self) -> set[str]:
        """Numbers and ids of the accusations."""
        with self.platform.database.reading(SYSTEM) as session:
            rows = session.execute(
                select(CaseRecord.number, CaseRecord.id, Run.number, Run.id)
                .join(Run, Run.case_id == CaseRecord.id)
                .where(CaseRecord.access_class == "sealed")
            ).all()
        return {str(one) for row in rows for one in (row[0], encode_id(row[1]), encode_id(row[3]))}

    def readings(self) -> int:
        """How many lines the records of the accusations have."""
        with self.platform.database.reading(SYSTEM) as session:
            sealed = select(CaseRecord.id).where(CaseRecord.access_class == "sealed")
            lines = select(TimelineEntry.seq).where(TimelineEntry.case_id.in_(sealed))
            return len(session.scalars(lines).all())


def build(
    database: Database,
    folder: Path,
    vault: Vault,
    lines: io.StringIO,
    packages: Sequence[str] = (KEY,),
) -> SiteWorld:
    """The demo's offices at a moment that stands still, with built-in packages."""
    platform, clock = demo_platform(database, folder, vault, AT, built_in(*packages), mails=True)
    ids = platform.ids
    app = create_app(Settings(data=folder, database_url="sqlite://", test_clock=True), platform)

    def token_of(who: str) -> str:
        with database.transaction(SYSTEM) as session:
            if "@" in who:
                account = ensure_demo_account(session, ids, who, now=clock.now())
                account.email, account.mail_notices = "x@example.org", True
            return issue_token(session, ids, username=who, now=clock.now())

    return SiteWorld(Site(InProcess(app.test_client()), token_of), app, platform, lines)


OUTSIDERS = (
    f"人民调解员@{ACCUSED_UNIT}",
    f"窗口受理员@{ACCUSED_UNIT}",
    f"调委会主任@{ACCUSED_UNIT}",
    f"责任单位负责人@{ACCUSED_UNIT}",
    f"司法所@{COUNTY}",
    f"中心主任@{COUNTY}",
    f"审计员@{COUNTY}",
    f"系统管理员@{COUNTY}",
)
"""Of the accused's unit, and of the centre of its county, which stands above it and the office:
who works there, and who sees, hands out, imports, checks or keeps the most."""
