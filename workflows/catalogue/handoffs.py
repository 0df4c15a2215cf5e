"""`[[handoffs]]` of `package.toml`: what goes over to which other package, and how answers come.

The sender's package names everything that leaves the house by name; what it does not name stays.
`check_handoffs` looks at one package, `check_ends` at both where both are installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflows.engine.elements import SiteKind
from workflows.engine.findings import Finding
from workflows.formspec import Store
from workflows.formspec.party import PARTY_FIELDS
from workflows.messages import Message

if TYPE_CHECKING:
    from workflows.catalogue.gate import Parts
    from workflows.catalogue.manifest import Manifest
    from workflows.catalogue.package import Package

FILE = "package.toml"
NAME = "handoff"
"""Process name under which a run that was begun by a handoff knows it (docs/handoffs.md)."""
SEND = "handoff.send"
MESSAGES = ("accepted", "declined", "answered")
"""What the other side may say; `answered` is what a declared `accepted` or `declined` is not."""
ALWAYS = ("kind", "name", "side")
"""Of a party: what goes over whenever parties do."""
_LITERAL = re.compile(r'^\s*=?\s*"([^"]*)"\s*$')
_WAITS = ("boundaryEvent", "intermediateCatchEvent", "receiveTask")


@dataclass(frozen=True, slots=True)
class HandoffKind:
    """One way a matter leaves. `package`, `start`: the other side and its start form.

    `fields`: names of case facts and process values; `sealed`: of sealed facts; `parties`: fields
    of each party beside `ALWAYS`, None where the parties stay; `documents`: kinds; `letter`: kind
    of the document that is made for it, None without one. `messages`: of `MESSAGES` → the message
    the sender's diagram waits for.
    """

    kind: str
    title: Mapping[str, str]
    package: str
    start: str
    fields: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    parties: tuple[str, ...] | None = None
    documents: tuple[str, ...] = ()
    letter: str | None = None
    messages: Mapping[str, str] = field(default_factory=dict)

    def message_for(self, word: str) -> str | None:
        """The message for `accepted`, `declined` or `answered`. A refusal nobody waits for by
        itself comes as the answer; a receipt nobody waits for is no message at all."""
        own = self.messages.get(word)
        return own if own or word == "accepted" else self.messages.get("answered")


def read_handoffs(reader: Any) -> tuple[HandoffKind, ...]:
    """The handoffs of a manifest, read with its reader, which collects what is wrong."""
    return tuple(_read(row, reader) for row in reader.rows("handoffs"))


def _read(row: Mapping[str, Any], reader: Any) -> HandoffKind:
    kind = str(row.get("kind") or "")
    messages = row.get("messages", {})
    lists = {name: _texts(row.get(name, [])) for name in ("fields", "sealed", "documents")}
    parties = _texts(row["parties"]) if "parties" in row else None
    texts = [row.get(name) for name in ("kind", "package", "start")]
    if not all(isinstance(text, str) and text for text in texts):
        reader.say("manifest.handoff_names", name=kind or "?")
    if None in lists.values() or ("parties" in row and parties is None):
        reader.say("manifest.shape", name=f"handoffs.{kind}")
    if not isinstance(messages, dict) or not set(messages) <= set(MESSAGES):
        reader.say("manifest.handoff_messages", name=kind)
        messages = {}
    return HandoffKind(
        kind=kind,
        title=reader.titles(row, kind or "handoffs"),
        package=str(row.get("package", "")),
        start=str(row.get("start", "")),
        parties=parties,
        letter=str(row["letter"]) if row.get("letter") else None,
        messages={str(word): str(name) for word, name in messages.items()},
        **{name: found or () for name, found in lists.items()},
    )


def _texts(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None


def check_handoffs(parts: Parts, manifest: Manifest) -> Iterator[Finding]:
    """What one package's handoffs say that is not so."""
    kinds = [one.kind for one in manifest.handoffs]
    for twice in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        yield _error("handoff_twice", kind=twice)
    for one in manifest.handoffs:
        yield from _check_names(one, parts)
        yield from _check_papers(one, manifest)
        yield from _check_messages(one, parts)
    yield from _check_sends(parts, kinds)


