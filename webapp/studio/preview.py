"""Previews: a form as officers will see it, a document as it will be printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from webapp.forms.build import Known
from webapp.forms.render import render_form
from webapp.pages.formats import spoken
from webapp.pages.kept import opened_or_none, sampled
from webapp.pages.language import current_language
from webapp.pages.layout import render_page
from webapp.pages.now import platform, today
from webapp.pdf.answers import renderer
from webapp.pdf.page_pictures import draw_pages
from webapp.security import current_actor
from webapp.studio.preview_inputs import SentForm, SentText
from workflows.catalogue.package import Package
from workflows.catalogue.signing import PLACE
from workflows.catalogue.source import PackageSource, change_files
from workflows.documents.rendering import RenderError
from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.studio import workbench
from workflows.studio.preview import Problem, check_reader, read_form_draft
from workflows.studio.preview_facts import Sample
from workflows.studio.preview_text import TEXT_FILE, write_text

MOST_PAGES = 5
"""Pages drawn while somebody types; the number of all pages is told."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


def show_form(package: str, sent: SentForm) -> dict[str, Any]:
    """{"html": a whole page or "", "problems": […]}. Raises ForbiddenError."""
    check_reader(platform(), current_actor(), package)
    draft = read_form_draft(sent.name, sent.schema, sent.ui)
    page = ""
    if draft.form is not None:
        people = [("a", _("人员甲")), ("b", _("人员乙"))]
        units = [("a", _("单位甲")), ("b", _("单位乙"))]
        known = Known(options={"person": people, "unit": units}, today=today())
        fields = render_form(draft.form, {}, (), current_language(), known=known)
        page = render_page("studio/form_preview.html", form=draft.form, fields=fields)
    return {"html": page, "problems": _tell(draft.problems)}


def show_text(package: str, sent: SentText) -> dict[str, Any]:
    """{"pages": pictures, "total", "missing", "sample": {"title", "exact"} or None, "problems"}.

    Raises NotVisibleError, ForbiddenError, InvalidInputError.
    """
    saved = workbench.tree_at(platform(), current_actor(), package, sent.copy.revision)
    tree = change_files(saved, sent.copy.changes)
    content = tree.files.get(sent.path)
    if content is None:
        raise InvalidInputError("studio.text_unknown")
    found = _compiled(tree) or _compiled(saved)
    if found is None:
        return _answer(problems=(_problem("studio.preview_cannot_run"),))
    compiled, others = found
    kind = _kind_of(compiled, PurePosixPath(sent.path).stem)
    sample = sampled(compiled, others, kind)
    text = content.decode("utf-8", "replace")
    written = write_text(text, kind, compiled.document_title(kind)["zh"], compiled, sample)
    if written.html is None:
        return _answer(sample, problems=written.problems)
    return _laid_out(written.html, sample, written.problems)


def _laid_out(html: str, sample: Sample, problems: tuple[Problem, ...]) -> dict[str, Any]:
    created = datetime.combine(sample.today, time(12), SHANGHAI)
    try:
        rendered = renderer().render(html, title=_("样张"), created=created)
    except RenderError as wrong:
        return _answer(sample, problems=(*problems, _problem(wrong.message)))
    drawn = draw_pages(rendered.pdf, most=MOST_PAGES)
    told = _answer(sample, problems=problems)
    return {**told, "pages": list(drawn.pages), "total": drawn.total, "missing": rendered.missing}


def _compiled(tree: PackageSource) -> tuple[Package, Mapping[str, Package]] | None:
    """The package without its texts, None where it cannot run."""
    return opened_or_none(without_texts(tree))


def without_texts(tree: PackageSource) -> PackageSource:
    """The same with texts that say nothing: a broken text must not stop its own preview, and one
    compilation serves all that is typed. What stands for a text has the place for signatures,
    which a kind signed on a screen must have; a translation has none."""
    folder = f"forms/{tree.key}/documents/"
    texts = [path for path in tree.files if path.startswith(folder)]
    blank = {path: PLACE if PurePosixPath(path).stem.isidentifier() else b"" for path in texts}
    return change_files(tree, blank)


def _kind_of(package: Package, template: str) -> str:
    """The document kind a template is for; its own name while no kind uses it."""
    kinds = package.manifest.documents.values()
    return next((one.kind for one in kinds if one.template == template), template)


def _problem(message: Message | str) -> Problem:
    message = Message(message) if isinstance(message, str) else message
    return Problem("error", TEXT_FILE, 1, "", message)


def _answer(sample: Sample | None = None, *, problems: Iterable[Problem] = ()) -> dict[str, Any]:
    told = {"title": sample.scenario, "exact": sample.exact} if sample is not None else None
    return {"pages": [], "total": 0, "missing": "", "sample": told, "problems": _tell(problems)}


def _tell(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "severity": one.severity,
            "file": one.file,
            "line": one.line,
            "place": one.place,
            "message": spoken(one.message),
        }
        for one in problems
    ]
