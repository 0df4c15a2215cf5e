"""XML from strangers → a tree of DMN elements, without entities, network or unbounded size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from workflows.decisions.errors import Where, fault
from workflows.decisions.limits import MAX_BYTES, MAX_ELEMENTS

_NAMESPACES = (
    "http://www.omg.org/spec/DMN/20130901",
    "http://www.omg.org/spec/DMN/20151101/",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "https://www.omg.org/spec/DMN/20240513/MODEL/",
)
"""DMN 1.0 to 1.6; the second stands for `…/dmn.xsd` and the spellings of older editors."""
_PREFIXES = tuple(f"{{{namespace}" for namespace in _NAMESPACES)
_FILE = Where()


def read_xml(xml: bytes | str) -> Any:
    """The `definitions` element (lxml). DecisionError: too large, DOCTYPE, not XML, not DMN."""
    content = xml.encode("utf-8", "surrogatepass") if isinstance(xml, str) else xml
    if len(content) > MAX_BYTES:
        raise fault(_FILE, "too_large", most=MAX_BYTES // 1024)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise fault(_FILE, "doctype")
    parser = etree.XMLParser(
        encoding="utf-8" if isinstance(xml, str) else None,
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
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = str(getattr(error, "msg", None) or error)[:200]
        raise fault(_FILE, "not_xml", line=line, reason=reason) from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise fault(_FILE, "doctype")
    _check(root)
    return root


def _check(root: Any) -> None:
    if tag(root) != "definitions" or not root.tag.startswith(_PREFIXES):
        raise fault(_FILE, "not_dmn")
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        raise fault(_FILE, "too_many_elements", most=MAX_ELEMENTS)


def tag(node: Any) -> str:
    """Local name of an element's tag."""
    return str(node.tag).rpartition("}")[2]


def children(node: Any, *tags: str) -> Iterator[Any]:
    """DMN children with one of these tags (all without any); extensions are passed over."""
    for part in node:
        if part.tag.startswith(_PREFIXES):
            name = tag(part)
            if name in tags or (not tags and name != "extensionElements"):
                yield part


def child(node: Any, *tags: str) -> Any | None:
    """The first such child."""
    return next(children(node, *tags), None)


def text_of(node: Any | None) -> str:
    """What stands in the node's `text` child, without surrounding space; "" where nothing does."""
    found = None if node is None else child(node, "text")
    return "" if found is None else "".join(found.itertext()).strip()


def place(node: Any) -> str:
    """Id of the element or of the nearest one around it; "" where none has one."""
    while node is not None:
        key = node.get("id")
        if key:
            return str(key)
        node = node.getparent()
    return ""
