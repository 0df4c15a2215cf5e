"""How one is reached outside the site: e-mail and the calendar's address."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, flash, request, url_for
from flask_babel import gettext as _

from webapp.pages.now import now, platform
from webapp.security import check_text, current_actor
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message
from workflows.notices.mail import check_address
from workflows.organisation.accounts import set_email
from workflows.organisation.feeds import issue_feed, revoke_feed
from workflows.storage import SYSTEM


def change_email(form: Mapping[str, str]) -> None:
    """Keeps the address and whether notices go there. InvalidFormError at "/email"."""
    typed, wants = check_text(form.get("email", "")).strip(), form.get("mail_notices") == "1"
    if wants and not typed:
        raise InvalidFormError([FieldError("/email", Message("notices.address_missing"))])
    address = check_address(typed) if typed else None
    with platform().database.transaction(SYSTEM) as session:
        set_email(session, current_actor().account_id, address, wants=wants)
    flash(_("邮件提醒的设置已保存。"), "done")


def renew_calendar() -> str:
    """A new address; the one before is void. The only time it can be shown."""
    with platform().database.transaction(SYSTEM) as session:
        token = issue_feed(session, current_actor().account_id, now())
    settings = current_app.extensions["fengqiao.settings"]
    base = settings.public_url or request.host_url.rstrip("/")
    return f"{base}{url_for('calendar.feed', token=token)}"


def revoke_calendar() -> None:
    """The address leads nowhere from now on."""
    with platform().database.transaction(SYSTEM) as session:
        revoke_feed(session, current_actor().account_id)
    flash(_("日历地址已停用。"), "done")
