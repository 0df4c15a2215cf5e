"""The sheets of the desk: the one before each packet, and the mark on what was printed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from workflows.documents.page import STYLE_SHEET
from workflows.wording import Template, parse

FOLDER = Path(__file__).with_name("sheets")
MARK_STYLE = """@page { size: A4; margin: 0 }
html { font: 12pt/16pt "Noto Sans SC"; color: #000 } body { margin: 0 }
p { margin: 0; height: 290mm; padding-top: 7mm; break-after: page; text-align: center }
p:last-child { break-after: auto }
span { border: 0.8pt solid #000; padding: 1mm 4mm }"""
"""A whole sheet with a framed word at its head, above whatever stands there."""


def build_separator(context: Mapping[str, Any], *, title: str) -> str:
    """The HTML of the sheet before a packet; `context`: what separator.html names."""
    return _page(_style(), title, _template().render(context))


def build_marks(marks: Sequence[str]) -> str:
    """One sheet for each mark, laid over a whole page."""
    body = "".join(f"<p><span>{escape(mark)}</span></p>" for mark in marks)
    return _page(MARK_STYLE, "副本", body)


def _page(style: str, title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{body}</body></html>"
    )


@cache
def _style() -> str:
    own = (FOLDER / "separator.css").read_text(encoding="utf-8")
    return f"{STYLE_SHEET.read_text(encoding='utf-8')}\n{own}"


@cache
def _template() -> Template:
    return parse((FOLDER / "separator.html").read_text(encoding="utf-8"))
