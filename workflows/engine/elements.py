"""What a diagram draws, as plain records: elements, flows, and the texts that are FEEL.

Pages, checks and the heart read these; the engine's own specs are only for running.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a diagram: a node, a process or a sub-process.

    `kind`: BPMN tag without prefix (`userTask`). `process`: id of the diagram it stands in.
    `parent`: id of the process or sub-process directly around it, "" for a process.
    `title`: {"zh", "en"}; en falls back to zh. `lane`: name of the lane it or a sub-process around
    it stands in. `role`: who does it (property `role`, else the lane's `performed_by`, else the
    lane's name). `properties`: all extension properties, those of the lane below its own.
    `event`: timer, message, error, escalation, signal, conditional, terminate, or "".
    `name`: what its event names (message name, error code), else "".
    """

    id: str
    kind: str
    process: str
    title: Mapping[str, str]
    lane: str | None
    role: str | None
    properties: Mapping[str, str]
    documentation: str
    parent: str = ""
    instructions: str = ""
    event: str = ""
    name: str = ""
    attached_to: str | None = None
    interrupting: bool = True
    calls: str | None = None
    """A call activity's process, a business rule task's decision, a service task's operation."""
    many: str | None = None
    """Of a multi-instance activity: "parallel" or "sequential"."""
    file: str = ""
    line: int = 0

    @property
    def form(self) -> str | None:
        """File name of the form's JSON Schema, None for a task without a form."""
        return self.properties.get("formJsonSchemaFilename") or None

    @property
    def scope(self) -> str:
        """Whose people: owner, parent, county, court, or FEEL that gives a unit code."""
        return self.properties.get("scope") or "owner"

    @property
    def acts_for_party(self) -> bool:
        """Staff record here what a citizen does."""
        return self.properties.get("acts_for") == "party"


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition`: FEEL, None without one. `default`: its gateway's default."""

    id: str
    source: str
    target: str
    process: str
    title: str
    condition: str | None
    default: bool
    file: str
    line: int


class SiteKind(StrEnum):
    """Where a text stands that is FEEL."""

    CONDITION = "condition"
    TIMER = "timer"
    SCRIPT = "script"
    PARAMETER = "parameter"
    PAYLOAD = "payload"
    COMPLETION = "completion"
    CARDINALITY = "cardinality"
    CONDITIONAL = "conditional"
    ASSIGNEE = "assignee"
    SCOPE = "scope"
    BEGINS = "begins"
    NOTICE = "notice"
    CORRELATION = "correlation"


@dataclass(frozen=True, slots=True)
class Site:
    """One FEEL text in a diagram. `line`, `column`: of the text's first character within the
    attribute or element text that holds it, so that an error can be pointed at."""

    kind: SiteKind
    element: str
    text: str
    file: str
    line: int
    detail: str = ""
    """Parameter name, correlation property."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything read from all files of one package."""

    elements: Mapping[str, Element] = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    sites: tuple[Site, ...] = ()
    processes: tuple[str, ...] = ()
    """Ids of top-level processes, in reading order."""
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Element id → process names it writes besides its form (scripts, results, items)."""
    shapes: frozenset[str] = frozenset()
    """Ids that have a shape or edge in some plane."""
    loops: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Multi-instance activity → {"input", "item", "output", "output_item"} where given."""
    declared: frozenset[str] = frozenset()
    """Ids of `bpmn:property` elements."""
