"""What a checked form brings: process data for the engine, facts and parties for the record,
sealed values under the case's key, files to be bound to the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy import case as sql_case

from workflows.cases.decision import FactsChange
from workflows.cases.facts import PartyPlan, identity_text, plan_parties
from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.tables import CaseRecord, Party, StoredFile
from workflows.errors import FieldError, InvalidFormError
from workflows.formspec import Values
from workflows.messages import Message
from workflows.storage import Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.types import Ciphertext
from workflows.storage.vault import CaseKey

ID_LENGTH = 13
"""Characters of an outside id; see `workflows.storage.ids`."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form's values sorted by where they go. `plan` None where the form has no parties."""

    data: Mapping[str, Any]
    change: FactsChange
    plan: PartyPlan | None
    sealed: Mapping[str, Any]
    files: tuple[str, ...]

    @property
    def renames(self) -> bool:
        """Whether title, kind or parties of the case may be different afterwards."""
        return bool(self.change.case) or self.plan is not None


NOTHING = Submission({}, FactsChange(), None, {}, ())


def sort_values(platform: Platform, case: CaseRecord, values: Values) -> Submission:
    """Values of a form for a case; new parties get their ids here."""
    plan = None
    if values.parties is not None:
        plan = plan_parties(
            values.parties,
            case.parties,
            next_id=platform.ids.next,
            encode=encode_id,
            decode=decode_id,
        )
    change = FactsChange(values.case, None if plan is None else plan.plain)
    return Submission(values.process, change, plan, values.sealed, values.files)


def save_submission(
    session: Session,
    platform: Platform,
    case: CaseRecord,
    key: CaseKey,
    submission: Submission,
    *,
    run_id: int,
    at: datetime,
) -> None:
    """Stores parties and sealed facts and binds files. Raises InvalidFormError for a file that is
    not there or not the actor's."""
    if submission.plan is not None:
        save_parties(session, platform, case, key, submission.plan, at)
    if submission.sealed:
        known = open_sealed(case, key)
        case.sealed = seal_json(key, {**known, **submission.sealed}, f"case/{case.id}/sealed")
    if submission.files:
        _bind_files(session, case, submission, run_id)


def open_sealed(case: CaseRecord, key: CaseKey) -> dict[str, Any]:
    """The sealed facts of a case by name."""
    if case.sealed is None:
        return {}
    found: dict[str, Any] = open_json(key, case.sealed, f"case/{case.id}/sealed")
    return found


def open_party(key: CaseKey, party_id: int, sealed: bytes) -> dict[str, Any]:
    """The sealed fields of a party by name."""
    found: dict[str, Any] = open_json(key, sealed, f"party/{party_id}")
    return found


def seal_party(key: CaseKey, party_id: int, fields: Mapping[str, Any]) -> Ciphertext:
    """A party's sealed fields under the case's key."""
    return seal_json(key, dict(fields), f"party/{party_id}")


def party_index(platform: Platform, plain: Mapping[str, Any], sealed: Mapping[str, Any]) -> str:
    """Blind index of what a party is recognised by, "" where nothing is known."""
    identity = identity_text({**plain, **sealed})
    return platform.vault.blind_index(identity) if identity else ""


def save_parties(
    session: Session,
    platform: Platform,
    case: CaseRecord,
    key: CaseKey,
    plan: PartyPlan,
    at: datetime,
) -> None:
    """Stores the parties of a list; those it has no more are ended."""
    stored: dict[int, Party] = {}
    if len(plan.added) < len(plan.sealed) or plan.removed:
        rows = session.scalars(select(Party).where(Party.case_id == case.id))
        stored = {row.id: row for row in rows}
    for position, plain in enumerate(plan.plain):
        row_id = decode_id(str(plain["id"]))
        row = stored.get(row_id) or Party(id=row_id, case_id=case.id, ended_at=None, ended_why=None)
        known = open_party(key, row_id, row.sealed) if row_id in stored else {}
        fields = {**known, **plan.sealed[row_id]}
        row.position, row.name = position, str(plain.get("name", ""))[:120]
        row.sealed = seal_party(key, row_id, fields)
        row.id_index = party_index(platform, plain, fields)
        session.add(row)
    for row_id in plan.removed:
        if row_id in stored:
            stored[row_id].ended_at = at


def _bind_files(session: Session, case: CaseRecord, submission: Submission, run_id: int) -> None:
    """Binds each file to the case; it must be there, and be the actor's or the case's already."""
    wanted = {decode_id(file): file for file in submission.files if len(file) == ID_LENGTH}
    if not wanted:
        raise InvalidFormError([FieldError("", Message("cases.file_not_yours"))])
    mine = and_(StoredFile.case_id.is_(None), StoredFile.uploaded_by == session.actor.account_id)
    usable = and_(StoredFile.id.in_(wanted), or_(mine, StoredFile.case_id == case.id))
    found = session.execute(
        update(StoredFile)
        .where(usable)
        .values(
            case_id=case.id,
            run_id=func.coalesce(StoredFile.run_id, run_id),
            field=sql_case(
                {row_id: field_of_file(submission, file) for row_id, file in wanted.items()},
                value=StoredFile.id,
                else_="",
            ),
        )
        .returning(StoredFile.id)
        .execution_options(synchronize_session=False)
    )
    bound = set(found.scalars())
    missing = [file for row_id, file in wanted.items() if row_id not in bound]
    if missing or len(wanted) < len(set(submission.files)):
        raise InvalidFormError([FieldError("", Message("cases.file_not_yours"))])


def field_of_file(submission: Submission, file: str) -> str:
    """The name of the field that holds a file's id, "" if none does."""
    for values in (submission.data, submission.change.case, submission.sealed):
        for name, value in values.items():
            if value == file or (isinstance(value, list) and file in value):
                return name
    return ""
