"""Beginning a case: what the actor may start where, and the start form."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.cases import submissions
from webapp.cases.known import known
from webapp.cases.submissions import Files, Posted, Submission
from webapp.forms.render import error_links, render_form
from webapp.pages import occurred
from webapp.pages.formats import spoken
from webapp.pages.language import current_language
from webapp.pages.layout import render_page
from webapp.pages.now import now, platform
from webapp.security import current_actor
from workflows.cases.open_case import OpenCase, Opened, open_case
from workflows.cases.queries.starts import Offer, list_offers
from workflows.catalogue.manifest import StartForm
from workflows.errors import (
    FengqiaoError,
    FieldError,
    InvalidFormError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
)
from workflows.formspec import Form

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Opening:
    """One start form in one unit, allowed to the actor."""

    offer: Offer
    start: StartForm
    form: Form

    @property
    def url(self) -> str:
        """Where the form is shown and sent to."""
        return url_for(
            "cases.start",
            process=self.offer.process,
            form=self.start.name,
            unit=self.offer.unit,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template reads."""

    title: Mapping[str, str]
    package: Mapping[str, str]
    unit_name: str
    url: str
    form: Markup
    key: str
    errors: tuple[tuple[str, str], ...] = ()
    occurred: occurred.Occurred = field(default_factory=occurred.Occurred)


def render_choice() -> str:
    """What may be started, by procedure and unit."""
    offers = list_offers(platform(), current_actor())
    return render_page("cases/choose_start.html", offers=offers)


def load(process: str, form: str, unit: str | None) -> Opening:
    """The start form; NotVisibleError where the actor may not start this here."""
    for offer in list_offers(platform(), current_actor()):
        if offer.process == process and unit in {None, "", offer.unit}:
            for start in offer.starts:
                if start.name == form:
                    return Opening(offer, start, offer.forms[start.form])
    raise NotVisibleError("web.no_such_page")


def render_form_page(
    opening: Opening,
    raw: Mapping[str, Any] | None = None,
    *,
    refusal: FengqiaoError | None = None,
    page: Mapping[str, str] | None = None,
) -> str:
    """The start form, empty or with what was typed and why it came back."""
    wrong = refusal.errors if isinstance(refusal, InvalidFormError) else ()
    late = spoken(refusal.message) if refusal is not None and not wrong else ""
    links = error_links(opening.form, wrong, current_language())
    shown = Shown(
        title=opening.start.title,
        package=opening.offer.title,
        unit_name=opening.offer.unit_name,
        url=opening.url,
        form=_drawn(opening, raw or {}, wrong),
        key=secrets.token_urlsafe(12),
        errors=links + ((("_occurred_on", late),) if late else ()),
        occurred=occurred.typed(page or {}, late),
    )
    return render_page("cases/start.html", shown=shown)


def _drawn(opening: Opening, raw: Mapping[str, Any], wrong: tuple[FieldError, ...]) -> Markup:
    around = known(opening.form, raw, opening.offer.unit)
    return render_form(opening.form, raw, wrong, current_language(), known=around)


def open_it(opening: Opening, posted: Posted, files: Files) -> Answer:
    """Opens the case and goes to it; else the page again, nothing lost."""
    sent = submissions.read(opening.form, posted, files)
    if sent.action:
        return render_form_page(opening, sent.raw, refusal=sent.refusal, page=sent.page)
    try:
        sent.check()
        opened = open_case(platform(), current_actor(), _command(opening, sent))
    except (InvalidFormError, InvalidInputError, RuleError) as wrong:
        return render_form_page(opening, sent.raw, refusal=wrong, page=sent.page), 422
    return _go_on(opened)


def _command(opening: Opening, sent: Submission) -> OpenCase:
    return OpenCase(
        process=opening.offer.process,
        unit=opening.offer.unit,
        form=opening.start.name,
        raw=sent.raw,
        occurred_at=occurred.read(sent.page, now()),
        late_reason=occurred.read_reason(sent.page),
        idempotency_key=sent.key or None,
    )


def _go_on(opened: Opened) -> Response:
    flash(_("已登记，受理号 %(number)s。", number=opened.number), "done")
    return redirect(url_for("cases.case", case=opened.case), 303)
