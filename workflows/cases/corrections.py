"""One corrected value: where it stands, how it is checked, what changes. Pure.

A path is a JSON Pointer: `/case/<field>`, `/sealed/<field>`, `/parties/<position or id>/<field>`.
The new value is read by the field that asked for it, so a correction cannot bring in what the form
would have refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from workflows.cases.decision import FactsChange, Json, today_of
from workflows.cases.facts import PLAIN_PARTY_FIELDS
from workflows.cases.field_words import value_words
from workflows.catalogue.package import Package
from workflows.errors import FieldError, InvalidFormError, InvalidInputError, StaleRevisionError
from workflows.formspec.fields import Field, Store, Titles, Widget
from workflows.formspec.party import PARTY_FIELDS
from workflows.formspec.plain import to_plain
from workflows.formspec.reader import Reader
from workflows.messages import Message

ENDED = Field(
    "ended",
    "string",
    Widget.TEXT,
    {"zh": "不再是当事人的原因", "en": "Why no longer a party"},
    store=Store.PARTY,
    max_length=200,
)
REPRESENTS = Field(
    "represents", "string", Widget.TEXT, {"zh": "代表", "en": "Represents"}, max_length=64
)
GUARDIAN_OF = Field(
    "guardian_of", "string", Widget.TEXT, {"zh": "监护", "en": "Guardian of"}, max_length=64
)
Index: TypeAlias = Callable[[str], str]
OUTSIDE_FORMS = {field.name: field for field in (ENDED, REPRESENTS, GUARDIAN_OF)}
"""Party fields no form asks for: death or replacement of a party, and who stands for whom."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names. `party`: the stored plain party, None for a fact of the case."""

    field: Field
    store: str
    party: Mapping[str, Json] | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether its values may not be shown, not even in the timeline."""
        if self.party is not None:
            return self.field.name not in PLAIN_PARTY_FIELDS
        return self.store == "sealed"

    @property
    def title(self) -> Titles:
        """The field's title; a party's with the party's name before it."""
        if self.party is None:
            return self.field.title
        name = str(self.party.get("name", ""))
        return {lang: f"{name} · {self.field.title[lang]}" for lang in ("zh", "en")}


def is_correctable(field: Field) -> bool:
    """Whether a correction can bring in a new value: tables and files are entered anew."""
    return not field.repeats and field.widget not in (Widget.FILE, Widget.SIGNATURE)


def find_target(package: Package, parties: Sequence[Mapping[str, Json]], path: str) -> Target:
    """What `path` names. Raises InvalidInputError if there is no such value."""
    parts = path.split("/")
    if len(parts) == 3 and parts[0] == "" and parts[1] in ("case", "sealed"):
        field = _declared(package, parts[2], parts[1])
        if field is not None:
            return Target(field, parts[1])
    if len(parts) == 4 and parts[:2] == ["", "parties"]:
        party = _party(parties, parts[2])
        known = {field.name: field for field in PARTY_FIELDS} | OUTSIDE_FORMS
        known.pop("id", None)
        if party is not None and parts[3] in known:
            return Target(known[parts[3]], "party", party)
    raise InvalidInputError("cases.path_unknown", path=path[:120])


def read_value(target: Target, raw: Any, now: datetime) -> Json:
    """The new value, checked by its field. Raises InvalidFormError."""
    reader = Reader(today_of(now))
    if not is_correctable(target.field):
        raise InvalidInputError("cases.not_correctable", field=target.field.title)
    value = reader.read(target.field, raw, "/new")
    if reader.errors:
        raise InvalidFormError(reader.errors)
    if target.field.name in ("name", "kind", "side") and target.party is not None and not value:
        raise InvalidFormError([FieldError("/new", Message("cases.value_missing"))])
    return to_plain(target.field, value)


def check_old(found: Json, old: Json, target: Target) -> None:
    """Raises StaleRevisionError unless the value still is what the actor saw."""
    if _text(found) != _text(old):
        raise _changed(found, target)


def check_mark(found: Json, mark: str, path: str, target: Target, index: Index) -> None:
    """The same where the actor saw only a mark of the value (`value_mark`)."""
    if mark != value_mark(index, path, found):
        raise _changed(found, target)


def value_mark(index: Index, path: str, value: Json) -> str:
    """Stands for a value on a page that may not show it; equal for equal values at one place.
    `index`: the vault's blind index, so that nobody can try numbers until the mark fits."""
    return index(f"value {path} {_text(value)}")[:32]


def _changed(found: Json, target: Target) -> StaleRevisionError:
    shown = "—" if target.is_sealed else value_words(target.field, found)
    return StaleRevisionError("cases.value_changed", found=shown)


def check_new(found: Json, value: Json) -> None:
    """Raises InvalidFormError where nothing would change."""
    if _text(found) == _text(value):
        raise InvalidFormError([FieldError("/new", Message("cases.value_same"))])


def change_facts(target: Target, parties: Sequence[Mapping[str, Json]], value: Json) -> FactsChange:
    """The change of plain facts; empty for a sealed value."""
    if target.is_sealed:
        return FactsChange()
    if target.party is None:
        return FactsChange({target.field.name: value})
    changed = [
        {**party, target.field.name: value} if party is target.party else party for party in parties
    ]
    return FactsChange(parties=tuple(changed))


def _declared(package: Package, name: str, store: str) -> Field | None:
    for form in package.forms.values():
        field = form.find(name)
        if field is not None and field.store == store:
            return field
    return None


def _party(parties: Sequence[Mapping[str, Json]], which: str) -> Mapping[str, Json] | None:
    if which.isascii() and which.isdigit() and len(which) < 4:
        return parties[int(which)] if int(which) < len(parties) else None
    return next((party for party in parties if party.get("id") == which), None)


def _text(value: Json) -> str:
    return "" if value is None else str(value).strip()
