"""Citizen ID numbers (GB 11643), unified social credit codes (GB 32100), phone numbers."""

from __future__ import annotations

import re
from datetime import date

PROVINCES = frozenset(
    {"82", "83", "81", "71", *map(str, range(11, 16)), *map(str, range(21, 24))}
    | {*map(str, range(31, 38)), *map(str, range(41, 47)), *map(str, range(50, 55))}
    | {*map(str, range(61, 66))}
)
"""First two digits of administrative codes (GB/T 2260); 83: residents from Taiwan."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

_MOBILE = re.compile(r"1[0-9]{10}")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_LINE = r"(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([1-9][0-9]{6,7})"
_LANDLINE = re.compile(_LINE)
_EXTENDED = re.compile(_LINE + r"(?:转|x|X|#|,|-)([0-9]{1,6})")


def id_number_fault(text: str, today: date) -> str | None:
    """Why `text` cannot be an ID number, as the last part of a message code; None if it can.

    `text` is already upper case without spaces. GB 11643-1999 §4: six digits of area, birth
    date, three of order, one check character.
    """
    if len(text) != 18:
        return "id_length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return "id_characters"
    born = birth_date_of(text)
    if born is None or not date(1850, 1, 1) <= born <= today:
        return "id_birth_date"
    if _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, text, strict=False)) % 11] != text[17]:
        return "id_check"
    return None


def knows_area(id_number: str) -> bool:
    """Whether the area exists: a province, or 9 + province in a foreigner's residence number."""
    return id_number[:2] in PROVINCES or (id_number[0] == "9" and id_number[1:3] in PROVINCES)


def birth_date_of(id_number: str) -> date | None:
    """The birth date inside a well-formed number, None if there is no such day."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def gender_of(id_number: str) -> str:
    """男 for an odd order number, 女 for an even one."""
    return "男" if int(id_number[16]) % 2 else "女"


def credit_code_fault(text: str) -> str | None:
    """Why `text` cannot be a credit code (GB 32100-2015 §4), or None."""
    if len(text) != 18:
        return "credit_length"
    if any(letter not in _CREDIT_ALPHABET for letter in text):
        return "credit_characters"
    pairs = zip(_CREDIT_WEIGHTS, text, strict=False)
    total = sum(weight * _CREDIT_ALPHABET.index(letter) for weight, letter in pairs)
    if _CREDIT_ALPHABET[(31 - total % 31) % 31] != text[17]:
        return "credit_check"
    return None


def normal_phone(text: str) -> str | None:
    """A phone number in one spelling, or None if it is none.

    Mobile: 11 digits that start with 1. Landline: 0937-2612345, with extension
    0937-2612345转801. 400 and 800 numbers: ten digits. `text` is ASCII where it can be.
    """
    compact = re.sub(r"[\s()（）.·]", "", text)
    compact = re.sub(r"^(\+|00)?86-?(?=[01])", "", compact)
    digits = compact.replace("-", "")
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    if plain := _LANDLINE.fullmatch(compact):
        return f"{plain[1]}-{plain[2]}"
    if long := _EXTENDED.fullmatch(compact):
        return f"{long[1]}-{long[2]}转{long[3]}"
    return None
