"""The 办理记录: append-only lines, chained by hash over what is stored, anchored every day.

Each line's hash covers the line before, its plain header and the ciphertext of its body, so the
chain can be verified without any key and stays whole when a case's key is destroyed. A day's
anchor digests the heads of all cases that changed since the anchor before it: whoever keeps one
anchor outside the database can prove that nothing older was rewritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import func, select

from workflows.cases.sealing import message_to_json, seal_json
from workflows.cases.tables import CaseRecord, TimelineAnchor, TimelineEntry
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.vault import CaseKey

BATCH = 500
"""Cases read at a time while verifying."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written.

    `action`: stable word of what was done (`complete`, `claim`, `clock.missed`). `sentence`: what
    people read; `subject`: what it was about (a task's title, a document's number); `detail`: what
    somebody wrote (a reason). `kind`: task | clock | document | message | system | person.
    """

    action: str
    sentence: Message
    occurred_at: datetime
    kind: str = "task"
    subject: str | None = None
    detail: str | None = None
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the record is not what was written. `seq` 0: the head itself."""

    case_id: int
    seq: int
    why: Message


def append(
    session: Session,
    case: CaseRecord,
    key: CaseKey,
    lines: Iterable[Line],
    *,
    actor: Actor,
    recorded_at: datetime,
) -> None:
    """Adds lines behind the head and moves the head; flushed with the transaction."""
    for line in lines:
        seq = case.head_seq + 1
        body = {
            "actor": actor.name,
            "sentence": message_to_json(line.sentence),
            "subject": line.subject,
            "detail": line.detail,
        }
        entry = TimelineEntry(
            case_id=case.id,
            seq=seq,
            run_id=line.run_id,
            occurred_at=line.occurred_at,
            recorded_at=recorded_at,
            account_id=actor.account_id,
            action=line.action,
            kind=line.kind,
            body=seal_json(key, body, body_place(case.id, seq)),
        )
        entry.hash = hash_entry(case.head_hash, entry)
        case.head_seq, case.head_hash = seq, entry.hash
        session.add(entry)


def body_place(case_id: int, seq: int) -> str:
    """Where a line's body belongs (see `sealing`)."""
    return f"timeline/{case_id}/{seq}"


def first_hash(case_id: int) -> str:
    """What the first line is chained to: binds the chain to its case."""
    return hashlib.sha256(f"fengqiao timeline {case_id}".encode()).hexdigest()


def hash_entry(previous: str, entry: TimelineEntry) -> str:
    """SHA-256 over the hash before, the header as JSON, and the digest of the body."""
    header = orjson.dumps(
        [
            entry.case_id,
            entry.seq,
            entry.run_id,
            _instant(entry.occurred_at),
            _instant(entry.recorded_at),
            entry.account_id,
            entry.action,
            entry.kind,
        ]
    )
    digest = hashlib.sha256(bytes.fromhex(previous))
    digest.update(header)
    digest.update(hashlib.sha256(entry.body).digest())
    return digest.hexdigest()


def _instant(at: datetime) -> int:
    """Microseconds since 1970: the same number from both databases."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def check_case(
    case_id: int, head_seq: int, head_hash: str, entries: Sequence[TimelineEntry]
) -> Broken | None:
    """The first break of one case's chain, None if it is whole. `entries` in order."""
    previous = first_hash(case_id)
    for position, entry in enumerate(entries, start=1):
        if entry.seq != position:
            return Broken(case_id, position, Message("timeline.missing", {"seq": position}))
        if hash_entry(previous, entry) != entry.hash:
            return Broken(case_id, position, Message("timeline.changed", {"seq": position}))
        previous = entry.hash
    if len(entries) != head_seq or previous != head_hash:
        return Broken(case_id, 0, Message("timeline.head", {"seq": head_seq}))
    return None


def verify(session: Session) -> Iterator[Broken]:
    """All breaks: of every case's chain, then of the anchors. Reads in batches; needs a session
    of the system, because it must see everything."""
    last = -1
    while True:
        cases = session.execute(
            select(CaseRecord.id, CaseRecord.head_seq, CaseRecord.head_hash)
            .where(CaseRecord.id > last)
            .order_by(CaseRecord.id)
            .limit(BATCH)
        ).all()
        if not cases:
            break
        last = cases[-1].id
        entries: dict[int, list[TimelineEntry]] = {}
        for entry in session.scalars(
            select(TimelineEntry)
            .where(TimelineEntry.case_id.between(cases[0].id, last))
            .order_by(TimelineEntry.case_id, TimelineEntry.seq)
        ):
            entries.setdefault(entry.case_id, []).append(entry)
        for case in cases:
            broken = check_case(case.id, case.head_seq, case.head_hash, entries.get(case.id, []))
            if broken is not None:
                yield broken
        session.expunge_all()
    yield from _verify_anchors(session)


def _verify_anchors(session: Session) -> Iterator[Broken]:
    anchors = session.scalars(select(TimelineAnchor).order_by(TimelineAnchor.until)).all()
    previous: TimelineAnchor | None = None
    for anchor in anchors:
        _count, digest = _digest_heads(session, previous, anchor.until)
        if digest != anchor.digest:
            why = Message("timeline.anchor", {"until": anchor.until.isoformat()})
            yield Broken(0, 0, why)
        previous = anchor


def write_anchor(session: Session, until: datetime) -> TimelineAnchor | None:
    """Adds the anchor over everything recorded before `until`; None if one that late exists.

    `until` should lie some minutes back, so that no transaction still open can slip behind it.
    """
    newest = session.scalars(
        select(TimelineAnchor).order_by(TimelineAnchor.until.desc()).limit(1)
    ).first()
    if newest is not None and newest.until >= until:
        return None
    cases, digest = _digest_heads(session, newest, until)
    anchor = TimelineAnchor(until=until, cases=cases, digest=digest)
    session.add(anchor)
    return anchor


def _digest_heads(
    session: Session, previous: TimelineAnchor | None, until: datetime
) -> tuple[int, str]:
    """(number of cases, digest) over the last line of every case that changed since `previous`."""
    recorded = TimelineEntry.recorded_at < until
    if previous is not None:
        recorded = recorded & (TimelineEntry.recorded_at >= previous.until)
    heads = (
        select(TimelineEntry.case_id, func.max(TimelineEntry.seq).label("seq"))
        .where(recorded)
        .group_by(TimelineEntry.case_id)
        .subquery()
    )
    digest = hashlib.sha256(bytes.fromhex(previous.digest) if previous else b"")
    count = 0
    for case_id, seq, line_hash in session.execute(
        select(TimelineEntry.case_id, TimelineEntry.seq, TimelineEntry.hash)
        .join(
            heads,
            (heads.c.case_id == TimelineEntry.case_id) & (heads.c.seq == TimelineEntry.seq),
        )
        .order_by(TimelineEntry.case_id)
    ):
        digest.update(orjson.dumps([case_id, seq, line_hash]))
        count += 1
    return count, digest.hexdigest()
