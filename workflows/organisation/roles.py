"""Roles as data: the built-in file and the table made from it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import select

from workflows.organisation.tables import Role
from workflows.storage import Session

FILE = Path(__file__).parent / "data" / "roles.toml"
REACHES = ("unit", "subtree", "area")
ACTS = ("staff", "record", "citizen")
ABILITIES = frozenset(
    {"open_case", "claim", "assign", "void", "correct", "withdraw", "pause_clock", "extend_clock"}
    | {
        "print",
        "seal",
        "see_index",
        "see_full",
        "see_id_number",
        "publish",
        "approve",
        "admin",
        "audit",
    }
    | {"outside", "archive", "court_desk", "api", "test_clock"}
)
"""Everything a role can allow; explained at the head of `data/roles.toml`."""


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """One role of the built-in file; fields as in the table `role`. `barred_by`: roles in which
    whoever acted in a case may not act in this one."""

    key: str
    title_en: str
    reach: str
    acts: str
    abilities: tuple[str, ...]
    barred_by: tuple[str, ...] = ()


@cache
def built_in_roles() -> Mapping[str, RoleDefinition]:
    """The built-in roles in the order of the file. A wrong entry is a ValueError."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return MappingProxyType({key: _read(key, entry) for key, entry in entries.items()})


def role_names() -> frozenset[str]:
    """Names a lane may have without any database: the built-in roles."""
    return frozenset(built_in_roles())


def working_roles() -> frozenset[str]:
    """Those of them that people with an account hold; citizens have none."""
    return frozenset(key for key, role in built_in_roles().items() if role.acts != "citizen")


def save_built_in_roles(session: Session) -> None:
    """Makes the table's built-in rows equal to the file; an office's own roles stay."""
    rows = {role.key: role for role in session.scalars(select(Role))}
    for key, wanted in built_in_roles().items():
        row = rows.get(key)
        if row is None:
            row = Role(key=key, built_in=True)
            session.add(row)
        if row.built_in:
            row.title_en, row.reach, row.acts = wanted.title_en, wanted.reach, wanted.acts
            row.abilities = list(wanted.abilities)


def _read(key: str, entry: Mapping[str, object]) -> RoleDefinition:
    definition = RoleDefinition(
        key=key,
        title_en=str(entry["title_en"]),
        reach=str(entry["reach"]),
        acts=str(entry["acts"]),
        abilities=tuple(entry["abilities"]),  # type: ignore[arg-type]
        barred_by=tuple(entry.get("barred_by", ())),  # type: ignore[arg-type]
    )
    unknown = set(definition.abilities) - ABILITIES
    if definition.reach not in REACHES or definition.acts not in ACTS or unknown:
        raise ValueError(f"roles.toml: {definition}")
    return definition
