"""The blueprint of the room, its address, and how ids look in addresses.

An id that cannot be one is no address of ours: 404, like an id nobody has.
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter, ValidationError

from webapp.security import limiter
from workflows.storage.ids import MAX_NUMBER

BASE = "/api/v1"
ID = "[0-7][0-9a-hjkmnp-tv-z]{12}"
ITEM = f"{ID}-(?:0|[1-9][0-9]{{0,9}})"
PACKAGE = "[a-z][a-z0-9_]{1,39}(?:@[0-9A-Za-z_-]{1,64})?"
LIMIT = "API_LIMIT"
"""Configuration key: how many calls one address may make."""
DEFAULT_LIMIT = "3000 per minute"


class IdConverter(BaseConverter):
    """An outside id of a row."""

    regex = ID
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{ID}$"}


class ItemConverter(BaseConverter):
    """An outside id of a work item or clock: its run and its number there."""

    regex = ITEM
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{ITEM}$"}

    def to_python(self, value: str) -> str:
        """The id itself; no address for a number no run can have."""
        if int(value.partition("-")[2]) > MAX_NUMBER:
            raise ValidationError
        return value


class PackageConverter(BaseConverter):
    """`key`, or `key@unit` for a unit's own way."""

    regex = PACKAGE
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{PACKAGE}$"}


class VersionConverter(BaseConverter):
    """The number of a version."""

    regex = "[1-9][0-9]{0,8}"
    schema: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 1, "maximum": 999_999_999}

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)


CONVERTERS: dict[str, type[BaseConverter]] = {
    "id": IdConverter,
    "item": ItemConverter,
    "package": PackageConverter,
    "version": VersionConverter,
}

blueprint = Blueprint("api", __name__, url_prefix=BASE)


def _prepare(state: BlueprintSetupState) -> None:
    """Before the first address of the room is added to an app."""
    state.app.url_map.converters.update(CONVERTERS)
    state.app.config.setdefault(LIMIT, DEFAULT_LIMIT)


blueprint.record_once(_prepare)
limiter.limit(lambda: str(current_app.config[LIMIT]))(blueprint)
