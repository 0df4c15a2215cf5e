"""What calls send, as types, and the commands they become."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from pydantic import Field

from webapp.api.fields import (
    Asked,
    Cursor,
    Day,
    Id,
    Instant,
    ItemId,
    Name,
    PageSize,
    Revision,
    Sent,
    Text,
)
from workflows.cases.case_bonds import MergeCase
from workflows.cases.case_commands import CaseCommand, CorrectCase
from workflows.cases.claim_task import BulkCommand, ItemCommand
from workflows.cases.clocks import ClockCommand
from workflows.cases.complete_task import CompleteTask
from workflows.cases.open_case import OpenCase
from workflows.cases.queries.cases_list import CasesQuery
from workflows.cases.queries.inbox import InboxQuery
from workflows.cases.queries.notices import NoticesQuery
from workflows.cases.receive_message import ReceiveMessage
from workflows.cases.save_draft import SaveDraft
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message
from workflows.rollout.scenarios.scenario import parse_duration

LONGEST_WAIT_SECONDS = 20
MOST_DAYS = 3660
MOST_TIME = timedelta(days=MOST_DAYS)


class NewCase(Sent):
    """A start form."""

    process: Name
    unit: Name | None = None
    form: Name | None = None
    data: dict[str, Any]
    occurred_at: Instant | None = None
    late_reason: Text | None = None

    def command(self, key: str | None) -> OpenCase:
        """The use case's command."""
        return OpenCase(
            process=self.process,
            raw=self.data,
            unit=self.unit,
            form=self.form,
            occurred_at=self.occurred_at,
            late_reason=self.late_reason,
            idempotency_key=key,
        )


class CaseReason(Sent):
    """An act on a case."""

    reason: Text
    occurred_at: Instant | None = None

    def command(self, case: str, key: str | None) -> CaseCommand:
        """The use case's command."""
        return CaseCommand(case, self.reason, self.occurred_at, idempotency_key=key)


class SealReason(Sent):
    """Why a case is sealed."""

    reason: Text

    def command(self, case: str, key: str | None) -> CaseCommand:
        """The use case's command."""
        return CaseCommand(case, self.reason, idempotency_key=key)


class Merge(Sent):
    """The case that goes on."""

    into: Id
    reason: Text

    def command(self, case: str, key: str | None) -> MergeCase:
        """The use case's command."""
        return MergeCase(case, self.into, self.reason, idempotency_key=key)


class Correction(Sent):
    """One value of the record set right."""

    path: Text
    old: Any
    new: Any
    reason: Text

    def command(self, case: str, key: str | None) -> CorrectCase:
        """The use case's command."""
        return CorrectCase(case, self.path, self.old, self.new, self.reason, idempotency_key=key)


class NewMessage(Sent):
    """A message of an outside sender."""

    message_id: Name
    name: Name
    run: Id | None = None
    payload: dict[str, Any]
    occurred_at: Instant | None = None
    late_reason: Text | None = None

    def command(self, case: str) -> ReceiveMessage:
        """The use case's command."""
        return ReceiveMessage(
            case=case,
            message_id=self.message_id,
            name=self.name,
            payload=self.payload,
            run=self.run,
            occurred_at=self.occurred_at,
            late_reason=self.late_reason,
        )


class Claim(Sent):
    """Taking or giving back a work item, as it was seen."""

    revision: Revision | None = None

    def command(self, item: str, key: str | None) -> ItemCommand:
        """The use case's command."""
        return ItemCommand(item, self.revision, idempotency_key=key)


class Assign(Sent):
    """To whom a work item goes."""

    to: Name
    revision: Revision | None = None

    def command(self, item: str, key: str | None) -> ItemCommand:
        """The use case's command."""
        return ItemCommand(item, self.revision, to=self.to, idempotency_key=key)


class Return(Sent):
    """Why a work item goes back."""

    reason: Text
    revision: Revision | None = None

    def command(self, item: str, key: str | None) -> ItemCommand:
        """The use case's command."""
        return ItemCommand(item, self.revision, reason=self.reason, idempotency_key=key)


