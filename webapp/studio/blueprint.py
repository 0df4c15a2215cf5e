"""The blueprint of the room."""

from flask import Blueprint

blueprint = Blueprint("studio", __name__)
