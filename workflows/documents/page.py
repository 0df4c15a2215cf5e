"""The house's printed page around a document's text: style sheet, header, footer, draft mark.

Each page's QR picture says which page it is, so that a scan finds its place (`workflows/scans`).
How many pages there will be is not known here: the foot names a picture for each page there may
be, and the renderer draws those it comes to (`webapp/pdf/fetcher.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote

import segno

STYLE_SHEET = Path(__file__).with_name("print.css")
DRAFT_NOTE = "草稿　供当场核对，未经签署和盖章，不具有效力"
PRECEDENCE = "以汉文文本为准"
FRAME_END = "<!--text-->"
"""Behind head and foot of a copy with a second language: the renderer draws both on sheets whose
text it turns (`webapp/pdf/vertical.py`)."""
PICTURE_SCHEME = "qr"
"""`qr:TEXT` (percent-encoded) is a QR picture of TEXT, drawn by the renderer."""
SPARE_PAGES, PAGE_LETTERS, MOST_NUMBERED = 8, 400, 200
"""So many pages there may be: a spare few, and one more for so much markup (a full page has 600
letters). What comes behind carries the code alone. A rule costs a tenth of a millisecond."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What stands around the text. `number`: the document's, or the case's until it has one.

    `verify_code` None on a draft, which carries the draft mark instead. `verify_url`: what the QR
    picture opens; None on an installation without a public address, where it holds the code.
    `letter`: number of the handoff a letter is about; whoever answers on paper sends it back.
    `text_mark`: fingerprint of the text in hex digits; None on a document from before there were
    any, which keeps the one picture for all its pages and so its bytes. `beside`: what a copy with
    a second language is called; it says on every page that it is none to sign.
    """

    title: str
    unit_name: str
    number: str
    verify_code: str | None
    verify_url: str | None = None
    letter: str | None = None
    text_mark: str | None = None
    beside: str | None = None


def build_page(body: str, frame: PageFrame) -> str:
    """A whole HTML document. `body` is trusted markup, everything in `frame` is escaped."""
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="zh-CN">',
            f'<head><meta charset="utf-8"><title>{escape(frame.title)}</title>',
            f"<style>{_style()}</style>{_numbered(frame, len(body))}</head>",
            '<body class="beside">' if frame.beside else "<body>",
            f'<p class="page-unit">{escape(frame.unit_name)}{_beside(frame)}</p>',
            f'<p class="page-number-of-document">{escape(frame.number)}</p>',
            _foot(frame),
            FRAME_END if frame.beside else "",
            body,
            _letter_mark(frame.letter) if frame.letter else "",
            "</body></html>",
        )
    )


def _beside(frame: PageFrame) -> str:
    return f"<br>{escape(frame.beside)}，{PRECEDENCE}" if frame.beside else ""


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
    hint = "<p>扫码可核对真伪，不显示姓名</p>" if frame.verify_url else ""
    if frame.text_mark is None:
        return (
            f'<div class="page-verify"><img alt="核验二维码" src="{_picture(frame)}">'
            f'<p class="code">核验码 {escape(frame.verify_code)}</p>{hint}</div>'
        )
    return (
        f'<div class="page-verify is-beside"><p class="code">核验码 {escape(frame.verify_code)}</p>'
        f'<p class="text-mark">文本指纹 {grouped(frame.text_mark)}</p>{hint}</div>'
    )


def _picture(frame: PageFrame) -> str:
    target = str(frame.verify_url or frame.verify_code)
    picture: str = segno.make(target, error="m", micro=False).png_data_uri(scale=8, border=0)
    return picture


def _numbered(frame: PageFrame, letters: int) -> str:
    """The rules that put each page's own picture at its foot; nothing for drafts and old rows."""
    if frame.verify_code is None or frame.text_mark is None:
        return ""
    most = min(SPARE_PAGES + letters // PAGE_LETTERS, MOST_NUMBERED)
    rules = [_rule("", frame.verify_url or frame.verify_code)]
    rules += [
        _rule(f":nth({page})", page_target(frame.verify_code, frame.verify_url, page))
        for page in range(1, most + 1)
    ]
    return f"<style>{''.join(rules)}</style>"


def _rule(which: str, target: str) -> str:
    address = f"{PICTURE_SCHEME}:{quote(target, safe=':/')}"
    return f'@page {which}{{@bottom-left{{background-image:url("{address}")}}}}\n'


def page_target(verify_code: str, verify_url: str | None, page: int) -> str:
    """What the picture on a page holds: the address with `?p=`, or `CODE/3` without one."""
    return f"{verify_url}?p={page}" if verify_url else f"{verify_code}/{page}"


def grouped(digits: str) -> str:
    """`3f9a01bc77de` → `3f9a 01bc 77de`."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
