"""The house's printed page around a document's text: style sheet, header, footer, draft mark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import segno

STYLE_SHEET = Path(__file__).with_name("print.css")
DRAFT_NOTE = "草稿　供当场核对，未经签署和盖章，不具有效力"


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What stands around the text. `number`: the document's, or the case's until it has one.

    `verify_code` None on a draft, which carries the draft mark instead. `verify_url`: what the QR
    picture opens; None on an installation without a public address, where it holds the code.
    `letter`: number of the handoff a letter is about; whoever answers on paper sends it back.
    """

    title: str
    unit_name: str
    number: str
    verify_code: str | None
    verify_url: str | None = None
    letter: str | None = None


def build_page(body: str, frame: PageFrame) -> str:
    """A whole HTML document. `body` is trusted markup, everything in `frame` is escaped."""
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="zh-CN">',
            f'<head><meta charset="utf-8"><title>{escape(frame.title)}</title>',
            f"<style>{_style()}</style></head>",
            "<body>",
            f'<p class="page-unit">{escape(frame.unit_name)}</p>',
            f'<p class="page-number-of-document">{escape(frame.number)}</p>',
            _foot(frame),
            body,
            _letter_mark(frame.letter) if frame.letter else "",
            "</body></html>",
        )
    )


def _letter_mark(number: str) -> str:
    """The number as a QR picture and in figures, below the text of a letter."""
    picture = segno.make(number.upper(), error="m", micro=False).png_data_uri(scale=8, border=0)
    return (
        f'<div class="letter-mark"><img alt="函件编号二维码" src="{picture}">'
        f"<p>函件编号 {escape(number)}</p><p>复函请注明编号，或将本页一并寄回</p></div>"
    )


@cache
def _style() -> str:
    return STYLE_SHEET.read_text(encoding="utf-8")


def _foot(frame: PageFrame) -> str:
    if frame.verify_code is None:
        return (
            f'<div class="page-verify"><p class="draft-note">{DRAFT_NOTE}</p></div>'
            '<p class="draft-mark">草稿</p>'
        )
    target = frame.verify_url or frame.verify_code
    picture = segno.make(target, error="m", micro=False).png_data_uri(scale=8, border=0)
    hint = "<p>扫码可核对真伪，不显示姓名</p>" if frame.verify_url else ""
    return (
        f'<div class="page-verify"><img alt="核验二维码" src="{picture}">'
        f'<p class="code">核验码 {escape(frame.verify_code)}</p>{hint}</div>'
    )
