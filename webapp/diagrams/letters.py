"""Words in a picture: wrapped by width, Chinese between any characters, English at spaces."""

from __future__ import annotations

import re

from lxml import etree

from webapp.diagrams.picture import Box, text_width
from webapp.diagrams.xml import qname

BIG, SMALL = 12.0, 11.0
LINE = 1.2
"""Line height as a share of the type size."""
PIECES = re.compile(r"[\x21-\xff]+|\s+|.", re.DOTALL)


def wrap(text: str, width: float, size: float) -> list[str]:
    """Lines no wider than `width` pixels, except for a single word that is wider."""
    lines, line = [], ""
    for piece in PIECES.findall(text.replace("\n", " ")):
        if line and text_width(line + piece.rstrip(), size) > width:
            lines.append(line.strip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.strip()] if line.strip() else lines


class Letters:
    """Writes text elements into a group."""

    def __init__(self, group: etree._Element, namespace: str) -> None:
        self.group, self.namespace = group, namespace

    def inside(self, words: str, box: Box) -> None:
        """Centred in a task, smaller where five lines would not fit."""
        lines, size = wrap(words, box.width - 10, BIG), BIG
        if len(lines) > 4:
            lines, size = wrap(words, box.width - 8, 10), 10.0
        x, y = box.middle
        self._write(lines, x, y - (len(lines) - 1) * size * LINE / 2 + size * 0.35, size)

    def heading(self, words: str, box: Box) -> None:
        """At the top of an expanded sub-process."""
        self._write([words], box.middle[0], box.y + 6 + BIG, BIG)

    def beside(self, words: str, at: Box) -> None:
        """An outside label: from the top of its box, at least 86 wide for names."""
        lines = wrap(words, max(at.width, 86), SMALL)
        self._write(lines, at.middle[0], at.y + SMALL - 1, SMALL)

    def sideways(self, words: str, box: Box) -> None:
        """Up the left edge of a pool or lane."""
        x, y = box.x + 15, box.middle[1]
        group = etree.SubElement(
            self.group, qname("g", self.namespace), transform=f"rotate(-90 {x:g} {y:g})"
        )
        lines = wrap(words, max(box.height - 8, 40), BIG)[:2]
        start = y - (len(lines) - 1) * BIG * LINE / 2 + BIG * 0.35
        Letters(group, self.namespace)._write(lines, x, start, BIG)

    def _write(self, lines: list[str], x: float, y: float, size: float) -> None:
        for number, line in enumerate(lines):
            text = etree.SubElement(
                self.group,
                qname("text", self.namespace),
                {"x": f"{x:g}", "y": f"{y + number * size * LINE:g}", "font-size": f"{size:g}"},
            )
            text.text = line
