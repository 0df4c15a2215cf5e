"""`fengqiao run`, `serve`, `worker`: the processes of an installation.

`run` is for one machine: it prepares the data folder, then keeps a server and a worker beside each
other. On several machines start `serve` and `worker` wherever they are wanted.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from threading import Event
from typing import Any

import click

from webapp.commands.memory import settle, share_heaps
from webapp.settings import Settings

THREADS = 8
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1
EVERYDAY = frozenset({"pages", "account", "inbox", "cases", "forms"})
"""Folders of templates that are ready before the first request; the others when first shown, which
takes some ten milliseconds once."""
RESTART_SECONDS = 1.0
"""Pause before a part that ended is started again."""


@click.command()
def run() -> None:
    """Prepares the installation and serves it with its worker until Ctrl-C."""
    from webapp.commands.demo import prepare

    settings = Settings.from_environment()
    prepare(settings)
    click.echo(f"\n枫桥  http://{settings.host}:{settings.port}/\n")
    _keep(["serve"], ["worker"])


@click.command()
def serve() -> None:
    """Serves the site (gunicorn)."""
    from gunicorn.app.base import BaseApplication

    from webapp.commands.late_api import LateApi

    settings = Settings.from_environment()

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for key, value in _gunicorn(settings).items():
                self.cfg.set(key, value)

        def load(self) -> Any:
            share_heaps()
            served = LateApi(settings)
            templates = served.site.jinja_env
            for name in templates.list_templates(filter_func=_is_everyday):
                templates.get_template(name)
            settle()
            return served

    sys.argv = [sys.argv[0]]
    Server().run()


@click.command()
def worker() -> None:
    """Works off due clocks, the outbox and pending documents until told to stop."""
    from webapp.jobs import build_worker

    stop = _stop_when_asked()
    with build_worker(Settings.from_environment()) as loop:
        settle()
        loop.run(stop)


def _is_everyday(template: str) -> bool:
    return template.partition("/")[0] in EVERYDAY


def _stop_when_asked() -> Event:
    """Set by the first SIGTERM or SIGINT. Later ones are ignored: a second one that arrives while
    the event is being set would wait for the event's own lock, for ever."""
    stop = Event()
    numbers = (signal.SIGTERM, signal.SIGINT)

    def ask(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        stop.set()

    for number in numbers:
        signal.signal(number, ask)
    return stop


def _gunicorn(settings: Settings) -> dict[str, Any]:
    return {
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": "gthread",
        "workers": settings.web_processes,
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": STOP_SECONDS,
        "keepalive": 30,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
    }


def _keep(*parts: list[str]) -> None:
    """Runs the parts as child processes; one that ends unasked is started again."""
    stop = _stop_when_asked()
    children = {part[0]: _start(part) for part in parts}
    while not stop.wait(0.3):
        for part in parts:
            if children[part[0]].poll() is not None and not stop.is_set():
                click.echo(f"{part[0]} ended ({children[part[0]].returncode}), starting it again")
                time.sleep(RESTART_SECONDS)
                children[part[0]] = _start(part)
    for child in children.values():
        child.send_signal(signal.SIGTERM)
    for child in children.values():
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def _start(part: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from webapp.cli import main; main()", *part]
    return subprocess.Popen(  # noqa: S603
        command, env=os.environ, start_new_session=True, preexec_fn=_end_with_parent
    )


def _end_with_parent() -> None:
    """A killed `run` must not leave a server behind that holds the port (Linux; elsewhere it
    has no effect)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
