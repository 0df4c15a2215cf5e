"""`[volume]` of `package.toml`: which papers of a run stand where in its 卷宗.

Lines are those of the 卷内目录 in their order. Every document kind and every file field of the
package belongs to one line; what none names goes to the line with `rest`. A package without the
table has no volume, and a restricted one may not have any (hard negative 8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.engine.findings import Finding
from workflows.formspec.fields import Widget
from workflows.messages import Message

if TYPE_CHECKING:
    from workflows.catalogue.gate import Parts
    from workflows.catalogue.manifest import Manifest

FILE = "package.toml"
NOTE, BACK = "note", "back"
SHEETS = (NOTE, BACK)
"""Sheets of our own: 卷宗情况说明 with the 备考表, and the back cover."""
CAME = ("handoff",)
"""Field names of files that no form asks for: what came over from another unit's case."""


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """One line of the 卷内目录. `unless`: end events of the package at which a required line may
    be empty; `sheet`: of `SHEETS`, "" for a line of papers; `rest`: takes what no line names."""

    key: str
    title: Mapping[str, str]
    required: bool = False
    unless: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    sheet: str = ""
    rest: bool = False

    def must_be_there(self, end: str | None) -> bool:
        """Whether a volume of a run that ended with `end` (None: still open) needs this line."""
        return self.required and not self.sheet and end not in self.unless


@dataclass(frozen=True, slots=True)
class VolumePlan:
    """A package's volume: its lines in order, at least one."""

    lines: tuple[VolumeLine, ...]

    def line_of_document(self, kind: str) -> VolumeLine | None:
        """Where a document goes, None if nowhere."""
        return self._named(lambda line: kind in line.documents)

    def line_of_field(self, field: str) -> VolumeLine | None:
        """Where a file goes that this field brought, None if nowhere."""
        return self._named(lambda line: field in line.fields)

    def _named(self, names: Any) -> VolumeLine | None:
        found = next((line for line in self.lines if names(line)), None)
        return found or next((line for line in self.lines if line.rest), None)


def read_volume(reader: Any) -> VolumePlan | None:
    """The volume of a manifest, read with its reader, which collects what is wrong."""
    return read_lines(reader, "volume")


def read_lines(reader: Any, name: str) -> VolumePlan | None:
    """Lines of papers below a table of the manifest; None without the table."""
    table = reader.table.get(name)
    if table is None:
        return None
    rows = table.get("lines") if isinstance(table, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        reader.say("manifest.shape", name=f"{name}.lines")
        return None
    return VolumePlan(tuple(_line(row, reader, name) for row in rows))


def _line(row: Mapping[str, Any], reader: Any, name: str) -> VolumeLine:
    key = row.get("key")
    if not isinstance(key, str) or not key:
        reader.say("manifest.shape", name=f"{name}.lines.key")
    where = f"{name}.{key}"
    return VolumeLine(
        key=str(key),
        title=reader.titles(row, where),
        required=row.get("required") is True,
        unless=reader.listed(row, "unless", where),
        documents=reader.listed(row, "documents", where),
        fields=reader.listed(row, "fields", where),
        sheet=str(row.get("sheet", "")),
        rest=row.get("rest") is True,
    )


def check_volume(parts: Parts, manifest: Manifest) -> Iterator[Finding]:
    """What a package's volume says that is not so, and papers it forgets (warnings)."""
    plan = manifest.volume
    if plan is None:
        return
    if manifest.access_class != "normal":
        yield finding("error", "volume_restricted", value=manifest.access_class)
    if not any(line.sheet == "" for line in plan.lines):
        yield finding("error", "volume_empty")
    yield from check_lines(parts, manifest, plan)
    fields = set(_file_fields(parts))
    named = {name for line in plan.lines for name in (*line.documents, *line.fields)}
    for name in sorted((manifest.documents.keys() | fields) - named - {*CAME}):
        yield finding("warning", "volume_unplaced", name=name)


def check_lines(parts: Parts, manifest: Manifest, plan: VolumePlan) -> Iterator[Finding]:
    """What lines of papers name that the package does not have, and what they name twice."""
    fields = {*CAME, *_file_fields(parts)}
    for line in plan.lines:
        yield from _check_line(line, manifest, fields)
    yield from _twice(plan)


def _check_line(line: VolumeLine, manifest: Manifest, fields: set[str]) -> Iterator[Finding]:
    for kind in line.documents:
        if kind not in manifest.documents:
            yield finding("error", "volume_document", line=line.key, name=kind)
    for name in line.fields:
        if name not in fields:
            yield finding("error", "volume_field", line=line.key, name=name)
    for end in line.unless:
        if end not in manifest.outcomes:
            yield finding("error", "volume_end", line=line.key, name=end)
    if line.sheet and line.sheet not in SHEETS:
        yield finding("error", "volume_sheet", line=line.key, name=line.sheet[:40])
    if line.sheet and (line.documents or line.fields or line.rest):
        yield finding("error", "volume_sheet_papers", line=line.key)


def _twice(plan: VolumePlan) -> Iterator[Finding]:
    lists = (
        [line.key for line in plan.lines],
        [line.sheet for line in plan.lines if line.sheet],
        ["rest" for line in plan.lines if line.rest],
        [kind for line in plan.lines for kind in line.documents],
        [name for line in plan.lines for name in line.fields],
    )
    for names in lists:
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield finding("error", "volume_twice", name=name)


def _file_fields(parts: Parts) -> Iterator[str]:
    for form in parts.forms.values():
        for field in form.fields:
            if field.widget is Widget.FILE:
                yield field.name


def finding(severity: Any, code: str, **params: object) -> Finding:
    """What is wrong with package.toml."""
    return Finding(
        severity, f"package.{code}", None, Message(f"package.{code}", params), FILE, None
    )
