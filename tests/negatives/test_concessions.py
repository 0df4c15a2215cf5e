"""5. What parties conceded in mediation does not reach the court: no page, list, paper, letter,
API or answer of the court's people holds a word of it, and no package sends it."""

from __future__ import annotations

import io
import re
from pathlib import Path

from sqlalchemy import select

from tests.factories import rollout
from tests.negatives.asking import address, ask, rules
from tests.negatives.raw_scan import places_of
from tests.negatives.registry import asked
from tests.negatives.site_world import SiteWorld, build
from tests.negatives.surfaces import ROOT, documents, packages
from workflows.cases.submission import open_sealed
from workflows.cases.tables import CaseKeyRow, CaseRecord
from workflows.catalogue.source import read_folder
from workflows.storage import SYSTEM, Database
from workflows.storage.vault import Vault

PACKAGES = ("judicial_confirmation", "people_mediation", "litigation_handoff")
CONCESSION = "鸜鹆愿让八千"
TYPED = {"hold_session": {"concessions": CONCESSION}}
COURT = ("liaison", "judge", "所长@620902-FY")
NAMED = re.compile(r"concession|让步")
SPOKEN = re.compile(r"[{][{%][^}]*(concession|让步)")
"""In a document's text: a value that is put in, not a sentence about the rule."""


def test_the_court_meets_it_nowhere(database: Database, tmp_path: Path, vault: Vault) -> None:
    """The whole way from the hearing to the trial that goes on."""
    site = build(database, tmp_path, vault, io.StringIO(), PACKAGES)
    site.most_sets = 12
    site.walk("failed_resumed", 20, "litigation_handoff", typed=TYPED)
    site.settle()
    assert written_down(site) == CONCESSION
    assert places_of(database, CONCESSION, CONCESSION[:2]) == set()
    assert [html for html in site.renderer.calls if CONCESSION[:2] in html] == []
    paths = {
        address(site.app, rule, things): f"route GET {rule.endpoint}"
        for things in site.things("normal")
        for rule in rules(site.app, "GET")
    }
    found = []
    for path in paths:
        for who in COURT:
            answer = ask(site.app, site.token(who), "GET", path)
            if CONCESSION[:2] in answer.text or CONCESSION[:2].encode() in answer.raw:
                found.append(f"{who} {path}")
    assert found == []
    assert {name for name in asked(5) if name.startswith("route ")} == set(paths.values())


def written_down(site: SiteWorld) -> str:
    """What the case's key opens: the test looks for something that is there."""
    with site.platform.database.reading(SYSTEM) as session:
        case, wrapped = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped).join(
                CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id
            )
        ).one()
        return str(open_sealed(case, site.platform.vault.open_key(wrapped))["concessions"])


def test_no_paper_puts_it_in() -> None:
    texts = {
        f"document {key}/{Path(name).stem}": content.decode()
        for key in packages()
        for name, content in read_folder(ROOT, key).files.items()
        if "/documents/" in name and name.endswith(".html")
    }
    assert [name for name, text in texts.items() if SPOKEN.search(text)] == []
    assert set(texts) == set(documents()) == {n for n in asked(5) if n.startswith("document ")}


def test_no_handoff_and_no_answer_names_it() -> None:
    """Nor is any sealed fact sent to or by a court."""
    for key in packages():
        package = rollout.package(key)
        for kind in package.manifest.handoffs:
            sent = (*kind.fields, *kind.sealed, *(kind.parties or ()), *kind.documents)
            assert [name for name in sent if NAMED.search(name)] == [], (key, kind.kind)
        for name, content in read_folder(ROOT, key).files.items():
            if name.endswith(".bpmn"):
                values = re.findall(r'parameter id="\w+"[^>]*value="([^"]*)"', content.decode())
                assert [value for value in values if NAMED.search(value)] == [], name


def test_every_field_for_it_is_sealed() -> None:
    loose = [
        (key, field.name)
        for key in packages()
        for one in rollout.package(key).forms.values()
        for field in one.fields
        if NAMED.search(field.name + field.title["zh"]) and field.store != "sealed"
    ]
    assert loose == []


def test_no_list_for_another_system_has_it() -> None:
    for path in (ROOT / "workflows" / "outside" / "data").glob("*.toml"):
        assert NAMED.search(path.read_text(encoding="utf-8")) is None, path.name


def test_operations_that_send_are_listed() -> None:
    names = {name for name in asked(5) if name.startswith("operation ")}
    assert {"operation handoff.send", "operation handoff.answer"} <= names
