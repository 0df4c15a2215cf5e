"""What a unit may take over → what the template shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from webapp.packages.page import KIND_STYLES, groups, kinds
from webapp.pages.formats import titled
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.rollout.merge.plan import Piece
from workflows.rollout.own_ways import load_merge_page


@dataclass(frozen=True, slots=True)
class Part:
    """A diagram, form or text with what there is to take over in it."""

    key: str
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of parts."""

    group: str
    title: str
    parts: tuple[Part, ...]


def render(package: str, number: int, error: str = "") -> str:
    """The page. Raises NotVisibleError, ForbiddenError."""
    found = load_merge_page(platform(), current_actor(), package, number)
    return render_page(
        "packages/merge.html",
        page=found,
        sections=_sections(found.pieces),
        total=len(found.pieces),
        kinds=kinds(),
        kind_styles=KIND_STYLES,
        error=error,
    )


def _sections(pieces: tuple[Piece, ...]) -> list[Section]:
    found = []
    for group, title in groups().items():
        mine = sorted((one for one in pieces if one.group is group), key=_part)
        parts = tuple(
            Part(key, titled(listed[0].changes[0].part_title), listed)
            for key, listed in ((key, tuple(some)) for key, some in groupby(mine, _part))
        )
        if parts:
            found.append(Section(group.value, title, parts))
    return found


def _part(piece: Piece) -> str:
    return piece.changes[0].part
