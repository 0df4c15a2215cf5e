"""The database: reachable, up to date, its index and files in place, nobody in it by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.script import ScriptDirectory
from sqlalchemy import Select, func, select

from webapp.commands.checks.result import BAD, OK, WARN, Findings, Patient, Reading, told
from workflows.cases.search import matching_cases
from workflows.cases.tables import CaseRecord, CaseSearch, Document, StoredFile
from workflows.deadlines import RuleBook
from workflows.organisation.demo import BUILT_KEY
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, schema
from workflows.storage.backup.rows import read_revision, read_shapes
from workflows.storage.clock import local_day
from workflows.storage.files import FileStore
from workflows.storage.installation import MASTER_KEY, load_setting
from workflows.storage.vault import Vault

NEWEST_FILES = 2000
"""Files looked for in the store: the ones people open."""
NOTICE_MONTH = 12
"""The State Council announces a year's holidays in the November before."""


def check_tables(patient: Patient) -> Findings:
    """The tables stand at the migration this product needs."""
    script = ScriptDirectory.from_config(schema.config())
    shapes = read_shapes(patient.database)
    with patient.database.reading(SYSTEM) as session:
        stands = read_revision(session, shapes)
    newest = script.get_current_head()
    known = {one.revision for one in script.walk_revisions()}
    if stands == newest:
        yield OK, told("tables", dialect=patient.database.dialect, revision=stands)
    elif stands is None or stands in known:
        yield BAD, told("tables_old", stands=stands or "0", newest=newest)
    else:
        yield BAD, told("tables_new", stands=stands)


def check_master_key(reading: Reading) -> Findings:
    """The key file is the one the cases were sealed with."""
    secrets = reading.patient.settings.secrets
    known = load_setting(reading.session, MASTER_KEY, None)
    if known is None or not secrets.is_dir():
        return
    same = Vault.load_or_create(secrets).fingerprint() == known
    yield (OK, told("key_fits")) if same else (BAD, told("key_foreign", path=secrets))


def check_search(reading: Reading) -> Findings:
    """The newest case is found by its number, and every case has words."""
    session = reading.session
    missing = session.scalar(
        select(func.count())
        .select_from(CaseRecord)
        .outerjoin(CaseSearch, CaseSearch.case_id == CaseRecord.id)
        .where(CaseSearch.case_id.is_(None))
    )
    newest = session.execute(
        select(CaseRecord.id, CaseRecord.number).order_by(CaseRecord.id.desc()).limit(1)
    ).first()
    if missing:
        yield WARN, told("search_gaps", count=missing)
    if newest is None:
        yield OK, told("search_empty")
        return
    query = matching_cases(reading.patient.database.dialect, newest.number, None)
    found = [] if query is None else list(session.execute(query).scalars())
    yield (OK, told("search")) if newest.id in found else (BAD, told("search_broken"))


def check_files(reading: Reading) -> Findings:
    """The newest files the records name are in the store."""
    store, lost, seen = FileStore(reading.patient.settings.files), 0, 0
    for sha256 in _newest_digests(reading):
        seen += 1
        lost += not store.holds(sha256)
    yield (BAD, told("files_lost", count=lost)) if lost else (OK, told("files", count=seen))


def _newest_digests(reading: Reading) -> Iterator[str]:
    queries: tuple[Select[tuple[str | None]], ...] = (
        select(StoredFile.sha256).order_by(StoredFile.id.desc()),
        select(Document.sha256).where(Document.sha256.is_not(None)).order_by(Document.id.desc()),
    )
    for query in queries:
        for sha256 in reading.session.scalars(query.limit(NEWEST_FILES)):
            if sha256:
                yield sha256


def check_calendars(reading: Reading) -> Findings:
    """Holidays of this year, and of the next once they have been announced."""
    today = local_day(reading.offices_now)
    calendar = RuleBook.load(reading.session).calendar()
    if not calendar.knows(today.year):
        yield BAD, told("no_calendar", year=today.year)
    elif not calendar.knows(today.year + 1) and today.month >= NOTICE_MONTH:
        yield WARN, told("next_calendar", year=today.year + 1)
    else:
        yield OK, told("calendar", year=today.year)


def check_demo(reading: Reading) -> Findings:
    """Demo accounts, whose password was printed, exist on loopback only."""
    names = load_setting(reading.session, BUILT_KEY, [])
    active = reading.session.scalar(
        select(func.count())
        .select_from(Account)
        .where(Account.username.in_(names), Account.active.is_(True))
    )
    if active and not reading.patient.settings.is_loopback:
        yield BAD, told("demo_open", count=active)
    else:
        yield OK, told("demo" if active else "no_demo", count=active)
