"""What a human should look at: strokes drawn twice, one phone that signed for several people.

People under quota pressure were seen to sign for others and to replay recordings. Nothing here
refuses or punishes: a signal stands beside the signature until somebody has looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from workflows.cases.platform import Platform
from workflows.cases.signature_tables import COUNTED, PHONE, SIGNED, Signature
from workflows.cases.strokes import Strokes, rhythm_of, shape_of
from workflows.cases.tables import NORMAL, CaseRecord, Run, WorkItem
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.messages import Message
from workflows.notices.tell import DOUBT, News, tell
from workflows.organisation.holders import list_holders
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.clock import local_day
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import Vault

REPLAYED, ONE_DEVICE = "replayed", "one_device"
LOOK = "assign"
"""Ability of whoever looks at signals of their unit: who gives out its work."""
DEVICE_DAYS = timedelta(days=90)
MOST = 20
"""Other signatures named at most with one signal."""
MOST_SHOWN = 200


def indexes(vault: Vault, strokes: Strokes) -> tuple[str, str | None]:
    """(shape, rhythm) as blind indexes: equal for a replay, and telling nothing of the strokes."""
    rhythm = rhythm_of(strokes)
    shape = vault.blind_index(f"signature/shape/{shape_of(strokes)}")
    return shape, vault.blind_index(f"signature/rhythm/{rhythm}") if rhythm else None


def find_signals(session: Session, row: Signature, now: datetime) -> list[list[str]]:
    """[kind, outside id of the other signature] for what does not look like one person's hand.
    `row` has its indexes and its device, and is not signed yet."""
    same = [Signature.shape == row.shape]
    if row.rhythm is not None:
        same.append(Signature.rhythm == row.rhythm)
    given = Signature.state.in_((SIGNED, COUNTED)), Signature.id != row.id
    replayed = session.scalars(select(Signature.id).where(*given, or_(*same)).limit(MOST))
    found = [[REPLAYED, encode_id(number)] for number in replayed]
    if row.way == PHONE:
        other = session.scalars(
            select(Signature.id)
            .where(
                *given,
                and_(Signature.device == row.device, Signature.way == PHONE),
                Signature.signer_name != row.signer_name,
                Signature.done_at >= now - DEVICE_DAYS,
            )
            .limit(MOST)
        )
        found += [[ONE_DEVICE, encode_id(number)] for number in other]
    return found


def tell_heads(
    session: Session, platform: Platform, run: Run, case: CaseRecord, row: Signature
) -> None:
    """Those who give out the unit's work hear that a signature should be looked at; of a restricted
    case nobody does, whose notices go to those granted in person alone."""
    if case.access_class != NORMAL:
        return
    now = platform.clock.now()
    title = session.scalar(
        select(WorkItem.title).where(
            WorkItem.run_id == row.run_id, WorkItem.number == row.item_number
        )
    )
    news = [
        News(
            kind=DOUBT,
            username=one.username,
            run_id=run.id,
            number=row.item_number,
            round=row.id,
            case_number=case.number,
            title=title,
            role=one.role,
            unit_code=one.unit_code,
            at=now,
        )
        for one in list_holders(session, LOOK, (run.unit_path,), local_day(now))
        if one.unit_code == run.unit_code
    ]
    tell(session, platform.ids, news, mails=platform.mails)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One signature with its signals. `others`: (kind, name, case number), those of other units
    without name and number."""

    id: str
    signer_name: str
    case: str
    case_number: str
    case_title: str
    way: Message
    done_at: datetime
    others: tuple[tuple[Message, str, str], ...]
    looked_by: str | None
    looked_at: datetime | None
    looked_note: str | None


def list_doubts(platform: Platform, actor: Actor) -> tuple[Doubt, ...]:
    """Signatures of the actor's units that somebody should look at, the open ones first, then the
    newest. Restricted cases only for those who take part in them."""
    units = _units(actor)
    with platform.database.reading(SYSTEM) as session:
        rows = session.execute(
            select(Signature, CaseRecord)
            .join(Run, Run.id == Signature.run_id)
            .join(CaseRecord, CaseRecord.id == Signature.case_id)
            .where(
                Run.unit_code.in_(units),
                Signature.state.in_((SIGNED, COUNTED)),
                Signature.flagged == 1,
                CaseRecord.access_class == NORMAL,
            )
            .order_by(Signature.looked_at.is_not(None), Signature.id.desc())
            .limit(MOST_SHOWN)
        ).all()
        wanted = {decode_id(other) for row in rows for _, other in row.Signature.signals}
        known = _others(session, wanted, units)
        return tuple(_doubt(row.Signature, row.CaseRecord, known) for row in rows)


def note_look(platform: Platform, actor: Actor, signature: str, note: str) -> None:
    """Somebody looked at a signal and says what they found. Raises NotVisibleError,
    ForbiddenError, RuleError `signing.note_missing`."""
    text = note.strip()
    if not text or len(text) > 300:
        raise RuleError("signing.note_missing")
    with platform.database.transaction(SYSTEM) as session:
        row = session.execute(
            select(Signature, Run.unit_code)
            .join(Run, Run.id == Signature.run_id)
            .where(Signature.id == decode_id(signature), Signature.flagged == 1)
            .with_for_update(of=Signature)
        ).one_or_none()
        if row is None:
            raise NotVisibleError("signing.unknown")
        if row.unit_code not in _units(actor):
            raise ForbiddenError("signing.may_not_look")
        found = row.Signature
        found.looked_by, found.looked_note = actor.username, text
        found.looked_at = platform.clock.now()


def _units(actor: Actor) -> set[str]:
    return {post.unit for post in actor.posts if LOOK in post.abilities}


def _others(session: Session, wanted: set[int], units: set[str]) -> dict[str, tuple[str, str]]:
    rows = session.execute(
        select(Signature.id, Signature.signer_name, CaseRecord.number, Run.unit_code)
        .join(Run, Run.id == Signature.run_id)
        .join(CaseRecord, CaseRecord.id == Signature.case_id)
        .where(Signature.id.in_(wanted), CaseRecord.access_class == NORMAL)
    )
    return {encode_id(number): (name, case) for number, name, case, unit in rows if unit in units}


def _doubt(row: Signature, case: CaseRecord, known: dict[str, tuple[str, str]]) -> Doubt:
    assert row.done_at is not None
    return Doubt(
        id=encode_id(row.id),
        signer_name=row.signer_name,
        case=encode_id(case.id),
        case_number=case.number,
        case_title=case.title,
        way=Message(f"signing.way_{row.way}"),
        done_at=row.done_at,
        others=tuple(
            (Message(f"signing.{kind}"), *known.get(other, ("", ""))) for kind, other in row.signals
        ),
        looked_by=row.looked_by,
        looked_at=row.looked_at,
        looked_note=row.looked_note,
    )
