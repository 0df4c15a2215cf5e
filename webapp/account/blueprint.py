"""The blueprint of the room."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("account", __name__)
Answer = str | Response | tuple[str, int]
