"""From what waits for a court to one printed job: order, contents, marks, log, and who may."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pdfplumber
import pytest
from sqlalchemy import func, select

from tests.factories.hall import scenario_data
from tests.printdesk.conftest import COURT, COURT_NAME, LIAISON, Desk
from webapp.pdf.binder import VolumeBinder
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.tables import TimelineEntry
from workflows.documents.orders import READY, WAITING
from workflows.documents.read import print_document
from workflows.errors import (
    ConflictError,
    FengqiaoError,
    ForbiddenError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
)
from workflows.printdesk.jobs import list_jobs, load_job, open_pdf
from workflows.printdesk.make import make_job
from workflows.printdesk.order import OrderPrint, order_print
from workflows.printdesk.packet import load_packet
from workflows.printdesk.queue import list_waiting, take_free
from workflows.printdesk.tables import PrintedPaper, PrintJob
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id, encode_id


def texts(desk: Desk, job: str) -> Sequence[str]:
    """The text of each page of a job's PDF, blanks left out."""
    _, content = open_pdf(desk.hall.platform, desk.hall.actor(LIAISON), job)
    with content, pdfplumber.open(BytesIO(content.read())) as pdf:
        return ["".join((page.extract_text() or "").split()) for page in pdf.pages]


def test_what_waits_is_listed_by_court_the_most_pressing_first(desk: Desk) -> None:
    first = desk.ready()
    desk.hall.until("2026-08-26")
    second = desk.ready()
    actor = desk.hall.actor(LIAISON)
    [(court, rows)] = list_waiting(desk.hall.platform, actor).courts
    assert court == COURT_NAME
    assert [row.run for row in rows] == [first, second]
    assert [row.printed_at for row in rows] == [None, None]
    left = [row.days_left for row in rows]
    assert left[0] is not None
    assert left[1] is not None
    assert 0 < left[0] < left[1]
    assert list_waiting(desk.hall.platform, desk.hall.actor("petition")).courts == ()


def test_what_was_handed_in_waits_no_longer(desk: Desk) -> None:
    desk.ready()
    desk.hall.do(LIAISON, "submit", scenario_data(COURT, "happy", "submit"))
    queue = list_waiting(desk.hall.platform, desk.hall.actor(LIAISON))
    assert queue.courts == ()
    assert [one.receipt for one in queue.handed_in] == ["（2026）立收0187"]
    assert list_waiting(desk.hall.platform, desk.hall.actor("mediator")).handed_in == ()
    run = desk.hall.run(COURT)
    page = load_packet(desk.hall.platform, desk.hall.actor(LIAISON), encode_id(run.id))
    assert page.receipt == "（2026）立收0187"


def test_a_packet_stands_in_the_courts_order(desk: Desk) -> None:
    run = desk.ready()
    with pytest.raises(ForbiddenError):
        load_packet(desk.hall.platform, desk.hall.actor(LIAISON), run)
    take_free(desk.hall.platform, desk.hall.actor(LIAISON), [run])
    page = load_packet(desk.hall.platform, desk.hall.actor(LIAISON), run)
    assert page.court == COURT_NAME
    assert page.may_print
    assert page.missing == ()
    filled = [line.title["zh"] for line in page.lines if line.papers]
    assert filled == [
        "移送函", "材料清单", "司法确认申请书", "调解协议", "主持调解的证明", "各方身份证明",
        "各方同意申请的凭证",
    ]  # fmt: skip


def test_a_job_is_one_pdf_with_a_sheet_before_each_packet(desk: Desk) -> None:
    runs = [desk.ready(), desk.ready()]
    job = desk.order(*runs, copies=2)
    platform, actor = desk.hall.platform, desk.hall.actor(LIAISON)
    assert load_job(platform, actor, job).state == WAITING
    with pytest.raises(RuleError, match="not_ready"):
        open_pdf(platform, actor, job)
    desk.work()
    made = load_job(platform, actor, job)
    assert (made.state, made.count, made.copies) == (READY, 2, 2)
    pages = texts(desk, job)
    assert len(pages) == made.pages
    assert made.pages == 2 * sum(packet.pages or 0 for packet in made.packets)
    sheets = [page for page in pages if "法院核收" in page and "收件编号" in page]
    assert len(sheets) == 4
    assert all(COURT_NAME in sheet for sheet in sheets)
    assert "第1件，共2件；每件2份" in sheets[0]
    assert not any("重印" in page for page in pages)
    assert [one.id for one in list_jobs(platform, actor)] == [job]


def test_what_is_printed_again_is_marked_as_a_copy_on_every_page(desk: Desk) -> None:
    run = desk.ready()
    first = desk.order(run)
    desk.work()
    texts(desk, first)
    again = desk.order(run)
    desk.work()
    pages = texts(desk, again)
    assert "（副本）" in pages[0]
    assert all("副本" in page and "重印" in page for page in pages[1:])
    page = load_packet(desk.hall.platform, desk.hall.actor(LIAISON), run)
    log = [
        [one.is_reprint for one in paper.printings] for line in page.lines for paper in line.papers
    ]
    assert log
    assert all(entry == [False, True] for entry in log)
    [(_, rows)] = list_waiting(desk.hall.platform, desk.hall.actor(LIAISON)).courts
    assert rows[0].printed_at is not None


