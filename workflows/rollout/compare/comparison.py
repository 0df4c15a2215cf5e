"""Two versions of a package side by side: what is otherwise, in words and by element.

Pure: two trees in, a `Comparison` out. A tree that cannot run is compared as far as it can be
read. Whether a second person has to look is `power.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.catalogue.gate import read_words
from workflows.catalogue.manifest import Manifest, Titles
from workflows.catalogue.source import PackageSource
from workflows.rollout.compare.changes import Change, Group, Kind, Moved
from workflows.rollout.compare.diagrams import compare_drawn, find_moved, read_drawn
from workflows.rollout.compare.forms import compare_forms
from workflows.rollout.compare.rest import compare_scenarios, compare_settings, compare_texts
from workflows.rollout.compare.tables import compare_decided, read_decided


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` by group in the order of `Group`. `moved`: diagrams drawn otherwise. `is_first`:
    nothing was there before. `is_restricted`: either side keeps its cases in a restricted class.
    `titles`: of everything drawn on either side, by id, as it was called before.
    """

    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    is_first: bool = False
    is_restricted: bool = False
    titles: Mapping[str, Titles] = field(default_factory=dict)

    def of(self, group: Group) -> tuple[Change, ...]:
        """The changes of one group."""
        return tuple(one for one in self.changes if one.group is group)

    def marks(self, process: str) -> dict[str, Kind]:
        """Elements and flows of one diagram → how they changed, to paint them."""
        drawn = (one for one in self.of(Group.DIAGRAM) if one.part == process)
        return {one.element: one.kind for one in drawn if one.noun != "lane"}


def compare(before: PackageSource | None, after: PackageSource) -> Comparison:
    """What `after` changes. `before` None: there was no version."""
    old = read_words(_without_texts(before)) if before is not None else None
    new = read_words(_without_texts(after))
    drawn = read_drawn(before), read_drawn(after)
    changes = (
        *compare_drawn(*drawn),
        *compare_decided(read_decided(before), read_decided(after)),
        *compare_forms(old.forms if old else {}, new.forms),
        *compare_texts(before, after, new.manifest),
        *compare_settings(before, after),
        *compare_scenarios(before, after),
    )
    manifests = (old.manifest if old else None, new.manifest)
    return Comparison(
        changes,
        find_moved(*drawn),
        is_first=before is None,
        is_restricted=any(_is_restricted(one) for one in manifests),
        titles={key: side.title(key) for side in reversed(drawn) for key in side.diagram.elements},
    )


def _without_texts(source: PackageSource) -> PackageSource:
    """The tree without its documents: their lines are compared, not what they compile to."""
    files = {path: text for path, text in source.files.items() if not path.endswith(".html")}
    return PackageSource(source.key, files)


def _is_restricted(manifest: Manifest | None) -> bool:
    return manifest is not None and manifest.access_class != "normal"
