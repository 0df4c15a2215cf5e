"""A real installation for one test run: `fengqiao run` with the demo, on a free loopback port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PASSWORD = "fengqiao-browser-2026"
START_SECONDS = 120
"""The first start makes tables, units, people and some sixty cases."""
FILL_SECONDS = 600
"""For some hundred cases more; half a minute where nothing else runs."""


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LiveSite:
    """Server and worker over the data folder `data`; stopped by process id."""

    data: Path
    port: int = field(default_factory=free_port)
    test_clock: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What every command of this installation is told."""
        return {
            **{name: value for name, value in os.environ.items() if "FENGQIAO" not in name},
            "FENGQIAO_DATA": str(self.data),
            "FENGQIAO_DEMO_PASSWORD": PASSWORD,
            "FENGQIAO_TEST_CLOCK": "1" if self.test_clock else "0",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from webapp.cli import main; main()", *words]

    def fill(self, module: str) -> None:
        """Before the first start: the demo as `module` builds it."""
        self.data.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            timeout=FILL_SECONDS,
        )

    def start(self) -> None:
        """Starts server and worker and waits until the site is ready; RuntimeError with the log
        where it is not."""
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("run"),
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"the site did not start:\n{self.log.read_text('utf-8')[-3000:]}")

    @property
    def log(self) -> Path:
        return self.data / "site.log"

    def stop(self) -> None:
        """Asks both to end, as Ctrl-C does."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def token(self, username: str) -> str:
        """An API token of a demo account."""
        made = subprocess.run(
            self.command("token", username),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            check=True,
            timeout=60,
        )
        return made.stdout.decode().strip()

    def errors(self) -> list[str]:
        """Lines of the log that speak of a failure."""
        lines = self.log.read_text("utf-8").splitlines()
        return [line for line in lines if re.search(r"Traceback|\"level\": ?\"error\"", line)]
