"""Records → the pages of the room."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from flask import url_for

from webapp.pages.layout import render_page
from webapp.pages.now import platform
from workflows.messages import Message
from workflows.signing.ask import LIFE
from workflows.signing.paper import Paper
from workflows.signing.signals import Doubt
from workflows.signing.view import Link

AGAIN_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood on a page that came back."""

    strokes: str = ""
    reason: str = ""
    read: bool = False
    refusing: bool = False


def show_paper(
    token: str, paper: Paper, problem: Message | None = None, typed: Typed | None = None
) -> str:
    """Code, paper and pad, or what became of it."""
    return render_page(
        "signing/paper.html",
        token=token,
        paper=paper,
        problem=problem,
        typed=typed or Typed(),
        minutes=int(LIFE.total_seconds() // 60),
    )


def show_refused(problem: Message) -> str:
    """A link that is worth nothing (any more)."""
    return render_page("signing/refused.html", problem=problem)


def show_link(link: Link) -> str:
    """The QR picture and the code, for the officer at the table."""
    target = _address(link.token) if link.token else ""
    picture = segno.make(target, error="m", micro=False).svg_data_uri(scale=6, border=2)
    return render_page(
        "signing/link.html", link=link, target=target, picture=picture, again=AGAIN_SECONDS
    )


def _address(token: str) -> str:
    base = platform().public_url
    path = url_for("signing.paper", token=token)
    return (
        base.rstrip("/") + path if base else url_for("signing.paper", token=token, _external=True)
    )


def show_doubts(doubts: tuple[Doubt, ...], problem: Message | None = None) -> str:
    """Signatures somebody should look at."""
    return render_page("signing/doubts.html", doubts=doubts, problem=problem)
