"""Context functions. DMN 1.5 §10.3.4.8, table 80. No context is ever changed in place."""

from __future__ import annotations

from workflows.feel.limits import Budget
from workflows.feel.signatures import built_in
from workflows.feel.values import Value


@built_in("get value", "m: context, key: string")
def get_value(context: dict[str, Value], key: str) -> Value:
    """The entry of that name; null without one."""
    return context.get(key)


@built_in("get value", "context: context, keys: list")
def get_deep_value(context: dict[str, Value], keys: list[Value]) -> Value:
    """The entry at the end of a path of names."""
    found: Value = context
    for key in keys:
        if type(found) is not dict or type(key) is not str:
            return None
        found = found.get(key)
    return found if keys else None


@built_in("get entries", "m: context")
def get_entries(context: dict[str, Value]) -> list[Value]:
    """A list of contexts with `key` and `value`."""
    return [{"key": key, "value": value} for key, value in context.items()]


@built_in("context", "entries: list", heavy=True)
def context_of(budget: Budget, entries: list[Value]) -> dict[str, Value] | None:
    """From contexts with `key` and `value`; null where a key is missing or comes twice."""
    made: dict[str, Value] = {}
    for entry in entries:
        budget.spend(1)
        if type(entry) is not dict or not {"key", "value"} <= entry.keys():
            return None
        if type(entry["key"]) is not str or entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made


@built_in("context put", "context: context, key: string, value: any", heavy=True)
def context_put(
    budget: Budget, context: dict[str, Value], key: str, value: Value
) -> dict[str, Value]:
    """The context with one entry new or replaced."""
    budget.spend(len(context) + 1)
    return {**context, key: value}


@built_in("context put", "context: context, keys: list, value: any", heavy=True)
def context_put_deep(
    budget: Budget, context: Value, keys: list[Value], value: Value
) -> dict[str, Value] | None:
    """The context with the entry at the end of a path new or replaced."""
    if not keys or len(keys) > 100 or type(keys[0]) is not str or type(context) is not dict:
        return None
    budget.spend(len(context) + 1)
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context_put_deep(budget, context.get(keys[0], {}), keys[1:], value)
    return None if inner is None else {**context, keys[0]: inner}


@built_in("context merge", "contexts: list", heavy=True)
def context_merge(budget: Budget, contexts: list[Value]) -> dict[str, Value] | None:
    """All entries of the contexts; the later one wins."""
    made: dict[str, Value] = {}
    for one in contexts:
        if type(one) is not dict:
            return None
        budget.spend(len(one) + 1)
        made |= one
    return made
