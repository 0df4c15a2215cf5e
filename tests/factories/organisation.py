"""Units, people and accounts with the least data a test needs."""

from __future__ import annotations

from datetime import date

from tests.factories.times import START
from workflows.organisation.accounts import add_account, new_post
from workflows.organisation.demo import build_demo
from workflows.organisation.roles import save_built_in_roles
from workflows.organisation.tables import Account
from workflows.organisation.units import UnitRecord, add_units
from workflows.storage import SYSTEM, Database, IdSource

DEMO_PASSWORD = "demo-password-1"
PASSWORD = "a long enough password"
FOUNDED = date(2020, 1, 1)

SMALL_TREE = (
    UnitRecord("1", "甲市", "甲", "市", "市", None),
    UnitRecord("1-FY", "甲市中级人民法院", "甲中院", "人民法院", "市", "1"),
    UnitRecord("1-ZZ", "甲市综治中心", "甲中心", "综治中心", "市", "1"),
    UnitRecord("11", "乙县", "乙县", "县", "县", "1"),
    UnitRecord("11-ZZ", "乙县综治中心", "乙中心", "综治中心", "县", "11"),
    UnitRecord("11-FY", "乙县人民法院", "乙法院", "人民法院", "县", "11"),
    UnitRecord("111", "丙镇", "丙镇", "镇", "乡", "11"),
    UnitRecord("111-TW", "丙镇调委会", "丙调委", "人民调解委员会", "乡", "111"),
    UnitRecord("111-SFS", "丙镇司法所", "丙司法所", "司法所", "乡", "111"),
    UnitRecord("1111", "丁村", "丁村", "村", "村", "111"),
    UnitRecord("1111-TW", "丁村调委会", "丁调委", "人民调解委员会", "村", "1111"),
    UnitRecord("12", "戊县", "戊县", "县", "县", "1"),
)
"""A city, two counties (the second without a court), a town, a village, some offices."""


def small_organisation(database: Database) -> None:
    """Roles and the small tree."""
    with database.transaction(SYSTEM) as session:
        save_built_in_roles(session)
        add_units(session, SMALL_TREE)


def add_user(database: Database, ids: IdSource, username: str, *posts: str) -> int:
    """An account named like its username, with posts "role@unit" since 2020; returns its id."""
    with database.transaction(SYSTEM) as session:
        account: Account = add_account(
            session, ids, username=username, name=username, password=PASSWORD, now=START
        )
        session.flush()
        for post in posts:
            role, unit = post.split("@")
            session.add(new_post(ids, account.person_id, role, unit, FOUNDED))
        return account.id


def demo(database: Database, ids: IdSource) -> None:
    """The whole demo organisation."""
    with database.transaction(SYSTEM) as session:
        build_demo(session, ids, password=DEMO_PASSWORD, now=START)
