"""Everything a use case needs of the world, put together once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from workflows.cases.decision import LocalOperation
from workflows.cases.pictures import Pictures
from workflows.cases.tables import CaseRecord, Run
from workflows.catalogue.package import Package
from workflows.catalogue.versions import Catalogue
from workflows.deadlines import RuleBook
from workflows.storage import Actor, Clock, Database, IdSource, Session
from workflows.storage.files import FileStore
from workflows.storage.vault import CaseKey, Vault


@dataclass(frozen=True, slots=True)
class RunContext:
    """Where a local operation works: the rows are those of the open transaction.

    `at`: when we were told; `occurred_at`: when the act took place. `unit_short`: the short name
    official numbers begin with. `sealed_parties`, `replaceable`: as in `LoadedRun`, before the act.
    `clocks`, `items`: dicts of the run's open rows; what an operation changes in them is what the
    decision goes on with, and the operation writes it.
    """

    platform: Platform
    actor: Actor
    case: CaseRecord
    run: Run
    key: CaseKey
    package: Package
    unit_short: str
    at: datetime
    occurred_at: datetime
    sealed_parties: Mapping[int, bytes]
    replaceable: frozenset[str]
    clocks: tuple[Any, ...] = ()
    items: tuple[Any, ...] = ()


OperationFactory: TypeAlias = Callable[[Session, RunContext], LocalOperation]
"""Makes a local operation for one transaction. What it adds to the session is flushed with the
decision; it must not commit."""

RuleBookSource: TypeAlias = Callable[[Session], RuleBook]
"""The rule book that counts now; keeps it between calls and reads it anew when it changed."""


@dataclass(frozen=True, slots=True)
class Platform:
    """The world of the use cases. `operations`: factories of local operations by name, beyond
    `number.issue`, which lives here. `mails`: whether notices can leave by e-mail. `public_url`:
    where people reach the site; a document's QR picture opens it (None: it holds the code)."""

    database: Database
    clock: Clock
    ids: IdSource
    vault: Vault
    files: FileStore
    catalogue: Catalogue
    rules: RuleBookSource
    operations: Mapping[str, OperationFactory] = field(default_factory=dict)
    mails: bool = False
    pictures: Pictures | None = None
    """Makes photos fit when they are uploaded; None keeps them as they come."""
    public_url: str | None = None
