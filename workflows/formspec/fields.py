"""What a form consists of. Frozen, shared by all threads, made by `load.py` only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from jsonschema.protocols import Validator

Titles: TypeAlias = Mapping[str, str]
"""{"zh": …, "en": …}"""


class Widget(StrEnum):
    """How a value is asked for. The words of `x-widget` in form schemas."""

    TEXT = "text"
    LONGTEXT = "longtext"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHECKLIST = "checklist"
    PARTIES = "parties"
    ROWS = "rows"
    ID_NUMBER = "id_number"
    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    PERSON = "person"
    UNIT = "unit"
    FILE = "file"
    SIGNATURE = "signature"
    LOCATION = "location"
    BOOLEAN = "boolean"


class Store(StrEnum):
    """Where a value lives. The words of `x-store` in form schemas."""

    PROCESS = "process"
    """In the engine's state; conditions of the diagram read it."""
    CASE = "case"
    """A fact of the case; expressions read it as `case.<name>`."""
    SEALED = "sealed"
    """A fact of the case that no expression, search or list may see."""
    PARTY = "party"
    """The case's parties."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice or checklist."""

    value: str | int
    title: Titles


@dataclass(frozen=True, slots=True)
class Condition:
    """When a field is asked: `text` is FEEL over the form's own fields, the names around a row,
    and `case`, `parties`, `unit`, `today`. `names`: the fields it reads."""

    text: str
    evaluate: Callable[[Mapping[str, Any]], Any]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `type`: FEEL type of its value. `minimum`, `maximum`: numbers and money. `min_length`,
    `max_length`: characters (code points). `min_items`, `max_items`: rows, parties, checks,
    files. `earliest`, `latest`: ISO date or "today". `multiple`: several files. `integer`: whole
    numbers only. `must_be_true`: a confirmation without which the form cannot go on. `pattern`:
    RE2 syntax, found anywhere in the text. `fields`: columns of rows and parties, parts of a
    location. `accept`: media types of files. `default`: shown where nothing is known yet, "today"
    for a date. `signs`: kind of the document a signature is put under. `scan_of`: kind of the
    document whose signed paper the file is.
    """

    name: str
    type: str
    widget: Widget
    title: Titles
    help: Titles = field(default_factory=dict)
    required: bool = False
    store: Store = Store.PROCESS
    choices: tuple[Choice, ...] = ()
    visible: Condition | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int = 0
    max_length: int = 0
    min_items: int = 0
    max_items: int = 0
    pattern: str | None = None
    earliest: str | None = None
    latest: str | None = None
    multiple: bool = False
    integer: bool = False
    must_be_true: bool = False
    fields: tuple[Field, ...] = ()
    accept: tuple[str, ...] = ()
    default: Any = None
    signs: str = ""
    scan_of: str = ""

    @property
    def repeats(self) -> bool:
        """Whether its value is a list of objects."""
        return self.widget in (Widget.ROWS, Widget.PARTIES)

    def column(self, name: str) -> Field | None:
        """The sub-field of that name."""
        return next((column for column in self.fields if column.name == name), None)


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the page. `pairs`: short fields shown side by side."""

    title: Titles
    fields: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """A form of one package version.

    `fields` in the order they are asked. `schema` and `ui` as written, for the API.
    `reading_order`: field names such that every field comes after those its visibility reads.
    `validator`: the schema without what the readers check themselves.
    """

    name: str
    title: Titles
    fields: tuple[Field, ...]
    groups: tuple[Group, ...]
    schema: Mapping[str, Any]
    ui: Mapping[str, Any]
    reading_order: tuple[str, ...]
    validator: Validator
    by_name: Mapping[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.fields})

    def find(self, name: str) -> Field | None:
        """The field of that name."""
        return self.by_name.get(name)

    @property
    def parties(self) -> Field | None:
        """The party list, if the form has one."""
        return next((one for one in self.fields if one.store is Store.PARTY), None)

    def stored_names(self) -> Mapping[str, tuple[str, str]]:
        """Names expressions may read: name → (FEEL type, "process" | "case")."""
        return {
            one.name: (one.type, str(one.store))
            for one in self.fields
            if one.store in (Store.PROCESS, Store.CASE)
        }

    def walk(self) -> Iterator[tuple[str, Field]]:
        """Every field and sub-field with its dotted name, in order."""
        for one in self.fields:
            yield one.name, one
            for column in one.fields:
                yield f"{one.name}.{column.name}", column
