"""A small package, an office with people, and a platform over a test's database.

The package `small_matter`: registered, then `review` (head, under a clock that only reminds) sends
it on its way: `talk` (mediator, again and again, each time under a clock that ends it), a message,
a remote call, or straight to the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from tests.factories.engine import Drawing, bpmn, message_event, timer_event
from tests.factories.organisation import small_organisation
from tests.factories.times import START
from workflows.cases.complete_task import Completed, CompleteTask, complete_task
from workflows.cases.open_case import OpenCase, Opened, open_case
from workflows.cases.platform import OperationFactory, Platform
from workflows.cases.queries.records import InboxRow
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import Catalogue, add_draft, publish
from workflows.deadlines.source import StoredRuleBook
from workflows.organisation.accounts import new_post
from workflows.organisation.actors import load_actor
from workflows.organisation.tables import Account, Person
from workflows.storage import SYSTEM, Actor, Database, IdSource, Session
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

KEY = "small_matter"
OFFICE, OTHER_OFFICE, COUNTY = "111-TW", "1111-TW", "11"
PEOPLE = {
    "intake": "窗口受理员@111-TW",
    "head": "调委会主任@111-TW",
    "mediator": "人民调解员@111-TW",
    "mediator2": "人民调解员@111-TW",
    "stranger": "人民调解员@1111-TW",
    "otherhead": "调委会主任@1111-TW",
    "watcher": "市级观察员@1",
}
"""Username → the post it holds."""


def titles(zh: str, en: str) -> dict[str, Any]:
    """A title in both languages, as form schemas write it."""
    return {"title": zh, "x-i18n": {"en": {"title": en}}}


def text(zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", **titles(zh, en), **more}


def choice(zh: str, en: str, values: Mapping[str, str], **more: Any) -> dict[str, Any]:
    labels = {"labels": {value: value for value in values}}
    return {
        "type": "string",
        "title": zh,
        "enum": list(values),
        "x-labels": dict(values),
        "x-i18n": {"en": {"title": en, **labels}},
        "x-widget": "choice",
        **more,
    }


PARTIES: dict[str, Any] = {
    "type": "array",
    **titles("当事人", "Parties"),
    "x-widget": "parties",
    "x-store": "party",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            name: {} for name in ("kind", "name", "side", "id_number", "phone", "address")
        },
        "required": ["name", "side"],
    },
}

FORMS: Mapping[str, dict[str, Any]] = {
    "register": {
        "properties": {
            "title": text("名称", "Title", **{"x-store": "case", "maxLength": 60}),
            "dispute_kind": choice(
                "类型", "Kind", {"neighbourhood": "邻里", "contract": "合同"}, **{"x-store": "case"}
            ),
            "summary": text("情况", "Account", **{"x-store": "case", "x-widget": "longtext"}),
            "amount": text("金额", "Amount", **{"x-store": "case", "x-widget": "money"}),
            "secret": text("保密内容", "Secret", **{"x-store": "sealed"}),
            "parties": PARTIES,
            "proof": text("证据", "Proof", **{"x-widget": "file"}),
        },
        "required": ["title", "dispute_kind", "parties"],
    },
    "review": {
        "properties": {
            "way": choice(
                "去向",
                "Way",
                {"talk": "调解", "wait": "等消息", "call": "远程", "refuse": "不受理"},
            ),
        },
        "required": ["way"],
    },
    "talk": {
        "properties": {
            "outcome": choice("结果", "Outcome", {"again": "继续", "done": "成功"}),
            "note": text("记录", "Note", **{"x-widget": "longtext"}),
            "summary": text("情况", "Account", **{"x-store": "case", "x-widget": "longtext"}),
            "scan": text("扫描", "Scan", **{"x-widget": "file"}),
        },
        "required": ["outcome"],
    },
}

MANIFEST = f"""
key = "{KEY}"
title = {{ zh = "小案", en = "Small matter" }}
case_kind = "small"
number_format = "{{unit}}调字〔{{year}}〕第{{n}}号"
owner_role = "流程负责人"
start_roles = ["窗口受理员", "人民调解员", "调委会主任"]
access_class = "normal"
senders = ["head"]

[[start]]
name = "register"
title = {{ zh = "登记", en = "Register" }}
form = "register"

[[stage]]
key = "intake"
title = {{ zh = "受理", en = "Intake" }}
processes = ["sm_intake"]

[[stage]]
key = "talks"
title = {{ zh = "调解", en = "Talks" }}
processes = ["sm_talks"]

[outcomes.e_done]
title = {{ zh = "办结", en = "Done" }}

