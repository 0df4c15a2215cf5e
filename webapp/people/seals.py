"""The page of the seal authority: certificates with their days, and taking one out of use."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.pages.entries import Entry, filled
from webapp.pages.layout import render_page
from webapp.pages.now import now, platform
from webapp.people.inputs import Revocation, read_revocation
from webapp.security import current_actor
from workflows.sealing.office import (
    CAUSES,
    MAX_REASON,
    Certificate,
    Office,
    load_certificate,
    load_office,
    mark_revoked,
)
from workflows.storage import SYSTEM

log = structlog.get_logger("fengqiao.people")

SOON_DAYS = 90
"""Days before its end from which a certificate is marked: the worker replaces it by then."""
Answer = str | Response | tuple[str, int]


def cause_words() -> dict[str, str]:
    """Cause → what people call it."""
    words = (_("密钥泄露或者可能泄露"), _("单位撤并、改名"), _("不再使用"))
    return dict(zip(CAUSES, words, strict=True))


def states() -> dict[str, tuple[str, str]]:
    """State → (words, style of its tag)."""
    return {
        "active": (_("使用中"), "done"),
        "replaced": (_("已换新证书"), "draft"),
        "revoked": (_("已吊销"), "bad"),
    }


def show_all() -> str:
    """The authority and all certificates."""
    with platform().database.reading(SYSTEM) as session:
        office: Office = load_office(session, current_actor(), now())
    return render_page(
        "people/seals.html", office=office, states=states(), soon=SOON_DAYS, causes=cause_words()
    )


def show(serial: str) -> str:
    """One certificate and the question why it should be revoked."""
    return _render(_load(serial), Revocation("", ""), {})


def revoke(serial: str, form: Mapping[str, str]) -> Answer:
    """Looks at it once more, then revokes it."""
    asked = read_revocation(form)
    found = _load(serial)
    if wrong := _wrong(asked):
        return _render(found, asked, wrong), 422
    if not asked.is_sure:
        return render_page(
            "people/seal_revoke.html", one=found, asked=asked, cause=cause_words()[asked.cause]
        )
    actor = current_actor()
    with platform().database.transaction(actor) as session:
        mark_revoked(session, actor, serial, cause=asked.cause, reason=asked.reason, now=now())
    log.info("seal certificate revoked", by=actor.username, serial=serial, cause=asked.cause)
    flash(_("已吊销 %(unit)s 的印章证书。", unit=found.unit_name), "done")
    return redirect(url_for("people.seals"), 303)


def _wrong(asked: Revocation) -> dict[str, str]:
    """Field → what is wrong with it."""
    wrong = {} if asked.cause in CAUSES else {"cause": _("请选择吊销原因")}
    if not asked.reason:
        wrong["reason"] = _("请写明发生了什么")
    elif len(asked.reason) > MAX_REASON:
        wrong["reason"] = _("最多写 %(most)s 个字", most=MAX_REASON)
    return wrong


def _load(serial: str) -> Certificate:
    with platform().database.reading(SYSTEM) as session:
        return load_certificate(session, current_actor(), serial, now())


def _render(found: Certificate, asked: Revocation, wrong: Mapping[str, str]) -> str:
    options = (("", _("请选择")), *cause_words().items())
    hint = _("记在证书上，管理员以后能看到。")
    entries = (
        Entry("cause", _("吊销原因"), "choice", options=options),
        Entry("reason", _("发生了什么"), "longtext", hint),
    )
    typed = {"cause": asked.cause, "reason": asked.reason}
    return render_page(
        "people/seal.html",
        one=found,
        states=states(),
        causes=cause_words(),
        entries=filled(entries, typed, wrong),
        errors=tuple(wrong.items()),
    )
