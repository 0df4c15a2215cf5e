"""What people_mediation is tested for beside what every built-in package is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from tests.factories.rollout import ROOT, rehearsal, run_of


def test_every_rule_of_the_tables_that_decide_is_used_or_named() -> None:
    """Rows no scenario needs are tested with the tables themselves."""
    used = {
        decision: {row for walked in rehearsal().walks for row in _rows(walked.name, decision)}
        for decision in ("accept", "recusal", "agreement_check", "signer_check", "volume_complete")
    }
    assert {decision: len(rows) for decision, rows in used.items()} == {
        "accept": 4,
        "recusal": 2,
        "agreement_check": 5,
        "signer_check": 4,
        "volume_complete": 2,
    }


def _rows(name: str, decision: str) -> set[int]:
    return run_of(name).visits.rules.get(decision, set())


@pytest.mark.parametrize("seed", ["0", "1"])
def test_states_do_not_depend_on_the_hash_seed(seed: str) -> None:
    here = hashlib.sha256(b"".join(run_of("happy").states)).hexdigest()
    code = (
        "import hashlib; from tests.factories.rollout import run_of; "
        "print(hashlib.sha256(b''.join(run_of('happy').states)).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == here
