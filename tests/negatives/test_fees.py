"""2. No fee is taken from parties: no form, table, start or paper of a built-in package has a
place for one."""

from __future__ import annotations

import re

import pytest

from tests.factories import rollout
from tests.negatives.registry import asked
from tests.negatives.surfaces import ROOT, documents, packages
from workflows.catalogue.source import read_folder
from workflows.formspec import Field

FEE = re.compile(r"(^|_)(fee|fees|charge|charges|tariff|payment_due)($|_)")
"""In a name."""
FEE_WORDS = re.compile(r"调解费|服务费|受理费|手续费|工本费|代理费|收取费用|收费标准|应缴|应交费")
"""In a title or a text: money for the procedure itself."""
DENIED = re.compile(r"不收(取)?(任何)?费|没有收取费用|免费|不得收")


def fields(found: tuple[Field, ...]) -> list[Field]:
    return [*found, *(inner for one in found for inner in fields(one.fields))]


@pytest.mark.parametrize("key", packages())
def test_no_field_of_any_form_is_for_a_fee(key: str) -> None:
    """But for a tick that none was taken, without which the form does not go on."""
    wrong = [
        f"{name}.{field.name}"
        for name, form in rollout.package(key).forms.items()
        for field in fields(form.fields)
        if not field.must_be_true
        if FEE.search(field.name) or any(FEE_WORDS.search(t) for t in field.title.values())
    ]
    assert wrong == []


@pytest.mark.parametrize("key", packages())
def test_no_table_and_no_declared_name_is_for_a_fee(key: str) -> None:
    for name, content in read_folder(ROOT, key).files.items():
        if name.endswith((".dmn", ".toml", ".bpmn")):
            text = content.decode().replace("free of charge", "")
            assert [w for w in re.findall(r"[a-z_]+", text) if FEE.search(w)] == [], name
            assert unpaid(text) == [], name


def unpaid(text: str) -> list[str]:
    """Sentences that ask for money for the procedure."""
    sentences = re.split(r"[。；\n]", text)
    return [one for one in sentences if FEE_WORDS.search(one) and not DENIED.search(one)]


def test_no_paper_asks_for_one() -> None:
    wrong, seen = [], set()
    for key in packages():
        for name, content in read_folder(ROOT, key).files.items():
            if "/documents/" in name and name.endswith(".html"):
                seen.add(f"document {key}/{name.rpartition('/')[2].removesuffix('.html')}")
                wrong += [f"{name}: {one}" for one in unpaid(content.decode())]
    assert wrong == []
    assert seen == set(documents()) == asked(2)


def test_a_fee_would_be_seen() -> None:
    assert FEE.search("mediation_fee")
    assert unpaid("收到申请后请交调解费五十元。") != []
    assert unpaid("人民调解不收取任何费用，不收调解费。") == []
