"""Accounts: signing in by password or token, adding, language, password."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NoReturn

from sqlalchemy import select

from workflows.errors import FieldError, ForbiddenError, InvalidFormError, InvalidInputError
from workflows.messages import LANGUAGES, Message
from workflows.organisation.actors import (
    Beside,
    FoundAccount,
    find_account,
    find_token_holder,
    load_actor,
)
from workflows.organisation.passwords import (
    hash_password,
    is_outdated,
    is_password,
    nobodys_hash,
    stamp_of,
    weakness,
)
from workflows.organisation.tables import OPEN_END, Account, ApiToken, Person, Post, Role
from workflows.organisation.units import load_unit
from workflows.storage import SYSTEM, Actor, Database, IdSource, Session
from workflows.storage.clock import local_day

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
TOKEN_BYTES = 32
USERNAME = re.compile(r"[a-z][a-z0-9_.-]{1,39}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A password was right. `stamp` changes with the password: sessions that hold another one
    are over."""

    actor: Actor
    stamp: str


def authenticate(database: Database, username: str, password: str, *, now: datetime) -> SignedIn:
    """Checks a password. Five wrong ones lock the account for 15 minutes.

    ForbiddenError("account.wrong") does not say which half was wrong,
    ForbiddenError("account.locked") when to come back. The hash is computed outside any write
    transaction; failures are counted even though this raises.
    """
    with database.reading(SYSTEM) as session:
        account = _find(session, username)
    if account is not None and account.locked_until is not None and account.locked_until > now:
        raise _locked(account.locked_until, now)
    right = is_password(account.password_hash if account else nobodys_hash(), password)
    if account is None or not account.active:
        raise ForbiddenError("account.wrong")
    if not right:
        _count_failure(database, account.id, now)
    elif account.failed_count or is_outdated(account.password_hash):
        account = _settle(database, account, password)
    with database.reading(SYSTEM) as session:
        actor = load_actor(session, account.id, local_day(now))
    return SignedIn(actor, stamp_of(account.password_hash))


def find_signed_in(session: Session, account_id: int, stamp: str, on: date) -> Actor | None:
    """The actor of a running session; None if the account is closed or the password another
    one since. One statement."""
    found = find_session(session, account_id, stamp, on)
    return found.actor if found is not None else None


def find_session(
    session: Session, account_id: int, stamp: str, on: date, beside: Beside | None = None
) -> FoundAccount | None:
    """Like `find_signed_in`, with the number that a room above wants in the same statement."""
    found = find_account(session, account_id, on, beside)
    if found is None or not found.active or stamp_of(found.password_hash) != stamp:
        return None
    return found


def find_by_token(session: Session, token: str, on: date) -> Actor | None:
    """The actor of an API token, None for an unknown one or a closed account. One statement."""
    found = find_token_holder(session, _token_hash(token), on)
    return found.actor if found is not None and found.active else None


def issue_token(session: Session, ids: IdSource, *, username: str, now: datetime) -> str:
    """A new token of an account: the only time it can be read."""
    account = load_account(session, username)
    token = f"fq_{secrets.token_urlsafe(TOKEN_BYTES)}"
    session.add(
        ApiToken(
            id=ids.next(), token_hash=_token_hash(token), account_id=account.id, created_at=now
        )
    )
    return token


def revoke_tokens(session: Session, username: str) -> int:
    """Ends all tokens of an account; returns how many there were."""
    account = load_account(session, username)
    tokens = session.scalars(select(ApiToken).where(ApiToken.account_id == account.id)).all()
    for token in tokens:
        session.delete(token)
    return len(tokens)


def load_account(session: Session, username: str) -> Account:
    """The account; InvalidInputError("account.unknown") if there is none."""
    account = _find(session, username)
    if account is None:
        raise InvalidInputError("account.unknown", username=username)
    return account


def add_account(
    session: Session,
    ids: IdSource,
    *,
    username: str,
    name: str,
    password: str,
    posts: Iterable[str] = (),
    now: datetime,
    language: str = LANGUAGES[0],
) -> Account:
    """Adds an account for a new person. `posts`: "role@unit-code", from today on.

    ForbiddenError unless the session's actor administers or is the system; InvalidFormError with
    every wrong field.
    """
    if not session.actor.is_system and "admin" not in session.actor.abilities:
        raise ForbiddenError("account.not_admin")
    held = _read_posts(session, username, password, posts)
    person = Person(id=ids.next(), name=name)
    account = Account(
        id=ids.next(),
        username=username,
        person_id=person.id,
        password_hash=hash_password(password),
        language=language,
        active=True,
        failed_count=0,
        created_at=now,
    )
    session.add(person)
    session.flush()
    session.add(account)
    for role, unit in held:
        session.add(new_post(ids, person.id, role, unit, local_day(now)))
    return account


