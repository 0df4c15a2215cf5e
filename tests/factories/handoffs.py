"""Two small packages that hand a matter to each other, and the office they do it in.

`court_filing` (乙法院): registered → `choose` a unit or name a party → `handoff.send` → waits for
the answer under a clock; refused it may choose again once. `entrusted_talks` (both committees):
begun by the court's handoff or by people → `receive` → `talk` → `handoff.answer`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.factories.cases import FORMS as CASE_FORMS
from tests.factories.cases import World, build_world, choice, registration, text, titles
from tests.factories.engine import Drawing, bpmn, message_event, timer_event
from tests.factories.papers import PretendRenderer
from webapp.house import OPERATIONS
from workflows.cases.complete_task import Completed
from workflows.cases.open_case import OpenCase, Opened, open_case
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.records import InboxRow
from workflows.cases.receive_message import redeliver
from workflows.cases.save_decision import ENDED_TOPIC, REDELIVER_TOPIC
from workflows.cases.seal_run import SEALED_TOPIC
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import add_draft, publish
from workflows.handoffs.deliver import deliver
from workflows.handoffs.ended import answer_for
from workflows.handoffs.places import DELIVER_TOPIC, RECALL_TOPIC, REPLY_TOPIC
from workflows.handoffs.reply import reply, settle_waiting
from workflows.handoffs.sealed import seal_beyond
from workflows.handoffs.withdraw import recall
from workflows.storage import SYSTEM, Database, IdSource, outbox
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

COURT, TALKS = "court_filing", "entrusted_talks"
COURT_UNIT, TOWN, VILLAGE = "11-FY", "111-TW", "1111-TW"
LIAISON, JUDGE = "法院联络员", "承办法官"
MESSAGES = ("delegate.answered", "delegate.declined")

REGISTER: dict[str, Any] = {
    "properties": {
        **CASE_FORMS["register"]["properties"],
        "shelter": text("庇护地址", "Shelter", **{"x-store": "sealed"}),
        "note": text("内部意见", "Internal note", **{"x-store": "case"}),
    },
    "required": ["title", "dispute_kind", "parties"],
}
DELEGATED: dict[str, Any] = {
    "properties": {
        name: REGISTER["properties"][name]
        for name in ("title", "dispute_kind", "summary", "shelter", "parties", "proof")
    },
    "required": ["title", "dispute_kind", "parties"],
}
COURT_FORMS: Mapping[str, dict[str, Any]] = {
    "register": REGISTER,
    "choose": {
        "properties": {"to": text("送往单位", "Office"), "to_name": text("送往（无账号）", "Party")}
    },
}
TALKS_FORMS: Mapping[str, dict[str, Any]] = {
    "delegated": DELEGATED,
    "walk_in": DELEGATED,
    "receive": {
        "properties": {
            "takes": choice("是否接收", "Take it", {"yes": "接收", "no": "不接收"}),
            "reason": text("原因代码", "Reason code"),
        },
        "required": ["takes"],
    },
    "talk": {
        "properties": {
            "outcome": choice("结果", "Outcome", {"agreed": "达成", "failed": "未达成"}),
            "terms": text("协议内容", "Terms", **{"x-store": "case"}),
            "bottom": text("底线", "Bottom line", **{"x-store": "case"}),
        },
        "required": ["outcome"],
    },
}

COURT_MANIFEST = f"""
key = "{COURT}"
title = {{ zh = "诉前委派", en = "Before filing" }}
case_kind = "filing"
number_format = "{{unit}}诉前〔{{year}}〕{{n}}号"
owner_role = "流程负责人"
start_roles = ["{LIAISON}"]

[[start]]
name = "register"
title = {{ zh = "登记起诉材料", en = "Register a filing" }}
form = "register"

[[handoffs]]
kind = "delegate"
title = {{ zh = "委派调解函", en = "Letter of delegation" }}
package = "{TALKS}"
start = "by_court"
fields = ["title", "dispute_kind", "summary", "proof"]
sealed = ["shelter"]
parties = ["phone"]
documents = ["letter"]
letter = "letter"
messages = {{ answered = "delegate.answered", declined = "delegate.declined" }}

[documents.letter]
title = {{ zh = "委派调解函", en = "Letter of delegation" }}

