"""`package.toml`: what a package says about itself.

Titles are tables `{ zh = "…", en = "…" }`. A form is named by its file without
`.schema.json`, a document template by its file without `.html`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from workflows.catalogue.handoffs import HandoffKind, read_handoffs
from workflows.catalogue.packet import PacketPlan, read_packet
from workflows.catalogue.signing import SigningPlan, read_signing
from workflows.catalogue.volume import VolumePlan, read_volume
from workflows.engine.findings import Finding
from workflows.messages import Message

Titles: TypeAlias = Mapping[str, str]
FILE = "package.toml"
FEEL_TYPES = frozenset(
    {
        "string",
        "number",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "any",
    }
)
ACCESS_CLASSES = frozenset({"normal", "sealed", "psychology", "minor"})


@dataclass(frozen=True, slots=True)
class StartForm:
    """One way a case begins. `name` becomes the process name `entry`. `by_handoff`: the kind of
    handoff that begins it, None where people do."""

    name: str
    title: Titles
    form: str
    by_handoff: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One bead of the strip: current while one of `processes` (diagram ids) is active."""

    key: str
    title: Titles
    processes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A document the package can print; `template` is the file in `forms/<key>/documents/`.

    `several`: a run has many of the kind, side by side (a record for each session); else a newer
    one takes the place of the older. `languages`: in which it can be read beside the Chinese text.
    """

    kind: str
    title: Titles
    template: str
    several: bool = False
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A package's own description, checked.

    `case_data`, `process_data`: declared names → FEEL type, beyond what forms declare.
    `number_format`: of the run's number, with {unit}, {year}, {n}. `outcomes`: end event id →
    title. `senders`: systems that may send its messages from outside. `handoffs`: how its matters
    go on elsewhere. `volume`: what its 卷宗 holds, `packet`: what goes to a court,
    `signing`: what says whether it may be signed on a screen; None without.
    """

    key: str
    title: Titles
    case_kind: str
    number_format: str
    owner_role: str
    start_roles: tuple[str, ...]
    starts: tuple[StartForm, ...]
    stages: tuple[Stage, ...]
    documents: Mapping[str, DocumentKind]
    outcomes: Mapping[str, Titles]
    legal_basis: tuple[Titles, ...] = ()
    senders: tuple[str, ...] = ()
    access_class: str = "normal"
    case_data: Mapping[str, str] = field(default_factory=dict)
    process_data: Mapping[str, str] = field(default_factory=dict)
    handoffs: tuple[HandoffKind, ...] = ()
    volume: VolumePlan | None = None
    packet: PacketPlan | None = None
    signing: SigningPlan | None = None

    @property
    def own_starts(self) -> tuple[StartForm, ...]:
        """The starts people may choose: those no handoff begins."""
        return tuple(start for start in self.starts if start.by_handoff is None)

    def start(self, name: str | None) -> StartForm | None:
        """The start form called `name`, for None the first one people may choose, None if there
        is no such."""
        if name is None:
            return next(iter(self.own_starts), None)
        return next((start for start in self.starts if start.name == name), None)

    def handoff(self, kind: str) -> HandoffKind | None:
        """What is declared of a kind of handoff, None if it is not."""
        return next((one for one in self.handoffs if one.kind == kind), None)


def read_manifest(key: str, text: bytes | None) -> tuple[Manifest | None, tuple[Finding, ...]]:
    """The manifest, or None and every finding that speaks against it. Never raises."""
    if text is None:
        return None, (_finding("manifest.missing"),)
    try:
        table = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        return None, (_finding("manifest.not_toml", why=str(exc)[:200]),)
    reader = _Reader(table)
    manifest = _read(key, table, reader)
    return (None if reader.findings else manifest), tuple(reader.findings)


