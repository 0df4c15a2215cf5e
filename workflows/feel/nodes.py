"""The checked syntax tree. Every node knows its place in the text; none holds a Python object
other than FEEL values."""

from __future__ import annotations

from dataclasses import dataclass, field

from workflows.feel.errors import At
from workflows.feel.types import ANY, Type
from workflows.feel.values import Value


@dataclass(frozen=True, slots=True)
class Node:
    """`at`: line and column of its first character, or of its operator."""

    at: At


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name already found in its scope.

    `slot`: where a local is kept, None for a declared name. `items`: slots of the list elements
    of filters around it, innermost first, whose members come before the name itself.
    `known` False: only such a member can be meant.
    """

    name: str
    slot: int | None = None
    items: tuple[int, ...] = ()
    known: bool = True
    type: Type = ANY


@dataclass(frozen=True, slots=True)
class BuiltIn(Node):
    """One of FEEL's own functions, or one the host lends."""

    name: str
    host: bool = False


@dataclass(frozen=True, slots=True)
class Path(Node):
    base: Node
    member: str


@dataclass(frozen=True, slots=True)
class Descendants(Node):
    """`base...member`."""

    base: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[test]`; the element is kept in `slot`."""

    base: Node
    test: Node
    slot: int


@dataclass(frozen=True, slots=True)
class Call(Node):
    """Exactly one of `arguments` and `named` is used."""

    function: Node
    arguments: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`operator`: + - * / **"""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`operator`: = != < <= > >="""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Binding:
    """`name in source` or `name in start..end` of for, some, every."""

    name: str
    slot: int
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`partial`: slot of the list built so far."""

    bindings: tuple[Binding, ...]
    body: Node
    partial: int


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    every: bool
    bindings: tuple[Binding, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    parameters: tuple[str, ...]
    types: tuple[Type, ...]
    slots: tuple[int, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """Entries in order: (key, slot in which later entries see it, expression)."""

    entries: tuple[tuple[str, int, Node], ...]


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`start`/`end` None: open to that side (`(< 10)`). One node at both ends is `(= 10)`."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class CompareTest(Node):
    """Unary test `< 5`, `= "a"`, `!= 3`: the tested value stands left of the operator."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class ValueTest(Node):
    """Unary test written as an expression. `asks`: it contains `?` and so judges by itself."""

    expression: Node
    asks: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Alternatives, at least one of which must hold; none at all is `-`, which always holds."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    """`slot` holds the value while tests that contain `?` look at it."""

    value: Node
    tests: Tests
    slot: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed text: its root, how many slots its locals need, the declared names it reads."""

    root: Node
    slots: int
    used: frozenset[str] = field(default_factory=frozenset)
