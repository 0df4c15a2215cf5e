"""XML from strangers: read without entities, network or unbounded size.

lxml 6.1 blocks external entities but still expands internal ones, so a document type is refused
altogether; BPMN 2.0 and DMN files never have one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree

from workflows.engine.findings import UnreadableDiagramError, error

MAX_BYTES = 2 * 1024 * 1024
"""Size of one file. The largest hand-drawn diagram we know has 250 KiB."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NS = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "spiffworkflow": SPIFF}
_PREFIX = re.compile(r"(?<![^/])(\w+):")


def read_xml(file: str, content: bytes) -> Any:
    """The root element (lxml). UnreadableDiagramError says what is wrong with the file."""
    if len(content) > MAX_BYTES:
        raise UnreadableDiagramError([error("too_large", file=file, most=MAX_BYTES // 1024)])
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableDiagramError([error("doctype", file=file)])
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as exc:
        line = exc.lineno or 1
        raise UnreadableDiagramError(
            [error("not_xml", file=file, line=line, reason=str(exc.msg)[:200])]
        ) from exc
    except ValueError as exc:
        raise UnreadableDiagramError(
            [error("not_xml", file=file, line=1, reason=str(exc)[:200])]
        ) from exc
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise UnreadableDiagramError([error("doctype", file=file)])
    return root


@cache
def full(path: str) -> str:
    """A path with prefixes as one with whole names: lxml sorts a table of prefixes anew for each
    search, which costs more than the search."""
    return _PREFIX.sub(lambda match: f"{{{NS[match.group(1)]}}}", path)


def beginnings(node: Any) -> frozenset[str]:
    """Whole names of the children, and paths of two steps to theirs: what else is searched below
    the node is not there."""
    found = {child.tag for child in node}
    found.update(f"{child.tag}/{inner.tag}" for child in node for inner in child)
    return frozenset(found)


@cache
def begins(path: str) -> str:
    """The first two steps of a path, with whole names."""
    return full("/".join(path.split("/")[:2]))


def tag_of(node: Any) -> str:
    """Local name of an element's tag."""
    return str(node.tag).rpartition("}")[2]
