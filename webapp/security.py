"""Who may call a view, and what every answer carries.

Each view declares one rule with `@access(...)` directly above its function; `require_rules`
stops the start of an app that has a view without one. Rules: `public` (anyone), `signed_in` (a
session or an API token), `ability:<name>` (a post of the actor has that ability). Finer
questions — this actor, this act, this case — are answered by `workflows.cases.access`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from workflows.errors import ForbiddenError, InvalidInputError, NotSignedInError
from workflows.storage.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC, SIGNED_IN, ABILITY = "public", "signed_in", "ability:"

csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(
    key_func=get_remote_address,
    storage_uri="memory://",
    strategy="moving-window",
    headers_enabled=False,
)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline, nothing foreign; `data:` images because Bootstrap draws select arrows so."""

STUDIO_POLICY = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"
)
"""Of studio pages alone: the editors of diagrams and tables set styles on their elements, the
editor of texts writes a style sheet, which carries this page's nonce. Scripts stay as strict."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
HSTS = "max-age=31536000"


def access(rule: str) -> Callable[[View], View]:
    """Declare who may call a view. An unknown rule is a ValueError at import."""
    if rule not in {PUBLIC, SIGNED_IN} and not rule.startswith(ABILITY):
        raise ValueError(f"unknown access rule {rule!r}")

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def takes(most_bytes: int) -> Callable[[View], View]:
    """Declare that a view takes larger bodies than the rest of the site: whole heaps of scans."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def access_rules(app: Flask) -> dict[str, str | None]:
    """Endpoint → declared rule, None where a view forgot it."""
    return {
        endpoint: getattr(view, "access_rule", None)
        for endpoint, view in app.view_functions.items()
    }


def require_rules(app: Flask) -> None:
    """Refuse to start with a view nobody decided about (RuntimeError naming them)."""
    missing = sorted(name for name, rule in access_rules(app).items() if rule is None)
    if missing:
        raise RuntimeError(f"views without an access rule: {', '.join(missing)}")


def find_actor() -> Actor | None:
    """The actor of this request, or None when nobody is signed in."""
    return current_user.actor if current_user.is_authenticated else None


def current_actor() -> Actor:
    """The actor of this request. Raises NotSignedInError when nobody is signed in."""
    actor = find_actor()
    if actor is None:
        raise NotSignedInError("web.sign_in_first")
    return actor


def has_ability(actor: Actor, ability: str) -> bool:
    """Whether any post the actor holds today gives `ability`."""
    return ability in actor.abilities


def style_nonce() -> str:
    """A nonce for style sheets of this page; asking for one makes it a studio page."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    return str(g.style_nonce)


def is_api() -> bool:
    """Whether the caller reads problem+json instead of pages: the API, and scripts of pages that
    ask for JSON first."""
    is_script = request.accept_mimetypes.best == "application/json"
    return is_script or request.path.startswith("/api/")


def has_token() -> bool:
    """Whether the caller proves itself by a header a foreign page cannot send (no CSRF then)."""
    return request.headers.get("Authorization", "").startswith("Bearer ")


def guard_request() -> None:
    """Before every view: its rule, then the CSRF token of what changes something."""
    if request.endpoint is None:
        return
    rule = getattr(current_app.view_functions[request.endpoint], "access_rule", None)
    if rule != PUBLIC:
        actor = current_actor()
        if rule and rule.startswith(ABILITY) and not has_ability(actor, rule[len(ABILITY) :]):
            raise ForbiddenError("web.not_your_room")
    if request.method not in SAFE_METHODS and not has_token():
        _check_csrf()


def _check_csrf() -> None:
    try:
        csrf.protect()
    except CSRFError as error:
        raise InvalidInputError("web.form_expired") from error


def limit_typed_text() -> None:
    """A body without files is typed text, and need not be as large as one with a scan; one with
    files may be as large as its view takes."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if most := getattr(view, "most_bytes", None):
        request.max_content_length = most


def refuse_unstorable_text() -> None:
    """A NUL or half a surrogate pair cannot be stored by every database: refuse it at the edge.

    Looks at the address and the query; whoever reads a form looks at its fields, `read_object`
    at JSON.
    """
    for text in (request.path, *request.args.keys(), *request.args.values()):
        check_text(text)


def check_text(text: str) -> str:
    """`text` itself; InvalidInputError where no database could keep it."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidInputError("web.unstorable_text")
    return text


def add_headers(response: Response) -> Response:
    """After every view: the policy, and no copy of a signed-in page in any cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "style_nonce" in g:
        response.headers["Content-Security-Policy"] = STUDIO_POLICY.format(nonce=g.style_nonce)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.headers["X-Reference"] = g.get("reference", "")
    return response
