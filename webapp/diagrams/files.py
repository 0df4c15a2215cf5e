"""The diagrams of a package by process, each with a picture."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from webapp.diagrams.tidy import tidy
from webapp.diagrams.xml import BPMN, BPMNDI, parse_xml, qname
from workflows.catalogue.source import PackageSource


def drawn_by_process(source: PackageSource) -> Mapping[str, bytes]:
    """Process id → its file. A file that came without a picture is given one; one that cannot be
    read is left out."""
    found: dict[str, bytes] = {}
    for content in source.under("bpmn", ".bpmn").values():
        try:
            root = parse_xml(content)
        except (ValueError, etree.XMLSyntaxError):
            continue
        has_picture = root.find(f".//{qname('BPMNPlane', BPMNDI)}") is not None
        drawn = content if has_picture else tidy(content).source
        found |= {str(process.get("id")): drawn for process in root.iter(qname("process", BPMN))}
    return found
