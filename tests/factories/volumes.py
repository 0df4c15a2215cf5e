"""The package of papers with a volume, a renderer that makes small real PDFs, and scans."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

from tests.factories.cases import World
from tests.factories.papers import PAPERS, papers_package
from workflows.cases.files import Upload, upload
from workflows.cases.open_case import OpenCase, Opened, open_case
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import add_draft, publish
from workflows.documents.rendering import Attachment, Rendered
from workflows.storage import SYSTEM
from workflows.volumes.sheets import NUMBER_STYLE

VOLUME = """
[outcomes.e]
title = { zh = "谈成", en = "Agreed" }

[[volume.lines]]
key = "notice"
title = { zh = "告知书", en = "Notice" }
required = true
documents = ["notice"]

[[volume.lines]]
key = "proof"
title = { zh = "证据", en = "Proof" }
required = true
unless = ["e"]
fields = ["proof"]
rest = true

[[volume.lines]]
key = "records"
title = { zh = "谈话记录", en = "Records" }
documents = ["record"]

[[volume.lines]]
key = "note"
title = { zh = "卷宗情况说明", en = "Note" }
sheet = "note"

[[volume.lines]]
key = "back"
title = { zh = "封底", en = "Back cover" }
required = true
sheet = "back"
"""


def volume_package() -> PackageSource:
    """`papers` with a volume of five lines."""
    source = papers_package()
    path = f"bpmn/{PAPERS}/package.toml"
    text = source.files[path].decode()
    form = f"forms/{PAPERS}/register.schema.json"
    schema = json.loads(source.files[form])
    schema["properties"]["proof"] |= {"type": "array", "items": {"type": "string"}}
    changed = {path: f"{text}{VOLUME}".encode(), form: json.dumps(schema).encode()}
    return PackageSource(PAPERS, {**source.files, **changed})


def with_volumes(world: World) -> World:
    """Publishes it as the next version."""
    platform = world.platform
    with platform.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            volume_package(),
            version_id=platform.ids.next(),
            author="test",
            now=world.clock.now(),
        )
        session.flush()
        publish(session, row, now=world.clock.now())
    return world


def open_with(world: World, raw: dict[str, Any], *scans: tuple[str, bytes]) -> Opened:
    """A new case with files as its proof."""
    actor = world.actor("intake")
    kept = [
        upload(world.platform, actor, Upload(BytesIO(content), name)).id for name, content in scans
    ]
    filled = {**raw, **({"proof": kept} if kept else {})}
    return open_case(world.platform, actor, OpenCase(process=PAPERS, raw=filled))


@dataclass
class SmallRenderer:
    """Real PDFs of empty pages: as many as numbers are asked for, else `pages`. `calls`: every
    HTML; `fails`: raised instead, once for each entry."""

    pages: int = 2

    calls: list[str] = field(default_factory=list)
    fails: list[BaseException] = field(default_factory=list)

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
        self.calls.append(html)
        if self.fails:
            raise self.fails.pop(0)
        is_numbers = NUMBER_STYLE in html
        pages = html.count("<p>") if is_numbers else self.pages
        if any(f'<section class="{name}">' in html for name in ("note", "back")):
            pages = 1
        size = (113.386, 22.677) if is_numbers else (595.276, 841.89)
        return Rendered(pdf_of(pages, size), pages)

    def said(self, mark: str) -> str:
        """The text of the last sheet that holds `mark`, without markup."""
        found = [html for html in self.calls if mark in html]
        body = found[-1].split("<body>", 1)[1]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


def pdf_of(pages: int, size: tuple[float, float] = (595.276, 841.89), **options: Any) -> bytes:
    """A PDF of empty pages; options of `Pdf.save`."""
    kept = BytesIO()
    with pikepdf.Pdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=size)
        pdf.save(kept, **options)
    return kept.getvalue()


def locked_pdf() -> bytes:
    """A PDF nobody can open without its password."""
    return pdf_of(1, encryption=pikepdf.Encryption(user="secret", owner="secret"))


def photo(width: int = 64, height: int = 48, *, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture."""
    kept = BytesIO()
    Image.new("RGB", (width, height), (180, 120, 60)).save(kept, kind, **options)
    return kept.getvalue()
