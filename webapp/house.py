"""The composition root below Flask: settings → Platform.

The server, the worker and every command put the house together here and nowhere else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock

from webapp.pdf.pictures import PictureProcess
from webapp.settings import Settings
from workflows.cases.platform import OperationFactory, Platform
from workflows.catalogue.versions import Catalogue
from workflows.deadlines import RuleBook
from workflows.documents.operations import document_create
from workflows.handoffs.answer import handoff_answer
from workflows.handoffs.send import handoff_send
from workflows.handoffs.withdraw import handoff_withdraw
from workflows.outside.systems import Systems, load_systems
from workflows.sealing.order import document_seal
from workflows.storage import Clock, Database, IdSource, Session
from workflows.storage.clock import InstallationClock, SystemClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

RULES_SECONDS = 30.0
"""How long a process may go on with the rules it has read; a changed calendar counts then."""

OPERATIONS: Mapping[str, OperationFactory] = {
    "document.create": document_create,
    "document.seal": document_seal,
    "handoff.answer": handoff_answer,
    "handoff.send": handoff_send,
    "handoff.withdraw": handoff_withdraw,
}


class Rules:
    """The rule book of the database, read again when it has grown old. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._book: RuleBook | None = None
        self._until = 0.0

    def __call__(self, session: Session) -> RuleBook:
        book = self._book
        if book is None or time.monotonic() > self._until:
            with self._lock:
                book = self._book = RuleBook.load(session)
                self._until = time.monotonic() + RULES_SECONDS
        return book


def build_platform(settings: Settings) -> Platform:
    """Opens database, keys and files. Writes nothing but missing folders and the master key."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    clock: Clock = InstallationClock(database) if settings.test_clock else SystemClock()
    return Platform(
        database=database,
        clock=clock,
        ids=IdSource(SystemClock()),
        vault=Vault.load_or_create(settings.secrets),
        files=FileStore(settings.files),
        catalogue=Catalogue(),
        rules=Rules(),
        operations=OPERATIONS,
        mails=settings.mail is not None,
        pictures=PictureProcess(),
        public_url=settings.public_url,
    )


def outside_systems(settings: Settings) -> Systems:
    """The outside systems of this installation: ours, and files in `outside/` of the data folder.
    A changed file counts at the next look."""
    return load_systems(settings.data / "outside")
