"""A package that does nothing but paper, and a renderer that only pretends.

`papers`: registered → a notice is made → `talk` again and again, each time with a record → end.
Of the notice a run has one that counts, of the record as many as there were talks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from tests.factories.cases import FORMS as CASE_FORMS
from tests.factories.cases import World, build_world, choice, registration, text, titles
from tests.factories.engine import Drawing, bpmn
from workflows.cases.open_case import OpenCase, Opened, open_case
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import add_draft, publish
from workflows.documents.operations import document_create
from workflows.documents.rendering import Attachment, Rendered
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

PAPERS = "papers"


MANIFEST = f"""
key = "{PAPERS}"
title = {{ zh = "文书", en = "Papers" }}
case_kind = "papers"
number_format = "{{unit}}文字〔{{year}}〕第{{n}}号"
owner_role = "流程负责人"
start_roles = ["窗口受理员", "人民调解员", "调委会主任"]

[[start]]
name = "register"
title = {{ zh = "登记", en = "Register" }}
form = "register"

[documents.notice]
title = {{ zh = "告知书", en = "Notice" }}
languages = ["mn", "kk"]

[documents.record]
title = {{ zh = "记录", en = "Record" }}
several = true

[process]
outcome = "string"
"""

NOTICE = """<h1>告知书</h1>
{% for p in parties %}<p>{{ p.side }}：{{ p.name }}，{{ p.id_number }}，{{ p.phone }}</p>{% end %}
<p>{{ case.title }}（{{ case.dispute_kind_text }}）{{ case.secret }}</p>"""
TOLD = NOTICE.replace("告知书", "ᠮᠡᠳᠡᠭᠳᠡᠯ"), NOTICE.replace("告知书", "ۇقتىرۋ")
"""The notice in Mongolian and in Kazakh."""
RECORD = "<h1>记录</h1>{% for line in lines(case.summary) %}<p>{{ line }}</p>{% end %}"

FORMS = {
    "register": CASE_FORMS["register"],
    "talk": {
        "properties": {
            "outcome": choice("结果", "Outcome", {"again": "再谈", "done": "谈成", "redo": "重发"}),
            "summary": text("情况", "Account", **{"x-store": "case", "x-widget": "longtext"}),
        },
        "required": ["outcome"],
    },
}


def papers_package() -> PackageSource:
    """The tree of the package."""
    spine = Drawing(PAPERS, role="人民调解员").start().choice("g_again")
    spine.service("give_number", "number.issue", "issued")
    spine.service("make_notice", "document.create", "notice_document", kind='"notice"')
    spine.choice("g_talk").user(
        "talk",
        title="谈话",
        formJsonSchemaFilename="talk.schema.json",
        document="notice,record",
    )
    spine.service("make_record", "document.create", "record_document", kind='"record"')
    spine.choice("g_out").end("e")
    spine.flow("s > give_number > g_again > make_notice > g_talk > talk > make_record > g_out")
    spine.flow("g_out > g_talk", 'outcome = "again"').flow("g_out > g_again", 'outcome = "redo"')
    spine.otherwise("g_out", "e")
    files = {
        f"bpmn/{PAPERS}/package.toml": MANIFEST.encode(),
        f"bpmn/{PAPERS}/{PAPERS}.bpmn": bpmn(spine),
        f"forms/{PAPERS}/documents/notice.html": NOTICE.encode(),
        f"forms/{PAPERS}/documents/notice.mn.html": TOLD[0].encode(),
        f"forms/{PAPERS}/documents/notice.kk.html": TOLD[1].encode(),
        f"forms/{PAPERS}/documents/record.html": RECORD.encode(),
    }
    for name, form in FORMS.items():
        schema = {"type": "object", **titles(name, name), "additionalProperties": False, **form}
        files[f"forms/{PAPERS}/{name}.schema.json"] = json.dumps(schema).encode()
    return PackageSource(PAPERS, files)


def build_papers(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    """The world of `tests.factories.cases` with this package and `document.create`."""
    world = build_world(
        database, clock, ids, vault, files, operations={"document.create": document_create}
    )
    with database.transaction(SYSTEM) as session:
        row = add_draft(
            session, papers_package(), version_id=ids.next(), author="test", now=clock.now()
        )
        session.flush()
        publish(session, row, now=clock.now())
    return world


def open_papers(world: World, username: str = "intake", **raw: Any) -> Opened:
    """A new case of the package."""
    command = OpenCase(process=PAPERS, raw={**registration(), **raw})
    return open_case(world.platform, world.actor(username), command)


@dataclass
class PretendRenderer:
    """Answers like a renderer without laying anything out; the “PDF” is the HTML after a mark.

    `fails`: raised instead, once for each entry. `calls`: every HTML asked for.
    """

    calls: list[str] = field(default_factory=list)
    fails: list[BaseException] = field(default_factory=list)
    flavour: str = "1"
    """Another one gives other bytes for the same document, like a newer layout engine."""
    _lock: Lock = field(default_factory=Lock)

    def render(
        self,
        html: str,
        *,
        title: str,
        created: datetime,
        language: str = "zh-CN",
        author: str = "",
        attachments: Sequence[Attachment] = (),
    ) -> Rendered:
        with self._lock:
            self.calls.append(html)
            if self.fails:
                raise self.fails.pop(0)
        head = f"%PDF-pretend {self.flavour} {title} {author} {created.isoformat()}\n"
        return Rendered(pdf=head.encode() + html.encode(), pages=2)
