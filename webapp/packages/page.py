"""Records of packages → what the templates show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from webapp.diagrams.files import drawn_by_process
from webapp.packages.inputs import Asked
from webapp.pages.formats import spoken, titled
from webapp.pages.kept import comparison_of, examined
from webapp.pages.layout import render_page
from workflows.catalogue.tables import DRAFT, PUBLISHED
from workflows.catalogue.versions import BUILT_IN
from workflows.engine.findings import Finding
from workflows.rollout.compare.changes import Change, Group, Moved
from workflows.rollout.compare.comparison import Comparison
from workflows.rollout.version_page import PackagesPage, Pair, VersionPage
from workflows.rollout.versions import Examined, VersionView

STYLES = {"draft": "draft", "published": "done", "retired": "plain"}
"""State of a version → style of its tag."""
KIND_STYLES = {"added": "done", "removed": "bad", "changed": "warn"}


@dataclass(frozen=True, slots=True)
class Part:
    """A diagram, table, form or text with its changes. `number`: counts all parts of the page."""

    number: int
    key: str
    title: str
    changes: tuple[Change, ...]
    moved: Moved | None


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of parts."""

    group: str
    title: str
    parts: tuple[Part, ...]


def states() -> dict[str, str]:
    """State of a version → its words."""
    return {"draft": _("草稿"), "published": _("使用中"), "retired": _("已停用")}


def kinds() -> dict[str, str]:
    """What became of something → its words."""
    return {"added": _("新增"), "removed": _("删去"), "changed": _("改动")}


def acts() -> dict[str, str]:
    """What happened to a version → its words."""
    return {
        "drafted": _("存了草稿"),
        "asked": _("请人审核"),
        "approved": _("审核通过"),
        "published": _("发布了"),
        "restored": _("重新启用了"),
        "replayed": _("用过去的案件试走了"),
    }


def groups() -> dict[Group, str]:
    """Kinds of parts in the order they are shown."""
    return {
        Group.DIAGRAM: _("流程图"),
        Group.TABLE: _("决策表"),
        Group.FORM: _("表单"),
        Group.TEXT: _("文书文本"),
        Group.SETTING: _("设置"),
        Group.SCENARIO: _("场景"),
    }


def render_packages(found: PackagesPage, error: str = "") -> str:
    """The list, and a form to bring a package where the reader may."""
    return render_page(
        "packages/packages.html",
        page=found,
        author_of=author_of,
        states=states(),
        styles=STYLES,
        error=error,
    )


def render_version(found: VersionPage, *, walked: bool = False, error: str = "") -> str:
    """One version. Drafts are always examined; of others `walked` says so."""
    checked = examined(found.source) if walked or found.version.state == DRAFT else None
    return render_page(
        "packages/version.html",
        page=found,
        version=found.version,
        author_of=author_of,
        looked=found.looked,
        impact=found.impact,
        checked=checked,
        findings=[_finding(one) for one in checked.findings] if checked else [],
        diagrams=_covered(found, checked),
        counts=_counts(found),
        in_use=found.version.state == PUBLISHED,
        states=states(),
        styles=STYLES,
        kinds=kinds(),
        kind_styles=KIND_STYLES,
        acts=acts(),
        error=error,
    )


def author_of(version: VersionView) -> str:
    """Who drafted a version, or that it came with the product."""
    return _("系统自带") if version.author == BUILT_IN else version.author


def _finding(one: Finding) -> tuple[str, str, str]:
    """Severity, place, sentence."""
    place = " · ".join(filter(None, (one.file, one.element)))
    return one.severity, place, spoken(one.message)


def _covered(found: VersionPage, checked: Examined | None) -> list[tuple[str, str]]:
    """Diagrams as (process, address of the painted picture)."""
    if checked is None or checked.rehearsal is None:
        return []
    path = {"package": found.package, "number": found.version.number}
    return [
        (process, url_for("packages.covered", **path, process=process))
        for process in drawn_by_process(found.source)
    ]


def _counts(found: VersionPage) -> list[tuple[str, int]]:
    """How many changes there are of each group."""
    if found.looked is None:
        return []
    comparison = found.looked.comparison
    return [(title, len(comparison.of(group))) for group, title in groups().items()]


def render_pair(pair: Pair, asked: Asked) -> str:
    """Two versions: words by group, diagrams side by side."""
    comparison = comparison_of(pair)
    return render_page(
        "packages/compare.html",
        page=pair,
        asked=asked,
        sections=_sections(comparison),
        total=len(comparison.changes),
        old_drawn=drawn_by_process(pair.old) if pair.old else {},
        new_drawn=drawn_by_process(pair.new),
        kinds=kinds(),
        kind_styles=KIND_STYLES,
        states=states(),
    )


def _sections(comparison: Comparison) -> list[Section]:
    moved = {one.part: one for one in comparison.moved}
    found, number = [], 0
    for group, title in groups().items():
        parts = []
        for key, changes in groupby(sorted(comparison.of(group), key=_part), _part):
            listed, number = tuple(changes), number + 1
            own = moved.pop(key, None) if group is Group.DIAGRAM else None
            parts.append(Part(number, key, titled(listed[0].part_title), listed, own))
        for key, one in list(moved.items()) if group is Group.DIAGRAM else ():
            number += 1
            parts.append(Part(number, key, titled(one.title), (), one))
        if parts:
            found.append(Section(group.value, title, tuple(parts)))
    return found


def _part(change: Change) -> str:
    return change.part
