"""What can be said of a working copy while somebody works on it: quick, without walking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.catalogue.gate import in_order, read_parts
from workflows.catalogue.source import PackageSource
from workflows.engine.findings import Finding
from workflows.studio.scenario_lines import check_scenarios


@dataclass(frozen=True, slots=True)
class Checked:
    """`findings`: the gate's, errors first. `process_names`, `case_names`: declared name → FEEL
    type, what expressions of the package may read plainly and as `case.…`."""

    findings: tuple[Finding, ...]
    process_names: Mapping[str, str]
    case_names: Mapping[str, str]


def check_tree(tree: PackageSource) -> Checked:
    """The gate; scenarios are read but not walked, which takes seconds. Never raises."""
    parts = read_parts(tree)
    found = in_order((*parts.findings, *check_scenarios(tree)))
    return Checked(found, parts.names, parts.case_names)
