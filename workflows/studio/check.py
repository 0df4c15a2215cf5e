"""What can be said of a working copy while somebody works on it: quick, without walking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.catalogue.gate import in_order, read_parts
from workflows.catalogue.source import PackageSource
from workflows.engine.findings import Finding


@dataclass(frozen=True, slots=True)
class Checked:
    """`findings`: the gate's, errors first. `process_names`, `case_names`: declared name → FEEL
    type, what expressions of the package may read plainly and as `case.…`."""

    findings: tuple[Finding, ...]
    process_names: Mapping[str, str]
    case_names: Mapping[str, str]


def check_tree(tree: PackageSource) -> Checked:
    """The gate without the scenarios, which take seconds. Never raises."""
    parts = read_parts(tree)
    return Checked(in_order(parts.findings), parts.names, parts.case_names)
