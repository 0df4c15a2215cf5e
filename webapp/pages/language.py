"""Which language a page speaks, and its texts.

Chinese is the msgid; English texts are `translations/en/LC_MESSAGES/<room>.po`, one file a room,
read and merged when the app starts, so that no compiled file can be missing or stale.
"""

from __future__ import annotations

from functools import cache, cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, request, session
from flask_babel import Babel, Domain

from webapp.security import find_actor
from workflows.messages import LANGUAGES

TRANSLATIONS = Path(__file__).parents[1] / "translations"
DEFAULT = LANGUAGES[0]


@cache
def english() -> Translations:
    """All rooms' English texts in one catalogue. A broken .po file is a ValueError."""
    merged = Translations()
    for path in sorted((TRANSLATIONS / "en" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en", abort_invalid=True)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        merged.add(Translations(fp=compiled), merge=True)
    return merged


class _PoDomain(Domain):
    """Hands out the merged catalogue instead of looking for compiled files."""

    def get_translations(self) -> NullTranslations:
        return english() if current_language() == "en" else NullTranslations()


class _Languages(Babel):
    """Flask-Babel with our domain."""

    @cached_property
    def domain_instance(self) -> Domain:
        return _PoDomain()


def current_language() -> str:
    """`zh-Hans` or `en`: the account's, else the session's, else what the browser prefers."""
    if "language" not in g:
        g.language = _choose()
    return str(g.language)


def forget_language() -> None:
    """Choose anew within this request (after a switch, a sign-in)."""
    g.pop("language", None)
    g.pop("babel_locale", None)


def is_language(text: str) -> bool:
    """Whether `text` names a language the product speaks."""
    return text in LANGUAGES


def _choose() -> str:
    actor = find_actor()
    chosen = actor.language if actor else session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    best = request.accept_languages.best_match(["zh-Hans", "zh-CN", "zh", "en"], default=DEFAULT)
    return "en" if best == "en" else DEFAULT


def install(app: Flask) -> None:
    """Make `_()` available to templates and views."""
    _Languages(
        app,
        default_locale="zh_Hans",
        default_timezone="Asia/Shanghai",
        locale_selector=lambda: current_language().replace("-", "_"),
    )
    english()
