"""One's own leave: entering it, ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import flash
from flask_babel import gettext as _

from webapp.pages.now import platform, today
from webapp.security import check_text, current_actor
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message
from workflows.organisation.delegations import Leave, end_delegation, take_leave
from workflows.storage.ids import decode_id

FIELDS = ("from_on", "to_on", "substitute", "leave_reason")


def take(form: Mapping[str, str]) -> None:
    """Enters a leave. InvalidFormError with every wrong field, RuleError where the days do not
    fit together with others."""
    leave = _read(form)
    with platform().database.transaction(current_actor()) as session:
        take_leave(session, platform().ids, leave, today())
    flash(_("已登记请假，代班的同事在这些天里能办您的待办。"), "done")


def end(leave: str) -> None:
    """Ends one from today on, or cancels one that has not begun."""
    with platform().database.transaction(current_actor()) as session:
        end_delegation(session, decode_id(leave), today())
    flash(_("这次请假已结束，代班也停止了。"), "done")


def _read(form: Mapping[str, str]) -> Leave:
    days, wrong = {}, []
    for name in ("from_on", "to_on"):
        try:
            days[name] = date.fromisoformat(form.get(name, ""))
        except ValueError:
            wrong.append(FieldError(f"/{name}", Message("web.bad_day")))
    if wrong:
        raise InvalidFormError(wrong)
    return Leave(
        absent=current_actor().username,
        substitute=check_text(form.get("substitute", ""))[:80],
        reason=check_text(form.get("leave_reason", "")).strip(),
        **days,
    )
