"""How long `make check` takes: the part of the suite people run before every commit."""

from __future__ import annotations

import subprocess
import time

from bench.figures import Figure
from bench.installation import ROOT

MOST_SECONDS = 60


def measure() -> list[Figure]:
    """One figure; what the command says goes to this terminal."""
    started = time.perf_counter()
    ended = subprocess.run(["make", "check"], cwd=ROOT, check=False)
    seconds = time.perf_counter() - started
    name = "make check" if ended.returncode == 0 else "make check (red)"
    return [Figure(name, seconds, "s", MOST_SECONDS)]