class Bulk(Sent):
    """One act on many work items."""

    ids: list[ItemId] = Field(min_length=1, max_length=100)
    action: Literal["claim", "release", "assign", "return"]
    to: Name | None = None
    reason: Text | None = None

    def command(self) -> BulkCommand:
        """The use case's command."""
        return BulkCommand(self.ids, self.action, to=self.to, reason=self.reason or "")


class Draft(Sent):
    """What stands in the form now."""

    data: dict[str, Any]
    draft_revision: Revision

    def command(self, item: str) -> SaveDraft:
        """The use case's command."""
        return SaveDraft(item, self.data, self.draft_revision)


class Complete(Sent):
    """A submitted form."""

    data: dict[str, Any]
    revision: Revision
    occurred_at: Instant | None = None
    late_reason: Text | None = None

    def command(self, item: str, key: str | None) -> CompleteTask:
        """The use case's command."""
        return CompleteTask(
            item=item,
            revision=self.revision,
            raw=self.data,
            occurred_at=self.occurred_at,
            late_reason=self.late_reason,
            idempotency_key=key,
        )


class Pause(Sent):
    """Why time stops."""

    reason: Text
    why: Name | None = None

    def command(self, clock: str, key: str | None) -> ClockCommand:
        """The use case's command."""
        return ClockCommand(clock, self.reason, why=self.why or "", idempotency_key=key)


class Resume(Sent):
    """Why time runs again."""

    reason: Text

    def command(self, clock: str, key: str | None) -> ClockCommand:
        """The use case's command."""
        return ClockCommand(clock, self.reason, idempotency_key=key)


class Extend(Sent):
    """How many days more, and which parties agree."""

    reason: Text
    days: int = Field(ge=1, le=MOST_DAYS)
    consents: list[Id] = Field(default=[], max_length=200)

    def command(self, clock: str, key: str | None) -> ClockCommand:
        """The use case's command."""
        return ClockCommand(
            clock,
            self.reason,
            days=self.days,
            consents=tuple(self.consents),
            idempotency_key=key,
        )


class Publish(Sent):
    """What changed, for those who will read it."""

    notes: Text


class MoveClock(Sent):
    """How far the test clock moves."""

    advance: Name

    def by(self) -> timedelta:
        """InvalidFormError for anything but weeks, days, hours, minutes within ten years."""
        found = parse_duration(self.advance) if self.advance.isascii() else None
        if found is None or found > MOST_TIME:
            raise InvalidFormError([FieldError("/advance", Message("api.not_a_duration"))])
        return found


class FindCases(Asked):
    """Which cases."""

    q: str = Field("", max_length=100)
    status: Literal["open", "closed", "voided", "merged"] | None = None
    kind: Name | None = None
    unit: Name | None = None
    opened_from: Day | None = None
    opened_to: Day | None = None
    cursor: Cursor | None = None
    page_size: PageSize = 50

    def query(self) -> CasesQuery:
        """The question to the cases room."""
        return CasesQuery(**self.model_dump())


class FindTasks(Asked):
    """Which work items."""

    scope: Literal["mine", "claimable", "visible"] = "mine"
    state: Literal["open", "done"] = "open"
    q: str = Field("", max_length=100)
    process: Name | None = None
    role: Name | None = None
    unit: Name | None = None
    due_before: Day | None = None
    sort: Literal["due_at", "created_at", "priority"] = "due_at"
    cursor: Cursor | None = None
    page_size: PageSize = 50

    def query(self) -> InboxQuery:
        """The question to the cases room. What is done is what the caller has done."""
        filters = self.model_dump(exclude={"scope", "state"})
        return InboxQuery(tab="done" if self.state == "done" else self.scope, **filters)


class FindNotices(Asked):
    """Which notices of the caller."""

    unread: bool = False
    cursor: Cursor | None = None
    page_size: PageSize = 50

    def query(self) -> NoticesQuery:
        """The question to the cases room."""
        return NoticesQuery(**self.model_dump())


class ReadNotices(Sent):
    """Notices that were looked at: these, or all up to an instant."""

    notices: list[Id] = Field([], max_length=200)
    until: Instant | None = None


class Page(Asked):
    """Which part of a list."""

    cursor: Cursor | None = None
    page_size: PageSize = 50


class Wait(Asked):
    """How long to wait for calls that are still open."""

    wait: int = Field(0, ge=0, le=LONGEST_WAIT_SECONDS)