def new_post(ids: IdSource, person: int, role: str, unit: str, from_on: date) -> Post:
    """An ordinary post without end."""
    return Post(
        id=ids.next(),
        person_id=person,
        role=role,
        unit_code=unit,
        from_on=from_on,
        to_on=OPEN_END,
        kind="任职",
    )


def set_language(session: Session, account_id: int, language: str) -> None:
    """Keeps the language with the account; InvalidInputError for one we do not speak."""
    if language not in LANGUAGES:
        raise InvalidInputError("account.language_unknown", language=language)
    account = session.get_one(Account, account_id)
    account.language = language


def set_email(session: Session, account_id: int, email: str | None, *, wants: bool) -> None:
    """Keeps an address that was checked (None: none) and whether notices are sent there."""
    account = session.get_one(Account, account_id)
    account.email, account.mail_notices = email, wants and email is not None


def change_password(
    database: Database, account_id: int, present: str, new: str, *, now: datetime
) -> str:
    """Sets a new password and returns its stamp; all other sessions end.

    InvalidFormError at "/present" or "/new"; wrong present passwords count like at sign-in.
    """
    with database.reading(SYSTEM) as session:
        account = session.get_one(Account, account_id)
    if account.locked_until is not None and account.locked_until > now:
        raise _locked(account.locked_until, now)
    weak = weakness(new, account.username)
    if weak is not None:
        raise InvalidFormError([FieldError("/new", weak)])
    if not is_password(account.password_hash, present):
        try:
            _count_failure(database, account_id, now)
        except ForbiddenError as refused:
            raise InvalidFormError([FieldError("/present", refused.message)]) from refused
    hashed = hash_password(new)
    with database.transaction(SYSTEM) as session:
        row = session.get_one(Account, account_id)
        row.password_hash, row.failed_count, row.locked_until = hashed, 0, None
    return stamp_of(hashed)


def _read_posts(
    session: Session, username: str, password: str, posts: Iterable[str]
) -> list[tuple[str, str]]:
    """The posts as (role, unit), everything checked."""
    wrong: list[FieldError] = []
    if not USERNAME.fullmatch(username):
        wrong.append(FieldError("/username", Message("account.username_malformed")))
    elif _find(session, username) is not None:
        wrong.append(FieldError("/username", Message("account.taken", {"username": username})))
    weak = weakness(password, username)
    if weak is not None:
        wrong.append(FieldError("/password", weak))
    held = []
    for number, text in enumerate(posts):
        try:
            held.append(read_post(session, text))
        except InvalidInputError as refused:
            wrong.append(FieldError(f"/posts/{number}", refused.message))
    if wrong:
        raise InvalidFormError(wrong)
    return held


def read_post(session: Session, text: str) -> tuple[str, str]:
    """(role, unit code) of "role@unit-code"; InvalidInputError if either is unknown."""
    role, _, unit = text.partition("@")
    if session.get(Role, role) is None:
        raise InvalidInputError("role.unknown", role=role)
    return role, load_unit(session, unit).code


def _find(session: Session, username: str) -> Account | None:
    return session.scalar(select(Account).where(Account.username == username))


def _count_failure(database: Database, account_id: int, now: datetime) -> NoReturn:
    """Counts under the lock and always raises: wrong, or locked from now on."""
    with database.transaction(SYSTEM) as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        if account.locked_until is not None and account.locked_until <= now:
            account.failed_count, account.locked_until = 0, None
        account.failed_count += 1
        if account.failed_count >= LOCK_AFTER:
            account.locked_until = now + LOCK_FOR
        locked_until = account.locked_until
    if locked_until is not None:
        raise _locked(locked_until, now)
    raise ForbiddenError("account.wrong")


def _settle(database: Database, account: Account, password: str) -> Account:
    """After a right password: failures forgotten, an old hash made anew."""
    stored = account.password_hash
    hashed = hash_password(password) if is_outdated(stored) else stored
    with database.transaction(SYSTEM) as session:
        row = session.get_one(Account, account.id)
        row.failed_count, row.locked_until, row.password_hash = 0, None, hashed
    return row


def _locked(until: datetime, now: datetime) -> ForbiddenError:
    minutes = max(1, -(-(until - now) // timedelta(minutes=1)))
    return ForbiddenError("account.locked", minutes=minutes)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
