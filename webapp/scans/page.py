"""Records of the room → its pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, url_for
from flask_babel import gettext as _

from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.documents.read import DocumentInfo, load_document
from workflows.scans.send import MOST_BYTES, MOST_FILES
from workflows.scans.views import BatchView, list_batches, load_batch

AGAIN_SECONDS = 3
"""Without scripts the page comes again by itself while something is being read."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What somebody typed for a page and why it was not taken."""

    page: str
    code: str
    number: str
    sentence: str


def show_start(document: str | None, error: str | None = None) -> Response:
    """Where files are dropped, and the reader's own heaps. Raises what `load_document` raises."""
    actor = current_actor()
    info: DocumentInfo | None = load_document(platform(), actor, document) if document else None
    answer = make_response(
        render_page(
            "scans/start.html",
            batches=list_batches(platform(), actor),
            document=info,
            error=error,
            most_megabytes=MOST_BYTES // 2**20,
            most_files=MOST_FILES,
        )
    )
    answer.status_code = 422 if error else 200
    return answer


def show_batch(batch: str, wrong: Wrong | None = None) -> Response:
    """What became of a heap. Raises what `load_batch` raises."""
    found: BatchView = load_batch(platform(), current_actor(), batch)
    answer = make_response(
        render_page(
            "scans/batch.html",
            batch=found,
            wrong=wrong,
            states=states(),
            again=AGAIN_SECONDS,
            here=url_for("scans.batch", batch=batch),
        )
    )
    answer.status_code = 422 if wrong else 200
    return answer


def states() -> dict[str, str]:
    """Why a page has no place → words."""
    return {
        "unknown": _("页上没有认出本系统的二维码"),
        "several": _("一张图里拍进了不止一页"),
        "unplaced": _("认出了文书，没有认出第几页"),
    }
