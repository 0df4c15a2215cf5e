"""The machine: data folder, disk, keys, and settings that do not go together."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from webapp.commands.checks.result import BAD, OK, WARN, Findings, Patient, told
from webapp.house import outside_systems
from workflows.storage.vault import KEY_FILE

GIGABYTE = 2**30
BAD_FREE_BYTES = GIGABYTE // 4
WARN_FREE_BYTES = 5 * GIGABYTE
"""A busy county uploads some gigabytes of scans a month."""
DIST = Path(__file__).parents[2] / "static" / "dist"


def check_folder(patient: Patient) -> Findings:
    """The data folder can be written."""
    data = patient.settings.data
    if not data.is_dir():
        yield BAD, told("no_folder", path=data)
    elif not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield BAD, told("folder_closed", path=data)
    else:
        yield OK, told("folder", path=data)


def check_disk(patient: Patient) -> Findings:
    """Room for uploads and for the database's own log."""
    data = patient.settings.data
    if not data.is_dir():
        return
    free = shutil.disk_usage(data).free
    level = BAD if free < BAD_FREE_BYTES else WARN if free < WARN_FREE_BYTES else OK
    code = "disk" if level == OK else "disk_low"
    yield level, told(code, path=data, free_gb=round(free / GIGABYTE, 1))


def check_keys(patient: Patient) -> Findings:
    """Keys are there and for their owner only."""
    secrets = patient.settings.secrets
    if not (secrets / KEY_FILE).is_file():
        yield BAD, told("no_key", path=secrets / KEY_FILE)
        return
    exposed = [path for path in (secrets, *sorted(secrets.iterdir())) if _is_exposed(path)]
    for path in exposed:
        yield BAD, told("key_exposed", path=path, mode="700" if path.is_dir() else "600")
    if not exposed:
        yield OK, told("key", path=secrets)


def _is_exposed(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def check_settings(patient: Patient) -> Findings:
    """Switches that are for trying out, on an installation others can reach."""
    settings = patient.settings
    if settings.test_clock:
        yield WARN, told("test_clock")
    if not settings.is_loopback and not settings.secure_cookies:
        yield WARN, told("open_cookies")
    if not settings.test_clock and (settings.is_loopback or settings.secure_cookies):
        yield OK, told("settings", host=settings.host)


def check_bundles(_patient: Patient) -> Findings:
    """Styles and scripts were built."""
    built = DIST.is_dir() and any(DIST.glob("*.css"))
    yield (OK, told("bundles")) if built else (BAD, told("no_bundles"))


def check_outside(patient: Patient) -> Findings:
    """The office's own descriptions of other systems can be used."""
    found = outside_systems(patient.settings)
    for name, why in found.problems:
        yield WARN, told("outside_wrong", file=name, why=why)
    if not found.problems:
        yield OK, told("outside", count=len(found.by_key))
