"""Every FEEL text of a package: does it read, and are its names known?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workflows.engine.called import CalledDecision
from workflows.engine.elements import Diagram, Site, SiteKind
from workflows.engine.expressions import (
    READ_ONLY,
    BadExpressionError,
    Expressions,
    expression_of,
)
from workflows.engine.findings import Finding, error, warning
from workflows.engine.scripts import ScriptError, parse_script

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_CASE_FIELD = re.compile(r"(?<![\w.])case\s*\.\s*([^\W\d]\w*)")


def check_expressions(
    diagram: Diagram, expressions: Expressions, called: Mapping[str, CalledDecision]
) -> list[Finding]:
    """Errors at line and column of each text; names nobody declares or writes are errors."""
    findings: list[Finding] = []
    for site in diagram.sites:
        if site.kind is SiteKind.SCRIPT:
            findings += _check_script(site, expressions)
        elif not site.text.strip():
            findings.append(error("expression_empty", site.element, site.file, site.line))
        else:
            findings += _check_text(site, expressions)
        findings += _check_case_fields(site, expressions.case_names)
    findings += _check_taken(diagram, called)
    return findings


def _check_script(site: Site, expressions: Expressions) -> Iterator[Finding]:
    try:
        lines = parse_script(site.text)
    except ScriptError as exc:
        line = site.line + exc.line - 1
        yield error("script_broken", site.element, site.file, line, reason=exc.message)
        return
    for one in lines:
        if one.name in READ_ONLY:
            yield error("writes_read_only", site.element, site.file, site.line, name=one.name)
        yield from _compiles(
            site, one.expression, expressions, row=one.line - 1, column=one.column - 1
        )


def _check_text(site: Site, expressions: Expressions) -> Iterator[Finding]:
    text = expression_of(site.text)
    if site.kind is SiteKind.CORRELATION:
        try:
            expressions.compile_loose(text)
        except BadExpressionError as exc:
            yield _at(site, exc, 0, 0)
        return
    problems = tuple(_compiles(site, text, expressions, timer=site.kind is SiteKind.TIMER))
    yield from problems
    if site.kind is SiteKind.TIMER and not problems:
        if "deadline" not in text:
            yield error("timer_not_deadline", site.element, site.file, site.line)
        elif not expressions.compile(text, timer=True).uses:
            yield warning("timer_constant", site.element, site.file, site.line)


def _compiles(
    site: Site,
    text: str,
    expressions: Expressions,
    *,
    timer: bool = False,
    row: int = 0,
    column: int = 0,
) -> Iterator[Finding]:
    try:
        expressions.compile(text, timer=timer)
    except BadExpressionError as exc:
        yield _at(site, exc, row, column)


def _at(site: Site, exc: BadExpressionError, row: int, column: int) -> Finding:
    line, place = exc.cause.line, exc.cause.column
    return error(
        "expression",
        site.element,
        site.file,
        site.line + row + line - 1,
        reason=exc.message,
        row=row + line,
        column=place + (column if line == 1 else 0),
        where=site.detail or site.kind.value,
    )


def _check_case_fields(site: Site, case_names: Mapping[str, str]) -> Iterator[Finding]:
    for name in dict.fromkeys(_CASE_FIELD.findall(_TEXT.sub('""', site.text))):
        if case_names and name not in case_names:
            yield error("case_name_unknown", site.element, site.file, site.line, name=name)


def _check_taken(diagram: Diagram, called: Mapping[str, CalledDecision]) -> Iterator[Finding]:
    """Results, items and decision outputs that would hide a read-only name."""
    for key, names in diagram.written.items():
        element = diagram.elements[key]
        if element.kind == "scriptTask":
            continue
        for name in READ_ONLY.keys() & set(names):
            yield error("writes_read_only", key, element.file, element.line, name=name)
    for decision in called.values():
        for name in READ_ONLY.keys() & decision.outputs.keys():
            yield error("writes_read_only", decision.id, decision.file, decision.line, name=name)
