"""What the page of a document says before it is printed: which of its characters no font of this
installation draws, and in which languages it can be read beside the Chinese text.

A name with a box in it is no name. Fonts belong to the web; what they draw comes in as a port.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Protocol

from workflows.cases.platform import Platform
from workflows.catalogue.languages import LANGUAGES, Language
from workflows.documents.compose import compose
from workflows.documents.make import open_source
from workflows.documents.read import DocumentInfo
from workflows.documents.states import VOID
from workflows.errors import ProcessFaultError, RuleError
from workflows.storage.ids import decode_id

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class Lettering(Protocol):
    """What the fonts of an installation can draw."""

    def lacking(self, text: str) -> str:
        """The characters of `text` that no font has, each once, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Legibility:
    """`undrawn`: characters that would print as boxes, each once. `languages`: of 对照本."""

    undrawn: str = ""
    languages: tuple[Language, ...] = ()


def look_through(platform: Platform, info: DocumentInfo, lettering: Lettering) -> Legibility:
    """What can be said of a document the actor may read (`info` is the proof). Nothing of one that
    is void, erased or whose text cannot be filled in: its page says so elsewhere."""
    if info.state == VOID:
        return Legibility()
    try:
        source = open_source(platform, decode_id(info.id))
        text = words_of(compose(source.package, source.frozen, source.facts).html)
    except (RuleError, ProcessFaultError):
        return Legibility()
    known = source.package.manifest.documents.get(info.kind)
    languages = tuple(LANGUAGES[code] for code in known.languages) if known else ()
    return Legibility(lettering.lacking(text), languages)


def words_of(html: str) -> str:
    """What people read of a document: its text without markup and style."""
    return unescape(_TAG.sub(" ", _STYLE.sub("", html)))