def _read(key: str, table: Mapping[str, Any], reader: _Reader) -> Manifest:
    if table.get("key") != key:
        reader.say("manifest.other_key", key=str(table.get("key"))[:60], folder=key)
    documents = {
        kind: DocumentKind(
            kind,
            reader.titles(row, kind),
            str(row.get("template", kind)),
            row.get("several") is True,
            reader.listed(row, "languages", f"documents.{kind}"),
        )
        for kind, row in reader.tables("documents")
    }
    manifest = Manifest(
        key=key,
        title=reader.titles(table, "title"),
        case_kind=reader.text("case_kind"),
        number_format=reader.text("number_format"),
        owner_role=reader.text("owner_role"),
        start_roles=reader.texts("start_roles"),
        starts=tuple(
            StartForm(
                str(r.get("name", "")),
                reader.titles(r, "start"),
                str(r.get("form", "")),
                str(r["by_handoff"]) if r.get("by_handoff") else None,
            )
            for r in reader.rows("start")
        ),
        stages=tuple(
            Stage(
                str(r.get("key", "")),
                reader.titles(r, "stage"),
                reader.listed(r, "processes", "stage"),
            )
            for r in reader.rows("stage")
        ),
        documents=documents,
        outcomes={end: reader.titles(row, end) for end, row in reader.tables("outcomes")},
        legal_basis=tuple(reader.titles({"title": r}, "legal_basis") for r in reader.basis()),
        senders=reader.texts("senders"),
        access_class=str(table.get("access_class", "normal")),
        case_data=reader.types("case"),
        process_data=reader.types("process"),
        handoffs=read_handoffs(reader),
        volume=read_volume(reader),
        packet=read_packet(reader),
        signing=read_signing(reader),
    )
    _check(manifest, reader)
    return manifest


def _check(manifest: Manifest, reader: _Reader) -> None:
    if not manifest.starts:
        reader.say("manifest.no_start")
    if not manifest.start_roles:
        reader.say("manifest.no_start_roles")
    if manifest.access_class not in ACCESS_CLASSES:
        reader.say("manifest.access_class", value=manifest.access_class[:40])
    if "{n}" not in manifest.number_format:
        reader.say("manifest.number_format")
    if len(manifest.stages) > 8:
        reader.say("manifest.stages", count=len(manifest.stages))


class _Reader:
    """Reads values of expected shapes and collects what is wrong instead of raising."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        self.findings: list[Finding] = []

    def say(self, code: str, **params: object) -> None:
        self.findings.append(_finding(code, **params))

    def text(self, name: str) -> str:
        value = self.table.get(name)
        found: str = self._typed(name, value, lambda v: isinstance(v, str) and bool(v), "")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.table.get(name, [])
        return tuple(self._typed(name, value, _are_texts, ()))

    def listed(self, row: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
        """A list of texts in a row, () and a finding for anything else."""
        value = row.get(name, [])
        return tuple(self._typed(f"{where}.{name}", value, _are_texts, ()))

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        return list(self._typed(name, self.table.get(name, []), _are_tables, []))

    def basis(self) -> list[Mapping[str, Any]]:
        return self.rows("legal_basis")

    def tables(self, name: str) -> list[tuple[str, Mapping[str, Any]]]:
        value = self._typed(name, self.table.get(name, {}), lambda v: isinstance(v, dict), {})
        if not _are_tables(list(value.values())):
            self.say("manifest.shape", name=name)
            return []
        return list(value.items())

    def titles(self, row: Mapping[str, Any], where: str) -> Titles:
        value = row.get("title")
        if not isinstance(value, dict) or not value.get("zh") or not value.get("en"):
            self.say("manifest.titles", name=where)
            return {"zh": where, "en": where}
        return {"zh": str(value["zh"]), "en": str(value["en"])}

    def types(self, name: str) -> dict[str, str]:
        value = self._typed(name, self.table.get(name, {}), lambda v: isinstance(v, dict), {})
        for key, kind in value.items():
            if not isinstance(kind, str) or kind not in FEEL_TYPES:
                self.say("manifest.type", name=f"{name}.{key}", value=str(kind)[:40])
        return {str(key): str(kind) for key, kind in value.items()}

    def _typed(self, name: str, value: Any, fits: Callable[[Any], bool], other: Any) -> Any:
        if fits(value):
            return value
        self.say("manifest.shape", name=name)
        return other


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _finding(code: str, **params: object) -> Finding:
    return Finding("error", code, None, Message(code, params), FILE, None)
