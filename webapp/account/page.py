"""The two pages of the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.pages.entries import Entry, filled
from webapp.pages.formats import spoken
from webapp.pages.layout import render_page
from webapp.pages.now import platform, today
from webapp.security import current_actor
from workflows.errors import FieldError
from workflows.messages import Message
from workflows.organisation.delegations import (
    Colleague,
    LeaveView,
    list_leaves,
    list_substitutes,
)
from workflows.organisation.feeds import feed_since
from workflows.organisation.passwords import LEAST_CHARACTERS
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM


@dataclass(frozen=True, slots=True)
class Own:
    """What the account page says besides the posts."""

    leaves: tuple[LeaveView, ...]
    colleagues: tuple[Colleague, ...]
    email: str | None
    wants_mail: bool
    calendar_since: datetime | None


def sign_in(*, next: str, username: str = "", problem: Message | None = None) -> str:
    """Sign-in; after a refusal with the name still there and the sentence above the form."""
    return render_page(
        "account/sign_in.html",
        next=next,
        username=username,
        problem=spoken(problem) if problem else None,
    )


def account(
    errors: Sequence[FieldError] = (),
    *,
    typed: Mapping[str, str] = MappingProxyType({}),
    calendar_url: str = "",
) -> str:
    """The account, with what was typed in a form and what was wrong with it. `calendar_url`: a new
    address, shown this once."""
    names = {"reason": "leave_reason"}
    said = [(names.get(path, path), words) for path, words in _said(errors)]
    own = _own()
    return render_page(
        "account/account.html",
        errors=said,
        problems=dict(said),
        password_fields=_password_fields(),
        leaves=own.leaves,
        leave_fields=_leave_fields(own, typed, dict(said)),
        email=typed.get("email", own.email or ""),
        wants_mail=typed.get("mail_notices") == "1" if "email" in typed else own.wants_mail,
        calendar_since=own.calendar_since,
        calendar_url=calendar_url,
    )


def _said(errors: Sequence[FieldError]) -> list[tuple[str, str]]:
    return [(error.path.lstrip("/"), spoken(error.message)) for error in errors]


def _password_fields() -> list[tuple[str, str, str, str]]:
    """(name, label, hint, what the browser fills in)."""
    least = _("至少 %(least)s 个字符，可以用一句好记的话", least=LEAST_CHARACTERS)
    return [
        ("present", _("现在的密码"), "", "current-password"),
        ("new", _("新密码"), least, "new-password"),
        ("again", _("再输一遍新密码"), "", "new-password"),
    ]


def _own() -> Own:
    account_id = current_actor().account_id
    with platform().database.reading(SYSTEM) as session:
        row = session.get_one(Account, account_id)
        return Own(
            leaves=list_leaves(session, account_id, today()),
            colleagues=list_substitutes(session, account_id, today()),
            email=row.email,
            wants_mail=row.mail_notices,
            calendar_since=feed_since(session, account_id),
        )


def _leave_fields(
    own: Own, typed: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Entry, ...]:
    """Inputs of a new leave; none where nobody could stand in."""
    if not own.colleagues:
        return ()
    people = tuple(
        (one.username, one.name if one.same_role else _("%(name)s（不同岗位）", name=one.name))
        for one in own.colleagues
    )
    away = _("只有代班的同事和您自己看得到。")
    return filled(
        (
            Entry("from_on", _("从哪天起"), "date"),
            Entry("to_on", _("到哪天止"), "date"),
            Entry("substitute", _("谁代班"), options=(("", _("请选择")), *people)),
            Entry("leave_reason", _("请假事由"), hint=away),
        ),
        typed,
        errors,
    )


def password_changed() -> Response:
    """Back to the account, saying so."""
    flash(_("密码已修改。其他电脑和手机上的登录都已退出。"), "done")
    return redirect(url_for("account.account"), 303)
