"""An installation to measure: the invented office on either database, and its server.

The data folder and the database are new and gone afterwards. PostgreSQL runs as it would in an
office: what is committed is on the disk.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient

from tests.postgres import PrivatePostgres
from webapp.app import create_app
from webapp.house import build_platform
from webapp.pages import log
from webapp.settings import Settings
from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.catalogue.source import read_folder
from workflows.catalogue.versions import add_draft, publish
from workflows.organisation.accounts import issue_token, load_account
from workflows.organisation.actors import load_actor
from workflows.organisation.demo import build_demo
from workflows.storage import SYSTEM, Actor, Session

ROOT = Path(__file__).parents[1]
DIALECTS = ("sqlite", "postgresql")
MEASURED = "people_mediation"
PASSWORD = "bench-only-1"
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "128MB",
}
START_SECONDS = 30


@dataclass
class Installation:
    """A platform in this process over its own data folder and database."""

    dialect: str
    settings: Settings
    platform: Platform
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """Who somebody is today."""
        if username not in self._actors:
            database = self.platform.database
            with database.reading(SYSTEM) as session:
                account = load_account(session, username).id
            self._actors[username] = load_actor(
                database, account, today_of(self.platform.clock.now())
            )
        return self._actors[username]

    def token(self, username: str) -> str:
        """A new API token."""
        with self.platform.database.transaction(SYSTEM) as session:
            now = self.platform.clock.now()
            return issue_token(session, self.platform.ids, username=username, now=now)


@contextmanager
def installed(dialect: str) -> Iterator[Installation]:
    """A prepared installation with the demo office and the one package that is measured."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-bench-") as folder:
        data = Path(folder)
        with _database(dialect, data) as url:
            settings = Settings(data=data, database_url=url, port=_free_port())
            platform = build_platform(settings)
            platform.database.upgrade()
            now = platform.clock.now()
            with platform.database.transaction(SYSTEM) as session:
                _publish_mediation(session, platform.ids.next(), now)
                build_demo(session, platform.ids, password=PASSWORD, now=now)
            yield Installation(dialect, settings, platform)
            platform.database.dispose()


def _publish_mediation(session: Session, version_id: int, now: datetime) -> None:
    source = read_folder(ROOT, MEASURED)
    row = add_draft(session, source, version_id=version_id, author="bench", now=now)
    publish(session, row, now=now)


@contextmanager
def _database(dialect: str, data: Path) -> Iterator[str]:
    if dialect == "sqlite":
        yield f"sqlite:///{data / 'fengqiao.db'}"
        return
    server = PrivatePostgres(DURABLE)
    try:
        yield server.create("fengqiao")
    finally:
        server.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def quiet_client(house: Installation, username: str) -> FlaskClient:
    """Asks the application in this process, as somebody with a token; its log is dropped."""
    app = create_app(house.settings, house.platform)
    log.configure(io.StringIO())
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {house.token(username)}"
    return client


@dataclass(frozen=True)
class Answer:
    """One answer over HTTP. `seconds`: from sending to the last byte."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float


class Client:
    """A client that keeps its connection and shows a bearer token."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.connect()
        # Headers and body leave as two packets; without this the second waits for an ACK.
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Answer:
        """Reads a page."""
        return self._ask("GET", path, None, {})

    def post_form(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Sends a form as a browser does."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def post_json(self, path: str, body: bytes) -> Answer:
        """Sends JSON."""
        return self._ask("POST", path, body, {"Content-Type": "application/json"})

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        started = time.perf_counter()
        self._connection.request(method, path, body, {**self._headers, **headers})
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        return Answer(answer.status, content, dict(answer.getheaders()), seconds)


@dataclass(frozen=True)
class Server:
    """The site as `fengqiao serve` runs it."""

    process: subprocess.Popen[bytes]
    port: int

    def workers(self) -> list[int]:
        """Process ids of the gunicorn workers."""
        pid = self.process.pid
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(word) for word in text.split()]


@contextmanager
def serving(house: Installation) -> Iterator[Server]:
    """Starts the server beside this process and ends it afterwards."""
    settings = house.settings
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "FENGQIAO_DATA": str(settings.data),
        "FENGQIAO_DATABASE_URL": settings.database_url,
        "PORT": str(settings.port),
    }
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(settings.port, process)
        yield Server(process, settings.port)
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
