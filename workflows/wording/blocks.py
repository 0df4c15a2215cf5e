"""Tags → a tree of pieces: what is printed, decided and repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflows.feel.names import KEYWORDS
from workflows.wording.errors import fault
from workflows.wording.expressions import Expression, compile_text
from workflows.wording.limits import MAX_NESTING
from workflows.wording.tags import Tag

_WORD = re.compile(r"\s*(\w+)\b(.*)", re.DOTALL)
_LOOP = re.compile(r"\s*([^\W\d]\w*)\s+in\b(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Print:
    """A value, escaped; null prints nothing."""

    expression: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch whose condition is true; the last condition is None for `else`."""

    branches: tuple[tuple[Expression | None, Body], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Loop:
    """`body` once for each element, known as `variable`; nothing for null."""

    variable: str
    source: Expression
    body: Body
    line: int


Piece = Text | Print | Choice | Loop
Body = tuple[Piece, ...]


def build(tags: Sequence[Tag]) -> Body:
    """The tree of a whole template. WordingError names the line of the tag that is wrong."""
    builder = _Builder(tags)
    body, _ = builder.body(frozenset(), None)
    return body


class _Builder:
    def __init__(self, tags: Sequence[Tag]) -> None:
        self._tags = tags
        self._next = 0
        self._depth = 0

    def body(self, locals_: frozenset[str], opener: Tag | None) -> tuple[Body, Tag | None]:
        """Pieces up to the tag that ends or continues the block of `opener`, and that tag."""
        pieces: list[Piece] = []
        while self._next < len(self._tags):
            tag = self._tags[self._next]
            self._next += 1
            if tag.kind == "text":
                pieces.append(Text(tag.text, tag.line))
            elif tag.kind == "print":
                pieces.append(Print(compile_text(tag.text, tag.line, locals_), tag.line))
            elif _word(tag) in _CONTINUING:
                if opener is None:
                    raise fault(tag.line, "stray_tag", tag=_word(tag))
                return tuple(pieces), tag
            else:
                pieces.append(self._block(tag, locals_))
        if opener is not None:
            raise fault(opener.line, "unclosed_block", tag=_word(opener))
        return tuple(pieces), None

    def _block(self, tag: Tag, locals_: frozenset[str]) -> Piece:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise fault(tag.line, "limit_nesting", limit=MAX_NESTING)
        word = _word(tag)
        if word == "if":
            piece: Piece = self._choice(tag, locals_)
        elif word == "for":
            piece = self._loop(tag, locals_)
        else:
            raise fault(tag.line, "unknown_tag", tag=word or tag.text.strip()[:40])
        self._depth -= 1
        return piece

    def _choice(self, tag: Tag, locals_: frozenset[str]) -> Choice:
        branches: list[tuple[Expression | None, Body]] = []
        part: Tag = tag
        while True:
            condition = _condition(part, locals_)
            body, closing = self.body(locals_, tag)
            assert closing is not None
            branches.append((condition, body))
            if _word(closing) == "end":
                _nothing_more(closing)
                return Choice(tuple(branches), tag.line)
            if condition is None:
                raise fault(closing.line, "after_else", tag=_word(closing))
            part = closing

    def _loop(self, tag: Tag, locals_: frozenset[str]) -> Loop:
        match = _LOOP.fullmatch(_rest(tag))
        if match is None or match[1] in KEYWORDS:
            raise fault(tag.line, "bad_loop")
        variable = match[1]
        source = compile_text(match[2], _line_of(tag, match[2]), locals_)
        body, closing = self.body(locals_ | {variable}, tag)
        assert closing is not None
        if _word(closing) != "end":
            raise fault(closing.line, "stray_tag", tag=_word(closing))
        _nothing_more(closing)
        return Loop(variable, source, body, tag.line)


_CONTINUING = frozenset({"elif", "else", "end"})


def _word(tag: Tag) -> str:
    match = _WORD.fullmatch(tag.text)
    return match[1] if match else ""


def _rest(tag: Tag) -> str:
    match = _WORD.fullmatch(tag.text)
    return match[2] if match else ""


def _condition(tag: Tag, locals_: frozenset[str]) -> Expression | None:
    if _word(tag) == "else":
        _nothing_more(tag)
        return None
    rest = _rest(tag)
    return compile_text(rest, _line_of(tag, rest), locals_)


def _line_of(tag: Tag, ending: str) -> int:
    """The line on which the ending of a tag's text begins."""
    return tag.line + tag.text.count("\n", 0, len(tag.text) - len(ending))


def _nothing_more(tag: Tag) -> None:
    if _rest(tag).strip():
        raise fault(tag.line, "text_behind", tag=_word(tag))
