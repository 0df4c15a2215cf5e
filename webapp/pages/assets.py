"""Addresses of browser files. Bundles carry a hash in their name and may be kept for a year.

`npm run build` writes `static/dist/` and its `manifest.json` (plain name → hashed name). Where the
bundles are not built the plain name is used: pages work, undressed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import orjson
from flask import Response, send_from_directory, url_for

STATIC = Path(__file__).parents[1] / "static"
YEAR_SECONDS = 365 * 24 * 3600


@cache
def manifest() -> dict[str, str]:
    """Plain name → hashed name; empty where nothing was built."""
    path = STATIC / "dist" / "manifest.json"
    return dict(orjson.loads(path.read_bytes())) if path.exists() else {}


def asset_url(name: str) -> str:
    """The address of one bundle, for instance `app.css`."""
    return url_for("pages.asset", name=f"dist/{manifest().get(name, name)}")


def send_asset(name: str) -> Response:
    """One file of the static folder, with the caching its name allows."""
    response = send_from_directory(STATIC, name, max_age=0, conditional=True)
    if name.removeprefix("dist/") in manifest().values() or name.startswith("dist/chunk-"):
        response.cache_control.max_age = YEAR_SECONDS
        response.cache_control.immutable = True
        response.cache_control.public = True
        response.cache_control.no_cache = None
    return response
