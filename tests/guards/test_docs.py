"""The handbook names what there is, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from webapp.cli import COMMANDS
from webapp.commands.doctor import MACHINE, STORED

ROOT = Path(__file__).parents[2]
HANDBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SETTING = re.compile(r"\b(?:FENGQIAO_[A-Z_]+|PORT)\b")


def known_settings() -> set[str]:
    """What `webapp/settings.py` reads; the only module that may."""
    return set(SETTING.findall((ROOT / "webapp" / "settings.py").read_text(encoding="utf-8")))


def test_handbook_has_a_row_for_every_setting() -> None:
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", HANDBOOK, flags=re.MULTILINE))
    assert rows == known_settings()


def test_handbook_names_no_setting_that_is_not_there() -> None:
    assert set(SETTING.findall(HANDBOOK)) - known_settings() == set()


def test_handbook_names_only_commands_that_are_there() -> None:
    named = set(re.findall(r"`?fengqiao ([a-z]+)", HANDBOOK))
    assert named - set(COMMANDS) == set()
    assert {"backup", "restore", "doctor", "run", "serve", "worker", "db", "audit"} <= named


def test_handbook_explains_every_check_of_the_doctor() -> None:
    table = HANDBOOK.split("| check |")[1].split("\n\n")[0]
    first = re.findall(r"^\| ([a-z_, ]+) \|", table, flags=re.MULTILINE)
    explained = {name.strip() for cell in first for name in cell.split(",")}
    checks = {check.__name__.removeprefix("check_") for check in (*MACHINE, *STORED)}
    assert explained == checks | {"database", "tables"}


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.name}: {link}"
        for path in (ROOT / "docs").rglob("*.md")
        for link in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
        if "://" not in link and not (path.parent / link).exists()
    ]
    assert broken == []
