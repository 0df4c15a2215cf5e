"""Passwords: argon2id, and what they must be like."""

from __future__ import annotations

import hashlib
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflows.messages import Message

LEAST_CHARACTERS = 10
"""NIST SP 800-63B § 3.1.1 asks for at least 8."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's smallest advised setting (19 MiB, 2 passes): a web worker has little memory."""


def hash_password(password: str) -> str:
    """The argon2id hash in PHC form."""
    return _HASHER.hash(password)


def is_password(stored: str, password: str) -> bool:
    """Whether the password belongs to the hash; False for a hash nobody can verify."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other settings than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def nobodys_hash() -> str:
    """A hash of no password: checked for unknown names, so that they take as long as known ones."""
    return hash_password("nobody has this password")


def stamp_of(stored: str) -> str:
    """What a session remembers of a password: another one after every change, tells nothing."""
    return hashlib.sha256(stored.encode()).hexdigest()[:16]


def weakness(password: str, username: str) -> Message | None:
    """Why a new password is refused, None if it is good enough."""
    if len(password) < LEAST_CHARACTERS:
        return Message("account.password_short", {"least": LEAST_CHARACTERS})
    if username.lower() in password.lower() or len(set(password)) < 4:
        return Message("account.password_guessable")
    return None
