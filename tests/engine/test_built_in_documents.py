"""Every document of every built-in package is made, and survives a record that knows little."""

from __future__ import annotations

import re

import pytest

from tests.factories.built_in import EXPECTED
from tests.factories.documents import PEOPLE
from tests.factories.package_papers import NAMED, Papers
from tests.factories.rollout import package

HOLES = re.compile(r"null|None|\{\{|（）")
KINDS = [(key, kind) for key in EXPECTED for kind in sorted(package(key).manifest.documents)]

every_kind = pytest.mark.parametrize(("key", "kind"), KINDS)


@every_kind
def test_document_is_made_and_has_no_holes(key: str, kind: str) -> None:
    papers = Papers(key, people={**PEOPLE, **NAMED})
    text = papers.words(papers.first(kind))
    assert not HOLES.search(text)
    assert not any(code in text for code in NAMED)
    assert papers.first(kind).facts.parties[0]["name"] in text


@every_kind
def test_document_survives_a_record_that_knows_next_to_nothing(key: str, kind: str) -> None:
    papers = Papers(key)
    document = papers.first(kind)
    assert "null" not in papers.words(document, papers.bare(document, title="邻里纠纷"))
    assert "null" not in papers.words(document, papers.bare(document))
