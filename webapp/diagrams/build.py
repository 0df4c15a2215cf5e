"""Notation → a finished .bpmn: meaning first, then the picture."""

from __future__ import annotations

from webapp.diagrams.draw import draw
from webapp.diagrams.notation import parse
from webapp.diagrams.semantic import write
from webapp.diagrams.xml import to_bytes


def build(text: str) -> bytes:
    """The .bpmn of a notation text. Raises NotationError."""
    document = parse(text)
    root = write(document)
    draw(root, document)
    return to_bytes(root)
