"""Tables of the organisation: units, people, accounts, roles, dated posts, delegation.

A date range includes both ends; “no end” is `OPEN_END`, not NULL, so that both databases compare
and sort it the same way.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage.base import Base
from workflows.storage.types import Json

OPEN_END = date(9999, 12, 31)
"""`to_on` of what has no end yet."""


class Unit(Base):
    """An office, a place or a grid. The tree is the path; a unit never changes its code."""

    __tablename__ = "unit"
    __table_args__ = (
        Index("ix_unit_path", "path"),
        Index("ix_unit_parent", "parent_code"),
        Index("ix_unit_county_kind", "county_code", "kind"),
    )

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(60))
    """What official numbers begin with."""
    kind: Mapped[str] = mapped_column(String(30))
    """县, 镇, 综治中心, 人民调解委员会, 网格…"""
    level: Mapped[str] = mapped_column(String(10))
    """市 | 县 | 乡 | 村 | 网格 | 点位"""
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    path: Mapped[str] = mapped_column(String(300))
    """Codes from the root, "/620900/620902/620902104/": a prefix is an ancestor."""
    county_code: Mapped[str] = mapped_column(String(64))
    """The county it lies in; of the city's own units the city."""
    grid_level: Mapped[int | None] = mapped_column(Integer)
    """1 township and sub-district, 2 village and community, 3 grid; None for offices."""
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    extra: Mapped[Any] = mapped_column(Json)
    """What only some kinds have: {"industry", "households", "qr_place_code", "season_from", …}"""


class Person(Base):
    """Somebody who holds or held a post. Parties of cases are not here."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    gender: Mapped[str | None] = mapped_column(String(4))
    ethnicity: Mapped[str | None] = mapped_column(String(20))
    birth_date: Mapped[date | None] = mapped_column(Date)
    phone: Mapped[str | None] = mapped_column(String(20))


class Account(Base):
    """A way to sign in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    """Lower case; people are called by it in process data."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    """argon2id in PHC form."""
    language: Mapped[str] = mapped_column(String(12))
    active: Mapped[bool] = mapped_column(Boolean)
    failed_count: Mapped[int] = mapped_column(Integer)
    """Wrong passwords since the last right one."""
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    email: Mapped[str | None] = mapped_column(String(254))
    mail_notices: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """Whether notices are sent to `email`, too."""


class ApiToken(Base):
    """A bearer token, kept as a hash only."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256, hex."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]


class FeedToken(Base):
    """The address of an account's calendar, kept as a hash only. A table of its own, so that it can
    never be taken for an API token, nor an API token for it."""

    __tablename__ = "feed_token"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256, hex."""
    created_at: Mapped[datetime]


class Role(Base):
    """What a post lets its holder do."""

    __tablename__ = "role"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The Chinese name: what lanes are called."""
    title_en: Mapped[str] = mapped_column(String(80))
    reach: Mapped[str] = mapped_column(String(10))
    """unit | subtree | area"""
    acts: Mapped[str] = mapped_column(String(10))
    """staff | record | citizen"""
    abilities: Mapped[Any] = mapped_column(Json)
    """List of ability keys."""
    built_in: Mapped[bool] = mapped_column(Boolean)
    """Kept equal to `data/roles.toml`; an office's own roles are left alone."""


class Post(Base):
    """Somebody holds a role in a unit between two days."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_unit_role", "unit_code", "role"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(ForeignKey("role.key"))
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(10))
    """任职 | 派驻"""
    home_unit: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    """Of a seconded post (派驻): where the person belongs."""


class Delegation(Base):
    """Somebody on leave hands posts to a substitute between two days."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    from_person: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    to_person: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str | None] = mapped_column(ForeignKey("role.key"))
    """Only posts of this role; None: of every role."""
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    """Only posts in this unit; None: in every unit."""
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200))


class SavedView(Base):
    """A list as one account wants to see it again: filters, order and columns under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name", name="uq_saved_view_name"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(20))
    address: Mapped[Any] = mapped_column(Json)
    """Query parameters of the list, name → text, without those at their default."""
    is_first: Mapped[bool] = mapped_column(Boolean)
    """Shown when the list is opened without parameters; of one account at most one."""
