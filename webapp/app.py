"""`create_app(settings)`: the composition root of the site.

Order matters in two places: the log begins before anything can fail, and the check that every
view has an access rule comes last.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import errors, security
from webapp.house import build_platform
from webapp.pages import identity, language, layout, log
from webapp.settings import Settings
from workflows.cases.platform import Platform

ROOMS = (
    "pages", "account", "inbox", "cases", "printing", "notices", "people", "calendar",
    "clocks", "handoffs", "volumes", "outside", "printdesk", "scans", "packages", "studio",
    "verify", "signing", "api",
)  # fmt: skip
"""Folders whose `routes.py` has a `blueprint`."""
SESSION_HOURS = 12
"""One working day; the next morning people sign in again."""
MOST_BYTES = 32 * 1024 * 1024
"""Of one request: a scan of 25 MB and its form."""
MOST_FORM_BYTES = 2 * 1024 * 1024
"""Of all typed text in one request."""
MOST_FORM_PARTS = 3000
"""Of fields in one request: a party list of a hundred people."""


def create_app(
    settings: Settings, platform: Platform | None = None, rooms: Sequence[str] = ROOMS
) -> Flask:
    """The site over `platform`, or over one built from the settings.

    Raises RuntimeError when a view has no access rule.
    """
    app = Flask("webapp", static_folder=None, template_folder="templates")
    app.config.update(_config(settings))
    app.extensions["fengqiao.settings"] = settings
    app.extensions["fengqiao.platform"] = platform or build_platform(settings)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    log.configure()
    log.install(app)
    _install_security(app)
    language.install(app)
    layout.install(app)
    errors.register(app)
    for room in rooms:
        app.register_blueprint(import_module(f"webapp.{room}.routes").blueprint)
    security.require_rules(app)
    return app


def _config(settings: Settings) -> dict[str, object]:
    secure = settings.secure_cookies
    return {
        "SECRET_KEY": _session_key(settings),
        "SESSION_COOKIE_NAME": "__Host-fengqiao" if secure else "fengqiao",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS),
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_FORM_BYTES,
        "MAX_FORM_PARTS": MOST_FORM_PARTS,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": SESSION_HOURS * 3600,
        "WTF_CSRF_SSL_STRICT": secure,
        "RATELIMIT_ENABLED": True,
    }


def _session_key(settings: Settings) -> bytes:
    """The key that signs session cookies, made at the first start (0600)."""
    settings.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.secrets / "session.key"
    if not path.exists():
        aside = path.with_suffix(f".{secrets.token_hex(4)}")
        aside.touch(mode=0o600)
        aside.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_bytes()


def _install_security(app: Flask) -> None:
    security.csrf.init_app(app)
    security.limiter.init_app(app)
    identity.install(app, security.login)
    app.before_request(security.limit_typed_text)
    app.before_request(security.refuse_unstorable_text)
    app.before_request(security.guard_request)
    app.after_request(security.add_headers)
