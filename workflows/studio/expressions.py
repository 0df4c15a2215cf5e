"""One expression while it is typed: whether it reads, and what it gives on a sample case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.engine.expressions import (
    FUNCTIONS,
    TIMER_FUNCTIONS,
    BadExpressionError,
    Expressions,
    asking,
    expression_of,
)
from workflows.engine.scripts import ScriptError, parse_script
from workflows.errors import InvalidInputError
from workflows.feel import FeelError, compile_unary_tests, declare_names, using_day
from workflows.feel.signatures import SIGNATURES, Signature
from workflows.feel.value_text import value_text
from workflows.messages import Message
from workflows.studio.sample import SampleCase

KINDS = frozenset({"expression", "timer", "script", "unary"})
LONGEST = 20_000
LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as it is being typed. `names`, `case_names`: declared name → FEEL type."""

    text: str
    kind: str
    names: Mapping[str, str]
    case_names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` and `column` count from 1."""

    line: int
    column: int
    message: Message


@dataclass(frozen=True, slots=True)
class Looked:
    """`values`: (name, value as FEEL text) on the sample; the name is "" but for lines of a
    script. Empty without a sample, and for what cannot be read."""

    problems: tuple[Problem, ...]
    values: tuple[tuple[str, str], ...]


def look_at(typed: Typed, sample: SampleCase | None) -> Looked:
    """Every problem of the text, and its value where there is none. Raises InvalidInputError for
    a kind there is none of, or a text over the limit."""
    if typed.kind not in KINDS or len(typed.text) > LONGEST:
        raise InvalidInputError("web.bad_json")
    if not typed.text.strip():
        return Looked((), ())
    try:
        pieces = tuple(_pieces(typed))
        written = {piece.name: "any" for piece in pieces if piece.name}
        known = Expressions({**written, **typed.names}, typed.case_names)
        problems = tuple(_problems(typed, known, pieces))
    except ScriptError as broken:
        return Looked((Problem(broken.line, 1, broken.message),), ())
    except FeelError as wrong_type:
        return Looked((Problem(1, 1, wrong_type.message),), ())
    if problems or sample is None or typed.kind == "unary":
        return Looked(problems, ())
    return Looked((), tuple(_values(typed, known, pieces, sample)))


def list_functions() -> dict[str, tuple[str, ...]]:
    """Every function an expression may call → names of its parameters, sorted by name."""
    own = {name: function.parameters for name, function in TIMER_FUNCTIONS.items()}
    built_in = {name: _parameters(ways) for name, ways in SIGNATURES.items()}
    return dict(sorted({**built_in, **own}.items()))


def _parameters(ways: Sequence[Signature]) -> tuple[str, ...]:
    """Of the shortest way to call it."""
    return min((one.parameters for one in ways), key=len)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One expression of the text: the name it is given, and where it begins (from 0)."""

    name: str
    text: str
    row: int = 0
    column: int = 0


def _pieces(typed: Typed) -> Iterator[_Piece]:
    if typed.kind == "script":
        for one in parse_script(typed.text):
            yield _Piece(one.name, one.expression, one.line - 1, one.column - 1)
    else:
        yield _Piece("", expression_of(typed.text))


def _problems(typed: Typed, known: Expressions, pieces: tuple[_Piece, ...]) -> Iterator[Problem]:
    for piece in pieces:
        try:
            if typed.kind == "unary":
                compile_unary_tests(piece.text, declare_names(known.names, FUNCTIONS), FUNCTIONS)
            else:
                known.compile(piece.text, timer=typed.kind == "timer")
        except BadExpressionError as bad:
            yield _problem(piece, bad.cause)
        except FeelError as bad_test:
            yield _problem(piece, bad_test)


def _problem(piece: _Piece, cause: FeelError) -> Problem:
    column = cause.column + (piece.column if cause.line == 1 else 0)
    return Problem(piece.row + cause.line, column, cause.message)


def _values(
    typed: Typed, known: Expressions, pieces: tuple[_Piece, ...], sample: SampleCase
) -> Iterator[tuple[str, str]]:
    context: dict[str, Any] = {
        **{name: known.typed(name, value) for name, value in sample.data.items()},
        "case": known.typed_case(sample.case),
        "parties": list(sample.parties),
        "unit": dict(sample.unit),
        "today": sample.today,
    }
    with asking(lambda _role: ()), using_day(sample.today):
        for piece in pieces:
            compiled = known.compile(piece.text, timer=typed.kind == "timer")
            try:
                value = compiled.call(context)
                told = value_text(value)
            except FeelError:
                return
            if piece.name:
                context[piece.name] = value
            yield piece.name, "null" if told is None else told[:LONGEST_VALUE]
