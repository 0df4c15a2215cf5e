"""DMN elements → `Model`. Refuses double ids, requirements that lead nowhere or in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from workflows.decisions.errors import Where, fault
from workflows.decisions.imports import File, Files
from workflows.decisions.limits import MAX_NESTING
from workflows.decisions.model import (
    Decision,
    InputData,
    Item,
    Knowledge,
    Model,
    Named,
    Service,
    Text,
)
from workflows.decisions.read_logic import (
    check_language,
    read_function_of,
    read_whole_logic,
    type_ref,
)
from workflows.decisions.source import child, children, place, tag, text_of

_REQUIRED = ("requiredDecision", "requiredInput")


def read_model(files: Files) -> Model:
    """Everything a file and its imports say. DecisionError names the element that is wrong."""
    model = Model({}, {}, {}, {}, {}, files.prefixes)
    for file in files.files:
        check_language(file.root)
        _add_elements(file, model)
        items = map(read_item, children(file.root, "itemDefinition"))
        model.items.update((item.name, item) for item in items)
    _check_requirements(model)
    return model


def _add_elements(file: File, model: Model) -> None:
    for node in children(
        file.root, "inputData", "decision", "businessKnowledgeModel", "decisionService"
    ):
        key, name = _identity(node)
        if any(key in group for group in model.groups):
            raise fault(Where(key), "id_twice")
        kind = tag(node)
        if kind == "inputData":
            model.inputs[key] = InputData(key, name, _variable(node, name), file.home)
        elif kind == "decision":
            model.decisions[key] = _decision(node, key, name, file.home)
        elif kind == "businessKnowledgeModel":
            model.knowledge[key] = _knowledge(node, key, name, file.home)
        else:
            model.services[key] = _service(node, key, name, file.home)


def _identity(node: Any) -> tuple[str, str]:
    """(id, name); either stands for the other where it is missing."""
    name = " ".join((node.get("name") or "").split())
    key = str(node.get("id") or name)
    if not key:
        raise fault(Where(place(node)), "no_id", tag=tag(node))
    return key, name or key


def _variable(node: Any, name: str) -> Named:
    variable = child(node, "variable", "informationItem")
    if variable is None:
        return Named(name)
    return Named(" ".join((variable.get("name") or name).split()), type_ref(variable))


def _references(node: Any, *tags: str) -> tuple[str, ...]:
    """Ids behind `href="#id"` or `href="namespace#id"`, each once, in order."""
    hrefs = [str(part.get("href") or "") for part in children(node, *tags)]
    found = (h[1:] if h.startswith("#") else h.rpartition("#")[2] for h in hrefs)
    return tuple(dict.fromkeys(found))


def _all_references(node: Any, kind: str, *tags: str) -> tuple[str, ...]:
    found = (key for part in children(node, kind) for key in _references(part, *tags))
    return tuple(dict.fromkeys(found))


def _decision(node: Any, key: str, name: str, home: str) -> Decision:
    return Decision(
        id=key,
        name=name,
        variable=_variable(node, name),
        logic=read_whole_logic(node),
        requires=_all_references(node, "informationRequirement", *_REQUIRED),
        knows=_all_references(node, "knowledgeRequirement", "requiredKnowledge"),
        home=home,
    )


def _knowledge(node: Any, key: str, name: str, home: str) -> Knowledge:
    body = child(node, "encapsulatedLogic")
    return Knowledge(
        id=key,
        name=name,
        variable=_variable(node, name),
        function=None if body is None else read_function_of(body),
        knows=_all_references(node, "knowledgeRequirement", "requiredKnowledge"),
        home=home,
    )


def _service(node: Any, key: str, name: str, home: str) -> Service:
    return Service(
        id=key,
        name=name,
        variable=_variable(node, name),
        outputs=_references(node, "outputDecision"),
        parameters=_references(node, "inputData") + _references(node, "inputDecision"),
        home=home,
    )


def read_item(node: Any, depth: int = 0) -> Item:
    """An item definition or component with all its parts."""
    where = Where(place(node))
    if depth > MAX_NESTING:
        raise fault(where, "nested_too_deeply", most=MAX_NESTING)
    name = " ".join((node.get("name") or "").split())
    reference = child(node, "typeRef")
    function = child(node, "functionItem")
    return Item(
        name=name,
        where=where,
        type=None if reference is None else "".join(reference.itertext()).strip() or None,
        collection=node.get("isCollection") in ("true", "1"),
        members=tuple(read_item(part, depth + 1) for part in children(node, "itemComponent")),
        result=None if function is None else str(function.get("outputTypeRef") or "Any"),
        parameters=() if function is None else tuple(map(_named, children(function, "parameters"))),
        allowed=_tests(node, "allowedValues"),
        constraint=_tests(node, "typeConstraint"),
    )


def _named(node: Any) -> Named:
    return Named(" ".join((node.get("name") or "").split()), type_ref(node))


def _tests(node: Any, name: str) -> Text | None:
    found = child(node, name)
    text = text_of(found)
    return Text(text, Where(place(node))) if text else None


def _check_requirements(model: Model) -> None:
    edges = {key: tuple(_needs(model, key)) for key in _elements(model)}
    for key, needs in edges.items():
        for needed in needs:
            if needed not in edges:
                raise fault(Where(key), "reference_unknown", reference=needed)
    _check_acyclic(edges)


def _elements(model: Model) -> Iterator[str]:
    return chain.from_iterable(model.groups)


def _needs(model: Model, key: str) -> Iterable[str]:
    if key in model.decisions:
        return model.decisions[key].requires + model.decisions[key].knows
    if key in model.knowledge:
        return [other for other in model.knowledge[key].knows if other != key]
    if key in model.services:
        return model.services[key].outputs + model.services[key].parameters
    return ()


def _check_acyclic(edges: Mapping[str, tuple[str, ...]]) -> None:
    """A knowledge model may know itself (recursion); nothing else may come back to itself."""
    done: set[str] = set()
    for start in edges:
        path: list[tuple[str, Iterator[str]]] = [(start, iter(edges[start]))]
        open_ = {start}
        while path:
            key, rest = path[-1]
            following = next((n for n in rest if n not in done), None)
            if following is None:
                done.add(key)
                open_.discard(key)
                path.pop()
            elif following in open_:
                raise fault(Where(following), "cyclic")
            else:
                open_.add(following)
                path.append((following, iter(edges[following])))


def in_order(model: Model, key: str, stop: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Ids of the decisions that `key` needs, each behind those it needs, `key` last.

    `stop`: decisions that are given and so neither made nor looked behind.
    """
    order: list[str] = []
    seen: set[str] = set(stop)
    path: list[tuple[str, Iterator[str]]] = [(key, iter(model.decisions[key].requires))]
    seen.add(key)
    while path:
        current, rest = path[-1]
        following = next((n for n in rest if n in model.decisions and n not in seen), None)
        if following is None:
            order.append(current)
            path.pop()
        else:
            seen.add(following)
            path.append((following, iter(model.decisions[following].requires)))
    return tuple(order)