[process]
sent = "context"
answer = "context"
refusal = "context"
taken_back = "context"
"""
TALKS_MANIFEST = f"""
key = "{TALKS}"
title = {{ zh = "受托调解", en = "Entrusted talks" }}
case_kind = "talks"
number_format = "{{unit}}托调〔{{year}}〕{{n}}号"
owner_role = "流程负责人"
start_roles = ["调委会主任"]

[[start]]
name = "by_court"
title = {{ zh = "法院委派", en = "Delegated by a court" }}
form = "delegated"
by_handoff = "delegate"

[[start]]
name = "walk_in"
title = {{ zh = "登记", en = "Register" }}
form = "walk_in"

[documents.agreement]
title = {{ zh = "调解协议书", en = "Agreement" }}

[documents.reply]
title = {{ zh = "回函", en = "Reply" }}

[process]
receipt = "context"
agreement = "context"
reply = "context"
"""
LETTER = "<h1>委派调解函</h1><p>{{ case.title }}</p><p>{{ data.handoff.handoff }}</p>"


def court_package(*, busy: bool = False) -> PackageSource:
    """The sender. `busy`: it has something to do (`copy`) before it waits for the answer."""
    spine = Drawing(COURT, role=LIAISON).start().choice("g_again")
    spine.user("choose", title="选定单位", formJsonSchemaFilename="choose.schema.json")
    spine.service("send", "handoff.send", "sent", kind='"delegate"', to="to", to_name="to_name")
    spine.call("c_wait", "cf_wait").end("e_agreed").end("e_failed").choice("g_out")
    refused = message_event("delegate.declined", variable="refusal")
    spine.boundary("b_refused", "c_wait", refused).choice("g_twice").end("e_returned")
    late = timer_event('deadline("delegated_mediation", today)')
    spine.boundary("b_late", "c_wait", late)
    spine.service("take_back", "handoff.withdraw", "taken_back", handoff="sent.handoff")
    spine.end("e_expired")
    if busy:
        spine.user("copy", title="复印材料")
    spine.flow("s > g_again > choose > send")
    spine.flow("send > copy > c_wait > g_out" if busy else "send > c_wait > g_out")
    spine.flow("g_out > e_agreed", 'answer.outcome = "agreed"').otherwise("g_out", "e_failed")
    spine.flow("b_refused > g_twice").flow("g_twice > g_again", "sent.returns < 1")
    spine.otherwise("g_twice", "e_returned").flow("b_late > take_back > e_expired")
    wait = Drawing("cf_wait", role=LIAISON).start("w_s")
    wait.catch("on_answer", message_event("delegate.answered", variable="answer"))
    wait.end("w_e").flow("w_s > on_answer > w_e")
    diagram = bpmn(spine, wait, messages=MESSAGES)
    return tree(COURT, COURT_MANIFEST, diagram, COURT_FORMS, {"letter": LETTER})


def talks_package() -> PackageSource:
    """The receiver."""
    spine = Drawing(TALKS, role="调委会主任").start()
    spine.user("receive", title="接收登记", formJsonSchemaFilename="receive.schema.json")
    spine.choice("g_take")
    spine.service("decline", "handoff.answer", "receipt", outcome='"declined"', reason="reason")
    spine.end("e_declined")
    spine.service("accept", "handoff.answer", "receipt", outcome='"accepted"')
    spine.call("c_talk", "et_talk")
    spine.service("make_agreement", "document.create", "agreement", kind='"agreement"')
    spine.service(
        "answer",
        "handoff.answer",
        "reply",
        outcome="outcome",
        data="{terms: case.terms}",
        documents='["agreement"]',
        letter='"reply"',
    )
    spine.end("e_done").flow("s > receive > g_take").flow("g_take > decline", 'takes = "no"')
    spine.otherwise("g_take", "accept").flow("decline > e_declined")
    spine.flow("accept > c_talk > make_agreement > answer > e_done")
    talk = Drawing("et_talk", role="人民调解员").start("t_s")
    talk.user("talk", title="调解", formJsonSchemaFilename="talk.schema.json").end("t_e")
    talk.flow("t_s > talk > t_e")
    papers = {"agreement": "<h1>协议</h1><p>{{ case.terms }}</p>", "reply": "<h1>回函</h1>"}
    return tree(TALKS, TALKS_MANIFEST, bpmn(spine, talk), TALKS_FORMS, papers)


def tree(
    key: str,
    manifest: str,
    diagram: bytes,
    forms: Mapping[str, dict[str, Any]],
    papers: Mapping[str, str],
) -> PackageSource:
    """A package's files."""
    files = {
        f"bpmn/{key}/package.toml": manifest.encode(),
        f"bpmn/{key}/{key}.bpmn": diagram,
    }
    for name, html in papers.items():
        files[f"forms/{key}/documents/{name}.html"] = html.encode()
    for name, form in forms.items():
        schema = {"type": "object", **titles(name, name), "additionalProperties": False, **form}
        files[f"forms/{key}/{name}.schema.json"] = json.dumps(schema).encode()
    return PackageSource(key, files)


