"""kill -9 at any moment: what was answered is there, what was not can be asked again, nothing is
done twice. The real server and worker, plain HTTP, both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import DIALECTS
from tests.factories.installation import PROGRAM, ROOT, Installation, check_run, is_running
from tests.postgres import PrivatePostgres
from workflows.cases.tables import CaseRecord, ClockRow
from workflows.cases.timeline import verify
from workflows.storage import SYSTEM
from workflows.storage.clock import InstallationClock, local_day

HAPPY = json.loads((ROOT / "bpmn/people_mediation/scenarios/happy.json").read_text("utf-8"))
CASES_A_THREAD = 4
THREADS = 3
MANY = 6


@pytest.fixture(scope="module", params=DIALECTS)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("office")
    url = f"sqlite:///{folder / 'fengqiao.db'}"
    if request.param == "postgresql":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        url = server.create("killed")
    made = Installation(folder, url)
    made.prepare(on(HAPPY["start"]["data"], datetime.now(UTC)))
    made.start()
    yield made
    made.stop()


def on(data: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A scenario's values on the day of `now`."""
    today = local_day(now).isoformat()
    return json.loads(json.dumps(data).replace('{"$today": 0}', f'"{today}"'))  # type: ignore[no-any-return]


def open_case(site: Installation, key: str) -> Any:
    body = {
        "process": "people_mediation",
        "form": "register",
        "data": on(HAPPY["start"]["data"], site.platform.clock.now()),
    }
    return site.insist("/api/v1/cases", body, user="intake", key=key)


def review(site: Installation, opened: Any, key: str) -> Any:
    """Completes the first task of a case."""
    task = opened["tasks"][0]
    body = {
        "data": on(HAPPY["steps"][0]["data"], site.platform.clock.now()),
        "revision": task["revision"],
    }
    return site.insist(f"/api/v1/tasks/{task['id']}/complete", body, user="intake", key=key)


def count_cases(site: Installation) -> int:
    with site.platform.database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(CaseRecord)) or 0


def check_all(site: Installation, runs: dict[str, list[str]]) -> None:
    """Every run's journal holds these kinds and gives its state; the whole record is intact."""
    for run, kinds in runs.items():
        assert check_run(site.platform, run) == kinds
    with site.platform.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []


def test_server_killed_between_two_steps_goes_on_where_it_was(site: Installation) -> None:
    opened = open_case(site, "between")
    site.kill("serve")
    assert not site.is_ready()
    site.wait_until(site.is_ready)
    shown = site.call("GET", f"/api/v1/cases/{opened['case']}", user="intake").json
    assert [task["id"] for task in shown["tasks"]] == [opened["tasks"][0]["id"]]
    done = review(site, opened, "between review")
    assert [task["name"] for task in done["tasks"]] == ["ask_consent"]
    check_all(site, {opened["run"]: ["start", "complete"]})


def test_server_killed_while_people_work_loses_and_doubles_nothing(site: Installation) -> None:
    """Everybody repeats what was not answered with the same key, as the pages do."""
    before = count_cases(site)
    open_case(site, "warm")
    runs: dict[str, list[str]] = {}
    failures: list[BaseException] = []

    def work(who: int) -> None:
        try:
            for n in range(CASES_A_THREAD):
                opened = open_case(site, f"busy {who} {n}")
                again = open_case(site, f"busy {who} {n}")
                assert again == opened
                review(site, opened, f"busy review {who} {n}")
                runs[opened["run"]] = ["start", "complete"]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(THREADS)]
    for thread in threads:
        thread.start()
    for pause in (0.5, 0.3):
        time.sleep(pause)
        site.kill("serve")
        site.wait_until(site.is_ready)
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(runs) == THREADS * CASES_A_THREAD
    assert count_cases(site) == before + 1 + len(runs)
    check_all(site, runs)


def due_clocks(site: Installation) -> int:
    with site.platform.database.reading(SYSTEM) as session:
        query = select(func.count()).where(ClockRow.fires_at <= site.platform.clock.now())
        return session.scalar(query) or 0


def test_worker_killed_while_clocks_fall_due_fires_each_once(site: Installation) -> None:
    runs: dict[str, list[str]] = {}
    for n in range(MANY):
        opened = open_case(site, f"due {n}")
        review(site, opened, f"due review {n}")
        runs[opened["run"]] = ["start", "complete", "wake"]
    clock = site.platform.clock
    assert isinstance(clock, InstallationClock)
    clock.advance(timedelta(days=8))
    assert due_clocks(site) >= MANY
    for still in (MANY, MANY // 2):
        site.wait_until(lambda: due_clocks(site) < still)  # noqa: B023 - called at once
        site.kill("worker")
    site.wait_until(lambda: not due_clocks(site))
    check_all(site, runs)


def test_everything_killed_comes_back_with_one_command(site: Installation) -> None:
    """The supervisor's parts end with it, so that the port is free for the next start."""
    opened = open_case(site, "all")
    orphans = [*site.processes("serve"), *site.processes("worker")]
    site.kill("run")
    site.wait_until(lambda: not any(is_running(pid) for pid in orphans), 30)
    site.platform.database.dispose()
    site.start()
    review(site, opened, "all review")
    check_all(site, {opened["run"]: ["start", "complete"]})


def test_audit_command_agrees(site: Installation) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, "audit", "verify"],
        env=site.environment(),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (told.returncode, told.stdout) == (0, "ok\n"), told.stderr