def _check_names(one: HandoffKind, parts: Parts) -> Iterator[Finding]:
    sealed = sealed_names(parts.forms)
    declared = parts.names.keys() | parts.case_names.keys()
    for name in one.fields:
        if name in sealed:
            yield _error("handoff_sealed", kind=one.kind, name=name)
        elif name not in declared:
            yield _error("handoff_field", kind=one.kind, name=name)
    for name in one.sealed:
        if name not in sealed:
            yield _error("handoff_not_sealed", kind=one.kind, name=name)
    known = {column.name for column in PARTY_FIELDS}
    for name in one.parties or ():
        if name not in known:
            yield _error("handoff_party_field", kind=one.kind, name=name)


def sealed_names(forms: Mapping[str, Any]) -> frozenset[str]:
    """Names that some form of the package keeps sealed."""
    return frozenset(
        one.name for form in forms.values() for one in form.fields if one.store is Store.SEALED
    )


def _check_papers(one: HandoffKind, manifest: Manifest) -> Iterator[Finding]:
    for kind in (*one.documents, *((one.letter,) if one.letter else ())):
        if kind not in manifest.documents:
            yield _error("handoff_document", kind=one.kind, document=kind)


def _check_messages(one: HandoffKind, parts: Parts) -> Iterator[Finding]:
    if "answered" not in one.messages:
        yield _error("handoff_unanswered", kind=one.kind)
    elements = parts.files.diagram.elements.values() if parts.files else ()
    waited = {e.name for e in elements if e.event == "message" and e.kind in _WAITS}
    for name in sorted(set(one.messages.values()) - waited):
        yield _error("handoff_not_awaited", kind=one.kind, name=name)


def _check_sends(parts: Parts, kinds: list[str]) -> Iterator[Finding]:
    if parts.files is None:
        return
    diagram = parts.files.diagram
    sends = {e.id for e in diagram.elements.values() if e.calls == SEND}
    for site in diagram.sites:
        if site.element not in sends or (site.kind, site.detail) != (SiteKind.PARAMETER, "kind"):
            continue
        literal = _LITERAL.match(site.text)
        if literal and literal.group(1) not in kinds:
            yield _error("handoff_unknown", element=site.element, kind=literal.group(1))


def check_ends(sender: Package, receiver: Package) -> tuple[Finding, ...]:
    """What does not fit between a package and one it hands matters to; empty where it hands none.

    A field the other start form does not ask would make every letter of this kind a dead one.
    """
    found = []
    for one in sender.manifest.handoffs:
        if one.package == receiver.manifest.key:
            found += list(_check_end(one, receiver))
    return tuple(found)


def _check_end(one: HandoffKind, receiver: Package) -> Iterator[Finding]:
    start = receiver.manifest.start(one.start)
    told = {"kind": one.kind, "package": one.package, "start": one.start}
    if start is None or start.by_handoff != one.kind or start.form not in receiver.forms:
        yield _error("handoff_no_start", **told)
        return
    form = receiver.forms[start.form]
    given = {*one.fields, *one.sealed}
    for name in sorted(given - {one.name for one in form.fields}):
        yield _error("handoff_not_asked", name=name, **told)
    for asked in form.fields:
        if asked.name in one.sealed and asked.store is not Store.SEALED:
            yield _error("handoff_unsealed", name=asked.name, **told)
        covered = asked.name in given or (asked.store is Store.PARTY and one.parties is not None)
        if asked.required and asked.visible is None and not covered:
            yield _error("handoff_demanded", name=asked.name, **told)


def _error(code: str, *, element: str | None = None, **params: object) -> Finding:
    message = Message(f"package.{code}", {**params, "element": element or ""})
    return Finding("error", message.code, element, message, FILE, None)
