"""Records → shapes. The one place that knows how a record looks from outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask import url_for

from webapp.api import shapes
from webapp.pages.formats import spoken, titled
from workflows.cases.case_commands import CaseChanged
from workflows.cases.claim_task import BulkAnswer
from workflows.cases.complete_task import Completed
from workflows.cases.files import Uploaded
from workflows.cases.open_case import Opened
from workflows.cases.queries.cases_list import CasesPage
from workflows.cases.queries.inbox import InboxPage
from workflows.cases.queries.notices import NoticesPage
from workflows.cases.queries.records import (
    CasePage,
    CaseRow,
    ClockView,
    DocumentView,
    InboxRow,
    PartyView,
    RunView,
    TaskPage,
    TimelineView,
)
from workflows.cases.queries.run_page import RunPage
from workflows.cases.queries.starts import Offer
from workflows.documents.read import DocumentInfo
from workflows.engine.findings import Finding
from workflows.messages import Message
from workflows.organisation.names import PostView
from workflows.rollout.versions import Drafted, VersionView
from workflows.storage import Actor


def me(actor: Actor, posts: Iterable[PostView], today: date, now: datetime) -> shapes.Me:
    """The caller with the posts of today."""
    return {
        "user": {"username": actor.username, "name": actor.name},
        "posts": [
            {"role": post.role, "unit": post.unit, "from": post.from_on, "to": post.to_on}
            for post in posts
            if post.from_on <= today and (post.to_on is None or today <= post.to_on)
        ],
        "language": actor.language,
        "now": now,
    }


def processes(offers: Iterable[Offer]) -> shapes.ProcessList:
    """What the caller may start, an entry for each unit."""
    items: list[shapes.Process] = [
        {
            "key": offer.process,
            "title": titled(offer.title),
            "version": offer.version,
            "unit": offer.unit,
            "start_forms": [
                {"name": start.name, "title": titled(start.title)} for start in offer.starts
            ],
        }
        for offer in offers
    ]
    return {"items": items, "next": None}


def work_item(row: InboxRow) -> shapes.WorkItem:
    """A work item of a list."""
    instance: shapes.Instance | None = None
    if row.instance_key is not None:
        instance = {"key": row.instance_key, "label": row.instance_label}
    return {
        "id": row.id,
        "revision": row.revision,
        "name": row.name,
        "title": titled(row.title),
        "case": {"id": row.case_id, "number": row.case_number, "title": row.case_title},
        "run": row.run,
        "process": row.process,
        "instance": instance,
        "role": row.role,
        "unit": row.unit,
        "assignee": row.assignee,
        "due_on": row.due_on,
        "due_at": row.due_at,
        "clock_status": row.clock.status if row.clock else None,
        "priority": row.priority,
        "state": row.state,  # type: ignore[typeddict-item]
        "may": list(row.may),
    }


def work_items(rows: Iterable[InboxRow]) -> list[shapes.WorkItem]:
    """Work items in their order."""
    return [work_item(row) for row in rows]


def tasks(page: InboxPage) -> shapes.TaskList:
    """One page of a list of work items."""
    return {"items": work_items(page.rows), "next": page.next}


def task(page: TaskPage) -> shapes.Task:
    """One work item with its form."""
    form: shapes.Form | None = None
    if page.form is not None:
        form = {"schema": dict(page.form.schema), "ui": dict(page.form.ui)}
    return {
        **work_item(page.row),
        "instructions": page.instructions,
        "form": form,
        "data": dict(page.data),
        "draft": None if page.draft is None else dict(page.draft),
        "draft_revision": page.draft_revision,
    }


def opened(record: Opened) -> shapes.Opened:
    """A new case."""
    return {
        "case": record.case,
        "number": record.number,
        "run": record.run,
        "tasks": work_items(record.tasks),
    }


def completed(record: Completed, username: str) -> shapes.Completed:
    """A completed work item; `next_url` is where its page goes on: the caller's next work item of
    the run, else the case."""
    mine = (
        row
        for row in record.tasks
        if row.assignee == username or (row.assignee is None and "complete" in row.may)
    )
    following = next(mine, None)
    target = (
        url_for("cases.task", item=following.id)
        if following
        else url_for("cases.case", case=record.case)
    )
    return {
        "case": record.case,
        "run": record.run,
        "tasks": work_items(record.tasks),
        "pending_calls": record.pending_calls,
        "next_url": target,
    }


def bulk(answers: Iterable[BulkAnswer]) -> shapes.BulkAnswer:
    """What became of each work item."""
    return {
        "items": [
            {
                "id": answer.item,
                "task": None if answer.row is None else work_item(answer.row),
                "error": None if answer.refusal is None else reason(answer.refusal),
            }
            for answer in answers
        ]
    }


def reason(message: Message) -> shapes.Reason:
    """Why not."""
    return {"code": message.code, "message": spoken(message)}


def cases(page: CasesPage) -> shapes.CaseList:
    """One page of a list of cases."""
    return {"items": [_case_row(row) for row in page.rows], "next": page.next}


def _case_row(row: CaseRow) -> shapes.CaseRow:
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "title": row.title,
        "status": row.status,  # type: ignore[typeddict-item]
        "unit": row.unit,
        "parties": list(row.parties),
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
    }


def case(page: CasePage) -> shapes.Case:
    """One case as its reader may see it."""
    return {
        "id": page.id,
        "number": page.number,
        "kind": page.kind,
        "title": page.title,
        "status": page.status,  # type: ignore[typeddict-item]
        "unit": page.unit,
        "opened_at": page.opened_at,
        "merged_into": page.merged_into,
        "external_refs": [
            {"system": system, "number": number} for system, number in page.external_refs
        ],
        "parties": [_party(party) for party in page.parties],
        "runs": [run(one) for one in page.runs],
        "tasks": work_items(page.tasks),
        "clocks": [clock(one) for one in page.clocks],
        "documents": [document(one) for one in page.documents],
        "may": list(page.may),
    }


def _party(party: PartyView) -> shapes.Party:
    return {
        "id": party.id,
        "name": party.name,
        "kind": party.kind,
        "side": party.side,
        "id_number": party.id_masked,
        "phone": party.phone_masked,
        "represents": party.represents,
        "guardian_of": party.guardian_of,
        "ended": party.ended,
    }


def run(view: RunView) -> shapes.Run:
    """One run."""
    return {
        "id": view.id,
        "process": view.process,
        "version": view.version,
        "number": view.number,
        "unit": view.unit,
        "status": view.status,  # type: ignore[typeddict-item]
        "end_state": view.end_state,
    }


def run_page(page: RunPage) -> shapes.RunPage:
    """One run with its open work items."""
    return {
        **run(page.run),
        "case": {"id": page.case_id, "number": page.case_number, "title": page.case_title},
        "tasks": work_items(page.tasks),
        "pending_calls": page.pending_calls,
    }


def clock(view: ClockView) -> shapes.Clock:
    """One clock."""
    return {
        "id": view.id,
        "rule": view.rule,
        "title": titled(view.title),
        "article": titled(view.article),
        "base": view.base,
        "due_on": view.due_on,
        "due_at": view.due_at,
        "status": view.status,  # type: ignore[typeddict-item]
        "excluded": [{"from": first, "to": last, "why": why} for first, last, why in view.excluded],
        "rolled": view.rolled,
        "rule_version": view.rule_version,
        "calendar_version": view.calendar_version,
        "run": view.run,
        "may": list(view.may),
    }


def document(view: DocumentView | DocumentInfo) -> shapes.Document:
    """One document."""
    return {
        "id": view.id,
        "kind": view.kind,
        "title": titled(view.title),
        "number": view.number,
        "state": view.state,  # type: ignore[typeddict-item]
        "sha256": view.sha256,
        "verify_code": view.verify_code,
        "run": view.run,
        "created_at": view.created_at,
    }


def documents(infos: Iterable[DocumentInfo]) -> shapes.DocumentList:
    """All documents of a case."""
    return {"items": [document(info) for info in infos], "next": None}


def timeline(entries: Iterable[TimelineView], following: str | None) -> shapes.Timeline:
    """One page of the record of a case, oldest first."""
    items: list[shapes.TimelineEntry] = [
        {
            "at": entry.at,
            "recorded_at": entry.recorded_at,
            "actor": entry.actor,
            "action": entry.action,
            "sentence": spoken(entry.sentence),
            "subject": entry.subject,
            "detail": entry.detail,
            "run": entry.run,
            "hash": entry.hash,
        }
        for entry in entries
    ]
    return {"items": items, "next": following}


def notices(page: NoticesPage) -> shapes.NoticeList:
    """One page of the caller's notices, newest first."""
    items: list[shapes.Notice] = [
        {
            "id": row.id,
            "kind": row.kind,  # type: ignore[typeddict-item]
            "number": row.case_number,
            "title": titled(row.title) if row.title else None,
            "case": row.case_id or None,
            "task": row.item or None,
            "package": row.package or None,
            "version": row.version or None,
            "at": row.at,
            "is_unread": row.is_unread,
        }
        for row in page.rows
    ]
    return {"items": items, "next": page.next, "unread": page.unread}


