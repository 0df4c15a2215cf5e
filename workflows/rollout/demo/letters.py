"""Matters of the demo that go from one office to another: letters sent, refused, answered.

`letters.json` holds them: an act is [how many working days ago, who, task or `open`, scenario,
changes]. What is typed is what a scenario of a built-in package gives at that task, with the
changes; days and files are filled in as scenarios' are. Everything goes through the use cases of
the site, and letters are brought as the worker brings them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import orjson
from sqlalchemy import select

from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.files import Upload, upload
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.platform import Platform
from workflows.cases.tables import Party, Run, WorkItem
from workflows.catalogue.package import Package
from workflows.catalogue.versions import current_version
from workflows.documents.rendering import Renderer
from workflows.handoffs.deliver import deliver
from workflows.handoffs.places import DELIVER_TOPIC, REPLY_TOPIC
from workflows.handoffs.reply import reply
from workflows.handoffs.tables import Handoff
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.organisation.demo import ensure_demo_account
from workflows.organisation.units import load_unit
from workflows.rollout.demo.days import OfficeDays, moment
from workflows.rollout.demo.plan import FOLDER, LAG, TOWN
from workflows.rollout.scenarios.scenario import TaskStep, parse_scenario
from workflows.storage import SYSTEM, Actor, outbox
from workflows.storage.clock import local_day
from workflows.storage.ids import decode_id, encode_id, encode_item

Json: TypeAlias = Any
OPEN = "open"
FIRST_MINUTE, STEP_MINUTES = 25, 13
"""An act of a letter is so long after the day began, and so long after the one before it."""
MOST_ROWS = 20
"""Letters and answers one act can cause."""


@dataclass(frozen=True, slots=True)
class LetterAct:
    """One act of one matter at its moment. `like`: "package/scenario" its values come from, ""
    for none."""

    at: datetime
    matter: str
    who: str
    what: str
    like: str
    changes: Mapping[str, Json]


def plan_letters(now: datetime, days: OfficeDays) -> tuple[LetterAct, ...]:
    """Every act of every matter in the order of time, none later than the last finished day."""
    data = json.loads((Path(FOLDER) / "letters.json").read_text(encoding="utf-8"))
    end = days.last_over(now)
    acts: list[LetterAct] = []
    for place, matter in enumerate(data["matters"]):
        for number, (ago, who, what, like, changes) in enumerate(matter["acts"]):
            minute = FIRST_MINUTE * (place + 1) + STEP_MINUTES * number
            at = moment(days.ago(end, ago), minute)
            acts.append(LetterAct(at, matter["matter"], who, what, like, changes))
    return tuple(sorted(acts, key=lambda act: act.at))


@dataclass
class Post:
    """Does acts and brings letters. `platform`: with the demo's own clock."""

    platform: Platform
    renderer: Renderer
    cases: dict[str, str] = field(default_factory=dict)

    def do(self, act: LetterAct) -> None:
        """One act now, and what it sends. Raises what the use cases raise: then data are wrong."""
        actor = self._actor(act.who)
        if act.what == OPEN:
            process = act.like.partition("/")[0]
            raw = self._values(act, actor, None)
            command = OpenCase(process=process, raw=raw, occurred_at=act.at - LAG)
            self.cases[act.matter] = open_case(self.platform, actor, command).case
        else:
            item = self._item(act)
            raw = self._values(act, actor, item)
            task = encode_item(item.run_id, item.number)
            command_ = CompleteTask(item=task, revision=item.revision, raw=raw)
            complete_task(self.platform, actor, command_)
        self._bring()

    def _actor(self, who: str) -> Actor:
        now = self.platform.clock.now()
        with self.platform.database.transaction(SYSTEM) as session:
            if "@" in who:
                ensure_demo_account(session, self.platform.ids, who, now=now)
                session.flush()
            account = load_account(session, who)
            return load_actor(session, account.id, local_day(now))

    def _item(self, act: LetterAct) -> WorkItem:
        """The open item of the act's task in any case of its matter. LookupError without one."""
        with self.platform.database.reading(SYSTEM) as session:
            reached = [decode_id(self.cases[act.matter])]
            for case_id in reached:
                sent = select(Handoff.to_case).where(Handoff.from_case == case_id)
                reached += [one for one in session.scalars(sent) if one is not None]
            found = session.scalars(
                select(WorkItem)
                .join(Run, Run.id == WorkItem.run_id)
                .where(Run.case_id.in_(reached), WorkItem.element == act.what)
                .where(WorkItem.state == "open")
                .order_by(WorkItem.run_id, WorkItem.number)
            ).first()
        if found is None:
            raise LookupError(f"{act.matter}: {act.what} is not open")
        return found

    def _values(self, act: LetterAct, actor: Actor, item: WorkItem | None) -> dict[str, Json]:
        key, _, name = act.like.partition("/")
        if not key:
            plain: dict[str, Json] = self._filled({**act.changes}, actor, item, {})
            return plain
        package = self._package(key)
        written = parse_scenario(name, package.scenarios[name])
        steps = (s for s in written.steps if isinstance(s, TaskStep) and s.element == act.what)
        data = written.start.data if act.what == OPEN else next(steps).data
        filled: dict[str, Json] = self._filled(
            {**data, **act.changes}, actor, item, package.scenario_files
        )
        return filled

    def _package(self, key: str) -> Package:
        with self.platform.database.reading(SYSTEM) as session:
            version = current_version(session, key, load_unit(session, TOWN).path)
            return self.platform.catalogue.load(session, version.id)

    def _filled(
        self, value: Json, actor: Actor, item: WorkItem | None, files: Mapping[str, bytes]
    ) -> Json:
        """A value of a scenario with its days counted, files uploaded and parties named."""
        if isinstance(value, list):
            return [self._filled(one, actor, item, files) for one in value]
        if not isinstance(value, dict):
            return value
        if "$today" in value:
            today = local_day(self.platform.clock.now() - LAG)
            return (today + timedelta(days=value["$today"])).isoformat()
        if "$file" in value:
            name = value["$file"]
            return upload(self.platform, actor, Upload(io.BytesIO(files[name]), name)).id
        if "$party" in value and item is not None:
            return self._parties(item)[value["$party"]]
        return {name: self._filled(one, actor, item, files) for name, one in value.items()}

    def _parties(self, item: WorkItem) -> Sequence[str]:
        with self.platform.database.reading(SYSTEM) as session:
            case_id = select(Run.case_id).where(Run.id == item.run_id).scalar_subquery()
            wanted = select(Party.id).where(Party.case_id == case_id).order_by(Party.id)
            return [encode_id(party) for party in session.scalars(wanted)]

    def _bring(self) -> None:
        """What the worker would do at once: letters reach their offices, answers come back."""
        for _ in range(MOST_ROWS):
            now = self.platform.clock.now()
            with self.platform.database.transaction(SYSTEM) as session:
                topics = (DELIVER_TOPIC, REPLY_TOPIC)
                rows = outbox.claim(session, now, 1, worker="demo", topics=topics)
            if not rows:
                return
            payload = orjson.loads(rows[0].payload)
            if rows[0].topic == DELIVER_TOPIC:
                deliver(self.platform, self.renderer, payload["handoff"])
            else:
                reply(self.platform, self.renderer, payload["handoff"], payload["number"])
            with self.platform.database.transaction(SYSTEM) as session:
                outbox.done(session, rows[0])
