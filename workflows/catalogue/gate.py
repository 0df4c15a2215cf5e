"""The static gate: everything that can be known of a package without running it, all at once.

Each finding names its file and element and says what to do. An error keeps the package from
being published; a warning does not. Scenarios run later, in `rollout/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from workflows.catalogue.handoffs import NAME, check_handoffs
from workflows.catalogue.languages import check_languages
from workflows.catalogue.manifest import FILE, Manifest, read_manifest
from workflows.catalogue.message_ends import check_message_ends
from workflows.catalogue.packet import check_packet
from workflows.catalogue.scanning import check_scans
from workflows.catalogue.signing import check_signing
from workflows.catalogue.source import PackageSource
from workflows.catalogue.strange import check_strange
from workflows.catalogue.volume import check_volume
from workflows.deadlines import RuleBook
from workflows.engine import OPERATIONS, Files, Surroundings, check_files, read_files
from workflows.engine.elements import Diagram
from workflows.engine.findings import Finding
from workflows.formspec import Form, FormDefinitionError, Store, load_form
from workflows.messages import Message, say
from workflows.organisation.roles import working_roles
from workflows.wording import Template, WordingError, parse

READ_ONLY = {"case": "context", "parties": "list", "unit": "context", "today": "date"}
"""Names every expression may read and nothing may write."""

TEMPLATE_NAMES = frozenset({*READ_ONLY, "run", "data", "document", "people"})
"""What a document template may speak of (docs/documents.md)."""

_UNREAD = object()
"""Stands for a file that is no JSON; `null` is some."""

_ALWAYS_SET = ("entry", NAME)
"""Process names the platform sets when a run begins."""


@dataclass
class Parts:
    """A package taken apart: what could be read, and every finding on the way."""

    manifest: Manifest | None
    diagrams: Mapping[str, bytes]
    decisions: Mapping[str, bytes]
    forms: dict[str, Form] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    case_names: dict[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, bytes] = field(default_factory=dict)
    scenario_files: Mapping[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    files: Files | None = None
    """Diagrams and tables as the engine read them, None without a manifest or a diagram."""

    def error(self, code: str, *, file: str, element: str | None = None, **params: object) -> None:
        self.findings.append(Finding("error", code, element, Message(code, params), file, None))


def check(source: PackageSource) -> tuple[Finding, ...]:
    """All findings, errors first, then by file and element. Never raises."""
    return in_order(read_parts(source).findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by file and element."""
    return tuple(
        sorted(findings, key=lambda f: (f.severity != "error", f.file or "", f.element or ""))
    )


def read_parts(source: PackageSource, *, published: bool = False) -> Parts:
    """Reads every part of a package and collects findings; what is broken is left out.

    `published`: see `read_files`.
    """
    parts = read_words(source)
    if not published:
        parts.findings += check_strange(source)
    if parts.manifest is not None and parts.diagrams:
        _check_diagrams(source, parts, parts.manifest, published)
    return parts


def read_words(source: PackageSource) -> Parts:
    """Everything but the diagrams and tables: manifest, forms, texts, scenarios."""
    manifest, findings = read_manifest(source.key, source.under("bpmn").get(FILE))
    parts = Parts(
        manifest=manifest,
        diagrams=source.under("bpmn", ".bpmn"),
        decisions=source.under("bpmn", ".dmn"),
        findings=list(findings),
        scenarios=_named(source.under("bpmn", ".json"), "scenarios/", ".json"),
        scenario_files=_named(source.under("bpmn"), "scenarios/files/", ""),
    )
    if not parts.diagrams:
        parts.error("package.no_diagram", file=f"bpmn/{source.key}")
    _read_forms(source, parts)
    _collect_names(parts)
    _read_templates(source, parts)
    return parts


def _named(files: Mapping[str, bytes], folder: str, suffix: str) -> dict[str, bytes]:
    return {
        path.removeprefix(folder).removesuffix(suffix): content
        for path, content in files.items()
        if path.startswith(folder) and "/" not in path.removeprefix(folder)
    }


def _read_forms(source: PackageSource, parts: Parts) -> None:
    files = source.under("forms", ".json")
    for path, content in files.items():
        name = PurePosixPath(path).name
        if not name.endswith(".schema.json") or "/" in path:
            continue
        name = name.removesuffix(".schema.json")
        schema = _json(content, path, parts)
        ui = _json(files.get(f"{name}.ui.json", b"{}"), f"{name}.ui.json", parts)
        if schema is _UNREAD or ui is _UNREAD:
            continue
        try:
            parts.forms[name] = load_form(schema, ui, name=name)
        except FormDefinitionError as exc:
            for why in exc.problems:
                parts.error("package.form_broken", file=path, form=name, why=why)


def _json(content: bytes, path: str, parts: Parts) -> Any:
    try:
        return json.loads(content.decode("utf-8"))
    except json.JSONDecodeError as exc:
        parts.error("package.form_not_json", file=path, line=exc.lineno)
    except (UnicodeDecodeError, RecursionError):
        parts.error("package.form_not_json", file=path, line=1)
    return _UNREAD


