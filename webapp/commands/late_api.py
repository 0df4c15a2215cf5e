"""The site as a server runs it: the room of the API is built when the first program calls.

What reads and describes the API's bodies weighs 7 MiB in every worker; most installations have
people alone. Pages are answered by an app without that room, addresses below it by the whole one.
Counters of too many calls from one address begin anew once in a worker's life, when the second is
built; whoever tries passwords is held up by the account's own, which is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask

from webapp.app import ROOMS, create_app
from webapp.settings import Settings
from workflows.cases.platform import Platform

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

API = "api"


class LateApi:
    """A WSGI application. `site`: what answers pages."""

    def __init__(self, settings: Settings, platform: Platform | None = None) -> None:
        pages = [room for room in ROOMS if room != API]
        self.site = create_app(settings, platform, pages)
        self._settings = settings
        self._whole: Flask | None = None
        self._building = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        is_call = environ.get("PATH_INFO", "").startswith(f"/{API}/")
        return (self._with_api() if is_call else self.site)(environ, start_response)

    def _with_api(self) -> Flask:
        with self._building:
            if self._whole is None:
                platform = self.site.extensions["fengqiao.platform"]
                self._whole = create_app(self._settings, platform)
        return self._whole
