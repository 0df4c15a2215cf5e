"""Names of the BPMN vocabulary and two helpers to write it."""

from __future__ import annotations

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
BIOC = "http://bpmn.io/schema/bpmn/biocolor/1.0"
COLOR = "http://www.omg.org/spec/BPMN/non-normative/color/1.0"

NAMESPACES = {
    "bpmn": BPMN,
    "bpmndi": BPMNDI,
    "dc": DC,
    "di": DI,
    "xsi": XSI,
    "spiffworkflow": SPIFF,
    "bioc": BIOC,
    "color": COLOR,
}


def qname(name: str, namespace: str = BPMN) -> str:
    return f"{{{namespace}}}{name}"


def add(
    parent: etree._Element,
    name: str,
    text: str | None = None,
    /,
    *,
    ns: str = BPMN,
    **attributes: str,
) -> etree._Element:
    """Append an element; `text` None leaves it empty."""
    element = etree.SubElement(parent, qname(name, ns), attributes)
    element.text = text
    return element


def local(element: etree._Element) -> str:
    """Name without namespace; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parse_xml(source: bytes) -> etree._Element:
    """Parse without entities or network; DOCTYPE is refused (ValueError), as in packages."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    root = etree.fromstring(source, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a DOCTYPE is not allowed")
    return root


def to_bytes(root: etree._Element) -> bytes:
    """The file as an editor writes it: declaration, UTF-8, two spaces a level."""
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written
