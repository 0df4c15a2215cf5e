"""The frame of every page: who is here, which rooms they may enter, in which language.

`render_page` is the only way rooms render templates, so that every page gets the same frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, render_template
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from webapp.pages import assets, clocks, formats
from webapp.pages.language import current_language
from webapp.pages.now import now, today
from webapp.pages.reference import ReferenceCache, is_swapped, role_title, unit_name
from webapp.security import find_actor, has_ability
from workflows.cases.queries.people import manages_people
from workflows.rollout.places import READERS
from workflows.storage.actor import Actor, HeldPost
from workflows.storage.ids import encode_id

FILTERS = (
    "data", "tongue", "titled", "spoken", "side", "names", "initial",
    "full_day", "clock_time", "local", "money", "size",
)  # fmt: skip
"""Functions of `formats` that templates use as they are."""


MOST_ROOMS = 5
"""Entries of the rail, and of the bar of a phone."""
SIGHT = {"see_index", "see_full"}
"""Whoever has one of these may know of cases that are not theirs to do, and of their clocks."""


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the rail. `key` matches the page's `room`."""

    key: str
    icon: str
    name: str
    endpoint: str


def render_page(template: str, **values: Any) -> str:
    """A whole page. `room` in values marks the current entry of the rail."""
    return render_template(template, **values)


def rooms(actor: Actor) -> tuple[Room, ...]:
    """The rooms this actor may enter, at most five: the rail, and the bar of a phone."""
    offered = [
        Room("inbox", "inbox", _("待办"), "inbox.inbox"),
        Room("cases", "folder", _("案件"), "cases.list_cases"),
    ]
    if has_ability(actor, "open_case"):
        offered.append(Room("start", "plus", _("登记"), "cases.choose_start"))
    if manages_people(actor):
        offered.append(Room("people", "users", _("人员"), "people.people"))
    if has_ability(actor, "court_desk") and len(offered) < MOST_ROOMS - 1:
        offered.append(Room("desk", "print", _("打印台"), "printdesk.desk"))
    if has_ability(actor, "print") and len(offered) < MOST_ROOMS - 1:
        offered.append(Room("letters", "hand", _("函件"), "handoffs.letters"))
    if actor.abilities & READERS and len(offered) < MOST_ROOMS - 1:
        offered.append(Room("packages", "flow", _("流程包"), "packages.packages"))
    if actor.abilities & SIGHT and len(offered) < MOST_ROOMS - 1:
        offered.append(Room("clocks", "clock", _("期限一览"), "clocks.clocks"))
    if has_ability(actor, "admin") and len(offered) < MOST_ROOMS - 1:
        offered.append(Room("calendar", "table", _("节假日"), "calendar.years"))
    offered.append(Room("account", "user", _("我的"), "account.account"))
    return tuple(offered)


def post_line(post: HeldPost) -> Markup:
    """西峰镇调委会 · 人民调解员."""
    return Markup("{} · {}").format(formats.data(unit_name(post.unit)), role_title(post.role))


def frame() -> dict[str, Any]:
    """Template variables of the frame, on every page."""
    actor = find_actor()
    return {
        "actor": actor,
        "unread": getattr(current_user, "unread", 0),
        "rooms": rooms(actor) if actor else (),
        "language": current_language(),
        "reference": g.get("reference", ""),
        "settings": current_app.extensions["fengqiao.settings"],
        "now": now(),
        "today": today(),
    }


def _day(value: date | datetime) -> str:
    on = formats.local(value).date() if isinstance(value, datetime) else value
    return formats.day(on, today(), swapped=is_swapped(on))


def install(app: Flask) -> None:
    """Frame, filters and whitespace of the templates."""
    app.extensions["fengqiao.reference"] = ReferenceCache()
    app.context_processor(frame)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for name in FILTERS:
        app.jinja_env.filters[name] = getattr(formats, name)
    app.jinja_env.globals.update(
        asset_url=assets.asset_url,
        chip_of=lambda clock: clocks.chip(clock, today(), is_swapped),
        share_of=clocks.share,
        opened_on=clocks.opened_on,
        post_line=post_line,
    )
    app.jinja_env.filters["role"] = role_title
    app.jinja_env.filters["row_id"] = encode_id
    app.jinja_env.filters["day"] = _day
    app.jinja_env.filters["short_day"] = lambda value: formats.short_day(value, today())
    app.jinja_env.filters["moment"] = lambda value: formats.moment(value, today())
