"""The blueprint of the room; its views stand in `routes.py` and the `*_routes.py` beside it."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__)
