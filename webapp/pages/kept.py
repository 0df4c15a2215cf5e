"""Comparisons, walks of scenarios and compiled drafts that this process has made: they take
seconds, and the same bytes always give the same ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any

from flask import current_app

from webapp.pages.now import platform
from workflows.catalogue.neighbours import published_neighbours
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import list_published
from workflows.errors import PackageError
from workflows.rollout.compare.comparison import Comparison, compare
from workflows.rollout.version_page import Pair
from workflows.rollout.versions import Examined, examine
from workflows.storage import SYSTEM
from workflows.studio.preview_facts import Sample, find_sample
from workflows.studio.sample import SampleCase, walk_sample

MOST = 16
"""Kept of all kinds together; one weighs some hundred KiB."""


class Shelf:
    """The newest few results by key. Thread-safe; two requests at once may make one twice."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept under `key`, else what `make` makes."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made


def comparison_of(pair: Pair) -> Comparison:
    """What the newer of two versions has otherwise."""
    key = ("compare", pair.old.digest if pair.old else "", pair.new.digest)
    found: Comparison = _shelf().get(key, lambda: compare(pair.old, pair.new))
    return found


def examined(source: PackageSource) -> Examined:
    """Findings and walks of a tree beside the packages that are published now."""
    with platform().database.reading(SYSTEM) as session:
        beside = tuple(list_published(session))
    key = ("examine", source.digest, beside)
    found: Examined = _shelf().get(key, lambda: examine(platform(), source))
    return found


def opened(source: PackageSource) -> tuple[Package, Mapping[str, Package]]:
    """A tree compiled, and by key the published packages its matters may be handed to. Raises
    PackageError where it cannot run."""
    with platform().database.reading(SYSTEM) as session:
        beside = tuple(list_published(session))

    def make() -> tuple[Package, Mapping[str, Package]]:
        package = compile_package(source)
        with platform().database.reading(SYSTEM) as session:
            return package, published_neighbours(session, platform().catalogue, package)

    found: tuple[Package, Mapping[str, Package]]
    found = _shelf().get(("opened", source.digest, beside), make)
    return found


def opened_or_none(source: PackageSource) -> tuple[Package, Mapping[str, Package]] | None:
    """As `opened`, None where the tree cannot run; that is kept, too."""

    def make() -> tuple[Package, Mapping[str, Package]] | None:
        try:
            return opened(source)
        except PackageError:
            return None

    found: tuple[Package, Mapping[str, Package]] | None
    found = _shelf().get(("opened or none", source.digest), make)
    return found


def walked(source: PackageSource) -> SampleCase | None:
    """A case to try expressions on, None where the tree cannot run."""

    def make() -> SampleCase | None:
        found = opened_or_none(source)
        return walk_sample(*found) if found is not None else None

    found: SampleCase | None = _shelf().get(("walked", source.digest), make)
    return found


def sampled(package: Package, others: Mapping[str, Package], kind: str) -> Sample:
    """Facts to try a document's text on, from a walk of one of the package's scenarios."""
    key = ("sample", package.digest, kind)
    found: Sample = _shelf().get(key, lambda: find_sample(package, others, kind))
    return found


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions.setdefault("fengqiao.packages", Shelf())
    return shelf
