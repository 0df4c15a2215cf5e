"""Accounts that scenarios name as `role@unit-code`: the demo makes them, so that every scenario
can be played on the site. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from workflows.catalogue.source import PackageSource
from workflows.organisation import role_names


def list_named_accounts(sources: Iterable[PackageSource]) -> tuple[str, ...]:
    """Every `role@unit-code` in the packages' scenarios, in any place, each once, sorted.

    A scenario that is no JSON names nobody; the gate says so elsewhere.
    """
    roles = role_names()
    found = {text for source in sources for text in _texts_of(source)}
    return tuple(sorted(text for text in found if "@" in text and text.split("@")[0] in roles))


def _texts_of(source: PackageSource) -> Iterator[str]:
    folder = f"bpmn/{source.key}/scenarios/"
    for path, content in source.files.items():
        if path.startswith(folder) and path.endswith(".json"):
            try:
                yield from _texts_in(orjson.loads(content))
            except orjson.JSONDecodeError:
                continue


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _texts_in(one)
