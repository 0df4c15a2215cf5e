"""A document's text as it stands in the studio, filled in with a sample: HTML, or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workflows.catalogue.gate import TEMPLATE_NAMES
from workflows.catalogue.package import Package
from workflows.documents.compose import DocumentFacts
from workflows.documents.context import TEXT, thaw
from workflows.documents.page import PageFrame, build_page
from workflows.messages import Message
from workflows.studio.preview import Problem
from workflows.studio.preview_facts import Sample
from workflows.wording import Template, WordingError, parse
from workflows.wording.tags import Tag, read_tags

TEXT_FILE = "text"
MOST_CHARACTERS = 200_000
"""Longest filled-in text that is laid out while somebody types: some sixty pages. A real document
may be longer; its preview would keep the renderer from the documents of the day."""
_MEMBER = re.compile(r'"(?:[^"\\]|\\.)*"|\b(data|case)\.([^\W\d]\w*)')


@dataclass(frozen=True, slots=True)
class Written:
    """A filled-in text. `html` None where it cannot be laid out; `problems` say why, or warn."""

    html: str | None
    problems: tuple[Problem, ...]


def write_text(text: str, kind: str, title: str, package: Package, sample: Sample) -> Written:
    """The draft of a document. Never raises for what a text does wrong."""
    try:
        template = parse(text)
    except WordingError as wrong:
        return Written(None, (_problem("error", wrong.line, wrong.message),))
    unknown = tuple(_unknown_names(text, template))
    if unknown:
        return Written(None, unknown)
    warned = tuple(_unknown_members(text, package))
    document = DocumentFacts(kind, sample.number, sample.today, verify_code=None)
    context = {**thaw(sample.frozen, package), "document": document.as_context()}
    try:
        body = template.render(context)
    except WordingError as wrong:
        return Written(None, (_problem("error", wrong.line, wrong.message), *warned))
    if len(body) > MOST_CHARACTERS:
        long = Message("studio.preview_long", {"count": len(body), "most": MOST_CHARACTERS})
        return Written(None, (_problem("error", 1, long), *warned))
    frame = PageFrame(
        title=title,
        unit_name=str(sample.frozen["unit"].get("name") or ""),
        number=sample.number or str(sample.frozen["run"].get("case_number") or ""),
        verify_code=None,
    )
    return Written(build_page(body, frame), warned)


def _problem(severity: str, line: int, message: Message) -> Problem:
    return Problem(severity, TEXT_FILE, line, "", message)


def _unknown_names(text: str, template: Template) -> Iterator[Problem]:
    """Names no document knows, each at the first tag that says it."""
    for name in sorted(template.names - TEMPLATE_NAMES):
        said = re.compile(rf"\b{re.escape(name)}\b")
        tags = (tag for tag in _tags(text) if said.search(tag.text))
        line = next((_line_at(tag, said) for tag in tags), 1)
        yield _problem("error", line, Message("studio.text_name", {"name": name}))


def _unknown_members(text: str, package: Package) -> Iterator[Problem]:
    """`data.x` and `case.x` nobody fills: they print nothing, which is easily overlooked."""
    known = _declared(package)
    told: set[str] = set()
    for tag in _tags(text):
        for found in _MEMBER.finditer(tag.text):
            root, name = found[1], found[2]
            if root is None or found[0] in told:
                continue
            if name in known or name.removesuffix(TEXT) in known:
                continue
            told.add(found[0])
            line = tag.line + tag.text.count("\n", 0, found.start())
            yield _problem("warning", line, Message("studio.text_member", {"name": found[0]}))


def _declared(package: Package) -> frozenset[str]:
    """Every name a process value or a fact of the case may have."""
    fields = (field.name for form in package.forms.values() for field in form.fields)
    expressions = package.process.expressions
    return frozenset((*expressions.names, *expressions.case_names, *fields))


def _tags(text: str) -> Iterator[Tag]:
    return (tag for tag in read_tags(text) if tag.kind != "text")


def _line_at(tag: Tag, said: re.Pattern[str]) -> int:
    found = said.search(tag.text)
    return tag.line + tag.text.count("\n", 0, found.start() if found else 0)
