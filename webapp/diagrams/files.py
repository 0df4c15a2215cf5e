"""The diagrams of a package by process, each with a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lxml import etree

from webapp.diagrams.tidy import tidy
from webapp.diagrams.xml import BPMN, BPMNDI, parse_xml, qname
from workflows.catalogue.source import PackageSource

SCOPES = ("process", "subProcess")
MOST_FLOWS = 200
MOST_BRANCHES = 10
"""Of a file that is given a picture: flows (with their nodes twice as many elements), and flows
beyond the second into or out of one node.
The layout takes a second or two at these bounds and minutes at ten times as many branches."""

UNDRAWABLE = (etree.XMLSyntaxError, ValueError, TypeError, LookupError, AttributeError)
"""What reading or laying out a file raises that is no XML, or leaves out an id or an end of a
flow."""


def drawn_by_process(source: PackageSource) -> Mapping[str, bytes]:
    """Process id → its file. A file that came without a picture is given one; one that cannot be
    read, has nothing to draw or too much is left out."""
    found: dict[str, bytes] = {}
    for content in source.under("bpmn", ".bpmn").values():
        try:
            root = parse_xml(content)
        except (ValueError, etree.XMLSyntaxError):
            continue
        processes = [str(process.get("id")) for process in root.iter(qname("process", BPMN))]
        has_picture = root.find(f".//{qname('BPMNPlane', BPMNDI)}") is not None
        if not processes or not (has_picture or _can_be_laid_out(root)):
            continue
        found |= dict.fromkeys(processes, content if has_picture else tidy(content).source)
    return found


def with_picture(content: bytes) -> bytes:
    """A .bpmn as it is, or with a picture where it came without one and can be given one. What
    cannot be read stays as it is."""
    try:
        root = parse_xml(content)
        if root.find(f".//{qname('BPMNPlane', BPMNDI)}") is not None or not _can_be_laid_out(root):
            return content
        return tidy(content).source
    except UNDRAWABLE:
        return content


def _can_be_laid_out(root: Any) -> bool:
    flows = list(root.iter(qname("sequenceFlow", BPMN)))
    ends = Counter((end, flow.get(end)) for flow in flows for end in ("sourceRef", "targetRef"))
    branches = sum(max(0, count - 2) for count in ends.values())
    nodes = sum(len(scope) for tag in SCOPES for scope in root.iter(qname(tag, BPMN)))
    return max(len(flows), nodes // 2) <= MOST_FLOWS and branches <= MOST_BRANCHES
