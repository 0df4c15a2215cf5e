"""Papers on their way to the binder: documents are made, files are opened, nothing is named."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import BinaryIO

from workflows.cases.platform import Platform
from workflows.documents.make import make_bytes
from workflows.documents.rendering import Renderer
from workflows.storage.files import FileLostError
from workflows.volumes.binding import PDF, PICTURE, Binding, Found
from workflows.volumes.contents import Paper

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})


def with_bytes(platform: Platform, renderer: Renderer, paper: Paper) -> Paper:
    """The paper with bytes in the store: a document of our own is made now unless it is there.
    Raises what `make_bytes` raises."""
    if not paper.is_document:
        return paper
    return replace(paper, sha256=make_bytes(platform, renderer, paper.row).sha256)


def look(
    platform: Platform, stack: ExitStack, binding: Binding, papers: Sequence[Paper]
) -> tuple[Found, ...]:
    """What each paper is, in their order. A file that is no page, or lost, is not handed on."""
    files: list[tuple[BinaryIO, str, bool] | None] = []
    for paper in papers:
        how = _how(paper)
        content = _open(platform, stack, paper) if how else None
        files.append((content, how, paper.is_document) if content else None)
    found = binding.look(files)
    return tuple(
        one if _how(paper) else Found(0, "kind") for paper, one in zip(papers, found, strict=True)
    )


def _how(paper: Paper) -> str:
    if paper.is_document or paper.media_type == "application/pdf":
        return PDF
    return PICTURE if paper.media_type in PICTURES else ""


def _open(platform: Platform, stack: ExitStack, paper: Paper) -> BinaryIO | None:
    try:
        return stack.enter_context(platform.files.open(str(paper.sha256)))
    except FileLostError:
        return None
