"""Frozen facts and a package's template → the HTML of a document. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from workflows.catalogue.package import Package
from workflows.documents.context import thaw
from workflows.documents.freeze import Frozen
from workflows.documents.page import PageFrame, build_page
from workflows.errors import ProcessFaultError
from workflows.feel import FeelError
from workflows.wording import WordingError

_UNIT = re.compile(
    r"(?:\d{1,4}[年月日号]|〔\d{4}〕第\d+号|[\u3400-\u9fff\U00020000-\U0003ffff]·)(?![^<>]*>)"
)
"""What the end of a line does not part: figures and their word (GB/T 9704-1999: 数字、年份不能回行;
the edition of 2012 is silent), a dot and the character before it (GB/T 15834: no line begins with
a dot). Never inside of a tag."""
MARK_DIGITS = 12
"""Of a text's fingerprint: enough to compare two papers by eye, 48 bits."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a text may know of its own document; `verify_code` None makes it a draft.
    `text_mark`: as in `PageFrame`; texts do not see it."""

    kind: str
    number: str | None
    created_on: date
    verify_code: str | None
    text_mark: str | None = None

    def as_context(self) -> dict[str, Any]:
        """The name `document` in templates."""
        return {
            "kind": self.kind,
            "number": self.number,
            "created_on": self.created_on,
            "verify_code": self.verify_code,
            "draft": self.verify_code is None,
        }


@dataclass(frozen=True, slots=True)
class Composed:
    """A document ready to be laid out. `author`: the office that issues it."""

    html: str
    title: str
    author: str


def compose(
    package: Package, frozen: Frozen, document: DocumentFacts, *, verify_base: str | None = None
) -> Composed:
    """The document's HTML. The same arguments give the same text.

    `verify_base`: public address of the installation, for the QR picture. Raises
    ProcessFaultError where the package has no such document or its text cannot be filled in.
    """
    body = fill(
        package, document.kind, {**thaw(frozen, package), "document": document.as_context()}
    )
    frame = frame_of(package, frozen, document, verify_base)
    return Composed(html=build_page(body, frame), title=frame.title, author=frame.unit_name)


def text_mark(package: Package, kind: str, frozen: Frozen) -> str:
    """文本指纹: the first MARK_DIGITS hex digits of the SHA-256 of all that a text comes from, the
    facts and the version of the package with its template. Known before it is laid out."""
    facts = orjson.dumps(frozen, option=orjson.OPT_SORT_KEYS)
    source = f"{package.digest}/{kind}\0".encode()
    return hashlib.sha256(source + facts).hexdigest()[:MARK_DIGITS]


def frame_of(
    package: Package, frozen: Frozen, document: DocumentFacts, verify_base: str | None
) -> PageFrame:
    """What stands around the text of a document."""
    unit_name = str(frozen["unit"].get("name") or "")
    return PageFrame(
        title=package.document_title(document.kind)["zh"],
        unit_name=unit_name,
        number=_number_line(document, frozen),
        verify_code=document.verify_code,
        verify_url=verify_base
        and document.verify_code
        and f"{verify_base}/verify/{document.verify_code}",
        letter=_letter_of(frozen) if document.verify_code else None,
        text_mark=document.text_mark,
    )


def _letter_of(frozen: Frozen) -> str | None:
    """The number of the handoff whose letter this is. Only what `handoff.send` freezes for its own
    letter names the receiver (`to_name`); a run that merely knows of a handoff does not."""
    told = frozen["data"].get("handoff")
    if not isinstance(told, Mapping) or "to_name" not in told:
        return None
    return str(told.get("handoff") or "") or None


def fill(package: Package, kind: str, context: Mapping[str, Any]) -> str:
    """The template of `kind`, filled in. Raises ProcessFaultError."""
    known = package.manifest.documents.get(kind)
    return render(package, kind, known.template if known else "", context)


def render(package: Package, kind: str, name: str, context: Mapping[str, Any]) -> str:
    """The text called `name`, filled in for a document of `kind`. Raises ProcessFaultError."""
    template = package.templates.get(name)
    if template is None:
        raise ProcessFaultError("documents.unknown_kind", kind=kind)
    try:
        return _UNIT.sub(r'<span class="keep">\g<0></span>', template.render(context))
    except (FeelError, WordingError) as error:
        title = package.document_title(kind)["zh"]
        raise ProcessFaultError(
            "documents.template_broken", kind=title, why=error.message
        ) from error


def _number_line(document: DocumentFacts, frozen: Frozen) -> str:
    """编号 on the right of every page; before one is issued, the case's 受理号."""
    if document.number:
        return document.number
    case_number = frozen["run"].get("case_number")
    return f"受理号：{case_number}" if case_number else ""
