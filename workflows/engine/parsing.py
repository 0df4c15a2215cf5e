"""The library's parser: BPMN XML against its schema and into specs. Loaded only by processes that
compile something: with its schema it weighs several MiB.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.node_parser import DEFAULT_NSMAP
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import VALIDATOR, SpiffBpmnParser

from workflows.engine.findings import BrokenDiagramError, Finding, error
from workflows.engine.rules import DecisionRef
from workflows.engine.specs import plain_specs

_schema_lock = threading.Lock()
"""The XSD validator keeps its last errors in itself."""


@lru_cache(maxsize=256)
def _search(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces=DEFAULT_NSMAP)


class _Searching:
    """Asks each node the same dozen paths: compiled once, they take a tenth of the time."""

    def _xpath(self, node: Any, xpath: str) -> Any:
        return _search(xpath)(node)


@cache
def _searching(parser: type) -> type:
    return type(parser.__name__, (_Searching, parser), {})


class _Parser(SpiffBpmnParser):  # type: ignore[misc]
    """Never opens a DMN file: a business rule task only keeps the decision's id."""

    OVERRIDE_PARSER_CLASSES: ClassVar = {
        tag: (_searching(parser), spec)
        for known in (SpiffBpmnParser.PARSER_CLASSES, SpiffBpmnParser.OVERRIDE_PARSER_CLASSES)
        for tag, (parser, spec) in known.items()
    }

    def get_engine(self, decision_ref: str | None, _node: Any) -> DecisionRef:
        """What the parser puts where its DMN engine would stand."""
        return DecisionRef((decision_ref or "").strip())


def check_schema(file: str, root: Any) -> tuple[Finding, ...]:
    """What BPMN 2.0's XML schema says against a file."""
    with _schema_lock:
        try:
            VALIDATOR.validate(root, file)
        except ValidationException as exc:
            line = exc.line_number if isinstance(exc.line_number, int) else None
            return (error("schema", file=file, line=line, reason=str(exc).rstrip(". ")[:300]),)
    return ()


def parse_specs(key: str, roots: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data of the spine `key` and everything it calls: {"spec": …, "subs": {id: …}}.

    BrokenDiagramError where the library cannot read the drawing.
    """
    parser = _Parser()
    try:
        for file, root in roots.items():
            parser.add_bpmn_xml(root, file)
        spec = parser.get_spec(key)
        subs = parser.get_subprocess_specs(key)
    except ValidationException as exc:
        raise BrokenDiagramError([_finding(exc)]) from exc
    return plain_specs(spec, subs)


def _finding(exc: ValidationException) -> Finding:
    line = exc.line_number if isinstance(exc.line_number, int) else None
    reason = str(exc).rstrip(". ")[:300]
    return error("not_readable", exc.id or None, exc.file_name or None, line, reason=reason)
