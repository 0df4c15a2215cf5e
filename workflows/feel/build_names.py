"""Closures of names and members. DMN 1.5 §10.3.2.5, table 65."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from workflows.feel.errors import At, fault
from workflows.feel.frames import READY, UNSET, Run, load
from workflows.feel.limits import MAX_CALLS, Budget
from workflows.feel.nodes import Descendants, Name, Node, Path
from workflows.feel.temporal import PROPERTIES
from workflows.feel.values import Value, normal

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler


def build_name(compiler: Compiler, node: Name) -> Run:
    """A local, a member of a filtered element, or a declared name."""
    outer = _itself(compiler, node)
    if not node.items:
        return outer
    name, items = node.name, node.items

    def read(context: Mapping[str, Any], frame: Any) -> Value:
        for slot in items:
            element = frame[slot]
            if type(element) is dict and name in element:
                return element[name]
        return outer(context, frame)

    return read


def _itself(compiler: Compiler, node: Name) -> Run:
    name, slot, at = node.name, node.slot, node.at
    if slot is not None:
        return lambda _context, frame: frame[slot]
    if not node.known:
        return lambda _context, _frame: None
    if compiler.framed:
        return _cached(compiler, (name,), lambda context: load(context, name, at))

    def read(context: Mapping[str, Any], _frame: Any) -> Value:
        value = context.get(name)
        return value if type(value) in READY else normal(value, at)

    return read


def _cached(
    compiler: Compiler, path: tuple[str, ...], fetch: Callable[[Mapping[str, Any]], Value]
) -> Run:
    """Reads the context once an evaluation, however often a loop asks."""
    slot = compiler.cache_slot(path)

    def read(context: Mapping[str, Any], frame: Any) -> Value:
        value = frame[slot]
        if value is UNSET:
            value = frame[slot] = fetch(context)
        return value

    return read


def build_path(compiler: Compiler, node: Path) -> Run:
    """`base.member`."""
    found = _raw(node)
    at, name = node.at, node.member
    if found is not None:
        path, raw = found
        if compiler.framed:
            return _cached(compiler, path, lambda context: normal(raw(context), at))
        return lambda context, _frame: normal(raw(context), at)
    base = compiler.build(node.base)
    return lambda context, frame: member(base(context, frame), name)


def build_descendants(compiler: Compiler, node: Descendants) -> Run:
    """`base...member`: all values of that name at any depth, nulls left out."""
    base, name, at = compiler.build(node.base), node.member, node.at

    def run(context: Mapping[str, Any], frame: Any) -> list[Value]:
        found: list[Value] = []
        _collect(base(context, frame), name, found, frame[-1], at, 0)
        return found

    return run


def _collect(
    value: Value, name: str, found: list[Value], budget: Budget, at: At, depth: int
) -> None:
    if depth > MAX_CALLS:
        raise fault(at, "limit_depth", limit=MAX_CALLS)
    if type(value) is list:
        budget.spend(len(value), at)
        for item in value:
            _collect(item, name, found, budget, at, depth + 1)
    elif type(value) is dict:
        budget.spend(len(value), at)
        for key, item in value.items():
            if key == name and item is not None:
                found.append(item)
            _collect(item, name, found, budget, at, depth + 1)


def _raw(node: Node) -> tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Any]] | None:
    """A chain of members from a declared name, read without converting what lies beside it."""
    if isinstance(node, Name):
        name = node.name
        if node.slot is not None or node.items or not node.known:
            return None
        return (name,), lambda context: context.get(name)
    if not isinstance(node, Path):
        return None
    found = _raw(node.base)
    if found is None:
        return None
    path, base = found
    name, at = node.member, node.at

    def read(context: Mapping[str, Any]) -> Any:
        value = base(context)
        if type(value) is dict or isinstance(value, Mapping):
            return value.get(name)
        return None if value is None else member(normal(value, at), name)

    return (*path, name), read


def member(value: Value, name: str) -> Value:
    """`value.name`: an entry of a context, of each context of a list, or a property."""
    kind = type(value)
    if kind is dict:
        return value.get(name)
    if kind is list:
        return [member(item, name) for item in value]
    properties = PROPERTIES.get(kind)
    if properties is None or name not in properties:
        return None
    return properties[name](value)
