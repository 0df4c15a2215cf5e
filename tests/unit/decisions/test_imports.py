"""Files that import others (DMN 1.5 §6.3.3): names behind the import's name, types, inputs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decisions.drawn import NAMESPACE, attributes, literal
from workflows.decisions import DecisionError, Decisions, load

FEES, BASE = "https://example.org/fees", "https://example.org/base"


def file(namespace: str, *elements: str) -> str:
    head = f'<definitions xmlns="{NAMESPACE}" namespace="{namespace}" id="d" name="d">'
    return f"{head}{''.join(elements)}</definitions>"


def imports(namespace: str, name: str) -> str:
    return f'<import namespace="{namespace}" name="{name}" importType="{NAMESPACE}"/>'


def given(name: str, type_: str | None = None) -> str:
    variable = f"<variable{attributes(name=name, typeRef=type_)}/>"
    return f'<inputData id="in" name="{name}">{variable}</inputData>'


def decision(key: str, text: str, *needs: str, knows: str = "", type_: str | None = None) -> str:
    needed = "".join(f"<informationRequirement>{need}</informationRequirement>" for need in needs)
    if knows:
        required = f'<requiredKnowledge href="{knows}"/>'
        needed += f"<knowledgeRequirement>{required}</knowledgeRequirement>"
    variable = f"<variable{attributes(name=key, typeRef=type_)}/>"
    return f'<decision id="{key}" name="{key}">{variable}{needed}{literal(text)}</decision>'


def on(href: str) -> str:
    return f'<requiredDecision href="{href}"/>'


def from_input(href: str) -> str:
    return f'<requiredInput href="{href}"/>'


BASE_FILE = file(
    BASE,
    '<itemDefinition name="tAmount"><typeRef>number</typeRef>'
    "<allowedValues><text>&gt;= 0</text></allowedValues></itemDefinition>",
    given("claimed sum", "tAmount"),
    decision("half", "claimed sum / 2", from_input("#in"), type_="tAmount"),
    '<businessKnowledgeModel id="twice" name="Twice"><variable name="Twice"/><encapsulatedLogic>'
    f'<formalParameter name="x" typeRef="tAmount"/>{literal("2 * x")}</encapsulatedLogic>'
    "</businessKnowledgeModel>",
)
FEES_FILE = file(
    FEES,
    imports(BASE, "base"),
    decision("half", "base.half + 1", on(f"{BASE}#half")),
)


def loaded(*elements: str, **imported: str) -> Decisions:
    found = {FEES: imported.get("fees", FEES_FILE), BASE: imported.get("base", BASE_FILE)}
    return load(file("https://example.org/own", *elements), found)


def test_imported_decision_is_a_member_of_the_imports_name() -> None:
    decisions = loaded(
        imports(BASE, "the base"), decision("d", "the base.half", on(f"{BASE}#half"))
    )
    assert decisions.evaluate("d", {"claimed sum": 10}) == 5
    assert decisions.names == ("d",)
    decisions.check()
    assert decisions.problems({"claimed sum": "number"}) == ()


def test_import_of_an_import_keeps_equal_ids_apart() -> None:
    decisions = loaded(
        imports(FEES, "fees"),
        imports(BASE, "base"),
        decision("half", "fees.half + base.half", on(f"{FEES}#half"), on(f"{BASE}#half")),
    )
    assert decisions.evaluate("half", {"claimed sum": 10}) == 11


@pytest.mark.parametrize(
    "context",
    [
        {"claimed sum": 10},
        {"fees": {"base": {"claimed sum": 10}}},
        {"fees.base.claimed sum": 10},
    ],
)
def test_input_of_an_imported_file_is_found_behind_the_names_or_alone(context: Any) -> None:
    decisions = loaded(imports(FEES, "fees"), decision("d", "fees.half", on(f"{FEES}#half")))
    assert decisions.evaluate("d", context) == 6


def test_imported_type_and_knowledge_model() -> None:
    decisions = loaded(
        imports(BASE, "base"),
        given("x", "base.tAmount"),
        decision("d", "base.Twice(x)", from_input("#in"), knows=f"{BASE}#twice"),
    )
    assert decisions.evaluate("d", {"x": 4}) == 8
    assert decisions.evaluate("d", {"x": -4}) is None


def test_import_without_a_name_gives_plain_names() -> None:
    decisions = loaded(
        imports(BASE, ""),
        decision("d", "half + Twice(1)", on("#half"), knows="#twice", type_="tAmount"),
    )
    assert decisions.evaluate("d", {"claimed sum": 10}) == 7


def test_files_may_import_each_other() -> None:
    base = BASE_FILE.replace("<itemDefinition", imports(FEES, "fees") + "<itemDefinition", 1)
    decisions = loaded(imports(BASE, "b"), decision("d", "b.half", on(f"{BASE}#half")), base=base)
    assert decisions.evaluate("d", {"claimed sum": 2}) == 1


def test_reference_with_the_files_own_namespace_is_local() -> None:
    decisions = loaded(decision("a", "1"), decision("b", "a + 1", on("https://example.org/own#a")))
    assert decisions.evaluate("b", {}) == 2


@pytest.mark.parametrize(
    ("imported", "code"),
    [
        ({}, "reference_unknown"),
        ({BASE: file(BASE)}, "reference_unknown"),
        ({BASE: "<x/>"}, "not_dmn"),
        ({BASE: "<!DOCTYPE x><x/>"}, "doctype"),
    ],
)
def test_requirement_that_no_import_fulfils_is_refused(imported: Any, code: str) -> None:
    own = file("", imports(BASE, "base"), decision("d", "base.half", on(f"{BASE}#half")))
    with pytest.raises(DecisionError) as caught:
        load(own, imported)
    assert caught.value.message.code == f"decisions.{code}"


def test_endless_imports_are_refused() -> None:
    chain = {f"n{n}": file(f"n{n}", imports(f"n{n + 1}", "next")) for n in range(200)}
    with pytest.raises(DecisionError) as caught:
        load(file("", imports("n0", "next")), chain)
    assert caught.value.message.code == "decisions.too_many_imports"
