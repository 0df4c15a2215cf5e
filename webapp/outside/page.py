"""Records of outside lists → what the templates show."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for

from webapp.house import outside_systems
from webapp.outside import words
from webapp.outside.inputs import Address
from webapp.pages.formats import spoken, titled
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor, has_ability
from workflows.outside.copying import CopyPage
from workflows.outside.export import SEE_WHOLE
from workflows.outside.queries.lists import FilePage, RowsPage, load_desk
from workflows.outside.queries.row_page import RowPage
from workflows.outside.systems import System, Systems


def systems() -> Systems:
    """The systems of this installation."""
    return outside_systems(current_app.extensions["fengqiao.settings"])


def titles() -> dict[str, str]:
    """Key → title of every system."""
    return {one.key: titled(one.title) for one in systems().by_key.values()}


def render_desk(error: str = "") -> str:
    """Where one begins: importing, files, exporting."""
    return render_page(
        "outside/outside.html",
        desk=load_desk(platform(), current_actor()),
        titles=titles(),
        states=words.file_states(),
        problems=[(name, spoken(why)) for name, why in systems().problems],
        error=error,
    )


def render_file(found: FilePage, address: Address) -> str:
    """One file, one tab for each finding it has."""
    path = {"file": found.file.id}
    tags = words.findings()
    tabs = [
        (tags[name].words, found.counts[name], _tab(address, path, name), address.finding == name)
        for name in tags
        if found.counts.get(name)
    ]
    return render_page(
        "outside/file.html",
        file=found.file,
        rows=found.rows.rows,
        tabs=tabs,
        all_url=_tab(address, path, ""),
        address=address,
        findings=tags,
        titles=titles(),
        states=words.file_states(),
        writable=found.counts.get("new", 0),
        **_pages(found.rows, address, "outside.file", path),
    )


def _tab(address: Address, path: Mapping[str, str], finding: str) -> str:
    return address.url("outside.file", path, finding=finding, cursor="")


def render_rows(found: RowsPage, address: Address) -> str:
    """The work list."""
    named = words.states()
    tabs = [
        (name, Address(state=state, system=address.system).url("outside.rows", {}), state)
        for state, name in named.items()
    ]
    return render_page(
        "outside/rows.html",
        rows=found.rows,
        tabs=tabs,
        address=address,
        findings=words.findings(),
        titles=titles(),
        **_pages(found, address, "outside.rows", {}),
    )


def _pages(
    found: RowsPage, address: Address, endpoint: str, path: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "first_url": address.url(endpoint, path, cursor="") if address.cursor else None,
        "next_url": address.url(endpoint, path, cursor=found.next) if found.next else None,
    }


def render_row(
    found: RowPage, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> str:
    """One row, with what was typed and what is wrong with it."""
    wrong = wrong or {}
    return render_page(
        "outside/row.html",
        page=found,
        row=found.row,
        system=systems().load(found.row.system),
        findings=words.findings(),
        titles=titles(),
        typed=typed or {},
        wrong=wrong,
        errors=list(wrong.items()),
    )


def render_export(asked: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> str:
    """What shall go out."""
    wrong = wrong or {}
    return render_page(
        "outside/export.html",
        titles=titles(),
        formats=words.formats(),
        case_states=words.case_states(),
        units=load_desk(platform(), current_actor()).units,
        may_see_whole=has_ability(current_actor(), SEE_WHOLE),
        asked=asked,
        wrong=wrong,
        errors=list(wrong.items()),
    )


def render_copy(
    found: CopyPage,
    system: System,
    *,
    typed: str = "",
    wrong: Mapping[str, str] | None = None,
) -> str:
    """One case in the order of a system's form."""
    wrong = wrong or {}
    others = [
        (titled(one.title), url_for("outside.copy", case=found.case, system=one.key), one is system)
        for one in systems().by_key.values()
    ]
    return render_page(
        "outside/copy.html",
        page=found,
        system=system,
        others=others,
        typed=typed,
        wrong=wrong,
        errors=list(wrong.items()),
        key=secrets.token_urlsafe(12),
    )
