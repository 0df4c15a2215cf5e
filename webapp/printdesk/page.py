"""Records → the pages of the print desk."""

from __future__ import annotations

import secrets

from flask import Response, make_response
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.printdesk.inputs import Wish
from webapp.security import current_actor
from workflows.documents.orders import FAILED, READY, WAITING, WORKING
from workflows.printdesk.jobs import JobView, list_jobs
from workflows.printdesk.order import MOST_COPIES
from workflows.printdesk.packet import PacketPage
from workflows.printdesk.queue import list_waiting

RETRY_SECONDS = 2
PRESSING_DAYS = 3
"""Left of the limit: from here on a packet is marked."""


def states() -> dict[str, tuple[str, str]]:
    """State of a job → (words, style of its tag)."""
    return {
        WAITING: (_("排队中"), "plain"),
        WORKING: (_("正在生成"), "plain"),
        READY: (_("可以打印"), "done"),
        FAILED: (_("没有生成"), "over"),
    }


def left(days: int | None) -> tuple[str, str, str]:
    """(words, style, icon) of the days until a limit."""
    if days is None:
        return _("没有期限"), "none", "help"
    if days < 0:
        return ngettext("已过 %(num)s 天", "已过 %(num)s 天", -days), "over", "over"
    if days == 0:
        return _("今天到期"), "soon", "soon"
    words = ngettext("还有 %(num)s 天", "还有 %(num)s 天", days)
    return (words, "soon", "soon") if days <= PRESSING_DAYS else (words, "ok", "clock")


def show_desk(wish: Wish, error: str | None = None) -> str:
    """What waits, and the actor's last jobs. `error`: why nothing was printed."""
    actor = current_actor()
    return render_page(
        "printdesk/desk.html",
        queue=list_waiting(platform(), actor),
        jobs=list_jobs(platform(), actor),
        states=states(),
        left=left,
        wish=wish,
        error=error,
        most_copies=MOST_COPIES,
        form=new_form(),
    )


def new_form() -> str:
    """What this copy of a form is known by."""
    return secrets.token_urlsafe(16)


def show_packet(packet: PacketPage) -> str:
    """One packet."""
    return render_page("printdesk/packet.html", packet=packet, form=new_form())


def show_job(job: JobView) -> Response:
    """One job; while it is under way the page comes again by itself."""
    answer = make_response(render_page("printdesk/job.html", job=job, states=states()))
    if job.is_under_way:
        answer.headers["Refresh"] = str(RETRY_SECONDS)
    return answer


def file_name(job: JobView) -> str:
    """What a saved copy is called."""
    return f"打印 {job.ordered_at:%Y%m%d} {job.count} 件.pdf"
