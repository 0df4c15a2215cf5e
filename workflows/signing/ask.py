"""Asking for a signature: a link for the office's own device, or link and code for a party's phone.

Refused where the law lets nobody sign on a screen (电子签名法 art. 3): the package's own decision
says so, and it is asked here whatever the diagram did.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from workflows.cases.access import check
from workflows.cases.acting import writing
from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.queries.views import item_subject
from workflows.cases.sealing import seal_json
from workflows.cases.signature_tables import OPEN, PHONE, TABLE, WITHDRAWN, Signature
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.tables import Document
from workflows.catalogue.package import Package
from workflows.catalogue.signing import ALLOWED, ARTICLE
from workflows.documents.make import make_bytes
from workflows.documents.rendering import Renderer
from workflows.documents.states import PENDING, READY
from workflows.engine.environment import World
from workflows.engine.judge import judge
from workflows.errors import AlreadyDoneError, InvalidInputError, RuleError
from workflows.formspec import Widget
from workflows.organisation.names import load_named
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, decode_item, encode_id

LIFE = timedelta(minutes=30)
"""How long a link may be used: as long as people sit at the table."""
CODE_DIGITS = 6
WAYS = (TABLE, PHONE)


@dataclass(frozen=True, slots=True)
class AskSignature:
    """`item`: outside id of the task, `field`: of its form, `way`: "table" or "phone"."""

    item: str
    field: str
    way: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The request's outside id and its link; the code stands on the officer's page only."""

    id: str
    token: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be signed by whom."""

    document_id: int
    place: str
    signer_name: str
    party_id: int | None


def ask_signature(
    platform: Platform, actor: Actor, renderer: Renderer, command: AskSignature
) -> Asked:
    """Makes a link; an earlier one for the same place ends.

    Raises InvalidInputError (no such field), NotVisibleError, ForbiddenError, AlreadyDoneError,
    RuleError `signing.excluded` with the article, `signing.no_document`, RenderError; nothing is
    written then.
    """
    if command.way not in WAYS:
        raise InvalidInputError("web.bad_request")
    run_id, number = decode_item(command.item)
    with writing(platform, actor) as session:
        loaded = load_run(session, platform, run_id, unknown="cases.unknown_item")
        wanted = _wanted(session, platform, loaded, number, command)
    made = make_bytes(platform, renderer, wanted.document_id)
    token = secrets.token_urlsafe(24)
    now = platform.clock.now()
    with writing(platform, actor) as session:
        loaded = load_run(session, platform, run_id, unknown="cases.unknown_item")
        wanted = _wanted(session, platform, loaded, number, command)
        _end_others(session, run_id, number, command.field)
        row_id = platform.ids.next()
        secret = {"token": token, "code": _new_code()}
        row = Signature(
            id=row_id,
            case_id=loaded.case.id,
            run_id=run_id,
            item_number=number,
            field=command.field,
            document_id=wanted.document_id,
            document_sha256=made.sha256,
            place=wanted.place,
            signer_name=wanted.signer_name,
            party_id=wanted.party_id,
            way=command.way,
            state=OPEN,
            token_hash=token_hash(token),
            secret=seal_json(loaded.key, secret, secret_place(row_id)),
            tries=0,
            issued_by=actor.account_id,
            issued_at=now,
            expires_at=now + LIFE,
            signals=[],
            flagged=0,
        )
        session.add(row)
    return Asked(encode_id(row_id), token)


def withdraw_signature(platform: Platform, actor: Actor, item: str, field: str) -> None:
    """Ends an open link of a task and takes back a signature that does not count yet, so that it
    can be given again. Raises like `ask_signature`."""
    run_id, number = decode_item(item)
    with writing(platform, actor) as session:
        loaded = load_run(session, platform, run_id, unknown="cases.unknown_item")
        _open_item(loaded, number, actor)
        _end_others(session, run_id, number, field)


def token_hash(token: str) -> str:
    """What the database knows of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def secret_place(row_id: int) -> str:
    """Where link and code belong (see `cases.sealing`)."""
    return f"signature/{row_id}/secret"


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def _wanted(
    session: Session, platform: Platform, loaded: LoadedRun, number: int, command: AskSignature
) -> _Wanted:
    item = _open_item(loaded, number, session.actor)
    package = platform.catalogue.load(session, loaded.run.version_id)
    form = package.form_of(item["form"])
    field = form.find(command.field) if form is not None else None
    if field is None or field.widget is not Widget.SIGNATURE:
        raise InvalidInputError("signing.no_field")
    _check_law(platform, loaded, package, number)
    document = session.scalars(
        select(Document.id)
        .where(
            Document.run_id == loaded.run.id,
            Document.kind == field.signs,
            Document.state.in_((PENDING, READY)),
        )
        .order_by(Document.id.desc())
        .limit(1)
    ).one_or_none()
    if document is None:
        raise RuleError("signing.no_document")
    party = _party_of(loaded, item) if item["acts_for_party"] else None
    if party is not None:
        key = str(party["id"])
        return _Wanted(document, f"sign-{key}", str(party.get("name", "")), decode_id(key))
    username = session.actor.username
    name = load_named(session, (username,)).get(username, username)
    return _Wanted(document, f"sign-{field.name}", name, None)


def _open_item(loaded: LoadedRun, number: int, actor: Actor) -> Mapping[str, Any]:
    item = loaded.find_item(number)
    if item is None:
        raise AlreadyDoneError("cases.item_done")
    granted = any(part.account_id == actor.account_id for part in loaded.parts)
    check(actor, "complete", item_subject(item, granted=granted))
    return item


def _party_of(loaded: LoadedRun, item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The party a task is about: the innermost of its instances that is one."""
    parties = {str(party["id"]): party for party in loaded.facts().parties}
    return next((parties[key] for key in reversed(item["instance"]) if key in parties), None)


def _check_law(platform: Platform, loaded: LoadedRun, package: Package, number: int) -> None:
    """RuleError where the package's decision says that the law excludes it."""
    plan = package.manifest.signing
    if plan is None:
        raise RuleError("signing.not_offered")
    facts, today = loaded.facts(), today_of(platform.clock.now())
    world = World(facts.case, facts.parties, facts.unit, today)
    state = loaded.snapshot(package).state
    assert state is not None
    found = judge(package.process, world, state, number, plan.check)
    if found.get(ALLOWED) is not True:
        raise RuleError("signing.excluded", article=str(found.get(ARTICLE) or ""))


def _end_others(session: Session, run_id: int, number: int, field: str) -> None:
    session.execute(
        update(Signature)
        .where(
            Signature.run_id == run_id,
            Signature.item_number == number,
            Signature.field == field,
            Signature.state != "counted",
        )
        .values(state=WITHDRAWN, secret=None)
    )


def expired(row: Signature, now: datetime) -> bool:
    """Whether a link's time is over."""
    return now >= row.expires_at
