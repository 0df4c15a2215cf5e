"""Who takes part in a case from now on: units whose people work on it, persons who have it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.cases.access import Part
from workflows.cases.tables import FAR, NOBODY, CaseRecord, Participation, Run
from workflows.storage import Session


def join_unit(
    session: Session,
    run: Run,
    parts: Iterable[Part],
    *,
    unit_code: str,
    unit_path: str,
    level: str,
    why: str,
    at: datetime,
) -> None:
    """A unit takes part in a run; nothing happens if it does already."""
    known = any(
        part.account_id == NOBODY and part.unit_code == unit_code and part.run_id == run.id
        for part in parts
    )
    if not known:
        session.add(
            Participation(
                case_id=run.case_id,
                run_id=run.id,
                unit_code=unit_code,
                account_id=NOBODY,
                unit_path=unit_path,
                level=level,
                access_class=run.access_class,
                from_at=at,
                to_at=FAR,
                why=why,
            )
        )


def join_person(
    session: Session,
    case: CaseRecord,
    parts: Iterable[Part],
    *,
    account_id: int,
    why: str,
    at: datetime,
) -> None:
    """A person sees the whole case from now on; nothing happens if they do already."""
    known = any(part.account_id == account_id and part.run_id == 0 for part in parts)
    if not known:
        session.add(
            Participation(
                case_id=case.id,
                run_id=0,
                unit_code=case.unit_code,
                account_id=account_id,
                unit_path=case.unit_path,
                level="full",
                access_class=case.access_class,
                from_at=at,
                to_at=FAR,
                why=why,
            )
        )
