"""Acts on scenarios: what was sent → a new draft, or the page with what is wrong."""

from __future__ import annotations

from typing import TypeAlias

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.packages import scenario_page
from webapp.packages.scenario_inputs import Sent
from webapp.pages.kept import examined
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.errors import InvalidFormError
from workflows.rollout.scenarios import edit
from workflows.rollout.versions import Drafted

Answer: TypeAlias = Response | str | tuple[str, int]


def save(package: str, number: int, sent: Sent) -> Answer:
    """Stores a new draft and shows how its scenarios go."""
    actor = current_actor()
    found = edit.load_scenarios(platform(), actor, package, number)
    notes = (
        _("修改场景 %(name)s", name=sent.name)
        if sent.old
        else _("新增场景 %(name)s", name=sent.name)
    )
    wanted = edit.Edit(sent.old, sent.name, sent.content, notes)
    try:
        drafted = edit.save_scenario(platform(), actor, found, wanted, examined)
    except InvalidFormError as wrong:
        return scenario_page.render_one(found, sent.old, sent, wrong.errors), 422
    return _to_draft(found, drafted)


def drop(package: str, number: int, name: str) -> Answer:
    """Stores a new draft without the scenario."""
    actor = current_actor()
    found = edit.load_scenarios(platform(), actor, package, number)
    notes = _("删去场景 %(name)s", name=name)
    drafted = edit.drop_scenario(platform(), actor, found, name, notes=notes, examiner=examined)
    return _to_draft(found, drafted)


def _to_draft(found: edit.ScenariosOf, drafted: Drafted) -> Response:
    number = drafted.version.number
    flash(_("已存为第 %(n)s 版草稿，场景已重新走过。", n=number), "done")
    return redirect(url_for("packages.scenarios", package=found.package, number=number), 303)
