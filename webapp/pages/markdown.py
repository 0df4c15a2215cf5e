"""The little Markdown that instructions in diagrams use: paragraphs, lists, bold.

BPMN's `instructionsForEndUser` is Markdown in the SpiffWorkflow tools. Anything beyond the three
is shown as it is written; all text is escaped.
"""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup, escape

BOLD = re.compile(r"\*\*(.+?)\*\*")
ITEM = re.compile(r"^\s*(?:[-*]|\d+[.、])\s+")


def render_markdown(text: str) -> Markup:
    """HTML of a short text; empty for an empty one."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("").join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> Markup:
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    pieces = [
        _list(tuple(group)) if is_list else _paragraph(tuple(group))
        for is_list, group in groupby(lines, key=lambda line: ITEM.match(line) is not None)
    ]
    return Markup("").join(pieces)


def _list(lines: tuple[str, ...]) -> Markup:
    items = Markup("").join(
        Markup("<li>{}</li>").format(_inline(ITEM.sub("", line))) for line in lines
    )
    return Markup('<ul class="fq-steps">{}</ul>').format(items)


def _paragraph(lines: tuple[str, ...]) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in lines))


def _inline(line: str) -> Markup:
    pieces = BOLD.split(line)
    marked = [
        Markup("<b>{}</b>").format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    ]
    return Markup("").join(marked)
