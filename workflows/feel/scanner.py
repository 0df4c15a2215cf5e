"""Reads characters: space and comments, numbers, strings, words, operators.

There is no token list made in advance: what a word belongs to depends on the names known at that
place. DMN 1.5 §10.3.1.2 rules 33–41 and 61–64.
"""

from __future__ import annotations

import re
from decimal import Decimal

from workflows.feel.errors import At, FeelError, fault, line_starts, place
from workflows.feel.limits import MAX_DIGITS
from workflows.feel.names import WORD
from workflows.feel.values import number

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.(?!\.)\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FIRST_OF_NUMBER = frozenset("0123456789.")
_PLAIN_STRING = re.compile(r'"([^"\\\n\r]*)"')
_STRING_PIECE = re.compile(
    r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{6})|\\(['\"\\nrt])|(\\|[^\\\"\n\r]+)|(.)", re.DOTALL
)
_DESCENDANTS = re.compile(rf"\.\.\.\s*(?={WORD.pattern})")
"""Three dots before a name; before a number they are a range and a fraction (`1...5`)."""
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_OPERATORS = frozenset({"**", "..", "!=", "<=", ">=", "->"})
_FULL_WIDTH = dict(
    zip("，（）【】“”‘’：；＝＞＜＋－×÷。、｛｝", ",()[]\"\"'':;=><+-*/.,{}", strict=True)
)
_FOREIGN = {
    "==": "=",
    "&&": "and",
    "||": "or",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "!": "not(…)",
    "'": '"',
    "&": "and",
    "|": "or",
    "%": "modulo(a, b)",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
}


class Scanner:
    """A place in a text that moves forward."""

    __slots__ = ("_lines", "offset", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self._lines: list[int] | None = None
        self.skip()

    @property
    def at(self) -> At:
        """Where it stands now."""
        lines = self._lines
        if lines is None:
            lines = self._lines = line_starts(self.text)
        return place(lines, self.offset) if len(lines) > 1 else (1, self.offset + 1)

    @property
    def done(self) -> bool:
        """Nothing but space is left."""
        return self.offset >= len(self.text)

    def skip(self) -> None:
        """Go past space and comments."""
        if "!" <= (sign := self.text[self.offset : self.offset + 1]) <= "~" and sign != "/":
            return
        match = _SPACE.match(self.text, self.offset)
        assert match is not None
        self.offset = match.end()

    def move(self, offset: int) -> None:
        """Go on at `offset`, past the space there."""
        self.offset = offset
        self.skip()

    def operator(self) -> str:
        """The operator or bracket that stands here, "" at the end; does not move."""
        text, offset = self.text, self.offset
        pair = text[offset : offset + 2]
        if pair == ".." and _DESCENDANTS.match(text, offset):
            return "..."
        return pair if pair in _OPERATORS else text[offset : offset + 1]

    def accept(self, symbol: str) -> bool:
        """Go past `symbol` if exactly this operator stands here."""
        if self.operator() != symbol:
            return False
        self.move(self.offset + len(symbol))
        return True

    def expect(self, symbol: str) -> None:
        """Go past `symbol`; FeelError `expected` where something else stands."""
        if not self.accept(symbol):
            raise self.surprise(symbol)

    def refuse_foreign(self) -> None:
        """FeelError where a sign of another language begins like one of FEEL's (`==`)."""
        if self.text[self.offset : self.offset + 2] in _FOREIGN:
            raise self.surprise()

    def word(self) -> str | None:
        """The single word that stands here, or None; does not move."""
        match = WORD.match(self.text, self.offset)
        return match.group() if match else None

    def accept_word(self, word: str) -> bool:
        """Go past `word` if it stands here as a whole word."""
        if self.word() != word:
            return False
        self.move(self.offset + len(word))
        return True

    def expect_word(self, word: str) -> None:
        """Go past `word`; FeelError `expected` where something else stands."""
        if not self.accept_word(word):
            raise self.surprise(word)

    def surprise(self, expected: str | None = None) -> FeelError:
        """The error that says what stands here instead of `expected`."""
        if self.done:
            return fault(self.at, "unfinished", expected=expected or "…")
        pair = self.text[self.offset : self.offset + 2]
        for found in (pair, pair[:1]):
            if found in _FOREIGN:
                return fault(self.at, "foreign_sign", found=found, instead=_FOREIGN[found])
            if found in _FULL_WIDTH:
                return fault(self.at, "full_width", found=found, instead=_FULL_WIDTH[found])
        found = self.word() or self.operator()
        if expected is None:
            return fault(self.at, "unexpected", found=found)
        return fault(self.at, "expected", expected=expected, found=found)

    def number(self) -> Decimal | None:
        """The number literal that stands here; None where there is none."""
        if self.text[self.offset : self.offset + 1] not in _FIRST_OF_NUMBER:
            return None
        match = _NUMBER.match(self.text, self.offset)
        if match is None:
            return None
        at = self.at
        value = number(match.group())
        if value is None:
            raise fault(at, "limit_number", limit=MAX_DIGITS)
        self.move(match.end())
        return value

    def string(self) -> str | None:
        """The string literal that stands here, its escapes resolved; None where there is none."""
        if self.text[self.offset : self.offset + 1] != '"':
            return None
        plain = _PLAIN_STRING.match(self.text, self.offset)
        if plain is not None:
            self.move(plain.end())
            return plain.group(1)
        return self._escaped_string()

    def _escaped_string(self) -> str:
        start = self.at
        pieces: list[str] = []
        offset = self.offset + 1
        while True:
            match = _STRING_PIECE.match(self.text, offset)
            if match is None or match.group(5) not in (None, '"'):
                raise fault(start, "open_string")
            if match.group(5) == '"':
                break
            pieces.append(_piece(match))
            offset = match.end()
        self.move(offset + 1)
        try:
            return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise fault(start, "bad_escape") from None


def _piece(match: re.Match[str]) -> str:
    """One stretch of a string literal."""
    four, six, simple, plain = match.group(1, 2, 3, 4)
    if plain is not None:
        return plain
    if simple is not None:
        return _SIMPLE_ESCAPES.get(simple, simple)
    code = int(four or six, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