def case_changed(changed: CaseChanged) -> shapes.CaseChanged:
    """A case after an act."""
    return {"case": changed.case, "status": changed.status}  # type: ignore[typeddict-item]


def stored_file(kept: Uploaded) -> shapes.StoredFile:
    """An uploaded file."""
    return {
        "id": kept.id,
        "sha256": kept.sha256,
        "size": kept.size,
        "media_type": kept.media_type,
    }


def version(view: VersionView) -> shapes.Version:
    """One version of a package."""
    return {
        "version": view.number,
        "state": view.state,  # type: ignore[typeddict-item]
        "author": view.author,
        "approver": view.approver,
        "notes": view.notes,
        "digest": view.digest,
        "created_at": view.created_at,
        "published_at": view.published_at,
    }


def versions(views: Iterable[VersionView]) -> shapes.VersionList:
    """All versions of a package, the newest first."""
    return {"items": [version(view) for view in views], "next": None}


def drafted(record: Drafted) -> shapes.Drafted:
    """A new draft and what the gate says about it."""
    return {
        "version": record.version.number,
        "findings": [finding(one) for one in record.findings],
    }


def finding(one: Finding) -> shapes.Finding:
    """One remark of the gate."""
    return {
        "severity": one.severity,
        "file": one.file,
        "element": one.element,
        "line": one.line,
        "code": one.code,
        "message": spoken(one.message),
    }
