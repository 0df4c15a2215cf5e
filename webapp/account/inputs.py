"""What the account's forms say, as small frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.pages.language import is_language
from webapp.pages.returns import safe_return
from webapp.security import check_text
from workflows.errors import FieldError, InvalidFormError, InvalidInputError
from workflows.messages import Message

MOST_NAME = 80
MOST_PASSWORD = 200
"""argon2 takes any length; longer texts are somebody's mistake or an attack."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A try to sign in."""

    username: str
    password: str = field(repr=False)
    next: str = "/"


@dataclass(frozen=True, slots=True)
class Passwords:
    """A wish for a new password; both entries of it were equal."""

    present: str = field(repr=False)
    new: str = field(repr=False)


def read_sign_in(form: Mapping[str, str]) -> SignIn:
    """Whatever was typed; empty and overlong values simply do not match an account."""
    return SignIn(
        username=check_text(form.get("username", "").strip())[:MOST_NAME],
        password=check_text(form.get("password", ""))[:MOST_PASSWORD],
        next=safe_return(form.get("next")),
    )


def read_language(form: Mapping[str, str]) -> str:
    """A language tag the product speaks; InvalidInputError for another."""
    language = form.get("language", "")
    if not is_language(language):
        raise InvalidInputError("web.unknown_choice", name=Message("web.language"))
    return language


def read_passwords(form: Mapping[str, str]) -> Passwords:
    """InvalidFormError with every empty field, and when the new ones differ."""
    values = {name: check_text(form.get(name, "")) for name in ("present", "new", "again")}
    wrong = [
        FieldError(f"/{name}", Message("web.password_missing"))
        for name, value in values.items()
        if not value
    ]
    if not wrong and values["new"] != values["again"]:
        wrong = [FieldError("/again", Message("web.password_mismatch"))]
    if wrong:
        raise InvalidFormError(wrong)
    return Passwords(values["present"], values["new"][:MOST_PASSWORD])
