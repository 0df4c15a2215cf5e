"""A whole installation as an office runs it: `fengqiao run`, its server and worker, over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from webapp.house import build_platform
from webapp.settings import Settings
from workflows.cases.decide import rerun
from workflows.cases.decision import Facts, FactsChange
from workflows.cases.journal_format import changed_facts
from workflows.cases.moving import is_move
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.platform import Platform
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import load_run, state_place
from workflows.cases.tables import JournalEntry
from workflows.catalogue.versions import import_built_ins
from workflows.engine import ProcessVersion
from workflows.organisation.accounts import issue_token
from workflows.organisation.actors import load_actor
from workflows.organisation.demo import build_demo
from workflows.organisation.roles import save_built_in_roles
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM
from workflows.storage.clock import local_day
from workflows.storage.ids import decode_id

ROOT = Path(__file__).parents[2]
PROGRAM = "from webapp.cli import main; main()"
PASSWORD = "fault-tests"
START_SECONDS = 90


@dataclass(frozen=True)
class Answer:
    """What a request came to. `status` 0: no answer, the server went away."""

    status: int
    json: Any


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Installation:
    """`fengqiao run` in a process of its own, and the same platform opened beside it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.settings = Settings(
            data=folder, database_url=database_url, port=free_port(), test_clock=True
        )
        self._log = folder / "log"
        self._run: subprocess.Popen[bytes] | None = None
        self._tokens: dict[str, str] = {}

    def environment(self) -> dict[str, str]:
        """What its commands are told."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FENGQIAO_DATA": str(self.settings.data),
            "FENGQIAO_DATABASE_URL": self.settings.database_url,
            "FENGQIAO_TEST_CLOCK": "1",
            "FENGQIAO_DEMO_PASSWORD": PASSWORD,
            "PORT": str(self.settings.port),
        }

    def prepare(self, registration: Mapping[str, Any]) -> None:
        """The demo's people and one case, made here: with a case in it `run` adds no others, which
        would take longer than all tests."""
        platform = build_platform(self.settings)
        platform.database.upgrade()
        now = platform.clock.now()
        with platform.database.transaction(SYSTEM) as session:
            save_built_in_roles(session)
            import_built_ins(session, ROOT, next_id=platform.ids.next, now=now)
            build_demo(session, platform.ids, password=PASSWORD, now=now)
            account = session.scalars(select(Account.id).where(Account.username == "intake")).one()
        intake = load_actor(platform.database, account, local_day(now))
        open_case(platform, intake, OpenCase("people_mediation", registration, form="register"))
        platform.database.dispose()

    def start(self) -> None:
        """Starts it; ready when this returns."""
        command = [sys.executable, "-c", PROGRAM, "run"]
        with self._log.open("ab") as log:
            self._run = subprocess.Popen(
                command, env=self.environment(), cwd=ROOT, stdout=log, stderr=log
            )
        try:
            self.wait_until(self.is_ready)
        except BaseException:
            self._run.terminate()
            self._run.wait(30)
            raise
        self.platform: Platform = build_platform(self.settings)

    def stop(self) -> None:
        """Ends it as Ctrl-C does."""
        assert self._run is not None
        self._run.terminate()
        self._run.wait(30)
        self.platform.database.dispose()

    def is_ready(self) -> bool:
        return self.call("GET", "/readyz").status == 200

    def wait_until(self, condition: Callable[[], object], seconds: float = START_SECONDS) -> None:
        """Waits; fails with the end of the installation's log."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, self._log.read_text(errors="replace")[-3000:]
            time.sleep(0.05)

    # --- processes

    def processes(self, part: str) -> list[int]:
        """Process ids of "run", or of "serve" or "worker" with the processes they started."""
        assert self._run is not None
        if part == "run":
            return [self._run.pid]
        parents = _parents()
        heads = [pid for pid, parent in parents.items() if parent == self._run.pid]
        found = [pid for pid in heads if _command(pid)[-1:] == [part]]
        return found + [pid for pid, parent in parents.items() if parent in found]

    def kill(self, part: str) -> None:
        """kill -9, children first so that none of them notices and tidies up."""
        for pid in reversed(self.processes(part)):
            os.kill(pid, signal.SIGKILL)
        if part == "run":
            assert self._run is not None
            self._run.wait(30)

    # --- HTTP

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        user: str | None = None,
        key: str | None = None,
    ) -> Answer:
        """One request with somebody's token and an idempotency key."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.settings.port}{path}", method=method
        )
        if user is not None:
            request.add_header("Authorization", f"Bearer {self.token(user)}")
        if key is not None:
            request.add_header("Idempotency-Key", key)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, _json(response.read()))
        except urllib.error.HTTPError as error:
            return Answer(error.code, _json(error.read()))
        except (OSError, http.client.HTTPException):
            # Killed before it answered, or between the head of an answer and its body.
            return Answer(0, None)

    def insist(
        self, path: str, body: Mapping[str, Any], *, user: str, key: str, seconds: float = 60
    ) -> Any:
        """POSTs until it is answered, always with the same key: what a careful program does."""
        until = time.monotonic() + seconds
        while True:
            answer = self.call("POST", path, body, user=user, key=key)
            if answer.status in (200, 201):
                return answer.json
            assert answer.status == 0, answer
            assert time.monotonic() < until
            time.sleep(0.1)

    def token(self, username: str) -> str:
        if username not in self._tokens:
            with self.platform.database.transaction(SYSTEM) as session:
                self._tokens[username] = issue_token(
                    session,
                    self.platform.ids,
                    username=username,
                    now=self.platform.clock.now(),
                )
        return self._tokens[username]


def _json(body: bytes) -> Any:
    return json.loads(body) if body[:1] in (b"{", b"[") else None


def _parents() -> dict[int, int]:
    """Process id → its parent's, of all processes."""
    found: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(stat.parent.name)] = int(fields[1])
    return found


def is_running(pid: int) -> bool:
    """Whether a process lives. One that ended and was not yet collected has no command line."""
    return _command(pid) != [""] and _command(pid) != []


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []


def check_run(platform: Platform, run: str) -> list[str]:
    """The kinds of the run's journal; fails unless its state follows from it, byte for byte."""
    run_id = decode_id(run)
    with platform.database.transaction(SYSTEM) as session:
        loaded = load_run(session, platform, run_id)
        lines = session.scalars(
            select(JournalEntry).where(JournalEntry.run_id == run_id).order_by(JournalEntry.number)
        ).all()
        entries = [
            open_json(loaded.key, line.entry, journal_place(run_id, line.number)) for line in lines
        ]
        state = loaded.key.open(loaded.run.state, state_place(run_id).encode())
        assert [line.number for line in lines] == list(range(1, loaded.run.revision + 1))
        facts = {0: Facts({}, (), loaded.unit.as_facts(), 0)}
        for entry in entries:
            parties = None if entry["parties"] is None else tuple(entry["parties"])
            before = facts[entry["facts_revision"]]
            after = changed_facts(before, FactsChange(entry["case"], parties))
            facts[after.revision] = after
        book = platform.rules(session)

        def version_of(version: int) -> ProcessVersion:
            return platform.catalogue.load(session, version).process

        first = next((e["from"] for e in entries if is_move(e)), loaded.run.version_id)
        decision = rerun(
            version_of(first),
            facts.__getitem__,
            entries,
            lambda rule, base: book.due(rule, base),
            version_of,
        )
    assert decision.state == state
    return [line.kind for line in lines]
