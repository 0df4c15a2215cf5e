"""From one typed or posted value to one Python value, or a refusal with its sentence.

Readers take what an HTML form posts (text) and what JSON holds. What they return is what
expressions compute with: str, Decimal, int, bool, date, aware datetime, list, dict.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.formspec.fields import Field
from workflows.formspec.id_numbers import credit_code_fault, id_number_fault, normal_phone
from workflows.messages import Message

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_DIGITS = 15
"""Digits before the decimal point of any number."""
MOST_DECIMALS = 6
MOST_MONEY = Decimal("1000000000000")
"""A trillion yuan: beyond it somebody leaned on a key."""
MOST_RAW_LENGTH = 100_000
"""Longest text looked at for a value that is not free text."""

_DROPPED = dict.fromkeys(map(ord, "\u200b\ufeff"))
"""Zero-width space and byte order mark: pasted by accident, invisible, and they break search."""
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make a text read otherwise than it is stored."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})(?:年|-|/|\.)([0-9]{1,2})(?:月|-|/|\.)([0-9]{1,2})日?")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MOMENT = re.compile(
    r"(.*?[0-9日])(?:[T ]+|(?<=日))([0-9]{1,2})[:时点]([0-9]{1,2})?(?::[0-9]{2})?分?"
)
_ACCOUNT = re.compile(r"[\w.@-]{1,100}")
"""Also `role@unit-code`, as the demo names accounts it makes: roles are Chinese words."""
_OPAQUE = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RefusedError(Exception):
    """A value cannot be read. `message` is a finished `Message`."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


def refuse(field: Field, code: str, /, **params: object) -> RefusedError:
    """The refusal `form.<code>`; every sentence can name the field."""
    return RefusedError(message_for(field, code, **params))


def message_for(field: Field, code: str, /, **params: object) -> Message:
    """A sentence of this room about a field."""
    title = field.title
    words = {"title_zh": title["zh"], "title_en": title.get("en", title["zh"])}
    return Message(f"form.{code}", {**words, **params})


def is_empty(raw: Any) -> bool:
    """Whether nothing was answered: absent, null, blank text, an empty list or object."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.translate(_DROPPED).strip()
    return isinstance(raw, list | tuple | dict) and not raw


def clean_text(field: Field, raw: Any, *, lines: bool = False) -> str:
    """Text in NFC without surrounding blanks.

    Refused: anything that is not text, control characters (line breaks and tabs are fine where
    `lines`), lone surrogates, characters that reorder what one reads.
    """
    if not isinstance(raw, str):
        raise refuse(field, "not_text")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    for letter in text:
        if letter not in "\n\t" and (
            unicodedata.category(letter) in ("Cc", "Cs") or letter in _REORDERING
        ):
            raise refuse(field, "control_character")
    return unicodedata.normalize("NFC", text).strip()


def ascii_text(field: Field, raw: Any) -> str:
    """Short text with full-width letters and digits made plain."""
    if not isinstance(raw, str):
        raise refuse(field, "not_text")
    if len(raw) > MOST_RAW_LENGTH:
        raise refuse(field, "too_long", n=field.max_length or 200, now=len(raw))
    return unicodedata.normalize("NFKC", clean_text(field, raw))


def read_text(field: Field, raw: Any, *, lines: bool = False) -> str:
    """Free text within the field's limits."""
    text = clean_text(field, raw, lines=lines)
    if len(text) > field.max_length:
        raise refuse(field, "too_long", n=field.max_length, now=len(text))
    if len(text) < field.min_length:
        raise refuse(field, "too_short", n=field.min_length, now=len(text))
    if field.pattern and not _fits(field.pattern, text):
        raise refuse(field, "pattern")
    return text


def _fits(pattern: str, text: str) -> bool:
    import re2  # see properties.py

    return bool(re2.search(pattern, text))


def read_number(field: Field, raw: Any) -> Decimal | int:
    """A number: an int where the field wants whole numbers, else a Decimal."""
    number = _to_decimal(field, raw)
    if -number.as_tuple().exponent > MOST_DECIMALS:  # type: ignore[operator]
        raise refuse(field, "too_many_decimals", n=MOST_DECIMALS)
    _check_range(field, number, str)
    if not field.integer:
        return number
    if number != number.to_integral_value():
        raise refuse(field, "not_whole")
    return int(number)


def read_money(field: Field, raw: Any) -> Decimal:
    """Yuan with two decimals; 1.2万 is 12,000.00; never negative unless the field says so."""
    text, factor = raw, 1
    if isinstance(raw, str):
        text = ascii_text(field, raw).replace(" ", "").lstrip("¥").removesuffix("元")
        if text.endswith("万"):
            text, factor = text[:-1], 10_000
    amount = _to_decimal(field, text, code="not_money") * factor
    if amount != amount.quantize(Decimal("0.01")):
        raise refuse(field, "money_decimals")
    if field.minimum is None and amount < 0:
        raise refuse(field, "money_negative")
    if abs(amount) > MOST_MONEY:
        raise refuse(field, "money_too_much")
    _check_range(field, amount, lambda limit: f"{Decimal(limit):,.2f}")
    return amount.quantize(Decimal("0.01"))


