"""From form, values and errors to what the templates read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from webapp.forms.conditions import tell
from webapp.forms.controls import KINDS, control
from webapp.forms.shown import Block, Input, Page, Row, Section, SignShown
from webapp.forms.spelling import title_of
from workflows.errors import FieldError
from workflows.formspec import Field, Form, Group, Store, Widget
from workflows.formspec.party import (
    MORE,
    ONLY_ORGANISATION,
    ONLY_PERSON,
    ORGANISATION,
    PERSON,
    SIDES,
)
from workflows.formspec.submission import text_of
from workflows.messages import say

INDEX_MARK, NUMBER_MARK = "__i__", "__n__"
"""Stand in the copied row where a script puts the row's index and number."""
USUAL_SIDES = SIDES[:2]
"""Sides of the first two parties of an empty form."""
SIDE_BY_SIDE = frozenset(
    {
        Widget.TEXT,
        Widget.NUMBER,
        Widget.MONEY,
        Widget.DATE,
        Widget.CHOICE,
        Widget.PERSON,
        Widget.UNIT,
        Widget.ID_NUMBER,
        Widget.CREDIT_CODE,
        Widget.PHONE,
    }
)
"""Short enough for two columns inside a row."""
ALONE = (".kind", ".address")
"""Fields of a party that take the whole width."""


NEVER = '["or"]'
"""A condition that facts of the case make false: such a question is left out."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the form cannot know by itself.

    `options`: (value, words) to choose from, by field name ("recorder", "rows.column") or by
    widget ("person", "unit"). `files`: id → (name, bytes) of uploaded files. `today`: the day a
    field whose default is today starts with. `signatures`: by field, where people can sign.
    `case`: plain facts, for what depends on them.
    """

    options: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    today: date | None = None
    signatures: Mapping[str, SignShown] = field(default_factory=dict)
    case: Mapping[str, Any] | None = None


class Builder:
    """Builds one page in one language."""

    def __init__(
        self,
        language: str,
        errors: Iterable[FieldError],
        warnings: Iterable[FieldError],
        known: Known,
    ) -> None:
        self.language = language
        self.known = known
        self.errors = _by_path(errors, language)
        self.warnings = _by_path(warnings, language)

    def page(self, form: Form, values: Mapping[str, Any]) -> Page:
        """All sections of the form."""
        sections = [
            self._section(form, index, group, values) for index, group in enumerate(form.groups)
        ]
        many = [name for name, one in form.walk() if one.widget is Widget.CHECKLIST or one.multiple]
        return Page(tuple(sections), tuple(many))

    def input(self, one: Field, value: Any) -> Input:
        """One question by itself."""
        return self._input(one, value, "", "")

    def _section(self, form: Form, index: int, group: Group, values: Mapping[str, Any]) -> Section:
        title = title_of(group.title, self.language)
        inputs = [
            self._input(one, values.get(one.name, self._default(one)), "", "")
            for name in group.fields
            if (one := form.find(name)) is not None
        ]
        inputs = [one for one in inputs if one.when != NEVER]
        hint = ""
        if len(inputs) == 1 and inputs[0].label == title:
            hint = inputs[0].help
            inputs = [replace(inputs[0], headed=False, help="")]
        return Section(f"s-{index}", title, hint, _blocks(inputs, group.pairs))

    def _input(self, one: Field, value: Any, prefix: str, pointer: str) -> Input:
        """The question `one`; `prefix` and `pointer` lead to the row it stands in."""
        name, path = f"{prefix}{one.name}", f"{pointer}/{one.name}"
        shown = Input(
            kind=KINDS[one.widget],
            id=id_of(name),
            name=name,
            label=title_of(one.title, self.language),
            help=title_of(one.help, self.language),
            error=self.errors.get(path, ""),
            warning=self.warnings.get(path, ""),
            when=self._when(one),
            optional=not one.required and not one.min_items,
        )
        if one.repeats:
            return self._table(one, value, shown, path)
        if one.widget is Widget.LOCATION:
            inside = value if isinstance(value, Mapping) else {}
            parts = [self._input(p, inside.get(p.name), f"{name}.", path) for p in one.fields]
            return replace(shown, parts=tuple(parts), id=parts[0].id)
        if one.widget is Widget.SIGNATURE:
            return replace(shown, kind="sign", signed=self.known.signatures.get(name))
        known = self.known.options
        options = known.get(_plain_name(name)) or known.get(str(one.widget)) or ()
        return control(one, value, shown, self.language, options, self.known.files)

    def _table(self, one: Field, value: Any, shown: Input, path: str) -> Input:
        rows = [row if isinstance(row, Mapping) else {} for row in _list(value)]
        rows += [{}] * (max(one.min_items, 1 if one.required else 0) - len(rows))
        keep = len(rows) <= one.min_items
        return replace(
            shown,
            kind="parties" if one.widget is Widget.PARTIES else "rows",
            length=one.min_items,
            most=one.max_items,
            rows=tuple(
                self._row(one, row, str(index), str(index + 1), f"{path}/{index}", keep)
                for index, row in enumerate(rows)
            ),
            blank=self._row(one, {}, INDEX_MARK, NUMBER_MARK, "", False),
        )

    def _row(
        self,
        one: Field,
        row: Mapping[str, Any],
        index: str,
        number: str,
        path: str,
        keep: bool,
    ) -> Row:
        prefix = f"{one.name}.{index}."
        is_party = one.widget is Widget.PARTIES
        row = _usual_party(row, index) if is_party else row
        columns = [c for c in one.fields if not (is_party and c.name == "id")]
        inputs = {
            column.name: self._input(column, row.get(column.name), prefix, path)
            for column in columns
        }
        inside = [shown for name, shown in inputs.items() if not (is_party and name in MORE)]
        folded = [shown for name, shown in inputs.items() if is_party and name in MORE]
        name = row.get("name") if is_party else None
        return Row(
            id=id_of(f"{one.name}.{index}"),
            prefix=prefix,
            number=number,
            name=text_of(name),
            tag=self._side(one, row) if is_party and name else "",
            hidden=(("id", text_of(row["id"])),) if is_party and row.get("id") else (),
            blocks=_party_blocks(one, inside) if is_party else _row_blocks(one, inside),
            more=(Block("two", tuple(folded)),) if folded else (),
            open=any(shown.error for shown in folded),
            error=self.errors.get(path, ""),
            remove=f"remove:{one.name}.{index}",
            kept=keep,
        )

    def _side(self, one: Field, row: Mapping[str, Any]) -> str:
        column = one.column("side")
        for choice in column.choices if column else ():
            if choice.value == row.get("side"):
                return title_of(choice.title, self.language)
        return ""

    def _default(self, one: Field) -> Any:
        if one.default == "today" and one.widget is Widget.DATE:
            return self.known.today.isoformat() if self.known.today else None
        return one.default

    def _when(self, one: Field) -> str:
        if one.store is Store.PARTY and one.name in ONLY_PERSON | ONLY_ORGANISATION:
            kind = PERSON if one.name in ONLY_PERSON else ORGANISATION
            return json.dumps(["=", "kind", kind])
        told = tell(one.visible.text, self.known.case) if one.visible else None
        if told is False:
            return NEVER
        return json.dumps(told, ensure_ascii=False) if isinstance(told, list) else ""


