"""对照本: a document once more, to be read beside its text in a party's own language.

Made from the same frozen facts with the same number and verify code, for whoever asks, and kept
nowhere: the Chinese text alone is signed, sealed and filed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from workflows.cases.platform import Platform
from workflows.catalogue.languages import LANGUAGES, Language, translation
from workflows.catalogue.package import Package
from workflows.documents.compose import Composed, DocumentFacts, fill, frame_of, render
from workflows.documents.context import thaw
from workflows.documents.freeze import Frozen
from workflows.documents.make import open_source
from workflows.documents.page import build_page
from workflows.documents.read import load_document, note_reading
from workflows.documents.rendering import Rendered, Renderer
from workflows.errors import NotVisibleError
from workflows.storage import Actor
from workflows.storage.ids import decode_id

NOTE = "对照本供阅读，以汉文文本为准；签名、盖章在汉文文本上。"
STANDING = str.maketrans("，、。：；（）《》〈〉〔〕【】「」", "︐︑︒︓︔︵︶︽︾︿﹀︹︺︻︼﹁﹂")
"""Chinese punctuation as it stands in columns (Unicode, vertical forms)."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy to read and what a saved one is called."""

    file_name: str
    rendered: Rendered


def read_beside(
    platform: Platform, actor: Actor, renderer: Renderer, document_id: str, language: str
) -> Copy:
    """The document beside its text in `language`. The reading is recorded.

    Raises what `load_document` raises, NotVisibleError `documents.no_language`, RuleError for a
    document that is void or erased, ProcessFaultError (template), RenderError.
    """
    info = load_document(platform, actor, document_id)
    source = open_source(platform, decode_id(info.id))
    known = source.package.manifest.documents.get(info.kind)
    if known is None or language not in known.languages:
        raise NotVisibleError("documents.no_language")
    composed = compose_beside(
        source.package,
        source.frozen,
        source.facts,
        LANGUAGES[language],
        verify_base=platform.public_url,
    )
    rendered = renderer.render(
        composed.html,
        title=composed.title,
        created=source.row.created_at,
        author=composed.author,
    )
    note_reading(platform, actor, info)
    return Copy(f"{info.name}（{LANGUAGES[language].title['zh']}）.pdf", rendered)


def compose_beside(
    package: Package,
    frozen: Frozen,
    document: DocumentFacts,
    language: Language,
    *,
    verify_base: str | None = None,
) -> Composed:
    """The Chinese text without room for signatures, then what it says in another language, under
    the sentence that the Chinese text decides. Raises as `compose` does."""
    context = {**thaw(frozen, package), "document": document.as_context()}
    ours = fill(package, document.kind, context)
    name = translation(package.manifest.documents[document.kind].template, language.code)
    theirs = render(package, document.kind, name, context)
    if language.vertical:
        theirs = theirs.translate(STANDING)
    body = (
        f'<p class="precedence">{NOTE}</p>\n{ours}\n'
        f'<section lang="{language.tag}" class="other {language.code}">\n'
        f'<p class="precedence">{language.precedence}</p>\n{theirs}\n</section>'
    )
    frame = replace(
        frame_of(package, frozen, document, verify_base),
        letter=None,
        text_mark=None,
        beside=language.title["zh"],
    )
    title = f"{frame.title}（{frame.beside}）"
    return Composed(html=build_page(body, frame), title=title, author=frame.unit_name)