def test_a_job_that_is_brought_twice_is_made_once(desk: Desk) -> None:
    job = desk.order(desk.ready())
    desk.work()
    before = texts(desk, job)
    make_job(desk.hall.platform, desk.renderer, VolumeBinder(), {"job": decode_id(job)})
    assert texts(desk, job) == before
    with desk.hall.platform.database.reading(SYSTEM) as session:
        printed = session.scalar(select(func.count()).select_from(PrintedPaper))
    page = load_packet(
        desk.hall.platform,
        desk.hall.actor(LIAISON),
        load_job(desk.hall.platform, desk.hall.actor(LIAISON), job).packets[0].run,
    )
    assert printed == sum(len(line.papers) for line in page.lines)


def test_the_record_says_who_printed_once_the_pdf_is_opened(desk: Desk) -> None:
    job = desk.order(desk.ready())
    desk.work()
    with desk.hall.platform.database.reading(SYSTEM) as session:
        wanted = select(TimelineEntry).where(TimelineEntry.action == "packet.print")
        assert session.scalars(wanted).all() == []
    texts(desk, job)
    texts(desk, job)
    with desk.hall.platform.database.reading(SYSTEM) as session:
        wanted = select(TimelineEntry).where(TimelineEntry.action == "packet.print")
        assert len(session.scalars(wanted).all()) == 1


def test_a_job_nobody_opened_marks_nothing_as_a_copy(desk: Desk) -> None:
    run = desk.ready()
    desk.order(run)
    desk.work()
    second = desk.order(run)
    desk.work()
    assert not any("重印" in page for page in texts(desk, second))
    [(_, rows)] = list_waiting(desk.hall.platform, desk.hall.actor(LIAISON)).courts
    assert rows[0].printed_at is not None


def test_a_paper_printed_meanwhile_gets_its_mark_before_it_leaves(desk: Desk) -> None:
    run = desk.ready()
    first, second = desk.order(run), desk.order(run)
    desk.work()
    texts(desk, second)
    with pytest.raises(ConflictError, match="made_again"):
        texts(desk, first)
    with pytest.raises(RuleError, match="not_ready"):
        texts(desk, first)
    desk.work()
    assert all("重印" in page for page in texts(desk, first)[1:])


def test_the_same_form_sent_twice_is_one_job(desk: Desk) -> None:
    runs = [desk.ready(), desk.ready()]
    platform, actor = desk.hall.platform, desk.hall.actor(LIAISON)

    def send(*chosen: str, copies: int = 1, form: str = "f1") -> str:
        return order_print(platform, actor, OrderPrint(chosen, copies, form))

    job = send(*runs)
    assert send(*reversed(runs)) == job
    assert send(*runs, copies=2) != job
    assert send(runs[0]) != job
    assert send(*runs, form="f2") != job
    assert send(*runs, form="") != send(*runs, form="")


@pytest.mark.parametrize(
    ("who", "runs", "copies", "refusal"),
    [
        (LIAISON, 0, 1, InvalidInputError("printdesk.choose")),
        (LIAISON, 1, 0, InvalidInputError("printdesk.copies", most=9)),
        (LIAISON, 1, 10, InvalidInputError("printdesk.copies", most=9)),
        ("petition", 1, 1, NotVisibleError("volumes.unknown")),
        ("mediator", 1, 1, None),
    ],
    ids=["none", "no copies", "many copies", "stranger", "mediator"],
)
def test_who_may_order_what(
    desk: Desk, who: str, runs: int, copies: int, refusal: FengqiaoError | None
) -> None:
    chosen = [desk.ready()][:runs]
    if refusal is None:
        assert desk.order(*chosen, who=who, copies=copies)
        return
    with pytest.raises(type(refusal)) as caught:
        desk.order(*chosen, who=who, copies=copies)
    assert caught.value.message.code == refusal.message.code
    with desk.hall.platform.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(PrintJob)) == 0


def test_a_job_is_open_to_whoever_ordered_it_alone(desk: Desk) -> None:
    job = desk.order(desk.ready())
    desk.work()
    for look in (load_job, open_pdf):
        with pytest.raises((NotVisibleError, ForbiddenError)):
            look(desk.hall.platform, desk.hall.actor("mediator"), job)


def test_a_restricted_case_leaves_by_no_job(desk: Desk) -> None:
    run = desk.ready()
    head, case = desk.hall.actor("head"), desk.hall.case(COURT)
    seal(desk.hall.platform, head, CaseCommand(case, "涉及未成年人"))
    for who in (LIAISON, "mediator"):
        assert list_waiting(desk.hall.platform, desk.hall.actor(who)).courts == ()
        with pytest.raises((NotVisibleError, ForbiddenError, RuleError)):
            desk.order(run, who=who)
    with desk.hall.platform.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(PrintJob)) == 0


def test_a_liaison_prints_a_single_document_too(desk: Desk) -> None:
    """The right to print was asked of the run's unit, where a court's liaison has no post."""
    run, actor = desk.ready(), desk.hall.actor(LIAISON)
    take_free(desk.hall.platform, actor, [run])
    page = load_packet(desk.hall.platform, actor, run)
    paper = next(p for line in page.lines for p in line.papers if not p.is_file)
    printed = print_document(desk.hall.platform, actor, paper.id, copies=1, reason="")
    assert printed.may_print is None
