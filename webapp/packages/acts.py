"""Acts on packages: what was sent → use case → where to go, or the page with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from webapp.packages import inputs, page
from webapp.pages.formats import spoken
from webapp.pages.kept import examined
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.catalogue.source import read_zip
from workflows.errors import (
    ConflictError,
    InvalidFormError,
    InvalidInputError,
    PackageError,
    SecondPersonError,
)
from workflows.rollout import release, versions
from workflows.rollout.approval import AskApproval, ask_approval
from workflows.rollout.places import Place
from workflows.rollout.version_page import list_packages, load_version_page

Answer: TypeAlias = Response | str | tuple[str, int]


def take(form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Answer:
    """A draft of what was sent, then its page with every finding."""
    try:
        content = inputs.read_zip_file(files)
        place = Place(read_zip(content).key, inputs.read_unit(form))
        command = versions.AddVersion(place.name, content, inputs.read_notes(form))
        drafted = versions.add_version(platform(), current_actor(), command, examined)
    except InvalidInputError as refused:
        found = list_packages(platform(), current_actor())
        return page.render_packages(found, spoken(refused.message)), 422
    flash(_("已存为第 %(n)s 版草稿。", n=drafted.version.number), "done")
    return _to_version(place.name, drafted.version.number)


def approve(package: str, number: int, form: Mapping[str, str]) -> Answer:
    """Notes the approval."""
    actor, notes = current_actor(), inputs.read_notes(form)
    try:
        release.approve_version(platform(), actor, package, number, notes=notes, examiner=examined)
    except (ConflictError, PackageError) as refused:
        return _again(package, number, spoken(refused.message), 409)
    flash(_("已审核通过第 %(n)s 版，现在可以发布。", n=number), "done")
    return _to_version(package, number)


def ask(package: str, number: int, form: Mapping[str, str]) -> Answer:
    """Tells who may approve it, or says on the version's page why not."""
    command = AskApproval(package, number, inputs.read_whom(form))
    try:
        asked = ask_approval(platform(), current_actor(), command, examined)
    except InvalidFormError as refused:
        return _again(package, number, spoken(refused.errors[0].message), 422)
    except (ConflictError, PackageError) as refused:
        return _again(package, number, spoken(refused.message), 409)
    flash(spoken(asked.message), "done")
    return _to_version(package, number)


def publish(package: str, number: int, form: Mapping[str, str]) -> Answer:
    """Publishes, or says on the version's page why not."""
    actor, notes = current_actor(), inputs.read_notes(form)
    if not notes:
        return _again(package, number, _("请写明这个版本改了什么、为什么。"), 422)
    try:
        release.publish_version(platform(), actor, package, number, notes=notes, examiner=examined)
    except SecondPersonError as refused:
        return _again(package, number, spoken(refused.message), 403)
    except (ConflictError, PackageError) as refused:
        return _again(package, number, spoken(refused.message), 409)
    flash(_("第 %(n)s 版已发布，新案件马上使用。", n=number), "done")
    return _to_version(package, number)


def _again(package: str, number: int, error: str, status: int) -> tuple[str, int]:
    found = load_version_page(platform(), current_actor(), package, number)
    return page.render_version(found, error=error), status


def _to_version(package: str, number: int) -> Response:
    return redirect(url_for("packages.version", package=package, number=number), 303)
