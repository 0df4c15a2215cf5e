"""Records → the pages of the printing room."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp.pages.formats import titled
from webapp.pages.layout import render_page
from workflows.documents.lettering import Legibility
from workflows.documents.read import CaseDocuments, DocumentInfo
from workflows.documents.states import PENDING, READY, SEALED, SUPERSEDED, VOID
from workflows.sealing.view import SealView

RETRY_SECONDS = 5
STYLES = {PENDING: "plain", READY: "plain", SEALED: "done", SUPERSEDED: "draft", VOID: "draft"}


def states() -> dict[str, tuple[str, str]]:
    """State → (words, style of its tag)."""
    words = {
        PENDING: _("待生成"),
        READY: _("可打印"),
        SEALED: _("已盖防篡改印"),
        SUPERSEDED: _("已被替代"),
        VOID: _("已作废"),
    }
    return {state: (words[state], style) for state, style in STYLES.items()}


def show_case(case: CaseDocuments) -> str:
    """The documents of one case, those that count first."""
    current = [d for d in case.documents if d.state not in (SUPERSEDED, VOID)]
    past = [d for d in case.documents if d.state in (SUPERSEDED, VOID)]
    return render_page(
        "printing/documents.html", case=case, current=current, past=past, states=states()
    )


def show_print(info: DocumentInfo, seal: SealView, legibility: Legibility) -> str:
    """One document: what its fonts lack, how many copies, and the button that records and opens
    it; copies in other languages; its seal."""
    return render_page(
        "printing/print.html",
        document=info,
        name=titled(info.title),
        states=states(),
        seal=seal,
        legibility=legibility,
    )


def back_from_seal(document: str) -> BaseResponse:
    """303 to the document's page, which says that the seal is on its way."""
    flash(_("已申请加盖防篡改印，几秒钟后完成。"))
    return redirect(url_for("printing.print_page", document=document), 303)


def show_waiting(info: DocumentInfo) -> Response:
    """202: the renderer is busy or was restarted; the page asks again by itself."""
    html = render_page("printing/waiting.html", document=info, seconds=RETRY_SECONDS)
    answer = make_response(html, 202)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    answer.headers["Refresh"] = str(RETRY_SECONDS)
    return answer
