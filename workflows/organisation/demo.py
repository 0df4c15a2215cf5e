"""The demo: seven counties with their three levels, people, accounts. All invented.

Data are files in `demo/`; this module only carries them into the tables.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflows.errors import InvalidInputError
from workflows.messages import LANGUAGES
from workflows.organisation.accounts import new_post, read_post
from workflows.organisation.passwords import hash_password
from workflows.organisation.roles import save_built_in_roles
from workflows.organisation.tables import OPEN_END, Account, Person, Post, Role, Unit
from workflows.organisation.units import UnitRecord, add_units
from workflows.storage import IdSource, Session
from workflows.storage.installation import load_setting, save_setting

FOLDER = Path(__file__).parent / "demo"
BUILT_KEY = "demo.accounts"
"""Setting that holds the usernames the demo made, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of the sign-in list: the account with its first post."""

    username: str
    name: str
    role: str
    title_en: str
    unit: str
    unit_name: str


def build_demo(session: Session, ids: IdSource, *, password: str, now: datetime) -> bool:
    """Adds roles, units, people and accounts; False and nothing done if the demo is there.

    All accounts share one hash, as they share the printed password: 24 hashes take a second.
    """
    if load_setting(session, BUILT_KEY, None) is not None:
        return False
    save_built_in_roles(session)
    add_units(session, _units())
    session.flush()
    people = _add_people(session, ids)
    session.flush()
    hashed = hash_password(password)
    accounts = _read("accounts.json")
    for username, key in accounts:
        session.add(_account(ids, username, people[key], hashed, now))
    save_setting(session, BUILT_KEY, [username for username, _ in accounts])
    session.flush()
    return True


def list_demo_accounts(session: Session) -> tuple[DemoAccount, ...]:
    """The accounts of API.md in its order, without those made on demand; empty without a demo."""
    order = load_setting(session, BUILT_KEY, [])
    rows = session.execute(
        select(Account.username, Person.name, Role.key, Role.title_en, Unit.code, Unit.short_name)
        .join(Person, Person.id == Account.person_id)
        .join(Post, Post.person_id == Person.id)
        .join(Role, Role.key == Post.role)
        .join(Unit, Unit.code == Post.unit_code)
        .where(Account.username.in_(order), Role.acts == "staff")
        .order_by(Post.id.desc())
    )
    first = {row[0]: DemoAccount(*row) for row in rows}
    return tuple(first[username] for username in order)


def ensure_demo_account(session: Session, ids: IdSource, text: str, *, now: datetime) -> Account:
    """The account called "role@unit-code", made at its first use with the demo's password.

    Whoever holds that post in the demo's data without an account gets it; else a person is
    invented, the same one for the same text. InvalidInputError without a demo, or where role or
    unit are unknown.
    """
    found = session.scalar(select(Account).where(Account.username == text))
    if found is not None:
        return found
    order = load_setting(session, BUILT_KEY, [])
    if not order:
        raise InvalidInputError("demo.absent")
    if "@" not in text:
        raise InvalidInputError("demo.account_malformed")
    role, unit = read_post(session, text)
    person = _free_holder(session, role, unit)
    if person is None:
        person = _invent(session, ids, text)
        session.add(new_post(ids, person, role, unit, date(2020, 1, 1)))
    hashed = session.scalars(
        select(Account.password_hash).where(Account.username == order[0])
    ).one()
    account = _account(ids, text, person, hashed, now)
    session.add(account)
    session.flush()
    return account


def _free_holder(session: Session, role: str, unit: str) -> int | None:
    return session.scalar(
        select(Post.person_id)
        .outerjoin(Account, Account.person_id == Post.person_id)
        .where(
            Post.role == role, Post.unit_code == unit, Post.to_on == OPEN_END, Account.id.is_(None)
        )
        .order_by(Post.id)
        .limit(1)
    )


def _invent(session: Session, ids: IdSource, text: str) -> int:
    names: Mapping[str, Any] = _read("names.json")
    seed = zlib.crc32(text.encode())
    family, given = names["family"], names["given"]
    name = family[seed % len(family)] + given[seed // len(family) % len(given)]
    person = Person(id=ids.next(), name=name)
    session.add(person)
    session.flush()
    return person.id


def _account(ids: IdSource, username: str, person: int, hashed: str, now: datetime) -> Account:
    return Account(
        id=ids.next(),
        username=username,
        person_id=person,
        password_hash=hashed,
        language=LANGUAGES[0],
        active=True,
        failed_count=0,
        created_at=now,
    )


def _units() -> Iterator[UnitRecord]:
    for code, name, short_name, kind, level, parent, *extra in _read("units.json"):
        yield UnitRecord(code, name, short_name, kind, level, parent, *extra)


def _add_people(session: Session, ids: IdSource) -> dict[str, int]:
    """Adds people with their posts; returns key → person id."""
    people: dict[str, int] = {}
    posts: list[Post] = []
    for key, name, gender, ethnicity, born, phone, held in _read("people.json"):
        people[key] = ids.next()
        session.add(
            Person(
                id=people[key],
                name=name,
                gender=gender,
                ethnicity=ethnicity,
                birth_date=date.fromisoformat(born),
                phone=phone,
            )
        )
        for role, unit, start, end in held:
            post = new_post(ids, people[key], role, unit, date.fromisoformat(start))
            post.to_on = date.fromisoformat(end) if end else OPEN_END
            posts.append(post)
    session.flush()
    session.add_all(posts)
    return people


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
