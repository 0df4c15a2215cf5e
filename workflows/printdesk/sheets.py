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
MARK_STYLE = """@page { size: 60mm 8mm; margin: 0 }
html { font: 11pt/8mm "Noto Sans SC"; color: #000 } body { margin: 0 }
p { margin: 0; height: 8mm; break-after: page; text-align: right }
p:nth-child(even) { text-align: left } p:last-child { break-after: auto }"""


def build_separator(context: Mapping[str, Any], *, title: str) -> str:
    """The HTML of the sheet before a packet; `context`: what separator.html names."""
    return _page(_style(), title, _template().render(context))


def build_marks(marks: Sequence[str]) -> str:
    """One small page for each mark, laid over the outer foot of a page."""
    return _page(MARK_STYLE, "副本", "".join(f"<p>{escape(mark)}</p>" for mark in marks))


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
