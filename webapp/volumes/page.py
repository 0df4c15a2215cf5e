"""Records of volumes → what the template shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, url_for
from flask_babel import gettext as _

from webapp.pages.formats import titled
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor
from webapp.volumes.inputs import POINTS, Address
from workflows.volumes.read import load_page
from workflows.volumes.review import items, most_points
from workflows.volumes.views import VolumePage, VolumeView

AGAIN_SECONDS = 3
"""Without scripts the page comes again by itself while a volume is being made."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Beside the record: words, addresses, what was typed. `missing`, `newer`: titles in a row;
    `error`: (input, sentence)."""

    page: VolumePage
    missing: str
    newer: str
    retentions: tuple[tuple[str, str], ...]
    problems: dict[str, str]
    items: tuple[tuple[str, str, object, int], ...]
    most: int
    here: str
    typed: dict[str, str]
    error: tuple[str, str] | None


def render(
    case: str,
    address: Address,
    *,
    typed: dict[str, str] | None = None,
    error: tuple[str, str] | None = None,
) -> Response:
    """The page. Raises what `load_page` raises."""
    found = load_page(platform(), current_actor(), case, address.run, address.number)
    shown = Shown(
        page=found,
        missing=_("、").join(titled(one) for one in found.missing),
        newer=_("、").join(found.newer),
        retentions=retentions(),
        problems=problems(),
        items=tuple((f"{POINTS}{one.key}", one.key, one.title, one.points) for one in items()),
        most=most_points(),
        here=url(found, found.shown if address.number else None),
        typed=typed or {},
        error=error,
    )
    answer = make_response(
        render_page("volumes/volume.html", shown=shown, page=found, again=AGAIN_SECONDS)
    )
    answer.status_code = 422 if error else 200
    return answer


def url(page: VolumePage, volume: VolumeView | None = None) -> str:
    """The address of the page, or of one volume on it."""
    number = volume.number if volume else None
    return url_for("volumes.volume", case=page.case_id, run=page.run, number=number)


def retentions() -> tuple[tuple[str, str], ...]:
    """(value, words) of the classes."""
    return ("short", _("短期")), ("long", _("长期")), ("permanent", _("永久"))


def problems() -> dict[str, str]:
    """Why a file could not be bound → words."""
    return {
        "encrypted": _("有密码，未能装订"),
        "broken": _("文件损坏，未能装订"),
        "too_large": _("页数或像素过多，未能装订"),
        "kind": _("这种格式不能印成页"),
    }
