"""Addresses of the room. `/sign/<token>`: whoever holds the link; the rest is for officers."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.pages.now import platform
from webapp.pdf.page_pictures import draw_page
from webapp.security import access, current_actor, limiter
from webapp.signing import inputs, page
from webapp.signing.page import Typed
from workflows.errors import (
    ConflictError,
    InvalidFormError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
)
from workflows.messages import Message
from workflows.signing import paper as papers
from workflows.signing.ask import withdraw_signature
from workflows.signing.paper import LONGEST_REASON, Holder
from workflows.signing.signals import list_doubts, note_look
from workflows.signing.view import load_link

blueprint = Blueprint("signing", __name__)
Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/sign/<token>")
@access("public")
@limiter.limit("60 per minute")
def paper(token: str) -> Answer:
    """The code, the paper and the pad. Public: the link is the right, the code proves the place."""
    return _answer(inputs.holder(token))


@blueprint.get("/sign/<token>/pages/<int:number>.png")
@access("public")
@limiter.limit("120 per minute")
def picture(token: str, number: int) -> Answer:
    """One page of the very PDF that is signed. Public like the page around it."""
    who = inputs.holder(token)
    try:
        drawn = draw_page(papers.read_pdf(platform(), who), number)
    except (RuleError, ConflictError) as wrong:
        return page.show_refused(wrong.message), 409
    if drawn is None:
        raise NotVisibleError("signing.unknown")
    answer = Response(drawn, content_type="image/png")
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer


@blueprint.post("/sign/<token>/code")
@access("public")
@limiter.limit("20 per minute")
def code(token: str) -> Answer:
    """The code told at the table."""
    who = inputs.holder(token)
    typed = inputs.read_text(request.form, "code", 20)
    return _doing(who, lambda: papers.give_code(platform(), who, typed), Typed())


@blueprint.post("/sign/<token>")
@access("public")
@limiter.limit("20 per minute")
def sign(token: str) -> Answer:
    """The signature, or the page again with what was drawn."""
    who = inputs.holder(token)
    typed = Typed(strokes=request.form.get("strokes", ""), read=request.form.get("read") == "yes")
    return _doing(who, lambda: papers.sign(platform(), who, inputs.read_given(request.form)), typed)


@blueprint.post("/sign/<token>/refuse")
@access("public")
@limiter.limit("20 per minute")
def refuse(token: str) -> Answer:
    """The holder does not sign."""
    who = inputs.holder(token)
    reason = inputs.read_text(request.form, "reason", LONGEST_REASON)
    return _doing(
        who,
        lambda: papers.refuse(platform(), who, reason),
        Typed(reason=reason, refusing=True),
    )


def _doing(who: Holder, act: Callable[[], None], typed: Typed) -> Answer:
    """Does it and shows what stands then; what is refused is said on the same page."""
    try:
        act()
    except InvalidFormError as wrong:
        return _answer(who, wrong.errors[0].message, typed)
    except (InvalidInputError, RuleError) as wrong:
        return _answer(who, wrong.message, typed)
    return inputs.keep_device(make_response(redirect(_own(who), 303)), who)


def _answer(who: Holder, problem: Message | None = None, typed: Typed | None = None) -> Response:
    try:
        shown = papers.open_paper(platform(), who)
    except RuleError as wrong:
        return inputs.keep_device(make_response(page.show_refused(wrong.message), 409), who)
    answer = make_response(page.show_paper(who.token, shown, problem, typed))
    answer.status_code = 422 if problem is not None else 200
    return inputs.keep_device(answer, who)


def _own(who: Holder) -> str:
    return url_for("signing.paper", token=who.token)


@blueprint.get("/signing/<signature>")
@access("signed_in")
def link(signature: str) -> Answer:
    """QR picture and code of a link, for whoever made it; then back to the task."""
    found = load_link(platform(), current_actor(), signature)
    if found.state != "open":
        return redirect(url_for("cases.task", item=found.item), 303)
    return page.show_link(found)


@blueprint.get("/signing/<signature>/state")
@access("signed_in")
def state(signature: str) -> Response:
    """What became of a link, for the page that waits."""
    found = load_link(platform(), current_actor(), signature)
    body = {"state": found.state, "opened": found.opened, "tries_left": found.tries_left}
    return Response(orjson.dumps(body), content_type="application/json")


@blueprint.post("/signing/<signature>/withdraw")
@access("signed_in")
def withdraw(signature: str) -> Answer:
    """The link ends; back to the task."""
    found = load_link(platform(), current_actor(), signature)
    withdraw_signature(platform(), current_actor(), found.item, found.field)
    return redirect(url_for("cases.task", item=found.item), 303)


@blueprint.get("/signing/doubts")
@access("ability:assign")
def doubts() -> str:
    """Signatures that look replayed, or that one phone gave for several people."""
    return page.show_doubts(list_doubts(platform(), current_actor()))


@blueprint.post("/signing/doubts/<signature>")
@access("ability:assign")
def look(signature: str) -> Answer:
    """What somebody found who looked at one."""
    note = inputs.read_text(request.form, "note", 301)
    try:
        note_look(platform(), current_actor(), signature, note)
    except RuleError as wrong:
        return page.show_doubts(list_doubts(platform(), current_actor()), wrong.message), 422
    return redirect(url_for("signing.doubts"), 303)
