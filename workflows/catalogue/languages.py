"""Languages in which a document can be read beside its Chinese text: 对照本.

`[documents.<kind>] languages = ["mn", "kk"]` promises `documents/<template>.mn.html` and
`.kk.html`. The Chinese text decides; a translation says what it says, with the same values, for
parties who read their own language better, and nobody signs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflows.engine.findings import Finding
from workflows.messages import Message
from workflows.wording import WordingError
from workflows.wording.tags import read_tags

if TYPE_CHECKING:
    from workflows.catalogue.manifest import DocumentKind, Manifest
    from workflows.catalogue.source import PackageSource

FILE = "package.toml"
_PATH = re.compile(r"\b[a-z]\w*(?:\.\w+)+")
_LOOP = re.compile(r"\s*for\s")
_SIGNATURES = 'class="signatures"'


@dataclass(frozen=True, slots=True)
class Language:
    """One language. `tag`: BCP 47, with the script. `title`: what its 对照本 is called, by language
    of the reader. `vertical`: columns from left to right; else lines from right to left.
    `precedence`: that the Chinese text decides and is the one to sign, said in it."""

    code: str
    tag: str
    title: Mapping[str, str]
    vertical: bool
    precedence: str


LANGUAGES: Mapping[str, Language] = {
    one.code: one
    for one in (
        Language(
            "mn",
            "mn-Mong",
            {"zh": "蒙古文对照本", "en": "With Mongolian text"},
            True,
            (
                "ᠬᠢᠲᠠᠳ ᠦᠰᠦᠭ ᠦᠨ ᠪᠢᠴᠢᠮᠡᠯ ᠢ ᠭᠣᠣᠯ ᠪᠣᠯᠭᠠᠨ᠎ᠠ᠃ "
                "ᠡᠨᠡ ᠣᠷᠴᠢᠭᠤᠯᠭ᠎ᠠ ᠶᠢ ᠭᠠᠭᠴᠠ ᠤᠩᠰᠢᠬᠤ ᠳᠤ ᠦᠵᠡᠨ᠎ᠡ᠂ ᠭᠠᠷ ᠤᠨ ᠦᠰᠦᠭ ᠢ ᠬᠢᠲᠠᠳ ᠪᠢᠴᠢᠮᠡᠯ ᠳᠡᠭᠡᠷ᠎ᠡ ᠵᠢᠷᠤᠨ᠎ᠠ᠃"
            ),
        ),
        Language(
            "kk",
            "kk-Arab",
            {"zh": "哈萨克文对照本", "en": "With Kazakh text"},
            False,
            (
                "حانزۋشا تەكست نەگىز ەتىلەدى. "
                "وسى اۋدارما وقۋعا عانا ارنالعان، قول حانزۋشا تەكستكە قويىلادى."
            ),
        ),
    )
}


def translation(template: str, language: str) -> str:
    """Name of the template of a translation: `agreement.mn`."""
    return f"{template}.{language}"


def check_languages(source: PackageSource, manifest: Manifest) -> Iterator[Finding]:
    """Errors for a language nobody knows, a text that is not there, and values that one of the two
    texts says and the other does not. Never raises."""
    texts = source.under("forms", ".html")
    for document in manifest.documents.values():
        for language in document.languages:
            if language not in LANGUAGES:
                yield _finding(
                    "package.language_unknown", FILE, kind=document.kind, language=language[:20]
                )
            else:
                yield from _compare(document, language, texts)


def _compare(
    document: DocumentKind, language: str, texts: Mapping[str, bytes]
) -> Iterator[Finding]:
    name = translation(document.template, language)
    file = f"documents/{name}.html"
    if file not in texts:
        yield _finding("package.language_missing", FILE, kind=document.kind, file=file)
        return
    ours = _values(texts.get(f"documents/{document.template}.html", b""))
    theirs = _values(texts[file])
    if ours is None or theirs is None:
        return
    if lacking := sorted(ours - theirs):
        yield _finding("package.language_lacks", file, names="、".join(lacking))
    if extra := sorted(theirs - ours):
        yield _finding("package.language_adds", file, names="、".join(extra))


def _values(content: bytes) -> frozenset[str] | None:
    """Paths whose values a text prints or repeats before the room for signatures (who signs, signs
    the Chinese text); None for a text that is broken, which has a finding of its own."""
    try:
        before = content.decode("utf-8").partition(_SIGNATURES)[0]
        return frozenset(
            path
            for tag in read_tags(before)
            if tag.kind == "print" or (tag.kind == "block" and _LOOP.match(tag.text))
            for path in _PATH.findall(tag.text)
        )
    except (UnicodeDecodeError, WordingError):
        return None


def _finding(code: str, where: str, **params: object) -> Finding:
    return Finding("error", code, None, Message(code, params), where, None)
