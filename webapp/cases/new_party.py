"""A party joins a case, alone or in the place of another: the page and the act."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.cases import acts, submissions
from webapp.cases.acts import Input
from webapp.cases.submissions import Files, Posted
from webapp.forms.render import error_links, render_form
from webapp.pages.formats import spoken
from webapp.pages.language import current_language
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.change_parties import FORM, AddParty, add_party
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.records import CasePage
from workflows.errors import ForbiddenError, InvalidFormError, RuleError

Answer = str | Response | tuple[str, int]
LONGEST = 1000
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template reads. `inputs`: in whose place, why, and the reason."""

    form: Markup
    inputs: tuple[Input, ...]
    key: str
    errors: tuple[tuple[str, str], ...]


def ask(case: str) -> str:
    """The empty form."""
    return _render(_load(case), {"parties": [{}]}, {}, None)


def do(case: str, posted: Posted, files: Files) -> Answer:
    """Adds the party; else the page again with every error and what was typed."""
    found, sent = _load(case), submissions.read(FORM, posted, files)
    typed = {name: posted.get(name, "").strip()[:LONGEST] for name in ("instead", "why", "reason")}
    if sent.action:
        return _render(found, sent.raw, typed, None)
    command = AddParty(
        case=case,
        raw=sent.raw,
        reason=typed["reason"],
        instead_of=typed["instead"] or None,
        why=typed["why"],
        idempotency_key=sent.key or None,
    )
    try:
        add_party(platform(), current_actor(), command)
    except (InvalidFormError, RuleError) as wrong:
        return _render(found, sent.raw, typed, wrong), 422
    flash(_("当事人已增加。以后的文书和送达都列上。"), "done")
    return redirect(url_for("cases.case", case=case), 303)


def _load(case: str) -> CasePage:
    found = load_case_page(platform(), current_actor(), case)
    if "add_party" not in found.may:
        raise ForbiddenError("web.act_not_possible")
    return found


def _render(
    case: CasePage,
    raw: Mapping[str, Any],
    typed: Mapping[str, str],
    refusal: InvalidFormError | RuleError | None,
) -> str:
    wrong = refusal.errors if isinstance(refusal, InvalidFormError) else ()
    said = spoken(refusal.message) if isinstance(refusal, RuleError) else ""
    links = error_links(FORM, wrong, current_language())
    shown = Shown(
        form=render_form(FORM, raw, wrong, current_language()),
        inputs=_inputs(case, typed, said),
        key=secrets.token_urlsafe(12),
        errors=links + ((("reason", said),) if said else ()),
    )
    return render_page("cases/new_party.html", case=case, shown=shown)


def _inputs(case: CasePage, typed: Mapping[str, str], said: str) -> tuple[Input, ...]:
    there = tuple((party.id, party.name) for party in case.parties if not party.ended)
    nobody = (NOBODY, _("不代替谁，新增一位"))
    instead = Input(
        "instead", _("代替哪位当事人"), kind="select", optional=True, options=(nobody, *there)
    )
    whys = tuple((why, words) for why, words in acts.party_whys().items() if why != "left")
    why = Input("why", _("代替的原因"), kind="select", optional=True, options=whys)
    inputs = (instead, why, replace(acts.reason(_("说明")), error=said))
    return tuple(replace(one, value=typed.get(one.name, "")) for one in inputs)