def id_of(name: str) -> str:
    """The id of the control with that name."""
    return "f-" + name.replace(".", "-")


def _by_path(errors: Iterable[FieldError], language: str) -> dict[str, str]:
    """The first sentence for every path."""
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.path, say(error.message, language))
    return found


def _plain_name(name: str) -> str:
    """`rows.3.column` → `rows.column`."""
    parts = name.split(".")
    return name if len(parts) < 3 else f"{parts[0]}.{parts[-1]}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _usual_party(row: Mapping[str, Any], index: str) -> Mapping[str, Any]:
    """A person; of blank ones the first applies and the second answers."""
    if row or not index.isdigit() or int(index) >= len(USUAL_SIDES):
        return {"kind": PERSON, **row}
    return {"kind": PERSON, "side": USUAL_SIDES[int(index)]}


def _blocks(inputs: Sequence[Input], pairs: Sequence[tuple[str, str]]) -> tuple[Block, ...]:
    """Conditional neighbours behind one bar, pairs side by side, everything else by itself."""
    blocks: list[Block] = []
    follows = {second: first for first, second in pairs}
    for shown in inputs:
        last = blocks[-1] if blocks else None
        if shown.when:
            bare = replace(shown, when="")
            if last is not None and last.when == shown.when:
                blocks[-1] = replace(last, inputs=(*last.inputs, bare))
            else:
                blocks.append(Block("then", (bare,), shown.when))
        elif last and last.inputs[-1].name == follows.get(shown.name) and not last.when:
            blocks[-1] = Block("two", (last.inputs[-1], shown))
        else:
            blocks.append(Block("", (shown,)))
    return tuple(blocks)


def _row_blocks(one: Field, inputs: Sequence[Input]) -> tuple[Block, ...]:
    """Short neighbours in two columns, so that a row is not longer than it must be."""
    blocks: list[Block] = []
    for block in _blocks(inputs, ()):
        short = not block.when and _is_short(one, block.inputs[0])
        if short and blocks and blocks[-1].style == "two":
            blocks[-1] = Block("two", blocks[-1].inputs + block.inputs)
        else:
            blocks.append(Block("two", block.inputs) if short else block)
    return tuple(
        Block("", block.inputs) if block.style == "two" and len(block.inputs) == 1 else block
        for block in blocks
    )


def _is_short(table: Field, shown: Input) -> bool:
    column = table.column(shown.name.rpartition(".")[2])
    return column is not None and column.widget in SIDE_BY_SIDE


def _party_blocks(one: Field, inputs: Sequence[Input]) -> tuple[Block, ...]:
    """What kind of party, its short fields in two columns, then what needs the whole width."""
    short: list[Input] = []
    wide: list[Input] = []
    for shown in inputs:
        is_short = _is_short(one, shown) and not shown.name.endswith(ALONE)
        (short if is_short else wide).append(shown)
    kind = tuple(shown for shown in wide if shown.name.endswith(".kind"))
    rest = tuple(shown for shown in wide if shown not in kind)
    blocks = (Block("", kind), Block("two", tuple(short)), Block("", rest))
    return tuple(block for block in blocks if block.inputs)
