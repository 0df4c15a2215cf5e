"""Packages that hand matters to each other: found, and held against each other.

A handoff is checked where both its ends are there: among the published packages of an
installation, or among the folders beside a package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from workflows.catalogue.handoffs import check_ends
from workflows.catalogue.manifest import FILE, read_manifest
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource, find_keys, read_folder
from workflows.catalogue.versions import Catalogue, list_published
from workflows.engine.findings import Finding
from workflows.errors import PackageError
from workflows.storage import Session


def published_neighbours(
    session: Session, catalogue: Catalogue, package: Package
) -> Mapping[str, Package]:
    """Published packages this one hands to, or that hand to it, by key; of several versions of a
    key (a county's own beside the common one) the newest. Compiles what this process has not."""
    found = (catalogue.load(session, version_id) for version_id in list_published(session))
    return {other.manifest.key: other for other in found if _are_neighbours(package, other)}


def check_neighbours(package: Package, others: Iterable[Package]) -> tuple[Finding, ...]:
    """What does not fit between a package and its neighbours, in either direction."""
    return tuple(
        finding
        for other in others
        for finding in (*check_ends(package, other), *check_ends(other, package))
    )


def check_beside(source: PackageSource, root: Path) -> tuple[Finding, ...]:
    """The same for the packages in the folders beside it; those that cannot run are left out,
    their own check speaks of them. `source` must be one that can run."""
    manifest, _ = read_manifest(source.key, source.under("bpmn").get(FILE))
    beside = [read_folder(root, key) for key in find_keys(root) if key != source.key]
    wanted = [
        other
        for other in beside
        if manifest is not None
        and (
            other.key in {one.package for one in manifest.handoffs} or _hands_to(other, source.key)
        )
    ]
    if not wanted:
        return ()
    others = [package for other in wanted if (package := _compiled(other)) is not None]
    return check_neighbours(compile_package(source), others)


def _are_neighbours(package: Package, other: Package) -> bool:
    key, theirs = package.manifest.key, other.manifest.key
    hands = any(one.package == theirs for one in package.manifest.handoffs)
    return key != theirs and (hands or any(one.package == key for one in other.manifest.handoffs))


def _hands_to(source: PackageSource, key: str) -> bool:
    manifest, _ = read_manifest(source.key, source.under("bpmn").get(FILE))
    return manifest is not None and any(one.package == key for one in manifest.handoffs)


def _compiled(source: PackageSource) -> Package | None:
    try:
        return compile_package(source)
    except PackageError:
        return None
