"""Differences between decision tables: hit policy, columns, and rules wherever they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from workflows.catalogue.source import PackageSource
from workflows.decisions import DecisionError, Sheet, load
from workflows.decisions.source import read_xml
from workflows.rollout.compare.changes import (
    Change,
    Detail,
    Group,
    Kind,
    both,
    differing,
    paired,
)

ORDERED = frozenset({"FIRST", "RULE ORDER"})
"""Hit policies under which the order of the rules decides."""
ANYTHING = "-"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. `text`: its logic as canonical XML; `sheet` None where it is no table."""

    name: str
    text: str
    sheet: Sheet | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A rule by its columns. `number`: where it stands, from 1."""

    number: int
    cells: Mapping[str, str]

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((name, text) for name, text in self.cells.items() if text != ANYTHING))

    def likeness(self, other: _Row) -> int:
        """How many cells are the same."""
        return sum(other.cells.get(name, ANYTHING) == text for name, text in self.cells.items())


def read_decided(source: PackageSource | None) -> dict[str, Decided]:
    """Decisions by id; files that are broken are left out."""
    found: dict[str, Decided] = {}
    for content in source.under("bpmn", ".dmn").values() if source else ():
        try:
            decisions, root = load(content), read_xml(content)
        except DecisionError:
            continue
        for node in root:
            key = node.get("id")
            if key not in decisions.names:
                continue
            text = _canonical(node)
            found[key] = Decided(node.get("name") or key, text, _sheet(decisions.sheet(key)))
    return found


def _canonical(node: Any) -> str:
    text = etree.tostring(node, encoding="unicode", with_tail=False)
    return str(etree.canonicalize(text, strip_text=True))


def _sheet(sheet: Sheet | None) -> Sheet | None:
    """None too where two columns have one label: their cells cannot be told apart."""
    if sheet is None or any(len(rule.tests) != len(sheet.inputs) for rule in sheet.rules):
        return None
    return sheet


def compare_decided(
    before: Mapping[str, Decided], after: Mapping[str, Decided]
) -> Iterator[Change]:
    """Decisions that came or went; in those on both sides columns and rules."""
    for key, kind in paired(before, after):
        one = after.get(key) or before[key]
        if kind is not None:
            yield Change(Group.TABLE, kind, "decision", key, both(one.name), key, both(one.name))
        elif before[key].text != after[key].text:
            yield from _inside(key, before[key], after[key])


def _inside(key: str, before: Decided, after: Decided) -> Iterator[Change]:
    """Changes of one decision; one change without details where it is not, or no longer, a table
    whose cells can be compared."""
    title = both(after.name)
    found = [] if before.sheet is None or after.sheet is None else [
        *_head(key, before.name, before.sheet, after.name, after.sheet),
        *_rows(key, after.name, before.sheet, after.sheet),
    ]  # fmt: skip
    if before.sheet is None or after.sheet is None:
        yield Change(Group.TABLE, Kind.CHANGED, "decision", key, title, key, title)
    yield from found


def _head(key: str, old_name: str, old: Sheet, new_name: str, new: Sheet) -> Iterator[Change]:
    was = {"title_zh": old_name, "hit": old.hit, **_columns(old)}
    now = {"title_zh": new_name, "hit": new.hit, **_columns(new)}
    details = differing(was, now)
    shared = {_bare(row).key for row in _rules(old)} & {_bare(row).key for row in _rules(new)}
    orders = [
        [row.key for row in map(_bare, _rules(sheet)) if row.key in shared] for sheet in (old, new)
    ]
    if new.hit in ORDERED and orders[0] != orders[1]:
        numbers = [_numbers(sheet, shared) for sheet in (old, new)]
        details += (Detail("order", numbers[0], numbers[1]),)
    if details:
        title = both(new_name)
        yield Change(Group.TABLE, Kind.CHANGED, "decision", key, title, key, title, details)


def _numbers(sheet: Sheet, shared: set[tuple[tuple[str, str], ...]]) -> str:
    """The rules that are on both sides, in this side's order, by their first cells."""
    rows = [row for row in _rules(sheet) if _bare(row).key in shared]
    return "；".join(f"{row.number}. {_words(row)}" for row in rows)


def _columns(sheet: Sheet) -> dict[str, str]:
    inputs = {f"input:{label}": text for label, text in sheet.inputs.items()}
    return inputs | {f"output:{name}": label or name for name, label in sheet.outputs.items()}


def _rules(sheet: Sheet) -> list[_Row]:
    rows = []
    for rule in sheet.rules:
        cells = dict(zip(sheet.inputs, (text or ANYTHING for text in rule.tests), strict=True))
        results = {
            f"= {label or name}": text
            for (name, label), text in zip(sheet.outputs.items(), rule.results, strict=True)
        }
        note = {"note": rule.note} if rule.note else {}
        rows.append(_Row(rule.number, cells | results | note))
    return rows


def _bare(row: _Row) -> _Row:
    """The row without its note, which decides nothing."""
    return _Row(row.number, {name: text for name, text in row.cells.items() if name != "note"})


def _rows(key: str, name: str, before: Sheet, after: Sheet) -> Iterator[Change]:
    """Rules by what they say: equal ones are the same wherever they stand, the rest are matched
    by the most cells in common, at least half of them."""
    old, new = _unequal(_rules(before), _rules(after))
    for row in new:
        twin = max(old, key=row.likeness, default=None)
        if twin is None or 2 * row.likeness(twin) < len(row.cells):
            yield _change(key, name, Kind.ADDED, row, {}, row.cells)
        else:
            old.remove(twin)
            yield _change(key, name, Kind.CHANGED, row, twin.cells, row.cells)
    for row in old:
        yield _change(key, name, Kind.REMOVED, row, row.cells, {})


def _unequal(before: list[_Row], after: list[_Row]) -> tuple[list[_Row], list[_Row]]:
    counts = Counter(row.key for row in before) & Counter(row.key for row in after)
    return _without(before, Counter(counts)), _without(after, Counter(counts))


def _without(rows: list[_Row], counts: Counter[tuple[tuple[str, str], ...]]) -> list[_Row]:
    left = []
    for row in rows:
        if counts[row.key]:
            counts[row.key] -= 1
        else:
            left.append(row)
    return left


def _change(
    key: str, name: str, kind: Kind, row: _Row, was: Mapping[str, str], now: Mapping[str, str]
) -> Change:
    old, new = ({f"cell:{name}": text for name, text in cells.items()} for cells in (was, now))
    title = {"zh": f"第 {row.number} 行", "en": f"rule {row.number}"}
    details = differing(old, new)
    number = str(row.number)
    return Change(Group.TABLE, kind, "rule", key, both(name), number, title, details)


def _words(row: _Row) -> str:
    return " · ".join(text for text in _bare(row).cells.values() if text != ANYTHING)[:60]
