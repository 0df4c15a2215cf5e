"""A compiled package: what every case of one version shares, frozen and thread-safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.catalogue.gate import Parts, read_parts, read_words
from workflows.catalogue.manifest import Manifest, Titles
from workflows.catalogue.source import PackageSource
from workflows.engine import ProcessVersion, build_version
from workflows.errors import PackageError
from workflows.formspec import Form
from workflows.wording import Template


@dataclass(frozen=True, slots=True)
class Package:
    """One version, ready to run. `forms` by form name, `templates` by template name,
    `scenarios` by scenario name (raw JSON), `scenario_files` by file name."""

    manifest: Manifest
    process: ProcessVersion
    forms: Mapping[str, Form]
    templates: Mapping[str, Template]
    scenarios: Mapping[str, bytes]
    scenario_files: Mapping[str, bytes]
    digest: str

    def form_of(self, file_name: str | None) -> Form | None:
        """The form a diagram means by `formJsonSchemaFilename`, None for a task without one."""
        return self.forms[form_name(file_name)] if file_name else None

    def document_title(self, kind: str) -> Titles:
        """Title of a document kind; a kind of an older version is shown as itself."""
        known = self.manifest.documents.get(kind)
        return known.title if known else {"zh": kind, "en": kind}

    def outcome_title(self, end: str | None) -> Titles | None:
        """Title of a run's end (`end_e7`), None while it is open."""
        if end is None:
            return None
        return self.manifest.outcomes.get(end, {"zh": end, "en": end})


def form_name(file_name: str) -> str:
    """`register.schema.json` → `register`."""
    return file_name.removesuffix(".json").removesuffix(".schema")


def compile_package(source: PackageSource, *, published: bool = False) -> Package:
    """Compiles a tree. Raises PackageError with every error finding; nothing is stored.

    `published`: the tree was let through once and has cases, so what newer checks find in it does
    not stop it.
    """
    parts = read_parts(source, published=published)
    errors = [finding for finding in parts.findings if finding.severity == "error"]
    if parts.manifest is None or parts.files is None or (errors and not published):
        raise PackageError(errors)
    return _package(source, parts, parts.manifest, build_version(source.key, parts.files))


def open_package(source: PackageSource, compiled: bytes) -> Package:
    """The package of a tree whose process was compiled before (`Package.process.to_bytes`).

    Raises StateError for bytes that are damaged, PackageError for a tree without a manifest.
    """
    process = ProcessVersion(compiled)
    parts = read_words(source)
    if parts.manifest is None:
        raise PackageError(parts.findings)
    return _package(source, parts, parts.manifest, process)


def _package(
    source: PackageSource, parts: Parts, manifest: Manifest, process: ProcessVersion
) -> Package:
    return Package(
        manifest=manifest,
        process=process,
        forms=parts.forms,
        templates=parts.templates,
        scenarios=parts.scenarios,
        scenario_files=parts.scenario_files,
        digest=source.digest,
    )
