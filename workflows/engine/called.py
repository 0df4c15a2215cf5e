"""The decisions of a package: DMN files by the ids and names diagrams call them by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.decisions import Decisions, load
from workflows.engine.findings import EngineError, Finding, error
from workflows.engine.reading import read_xml, tag_of
from workflows.errors import FengqiaoError

_WORD = re.compile(r"[^\W\d]\w*")
_TYPES = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
}
"""DMN type names, and those dmn-js writes, as FEEL types."""
_LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})


@dataclass(frozen=True, slots=True)
class CalledDecision:
    """One decision. `outputs`: process name → FEEL type, in the table's order. `collects`: the
    hit policy gives a list. `words`: every word of its file, to know which names it may read."""

    id: str
    name: str
    source: Decisions
    outputs: Mapping[str, str]
    collects: bool
    words: frozenset[str]
    file: str
    line: int

    def values(self, value: Any) -> Mapping[str, Any] | None:
        """The decision's value by process name; None where no rule matched.

        A table with several outputs that gives one row writes one name each; everything else
        (one output, the lists of collecting hit policies, literal expressions) one name.
        """
        if value is None:
            return None
        names = tuple(self.outputs)
        if len(names) > 1 and isinstance(value, Mapping):
            return {name: value.get(name) for name in names}
        return {names[0]: value}


def read_decisions(
    files: Mapping[str, bytes],
) -> tuple[dict[str, CalledDecision], tuple[Finding, ...]]:
    """All decisions by id, and what is wrong with their files. A broken file is left out."""
    found: dict[str, CalledDecision] = {}
    findings: list[Finding] = []
    for file, content in sorted(files.items()):
        try:
            root = read_xml(file, content)
            source = load(content)
        except EngineError as exc:
            findings.extend(f for f in exc.findings if isinstance(f, Finding))
            continue
        except FengqiaoError as exc:
            findings.append(error("decision_broken", file=file, reason=exc.message))
            continue
        for decision in _decisions(root, source, content, file):
            if decision.id in found:
                other = found[decision.id].file
                findings.append(error("id_twice", decision.id, file, decision.line, other=other))
            found[decision.id] = decision
    return found, tuple(findings)


def load_decisions(files: Mapping[str, bytes]) -> dict[str, CalledDecision]:
    """All decisions by id, of files that were checked when their version was made: each is
    compiled when it is first asked."""
    return {
        decision.id: decision
        for file, content in sorted(files.items())
        for decision in _decisions(read_xml(file, content), load(content), content, file)
    }


def _decisions(root: Any, source: Decisions, content: bytes, file: str) -> Iterator[CalledDecision]:
    words = frozenset(_WORD.findall(content.decode("utf-8", "replace")))
    for node in root:
        if tag_of(node) == "decision":
            yield _decision(node, source, words, file)


def _decision(node: Any, source: Decisions, words: frozenset[str], file: str) -> CalledDecision:
    children = {tag_of(child): child for child in node}
    key = str(node.get("id") or "")
    variable = children.get("variable")
    own = (variable.get("name") if variable is not None else None) or key
    own_type = _TYPES.get(str(variable.get("typeRef")) if variable is not None else "", "any")
    table = children.get("decisionTable")
    outputs: dict[str, str] = {}
    collects = False
    if table is not None:
        collects = table.get("hitPolicy", "UNIQUE") in _LISTS and not table.get("aggregation")
        columns = [child for child in table if tag_of(child) == "output"]
        if len(columns) == 1 or not collects:
            for column in columns:
                kind = _TYPES.get(str(column.get("typeRef")), "any")
                outputs[column.get("name") or own] = "list" if collects else kind
    if not outputs:
        outputs[own] = "list" if collects else own_type
    return CalledDecision(
        id=key,
        name=str(node.get("name") or key),
        source=source,
        outputs=outputs,
        collects=collects,
        words=words,
        file=file,
        line=node.sourceline or 0,
    )
