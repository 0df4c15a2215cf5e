"""Where everything is kept: one transaction door, actor scope, keys, files, outbox rows.

`Database.transaction(actor)` is the only place that commits; `Database.reading(actor)` never
does. A session knows for whom it works and narrows every ORM query to what that actor may see.
No rule of the domain may come in here, nor any table of another room.
Start reading at `database.py`, then `session.py`.
"""

from workflows.storage.actor import SYSTEM, Actor, HeldPost
from workflows.storage.base import Base
from workflows.storage.clock import Clock
from workflows.storage.database import Database
from workflows.storage.ids import IdSource
from workflows.storage.scope import ActorScoped
from workflows.storage.session import Session

__all__ = [
    "SYSTEM",
    "Actor",
    "ActorScoped",
    "Base",
    "Clock",
    "Database",
    "HeldPost",
    "IdSource",
    "Session",
]