def read_date(field: Field, raw: Any, today: date) -> date:
    """2026年10月9日, 2026-10-9, 2026/10/9, 2026.10.9, 20261009."""
    text = ascii_text(field, raw).replace(" ", "")
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        raise refuse(field, "not_date")
    day = _to_date(field, *map(int, match.groups()))
    for limit, code in ((field.earliest, "too_early"), (field.latest, "too_late")):
        bound = _bound(limit, today)
        if bound is None or (day >= bound if code == "too_early" else day <= bound):
            continue
        if limit == "today":
            raise refuse(field, f"{code}_today")
        raise refuse(field, code, limit=_day_words(bound))
    return day


def read_datetime(field: Field, raw: Any) -> datetime:
    """RFC 3339, or a date as above and a time like 9:05 or 9时5分; without offset: Shanghai."""
    text = ascii_text(field, raw)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or len(text) <= 10:
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise refuse(field, "not_datetime")
        day = read_date(field, match[1], date.min)
        try:
            moment = datetime.combine(day, time(int(match[2]), int(match[3] or 0)))
        except ValueError as error:
            raise refuse(field, "not_datetime") from error
    if not 1900 <= moment.year < 2200:
        raise refuse(field, "no_such_day")
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)


def read_boolean(field: Field, raw: Any) -> bool:
    """true and false, as JSON or as the text a form posts."""
    if raw is True or raw == "true":
        answer = True
    elif raw is False or raw == "false":
        answer = False
    else:
        raise refuse(field, "not_boolean")
    if field.must_be_true and not answer:
        raise refuse(field, "must_confirm")
    return answer


def read_choice(field: Field, raw: Any) -> str | int:
    """One of the choices, compared as text."""
    for choice in field.choices:
        if isinstance(raw, str | int) and not isinstance(raw, bool) and _same(choice.value, raw):
            return choice.value
    raise refuse(field, "not_a_choice")


def read_id_number(field: Field, raw: Any, today: date) -> str:
    """18 characters with a right check digit; blanks are ignored, x becomes X."""
    text = re.sub(r"[\s-]", "", ascii_text(field, raw)).upper()
    if fault := id_number_fault(text, today):
        raise refuse(field, fault, now=len(text))
    return text


def read_credit_code(field: Field, raw: Any) -> str:
    """18 characters with a right check character."""
    text = re.sub(r"[\s-]", "", ascii_text(field, raw)).upper()
    if fault := credit_code_fault(text):
        raise refuse(field, fault, now=len(text))
    return text


def read_phone(field: Field, raw: Any) -> str:
    """A phone number in one spelling. JSON numbers are not phone numbers."""
    phone = normal_phone(ascii_text(field, raw))
    if phone is None:
        raise refuse(field, "not_phone")
    return phone


def read_person(field: Field, raw: Any) -> str:
    """The username of an account; whether it exists is asked elsewhere."""
    text = clean_text(field, raw)
    if not _ACCOUNT.fullmatch(text):
        raise refuse(field, "not_person")
    return text


def read_unit(field: Field, raw: Any) -> str:
    """The code of a unit; whether it exists is asked elsewhere."""
    text = clean_text(field, raw)
    if not _OPAQUE.fullmatch(text):
        raise refuse(field, "not_unit")
    return text


def read_file_id(field: Field, raw: Any) -> str:
    """The opaque id of an uploaded file; whether it exists is asked elsewhere."""
    if not isinstance(raw, str) or not _OPAQUE.fullmatch(raw):
        raise refuse(field, "not_file")
    return raw


def _same(value: str | int, raw: str | int) -> bool:
    if isinstance(value, str):
        return isinstance(raw, str) and unicodedata.normalize("NFC", raw.strip()) == value
    return str(value) == str(raw).strip() if isinstance(raw, str) else value == raw


def _to_decimal(field: Field, raw: Any, code: str = "not_number") -> Decimal:
    """Text, int or finite float to a Decimal of reasonable size."""
    if isinstance(raw, bool):
        raise refuse(field, code)
    if isinstance(raw, int):
        if abs(raw) >= 10**MOST_DIGITS:
            raise refuse(field, "number_too_big")
        return Decimal(raw)
    if isinstance(raw, float):
        if abs(raw) < 10**MOST_DIGITS:
            return Decimal(format(raw, "f")) if "e" in repr(raw) else Decimal(repr(raw))
        raise refuse(field, "number_too_big" if raw == raw else code)
    if isinstance(raw, Decimal):
        raw = format(raw, "f") if raw.is_finite() and raw.adjusted() < 30 else ""
    text = ascii_text(field, raw).replace(" ", "").replace("−", "-")
    if not _NUMBER.fullmatch(text):
        raise refuse(field, code)
    plain = text.replace(",", "")
    if len(plain.split(".")[0].lstrip("+-0")) > MOST_DIGITS:
        raise refuse(field, "number_too_big")
    return Decimal(plain)


def _check_range(field: Field, number: Decimal, spell: Any) -> None:
    if field.minimum is not None and number < field.minimum:
        raise refuse(field, "too_small", limit=spell(field.minimum))
    if field.maximum is not None and number > field.maximum:
        raise refuse(field, "too_big", limit=spell(field.maximum))


def _to_date(field: Field, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise refuse(field, "no_such_day") from error
    if not 1900 <= year < 2200:
        raise refuse(field, "no_such_day")
    return found


def _bound(limit: str | None, today: date) -> date | None:
    if limit is None or today == date.min:
        return None
    return today if limit == "today" else date.fromisoformat(limit)


def _day_words(day: date) -> Message:
    return Message(
        "form.day", {"y": day.year, "m": day.month, "d": day.day, "iso": day.isoformat()}
    )
