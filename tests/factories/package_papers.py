"""Documents of a built-in package, filled in from what its scenarios leave behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import unescape
from typing import Any

from tests.factories.documents import PEOPLE, UNIT
from tests.factories.rollout import package, rehearsal
from workflows.documents.compose import DocumentFacts, compose
from workflows.documents.freeze import Frozen, freeze
from workflows.rollout.world.pure_run import CreatedDocument

DAY = date(2026, 9, 3)
NAMED = {
    "特邀调解员@620902-FY": "马玉兰",
    "620902-XF": "肃州区信访局",
    "620902104-ZZ": "西峰镇综治中心",
    "620902-ZZ": "肃州区综治中心",
    "620900-XF": "酒泉市信访局",
    "620902-SFJ": "肃州区司法局",
    "620902-FY": "肃州区人民法院",
    "620981-D09": "玉门市人力资源和社会保障局",
}
"""What paper calls those whose codes and account names forms hold."""
BARE_PARTY = {"name": "甲", "kind": "person", "side": "申请人", "no": 1, "age": None}


@cache
def created(key: str) -> tuple[tuple[str, CreatedDocument, Mapping[str, Any]], ...]:
    """Scenario, document and sealed facts of every document, in the order they were made."""
    return tuple(
        (walk.name, document, walk.world.run.hidden)
        for walk in rehearsal(key).walks
        if walk.world is not None and walk.world.run is not None
        for document in walk.world.run.created
    )


@dataclass(frozen=True)
class Papers:
    """The papers of one package. `people`: names of accounts and units by what forms hold."""

    key: str
    unit: Mapping[str, Any] = field(default_factory=lambda: UNIT)
    people: Mapping[str, str] = field(default_factory=lambda: PEOPLE)
    case_number: str = "西峰镇受〔2026〕41号"

    @property
    def kinds(self) -> list[str]:
        return sorted(package(self.key).manifest.documents)

    def first(self, kind: str) -> CreatedDocument:
        """The first document of a kind in any scenario."""
        return next(document for _, document, _ in created(self.key) if document.kind == kind)

    def frozen(self, document: CreatedDocument) -> Frozen:
        """The facts it is made from."""
        sealed = next(hidden for _, one, hidden in created(self.key) if one is document)
        return freeze(
            case={**document.facts.case, **sealed},
            parties=document.facts.parties,
            unit=self.unit,
            run={
                "number": document.number,
                "opened_on": "2026-08-03",
                "case_number": self.case_number,
            },
            data=document.data,
            people=self.people,
            today=DAY,
        )

    def bare(self, document: CreatedDocument, **case: Any) -> Frozen:
        """The facts of a record that knows next to nothing."""
        return {**self.frozen(document), "case": case, "data": {}, "parties": [BARE_PARTY]}

    def words(self, document: CreatedDocument, facts: Frozen | None = None) -> str:
        """The text of the body without markup and spaces."""
        about = DocumentFacts(document.kind, document.number, DAY, "7K3M-Q9TX-22HD")
        html = compose(package(self.key), facts or self.frozen(document), about).html
        return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", html.partition("<body>")[2])))

    def text_of(self, scenario: str, kind: str, which: int = -1) -> str:
        """A document of a kind in a scenario, by default the last one."""
        found = [d for name, d, _ in created(self.key) if (name, d.kind) == (scenario, kind)]
        return self.words(found[which])
