"""A template: parsed once, rendered often, shared by threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from workflows.feel import compile_expression
from workflows.wording.blocks import Body, Choice, Loop, Piece, Print, Text, build
from workflows.wording.expressions import Expression
from workflows.wording.limits import Allowance
from workflows.wording.tags import read_tags

_as_text = compile_expression("string(value)", ("value",))


@dataclass(frozen=True, slots=True)
class Template:
    """A checked text.

    `names`: outer names it reads, loop variables excluded. A bare word inside a filter
    (`parties[kind = "person"]`) is not among them unless it is read elsewhere too: it may be a
    member of the element.
    """

    names: frozenset[str]
    _body: Body

    def render(self, context: Mapping[str, Any]) -> str:
        """The text filled in; values are HTML-escaped, null prints nothing.

        A name the context lacks, and a path that leads nowhere, are null. A loop over one value
        runs once, over null not at all. WordingError where a limit is passed.
        """
        pieces: list[str] = []
        _render(self._body, dict(context), pieces, Allowance())
        return "".join(pieces)


def parse(text: str) -> Template:
    """The template of a text. WordingError with line and reason."""
    body = build(tuple(read_tags(text)))
    names: frozenset[str] = frozenset()
    for expression in _expressions(body):
        names |= expression.names
    return Template(names, body)


def _expressions(body: Iterable[Piece]) -> Iterator[Expression]:
    for piece in body:
        if isinstance(piece, Print):
            yield piece.expression
        elif isinstance(piece, Loop):
            yield piece.source
            yield from _expressions(piece.body)
        elif isinstance(piece, Choice):
            for condition, inner in piece.branches:
                if condition is not None:
                    yield condition
                yield from _expressions(inner)


def _render(body: Body, context: dict[str, Any], out: list[str], allowance: Allowance) -> None:
    for piece in body:
        allowance.step(piece.line)
        if isinstance(piece, Text):
            _write(piece.text, piece.line, out, allowance)
        elif isinstance(piece, Print):
            _write(escape(_text(piece.expression.value(context))), piece.line, out, allowance)
        elif isinstance(piece, Choice):
            _render(_chosen(piece, context), context, out, allowance)
        else:
            for item in _items(piece.source.value(context)):
                allowance.step(piece.line)
                _render(piece.body, {**context, piece.variable: item}, out, allowance)


def _write(text: str, line: int, out: list[str], allowance: Allowance) -> None:
    allowance.write(text, line)
    out.append(text)


def _chosen(choice: Choice, context: Mapping[str, Any]) -> Body:
    for condition, body in choice.branches:
        if condition is None or condition.value(context) is True:
            return body
    return ()


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """What people read of a value: FEEL's `string`; nothing for null."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(_as_text({"value": value}) or "")