def _collect_names(parts: Parts) -> None:
    """Declared process and case names of the whole package, with one type each."""
    declared = parts.manifest
    parts.names["entry"] = "string"
    if declared is not None:
        parts.names.update(declared.process_data)
        parts.case_names.update(declared.case_data)
        if any(start.by_handoff for start in declared.starts):
            parts.names.setdefault(NAME, "context")
    for form in parts.forms.values():
        for name, (kind, store) in form.stored_names().items():
            if name in READ_ONLY:
                parts.error("package.reserved_name", file=file_name(form.name), name=name)
                continue
            known = parts.names if store == "process" else parts.case_names
            first = known.setdefault(name, kind)
            if first != kind:
                parts.error(
                    "package.two_types",
                    file=file_name(form.name),
                    name=name,
                    first=first,
                    second=kind,
                )


def _read_templates(source: PackageSource, parts: Parts) -> None:
    for path, content in source.under("forms", ".html").items():
        name = PurePosixPath(path).stem
        if not path.startswith("documents/"):
            continue
        try:
            template = parse(content.decode("utf-8"))
        except WordingError as exc:
            parts.error(
                "package.template_broken",
                file=path,
                template=name,
                line=exc.line,
                why=exc.message,
            )
            continue
        except UnicodeDecodeError:
            parts.error("package.template_broken", file=path, template=name, line=1, why="UTF-8")
            continue
        for unknown in sorted(template.names - TEMPLATE_NAMES):
            parts.error("package.template_name", file=path, template=name, name=unknown)
        parts.templates[name] = template


def _check_diagrams(
    source: PackageSource, parts: Parts, manifest: Manifest, published: bool
) -> None:
    roles = working_roles()
    for role in (*manifest.start_roles, manifest.owner_role):
        if role not in roles:
            parts.error("package.role_unknown", file=FILE, role=role)
    for start in manifest.starts:
        if start.form not in parts.forms:
            parts.error("package.form_missing", file=FILE, form=start.form)
    for document in manifest.documents.values():
        if document.template not in parts.templates:
            parts.error(
                "package.template_missing",
                file=FILE,
                kind=document.kind,
                template=document.template,
            )
    parts.files = read_files(
        source.key,
        parts.diagrams,
        parts.decisions,
        parts.names,
        parts.case_names,
        {file_name(name): _filled(form) for name, form in parts.forms.items()},
        given=_given(parts, manifest),
        published=published,
    )
    around = Surroundings(
        roles=roles,
        rules=RuleBook.built_in().keys,
        operations=OPERATIONS,
        forms=frozenset(file_name(name) for name in parts.forms),
        documents=frozenset(manifest.documents),
    )
    parts.findings += check_files(source.key, parts.files, around)
    parts.findings += check_handoffs(parts, manifest)
    parts.findings += check_volume(parts, manifest)
    parts.findings += check_languages(source, manifest)
    parts.findings += check_packet(parts, manifest)
    parts.findings += check_scans(parts, manifest)
    parts.findings += check_signing(parts, manifest, source.under("forms", ".html"))
    parts.findings += check_message_ends(parts.files.diagram, manifest)
    _check_named(parts, manifest, parts.files.diagram)


def _given(parts: Parts, manifest: Manifest) -> frozenset[str]:
    """Process names that may be read from the first step on: declared ones, and what the forms a
    case begins with ask for."""
    starts = [parts.forms[start.form] for start in manifest.starts if start.form in parts.forms]
    asked = (name for form in starts for name in _filled(form))
    return frozenset((*manifest.process_data, *_ALWAYS_SET, *asked))


def _check_named(parts: Parts, manifest: Manifest, diagram: Diagram) -> None:
    """Diagrams and ends that package.toml gives a title must be drawn."""
    for stage in manifest.stages:
        for process in stage.processes:
            if process not in diagram.processes:
                parts.error("package.stage_process", file=FILE, stage=stage.key, process=process)
    for end in manifest.outcomes:
        element = diagram.elements.get(end)
        if element is None or (element.kind, element.parent) != ("endEvent", manifest.key):
            parts.error("package.outcome_end", file=FILE, element=end, end=end)


def file_name(form: str) -> str:
    """`register` → `register.schema.json`, as diagrams name it."""
    return f"{form}.schema.json"


def _filled(form: Form) -> frozenset[str]:
    """Process names a form writes."""
    return frozenset(field.name for field in form.fields if field.store is Store.PROCESS)


def describe(finding: Finding, language: str) -> dict[str, object]:
    """A finding as JSON-able data, spoken in `language`."""
    return {
        "severity": finding.severity,
        "file": finding.file,
        "element": finding.element,
        "line": finding.line,
        "code": finding.code,
        "message": say(finding.message, language),
    }