[process]
number = "string"
"""


def small_package(talker: str = "") -> PackageSource:
    """The tree of the package. `talker`: an expression for who has each talk; "": nobody yet."""
    spine = Drawing(KEY, role="调委会主任")
    spine.start().call("c_intake", "sm_intake").choice("g_way").call("c_talks", "sm_talks")
    spine.catch("on_answer", message_event("small.answer", variable="heard"))
    spine.service("remote", "http.call", "reply", connection='"court"', path='"/"', body="null")
    spine.service("give_number", "number.issue", "issued").end("e_done").end("e_refused")
    spine.end("e_late").boundary(
        "b_withdraw", "c_talks", message_event(f"{KEY}.withdraw", variable="withdrawal")
    )
    spine.end("e_withdrawn").flow("b_withdraw > e_withdrawn")
    spine.flow("s > c_intake > g_way")
    spine.flow("g_way > c_talks", 'way = "talk"').flow("g_way > on_answer", 'way = "wait"')
    spine.flow("g_way > remote", 'way = "call"').otherwise("g_way", "e_refused")
    spine.choice("g_join").flow("on_answer > g_join").flow("remote > g_join")
    spine.choice("g_late").flow("c_talks > g_late")
    spine.flow("g_late > give_number", 'outcome = "done"').otherwise("g_late", "e_late")
    spine.flow("g_join > e_done").flow("give_number > e_done")
    intake = Drawing("sm_intake", role="调委会主任").start("i_s")
    intake.user("review", title="受理审查", formJsonSchemaFilename="review.schema.json")
    intake.boundary(
        "b_slow", "review", timer_event('deadline("supplement", today)'), interrupting=False
    )
    intake.end("i_e").flow("i_s > review > i_e").end("i_told").flow("b_slow > i_told")
    talks = Drawing("sm_talks", role="人民调解员").start("t_s").choice("t_loop")
    has = {"assignee": talker} if talker else {}
    talks.user("talk", title="调解", formJsonSchemaFilename="talk.schema.json", **has)
    talks.boundary("b_late", "talk", timer_event('deadline("mediation", today)'))
    talks.choice("t_g").end("t_e").script("set_late", 'outcome = "late"').end("t_late")
    talks.flow("t_s > t_loop > talk > t_g").flow("t_g > t_loop", 'outcome = "again"')
    talks.otherwise("t_g", "t_e").flow("b_late > set_late > t_late")
    diagram = bpmn(spine, intake, talks, messages=("small.answer", f"{KEY}.withdraw"))
    files = {
        f"bpmn/{KEY}/package.toml": MANIFEST.encode(),
        f"bpmn/{KEY}/{KEY}.bpmn": diagram,
    }
    for name, form in FORMS.items():
        schema = {"type": "object", **titles(name, name), "additionalProperties": False, **form}
        files[f"forms/{KEY}/{name}.schema.json"] = json.dumps(schema).encode()
    return PackageSource(KEY, files)


@dataclass
class World:
    """A platform, its people, and shortcuts for what tests do all the time."""

    platform: Platform
    clock: MovableClock
    accounts: dict[str, int] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """Who somebody is today."""
        on = date.fromisoformat(self.clock.now().date().isoformat())
        return load_actor(self.platform.database, self.accounts[username], on)

    def hire(self, username: str, *posts: str) -> Actor:
        """Somebody new."""
        with self.platform.database.transaction(SYSTEM) as session:
            self.accounts[username] = add_person(session, self.platform.ids, username, posts)
        return self.actor(username)

    def open(self, username: str = "intake", **changes: Any) -> Opened:
        """A new case."""
        raw = {**registration(), **changes.pop("raw", {})}
        command = OpenCase(process=KEY, raw=raw, **changes)
        return open_case(self.platform, self.actor(username), command)

    def complete(self, username: str, item: InboxRow, **raw: Any) -> Completed:
        """Completes an item as it stands."""
        command = CompleteTask(item.id, item.revision, raw)
        return complete_task(self.platform, self.actor(username), command)

    def at_talk(self, **changes: Any) -> tuple[Opened, InboxRow]:
        """A new case whose first `talk` waits for a mediator."""
        opened = self.open(**changes)
        done = self.complete("head", opened.tasks[0], way="talk")
        return opened, done.tasks[0]


def add_person(session: Session, ids: IdSource, username: str, posts: Iterable[str]) -> int:
    """An account nobody can sign in to, because hashing passwords is slow; its id."""
    person, account = ids.next(), ids.next()
    session.add(Person(id=person, name=username))
    session.flush()
    session.add(
        Account(
            id=account,
            username=username,
            person_id=person,
            password_hash="-",
            language="zh-Hans",
            active=True,
            failed_count=0,
            created_at=START,
        )
    )
    for post in posts:
        role, unit = post.split("@")
        session.add(new_post(ids, person, role, unit, date(2020, 1, 1)))
    return account


def registration() -> dict[str, Any]:
    """Values of the start form with the least a case needs, and a little more."""
    return {
        "title": "浇水排到邻家地窖",
        "dispute_kind": "neighbourhood",
        "summary": "水渠漏水淹了邻居的地窖",
        "secret": "不想让儿子知道",
        "parties": [
            {
                "name": "李玉梅",
                "kind": "person",
                "side": "申请人",
                "id_number": "990001198812249226",
                "phone": "10014345715",
            },
            {"name": "王建国", "kind": "person", "side": "被申请人", "address": "丁村三组"},
        ],
    }


def build_world(
    database: Database,
    clock: MovableClock,
    ids: IdSource,
    vault: Vault,
    files: FileStore,
    operations: Mapping[str, OperationFactory] | None = None,
) -> World:
    """Units, people and the published package in an empty database."""
    small_organisation(database)
    platform = Platform(
        database=database,
        clock=clock,
        ids=ids,
        vault=vault,
        files=files,
        catalogue=Catalogue(),
        rules=StoredRuleBook(),
        operations=operations or {},
    )
    world = World(platform, clock)
    with database.transaction(SYSTEM) as session:
        for username, post in PEOPLE.items():
            world.accounts[username] = add_person(session, ids, username, [post])
        row = add_draft(
            session, small_package(), version_id=ids.next(), author="test", now=clock.now()
        )
        session.flush()
        publish(session, row, now=clock.now())
    return world


def rows(world: World, table: type) -> list[Any]:
    """All rows of a table."""
    with world.platform.database.reading(SYSTEM) as session:
        return list(session.scalars(select(table).order_by(*table.__table__.primary_key)).all())
