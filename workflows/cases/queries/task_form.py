"""The form a work item asks for: all that reading a submission needs, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from workflows.cases.platform import Platform
from workflows.cases.queries.records import Titles
from workflows.cases.tables import Run, WorkItem
from workflows.errors import NotVisibleError
from workflows.formspec.fields import Form
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_item


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What was filled in. `form`: None for a task without one. `title`: of the work item."""

    form: Form | None
    title: Titles


def load_task_form(platform: Platform, item: str) -> TaskForm:
    """The form of a work item, to read what was sent for it. For nobody in particular: whether the
    sender may do the item, and whether it exists for them, is asked where it is done.

    Raises InvalidInputError (malformed id), NotVisibleError (no such item).
    """
    run_id, number = decode_item(item)
    with platform.database.reading(SYSTEM) as session:
        row = session.execute(_select(), {"run": run_id, "number": number}).one_or_none()
        if row is None:
            raise NotVisibleError("cases.unknown_item")
        package = platform.catalogue.load(session, row.version_id)
    return TaskForm(package.form_of(row.form), row.title)


@cache
def _select() -> Select[Any]:
    """Made once: writing it anew takes longer than running it."""
    return (
        select(WorkItem.form, WorkItem.title, Run.version_id)
        .join(Run, Run.id == WorkItem.run_id)
        .where(WorkItem.run_id == bindparam("run"), WorkItem.number == bindparam("number"))
    )
