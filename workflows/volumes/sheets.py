"""The sheets of our own: cover, 卷内目录, 备考表, back cover, stand-ins, numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from workflows.documents.page import STYLE_SHEET
from workflows.wording import Template, parse

FOLDER = Path(__file__).with_name("sheets")
NUMBER_STYLE = """@page { size: 40mm 8mm; margin: 0 }
html { font: 12pt/8mm "Noto Serif SC"; color: #000 } body { margin: 0 }
p { margin: 0; height: 8mm; break-after: page; text-align: right }
p:nth-child(even) { text-align: left } p:last-child { break-after: auto }
b { font-weight: 400; background: #fff; padding: 0 1mm }"""
"""The outer foot: right on a recto, left on its back, on white where a photo is dark. Four digits
end 23 mm from the edge; our texts and QR pictures begin at 25 mm."""
RETENTION: Mapping[str, str] = {"short": "短期", "long": "长期", "permanent": "永久"}
WHY: Mapping[str, str] = {
    "encrypted": "文件有密码，打不开",
    "broken": "文件损坏，或者不是完整的 PDF 或图片",
    "too_large": "页数或像素过多",
    "kind": "这种格式（表格、文档、音视频）不能印成页",
}


def build_sheet(name: str, context: Mapping[str, Any], *, title: str) -> str:
    """The HTML of `front`, `note`, `stand_in` or `back`."""
    return _page(_style(), title, _template(name).render(context))


def build_numbers(pages: int) -> str:
    """One small page for each number from 1 to `pages`."""
    body = "".join(f"<p><b>{number}</b></p>" for number in range(1, pages + 1))
    return _page(NUMBER_STYLE, "页号", body)


def page_range(first: int | None, pages: int) -> str:
    """`3` or `3—5`; an empty text without a page."""
    if first is None or not pages:
        return ""
    return str(first) if pages == 1 else f"{first}—{first + pages - 1}"


def _page(style: str, title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{body}</body></html>"
    )


@cache
def _style() -> str:
    own = (FOLDER / "volume.css").read_text(encoding="utf-8")
    return f"{STYLE_SHEET.read_text(encoding='utf-8')}\n{own}"


@cache
def _template(name: str) -> Template:
    return parse((FOLDER / f"{name}.html").read_text(encoding="utf-8"))
