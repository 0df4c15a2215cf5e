"""What a diagram takes for granted elsewhere: roles, forms, rules, operations, documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from workflows.engine.called import CalledDecision
from workflows.engine.elements import Diagram, Element, SiteKind
from workflows.engine.findings import Finding, error, warning
from workflows.engine.operations import OperationSignature

_RULE = re.compile(r'deadline\s*\(\s*(?:rule\s*:\s*)?(?:"([^"]*)")?')
_LITERAL = re.compile(r'^\s*=?\s*"([^"]*)"\s*$')
_PEOPLE = frozenset({"userTask", "manualTask", "task"})


@dataclass(frozen=True)
class Surroundings:
    """What the package and the installation offer, by name. `forms`: schema file names."""

    roles: Collection[str]
    rules: Collection[str]
    operations: Mapping[str, OperationSignature]
    forms: Collection[str]
    documents: Collection[str] | None = None


def check_parts(
    key: str,
    diagram: Diagram,
    called: Mapping[str, CalledDecision],
    around: Surroundings,
) -> list[Finding]:
    """All findings about things that are named and are not there."""
    findings: list[Finding] = []
    for element in diagram.elements.values():
        findings += _check_person(element, around)
        findings += _check_document(element, around)
        if element.kind == "serviceTask":
            findings += _check_operation(element, diagram, around)
        if element.kind == "businessRuleTask" and element.calls not in called:
            findings.append(
                error(
                    "decision_missing",
                    element.id,
                    element.file,
                    element.line,
                    decision=element.calls or "?",
                )
            )
    findings += _check_lanes(diagram, around)
    findings += _check_rules(diagram, around)
    findings += _check_withdraw(key, diagram)
    return findings


def _check_person(element: Element, around: Surroundings) -> Iterator[Finding]:
    if element.kind not in _PEOPLE:
        return
    at = (element.id, element.file, element.line)
    if element.role is None:
        yield error("no_role", *at)
    elif element.role not in around.roles:
        alone = element.acts_for_party and element.role == element.lane
        code = "party_without_performer" if alone else "role_unknown"
        yield error(code, *at, role=element.role)
    if element.form is None:
        if element.kind == "userTask":
            yield warning("no_form", *at)
    elif element.form not in around.forms:
        yield error("form_missing", *at, form=element.form)
    if not element.title["zh"]:
        yield error("no_title", *at)
    elif element.title["en"] == element.title["zh"]:
        yield warning("no_english", *at)


def _check_lanes(diagram: Diagram, around: Surroundings) -> Iterator[Finding]:
    """Lanes without people's work whose name is no role; where people work it is an error already.
    Told once a lane, at its first element."""
    told: set[tuple[str, str]] = set()
    worked = {(e.process, e.lane) for e in diagram.elements.values() if e.kind in _PEOPLE}
    for element in diagram.elements.values():
        lane = (element.process, element.lane or "")
        if element.lane is None or element.role in around.roles or lane in worked | told:
            continue
        told.add(lane)
        yield warning(
            "lane_unknown", element.id, element.file, element.line, role=element.lane or "?"
        )


def _check_document(element: Element, around: Surroundings) -> Iterator[Finding]:
    kinds = [k.strip() for k in element.properties.get("document", "").split(",") if k.strip()]
    for kind in kinds if element.kind in _PEOPLE and around.documents is not None else ():
        if kind not in (around.documents or ()):
            yield error("document_unknown", element.id, element.file, element.line, kind=kind)


def _check_operation(element: Element, diagram: Diagram, around: Surroundings) -> Iterator[Finding]:
    at = (element.id, element.file, element.line)
    signature = around.operations.get(element.calls or "")
    if signature is None:
        yield error("operation_unknown", *at, operation=element.calls or "?")
        return
    given = {
        site.detail: site.text
        for site in diagram.sites
        if site.element == element.id and site.kind is SiteKind.PARAMETER
    }
    for name in sorted(given.keys() - signature.parameters.keys()):
        yield error("parameter_unknown", *at, operation=signature.name, name=name)
    for name in sorted(signature.required - given.keys()):
        yield error("parameter_missing", *at, operation=signature.name, name=name)
    if signature.name in ("document.create", "document.seal") and around.documents is not None:
        literal = _LITERAL.match(given.get("kind", ""))
        if literal and literal.group(1) not in around.documents:
            yield error("document_unknown", *at, kind=literal.group(1))


def _check_rules(diagram: Diagram, around: Surroundings) -> Iterator[Finding]:
    for site in diagram.sites:
        if site.kind is not SiteKind.TIMER:
            continue
        for rule in _RULE.findall(site.text):
            if not rule:
                yield warning("rule_not_literal", site.element, site.file, site.line)
            elif rule not in around.rules:
                yield error("rule_unknown", site.element, site.file, site.line, rule=rule)


def _check_withdraw(key: str, diagram: Diagram) -> Iterator[Finding]:
    """Withdrawal is a right (人民调解法 art. 23); a spine should draw it."""
    name = f"{key}.withdraw"
    caught = any(e.event == "message" and e.name == name for e in diagram.elements.values())
    spine = diagram.elements.get(key)
    if not caught and spine is not None:
        yield warning("no_withdraw", key, spine.file, spine.line, name=name)
