"""What commands share: the platform of this installation, and its rule book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.settings import Settings
from workflows.deadlines import RuleBook
from workflows.storage import SYSTEM

if TYPE_CHECKING:
    from workflows.cases.platform import Platform


def open_platform() -> Platform:
    """The platform of the environment's settings, tables brought up to date."""
    from webapp.house import build_platform

    platform = build_platform(Settings.from_environment())
    platform.database.upgrade()
    return platform


def find_book() -> RuleBook:
    """The installation's rules and calendars where there is a database, else the built-in ones.

    Asking for a date must not create an installation; without a database
    the product's own data answers.
    """
    settings = Settings.from_environment()
    embedded = settings.database_url.startswith("sqlite")
    if embedded and not (settings.data / "fengqiao.db").is_file():
        return RuleBook.built_in()
    with open_platform().database.reading(SYSTEM) as session:
        return RuleBook.load(session)
