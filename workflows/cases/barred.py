"""Who may not take part in what follows: whoever mediated may not act in the suit about it.

特邀调解规定 (2016) art. 16. Which role bars from which is data (`barred_by` in `roles.toml`);
this looks at what somebody has done in the case, and every way to get or do a task asks it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from workflows.cases.tables import WorkItem
from workflows.errors import RuleError
from workflows.organisation.candidates import Candidate
from workflows.organisation.roles import built_in_roles
from workflows.organisation.tables import Account
from workflows.storage import Session


def check_not_barred(session: Session, case_id: int, role: str, account_id: int) -> None:
    """Raises RuleError where the account has done a task of the case in a role that bars from
    `role`. One statement for such a role, none for any other."""
    bars = _bars(role)
    if not bars:
        return
    done = select(WorkItem.role).where(
        WorkItem.case_id == case_id, WorkItem.done_by == account_id, WorkItem.role.in_(bars)
    )
    acted_as = session.scalars(done.limit(1)).first()
    if acted_as is not None:
        raise RuleError("cases.barred", acted_as=acted_as, role=role)


def without_barred(
    session: Session, case_id: int, role: str, people: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """The candidates for a task of the case that may take it. One statement for a role that
    something bars from, none for any other."""
    bars = _bars(role)
    if not bars or not people:
        return tuple(people)
    acted = set(
        session.scalars(
            select(Account.username)
            .join(WorkItem, WorkItem.done_by == Account.id)
            .where(WorkItem.case_id == case_id, WorkItem.role.in_(bars))
        )
    )
    return tuple(one for one in people if one.username not in acted)


def _bars(role: str) -> tuple[str, ...]:
    definition = built_in_roles().get(role)
    return definition.barred_by if definition is not None else ()
