"""Every kind of paper of every package, laid out by the real renderer, read back and measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.factories.built_in import EXPECTED
from tests.factories.documents import PEOPLE, organisation, person
from tests.factories.package_papers import DAY, NAMED, Papers, created
from tests.factories.paper_reader import HOLES, faults, read_sheets
from tests.factories.rollout import package
from webapp.pdf.renderer import RendererPool, RendererSettings
from workflows.documents.compose import DocumentFacts, compose
from workflows.documents.freeze import Frozen, freeze
from workflows.documents.rendering import Rendered

CREATED = datetime(2026, 9, 3, tzinfo=UTC)
TEXT = re.compile(r">([^<]*)<")
LONG = "买买提吐尔逊·阿卜杜热合曼·" * 40
HOSTILE = "<b>赵</b>{{ case.title }}{% if x %}&amp;<img src=file:///etc/passwd><script>1</script>"
HARD = ("agreement", "registration_form", "rights_notice", "follow_up_record", "mediation_record")
"""Kinds laid out with parties nobody would wish for: long text, two tables, a notice, a record."""


@dataclass(frozen=True)
class Paper:
    """One paper to lay out: where it comes from and its markup."""

    scenario: str
    kind: str
    html: str


@pytest.fixture(scope="module")
def pool() -> Iterator[RendererPool]:
    made = RendererPool(RendererSettings(processes=2, timeout_seconds=120))
    yield made
    made.close()


def lay_out(pool: RendererPool, papers: list[Paper]) -> list[tuple[Paper, Rendered]]:
    """All papers, two at a time."""

    def one(paper: Paper) -> tuple[Paper, Rendered]:
        return paper, pool.render(paper.html, title=paper.kind, created=CREATED)

    with ThreadPoolExecutor(2) as hands:
        return list(hands.map(one, papers))


def composed(key: str, kind: str, number: str | None, frozen: Frozen) -> str:
    facts = DocumentFacts(kind, number, DAY, "7K3M-Q9TX-22HD", text_mark="3f9a01bc77de")
    base = "https://jiuquan.example"
    return compose(package(key), frozen, facts, verify_base=base).html


def of_scenarios(key: str) -> list[Paper]:
    """The papers of all scenarios of a package, one of those that differ by a few words only."""
    papers, found = Papers(key, people={**PEOPLE, **NAMED}), {}
    for scenario, document, _ in created(key):
        html = composed(key, document.kind, document.number, papers.frozen(document))
        body = html.partition("<body")[2]
        shape = TEXT.sub(lambda text: f">{len(text[1]) // 40}<", body)
        found.setdefault((document.kind, shape), Paper(scenario, document.kind, html))
    return list(found.values())


@pytest.mark.parametrize("key", EXPECTED)
def test_papers_say_all_they_should_and_lie_well_on_their_sheets(
    key: str, pool: RendererPool
) -> None:
    wrong = []
    for paper, made in lay_out(pool, of_scenarios(key)):
        said = [*faults(paper.html, made.pdf), *made.warnings, *made.missing]
        said += HOLES.findall(" ".join(TEXT.findall(paper.html.partition("<body")[2])))
        wrong += [f"{paper.kind} of {paper.scenario}: {one}" for one in said]
    assert wrong == []


def crowd() -> list[dict[str, Any]]:
    """Thirty parties: a name of 500 characters, one that is markup, the others of 80."""
    people = [person(f"{LONG[:78]}{number:02d}") for number in range(27)]
    firm = organisation("酒泉瑞安居物业管理有限公司" * 6)
    return [person(LONG[:500]), person(HOSTILE, address=HOSTILE), *people, firm]


def test_thirty_parties_with_names_of_any_length_lie_well(pool: RendererPool) -> None:
    key, parties = "people_mediation", crowd()
    papers, hard = Papers(key, people={**PEOPLE, **NAMED}), []
    empty: dict[str, Any] = {}
    whole = freeze(
        case=empty, parties=parties, unit=empty, run=empty, data=empty, people=empty, today=DAY
    )
    for kind in HARD:
        document = papers.first(kind)
        frozen = {**papers.frozen(document), "parties": whole["parties"]}
        hard.append(Paper("crowd", kind, composed(key, kind, document.number, frozen)))
    wrong = []
    for paper, made in lay_out(pool, hard):
        told = "".join(one.text for sheet in read_sheets(made.pdf) for one in sheet.glyphs)
        assert "<b>赵</b>{{case.title}}" in told.replace(" ", "")
        wrong += [f"{paper.kind}: {one}" for one in faults(paper.html, made.pdf)]
        assert made.warnings == ()
    assert wrong == []
