"""The demo's offices over one database, and the site over them, for walks of built-in packages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from tests.factories import rollout
from tests.factories.api_world import InProcess, Site
from tests.factories.cases import World
from tests.factories.handoffs import add_package
from tests.factories.organisation import demo
from webapp.app import create_app
from webapp.house import OPERATIONS
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.catalogue.package import Package
from workflows.catalogue.source import PackageSource, read_folder
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import Catalogue
from workflows.deadlines.source import StoredRuleBook
from workflows.organisation.accounts import issue_token
from workflows.organisation.demo import ensure_demo_account
from workflows.storage import SYSTEM, Database, IdSource, Session
from workflows.storage.clock import MovableClock, SystemClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


class Shelf(Catalogue):
    """Holds built-in packages as this process has compiled them: compiling one takes seconds."""

    def load(self, session: Session, version_id: int) -> Package:
        key = session.scalar(select(PackageVersion.key).where(PackageVersion.id == version_id))
        return rollout.package(str(key))


def demo_platform(
    database: Database,
    folder: Path,
    vault: Vault,
    at: datetime,
    sources: Sequence[PackageSource],
    *,
    catalogue: Catalogue | None = None,
    mails: bool = False,
) -> tuple[Platform, MovableClock]:
    """The demo's offices at a moment that stands still, with these packages published."""
    clock, ids = MovableClock(at), IdSource(SystemClock())
    platform = Platform(
        database=database,
        clock=clock,
        ids=ids,
        vault=vault,
        files=FileStore(folder / "files"),
        catalogue=catalogue or Catalogue(),
        rules=StoredRuleBook(),
        operations=OPERATIONS,
        mails=mails,
    )
    demo(database, ids)
    for source in sources:
        add_package(World(platform, clock), source)
    return platform, clock


def demo_site(
    database: Database,
    folder: Path,
    vault: Vault,
    at: datetime,
    sources: Sequence[PackageSource],
    *,
    catalogue: Catalogue | None = None,
) -> Site:
    """The site over them; whoever is asked for (a demo account, or `role@unit`) gets a token."""
    platform, clock = demo_platform(database, folder, vault, at, sources, catalogue=catalogue)
    app = create_app(Settings(data=folder, database_url="sqlite://", test_clock=True), platform)

    def token_of(who: str) -> str:
        with database.transaction(SYSTEM) as session:
            if "@" in who:
                ensure_demo_account(session, platform.ids, who, now=clock.now())
            return issue_token(session, platform.ids, username=who, now=clock.now())

    return Site(InProcess(app.test_client()), token_of)


def built_in(*keys: str) -> list[PackageSource]:
    """Built-in packages as they lie in the folders."""
    return [read_folder(rollout.ROOT, key) for key in keys]
