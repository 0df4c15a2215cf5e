"""Addresses of a unit's own way: making it, and taking over what changed above."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.packages import inputs, own_way_page
from webapp.packages.blueprint import blueprint
from webapp.pages.formats import spoken
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.errors import ConflictError
from workflows.rollout import own_ways

PAGE = "/packages/<package>/versions/<int:number>"


@blueprint.post(f"{PAGE}/own-way")
@access("ability:publish")
def start_own_way(package: str, number: int) -> Response:
    """A county gets a draft of its own."""
    unit = inputs.read_unit(request.form)
    try:
        own, draft = own_ways.start_own_way(platform(), current_actor(), package, number, unit)
    except ConflictError as refused:
        flash(spoken(refused.message), "warn")
        return redirect(url_for("packages.version", package=package, number=number), 303)
    flash(_("已存为第 %(n)s 版草稿。", n=draft.number), "done")
    return redirect(url_for("packages.version", package=own.name, number=draft.number), 303)


@blueprint.get(f"{PAGE}/merge")
@access("ability:publish")
def merging(package: str, number: int) -> str:
    """What the version above has otherwise, piece by piece."""
    return own_way_page.render(package, number)


@blueprint.post(f"{PAGE}/merge")
@access("ability:publish")
def merge(package: str, number: int) -> Response | tuple[str, int]:
    """The chosen pieces become a new draft."""
    command = inputs.read_take_over(package, number, request.form)
    try:
        draft = own_ways.take_over(platform(), current_actor(), command)
    except ConflictError as refused:
        return own_way_page.render(package, number, spoken(refused.message)), 409
    flash(_("已存为第 %(n)s 版草稿。", n=draft.number), "done")
    return redirect(url_for("packages.version", package=package, number=draft.number), 303)