@dataclass
class Letters:
    """The small world with both packages, and a worker that is asked for each turn."""

    world: World
    renderer: PretendRenderer = field(default_factory=PretendRenderer)

    def file(self, **raw: Any) -> tuple[Opened, InboxRow]:
        """A filing at the court; its first task."""
        given = {**registration(), "shelter": "甲市某路1号", "note": "拟驳回", **raw}
        command = OpenCase(process=COURT, raw=given)
        opened = open_case(self.world.platform, self.world.actor("liaison"), command)
        return opened, opened.tasks[0]

    def send(self, to: str = TOWN, **raw: Any) -> Opened:
        """A filing whose letter has been sent; nothing is delivered yet."""
        opened, choose = self.file(**raw)
        self.world.complete("liaison", choose, to=to)
        return opened

    def work(self, most: int = 50) -> int:
        """Does what the outbox holds of handoffs, as the worker would; how many rows."""
        platform = self.world.platform
        topics = (
            DELIVER_TOPIC,
            REPLY_TOPIC,
            RECALL_TOPIC,
            ENDED_TOPIC,
            REDELIVER_TOPIC,
            SEALED_TOPIC,
        )
        for done in range(most):
            now = self.world.clock.now()
            with platform.database.transaction(SYSTEM) as session:
                rows = outbox.claim(session, now, 1, worker="test", topics=topics)
            if not rows:
                return done
            self.do(rows[0].topic, orjson.loads(rows[0].payload))
            with platform.database.transaction(SYSTEM) as session:
                assert outbox.done(session, rows[0])
        raise AssertionError("work without end")

    def do(self, topic: str, payload: Mapping[str, Any]) -> str:
        """One row's work."""
        platform = self.world.platform
        if topic == DELIVER_TOPIC:
            return deliver(platform, self.renderer, payload["handoff"])
        if topic == REPLY_TOPIC:
            return reply(platform, self.renderer, payload["handoff"], payload["number"])
        if topic == RECALL_TOPIC:
            return recall(platform, payload["handoff"])
        if topic == ENDED_TOPIC:
            return answer_for(platform, payload["run"])
        if topic == SEALED_TOPIC:
            return seal_beyond(platform, payload["case"])
        redeliver(platform, payload["run"])
        settle_waiting(platform, payload["run"])
        return "done"

    def task(self, username: str, element: str) -> InboxRow:
        """The one open item of an element that somebody may do."""
        platform, actor = self.world.platform, self.world.actor(username)
        rows = [
            row
            for tab in ("claimable", "mine")
            for row in list_inbox(platform, actor, InboxQuery(tab=tab)).rows
            if row.name == element
        ]
        assert len(rows) == 1, [row.name for row in rows]
        return rows[0]

    def complete(self, username: str, element: str, **raw: Any) -> Completed:
        """Completes the one open item of an element."""
        return self.world.complete(username, self.task(username, element), **raw)


def add_package(world: World, source: PackageSource, unit: str = "") -> None:
    """Publishes a package."""
    platform = world.platform
    with platform.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            source,
            version_id=platform.ids.next(),
            author="test",
            now=platform.clock.now(),
            unit_code=unit,
        )
        session.flush()
        publish(session, row, now=platform.clock.now())


def build_letters(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> Letters:
    """The small world with a court that hands over and committees that receive."""
    world = build_world(database, clock, ids, vault, files, operations=OPERATIONS)
    add_package(world, court_package())
    add_package(world, talks_package())
    world.hire("liaison", f"{LIAISON}@{COURT_UNIT}")
    world.hire("judge", f"{JUDGE}@{COURT_UNIT}")
    return Letters(world)
