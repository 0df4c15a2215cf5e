"""The two pages of the account."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.pages.formats import spoken
from webapp.pages.layout import render_page
from workflows.errors import FieldError
from workflows.messages import Message
from workflows.organisation.passwords import LEAST_CHARACTERS


def sign_in(*, next: str, username: str = "", problem: Message | None = None) -> str:
    """Sign-in; after a refusal with the name still there and the sentence above the form."""
    return render_page(
        "account/sign_in.html",
        next=next,
        username=username,
        problem=spoken(problem) if problem else None,
    )


def account(errors: Sequence[FieldError] = ()) -> str:
    """The account, with what was wrong in the password form."""
    said = [(error.path.lstrip("/"), spoken(error.message)) for error in errors]
    least = _("至少 %(least)s 个字符，可以用一句好记的话", least=LEAST_CHARACTERS)
    fields = [
        ("present", _("现在的密码"), "", "current-password"),
        ("new", _("新密码"), least, "new-password"),
        ("again", _("再输一遍新密码"), "", "new-password"),
    ]
    return render_page(
        "account/account.html", errors=said, problems=dict(said), password_fields=fields
    )


def password_changed() -> Response:
    """Back to the account, saying so."""
    flash(_("密码已修改。其他电脑和手机上的登录都已退出。"), "done")
    return redirect(url_for("account.account"), 303)
