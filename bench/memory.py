"""How heavy the web worker is after it has served pages and completed tasks.

RSS and PSS of the gunicorn worker from /proc (Linux), and which layout and signing libraries it
has loaded: the renderer process alone may have them. What is loaded is asked in two ways: the
worker's memory maps must not hold Pango, and a process that builds the same application and reads
the same pages must not have the modules.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from bench.figures import Figure
from bench.installation import ROOT, Client, Installation, Server, installed, serving
from bench.mediation import WHO, case_before_its_session, find_waiting, session_data
from workflows.cases.decision import today_of
from workflows.cases.queries.task_page import load_task_page

MOST_MIB = 120
UNWANTED = ("weasyprint", "pyhanko", "fontTools", "celery", "pikepdf", "openpyxl")
FORBIDDEN = ("weasyprint", "pyhanko")
ROUNDS = 12
PAGES = (
    "/inbox",
    "/inbox?tab=claimable&q=%E9%92%A2%E7%90%B4",
    "/cases",
    "/cases/{case}",
    "/tasks/{item}",
)


def measure() -> list[Figure]:
    """Weight of one worker (SQLite), and forbidden modules loaded in it."""
    with installed("sqlite") as house:
        with serving(house) as server:
            _work(house, server)
            (worker,) = server.workers()
            rss, pss = weigh(worker)
            layout = "libpango" in Path(f"/proc/{worker}/maps").read_text()
        loaded = _modules(house)
    figures = [
        Figure("web worker, RSS", rss, "MiB", MOST_MIB),
        Figure("web worker, PSS", pss, "MiB", MOST_MIB),
        Figure("layout library mapped in the worker", float(layout), "", 0),
    ]
    for name in UNWANTED:
        budget = 0 if name in FORBIDDEN else None
        figures.append(Figure(f"{name} in sys.modules", float(name in loaded), "", budget))
    return figures


def weigh(pid: int) -> tuple[float, float]:
    """(RSS, PSS) of a process in MiB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = {name: int(kib) / 1024 for name, kib in re.findall(r"^(\w+):\s+(\d+) kB", text, re.M)}
    return found["Rss"], found["Pss"]


def _work(house: Installation, server: Server) -> None:
    client = Client(server.port, house.token(WHO))
    for _ in range(ROUNDS):
        waiting = case_before_its_session(house)
        for path in _pages(house, waiting.item):
            assert client.get(path).status == 200, path
        data = session_data(today_of(house.platform.clock.now()))
        fields = {name: str(value) for name, value in data.items()}
        sent = client.post_form(
            f"/tasks/{waiting.item}", {**fields, "_revision": str(waiting.revision)}
        )
        assert sent.status == 303
    client.close()


def _pages(house: Installation, item: str) -> list[str]:
    case = load_task_page(house.platform, house.actor(WHO), item).case.id
    return [page.format(case=case, item=item) for page in PAGES]


PROBE = """
import json, sys
from pathlib import Path
from webapp.app import create_app
from webapp.settings import Settings
given = json.loads(sys.stdin.read())
app = create_app(Settings(data=Path(given["data"]), database_url=given["url"]))
client = app.test_client()
for path in given["pages"]:
    answer = client.get(path, headers={"Authorization": "Bearer " + given["token"]})
    assert answer.status_code == 200, path
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""
"""Builds the application as the worker does and reads the same pages."""


def _modules(house: Installation) -> set[str]:
    waiting = find_waiting(house, case_before_its_session(house).run_id)
    given = {
        "data": str(house.settings.data),
        "url": house.settings.database_url,
        "pages": _pages(house, waiting.item),
        "token": house.token(WHO),
    }
    answered = subprocess.run(
        [sys.executable, "-c", PROBE],
        input=json.dumps(given),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(answered.stdout))
