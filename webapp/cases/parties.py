"""What the case page says of a party in one line: 男，汉族，1979年生，住北大街。"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from webapp.pages.formats import spoken
from workflows.cases.change_parties import WHYS
from workflows.cases.queries.records import PartyView
from workflows.messages import Message


def line(party: PartyView) -> str:
    """The facts of a party as one phrase, in the order people are used to."""
    said = (WORDS.get(name, str)(value) for name, value in party.facts)
    return _("，").join(said)


def ended(party: PartyView) -> str:
    """Why somebody is a party no more; "" for a party. A word of ours, or an officer's own."""
    why = party.ended or ""
    return spoken(Message(f"cases.party_{why}")) if why in WHYS else why


def _ethnicity(value: str) -> str:
    ending = _("%(name)s族", name="")
    return value if value.endswith(ending) else value + ending


def _born(value: str) -> str:
    return _("%(year)s年生", year=value[:4])


def _lives(value: str) -> str:
    return _("住%(place)s", place=value)


def _head(value: str) -> str:
    return _("法定代表人 %(name)s", name=value)


WORDS: Mapping[str, Callable[[str], str]] = {
    "ethnicity": _ethnicity,
    "birth_date": _born,
    "address": _lives,
    "legal_representative": _head,
}
"""How a fact is said; the others are said as they are."""
