"""Saved views: a list kept under a name, and the one that is shown first."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from webapp.inbox.inputs import read_address
from webapp.inbox.page import inbox_url
from webapp.pages.formats import data, spoken
from webapp.pages.now import platform
from webapp.security import check_text, current_actor
from workflows.errors import RuleError
from workflows.organisation.saved_views import NewView, drop_view, first_view, keep_view


def first_address() -> Mapping[str, str]:
    """Query parameters of the view the actor wants to see first; empty for none."""
    with platform().database.reading(current_actor()) as session:
        return first_view(session)


def keep(form: Mapping[str, str]) -> str:
    """Keeps the list the form came from; returns its address. A refusal is a sentence there."""
    address = read_address(MultiDict(form))
    name = check_text(form.get("name", ""))
    view = NewView(name, address.kept(), is_first=form.get("first") == "yes")
    try:
        with platform().database.transaction(current_actor()) as session:
            keep_view(session, platform().ids, view)
    except RuleError as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(_("已保存视图“%(name)s”。", name=data(name.strip())), "done")
    return iri_to_uri(inbox_url(address))


def drop(view: str) -> None:
    """Forgets a view of the actor's."""
    with platform().database.transaction(current_actor()) as session:
        name = drop_view(session, view)
    flash(_("已删除视图“%(name)s”。", name=data(name)), "done")
