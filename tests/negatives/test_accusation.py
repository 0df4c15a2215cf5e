"""3. Accusation material (检举) is unreachable for the accused's unit and whoever stands above it:
with the accusations in the house every route answers them as without, and as for ids of nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from werkzeug.routing import Rule

from tests.negatives.asking import BODIES, FORM, Asked, address, ask, names_case, rules, surface
from tests.negatives.raw_scan import RECORD, places_of
from tests.negatives.registry import asked
from tests.negatives.site_world import CANARIES, OUTSIDERS, SiteWorld, build
from webapp.pages import log
from workflows.storage import Database
from workflows.storage.vault import Vault

METHODS = ("GET", "POST", "PUT")
REFUSALS = (303, 403, 404)
"""303: an address that leads on to another one, which is asked as well."""
QUERIES = ("鸜", "鵩鴞", "驩兜", "信字", "反映")
NOTED = ("api.export_outside",)
NOT_ASKED = {
    "route POST account.sign_out",
    "route POST account.change_password",
    "route POST api.add_version",
}
"""Would change the world for those who are asked next, or read a body before anything else."""


@pytest.fixture
def there(database: Database, tmp_path: Path, vault: Vault) -> Iterator[SiteWorld]:
    lines = io.StringIO()
    made = build(database, tmp_path, vault, lines)
    log.configure(lines)
    made.ordinary()
    yield made
    structlog.reset_defaults()


def lists(there: SiteWorld) -> list[tuple[Rule, str]]:
    """Addresses that name nothing, those that search with words as well."""
    found = []
    for rule in rules(there.app, "GET"):
        if names_case(rule):
            continue
        path = address(there.app, rule, there.nothing())
        found.append((rule, path))
        if rule.endpoint.partition(".")[2] in ("list_cases", "inbox", "people", "letters"):
            found += [(rule, f"{path}?q={word}") for word in QUERIES]
        if rule.endpoint in ("api.list_tasks", "inbox.inbox"):
            found += [(rule, f"{path}?scope=visible"), (rule, f"{path}?tab=visible")]
            found.append((rule, f"{path}?tab=done"))
    return sorted(found, key=lambda one: one[0].endpoint not in NOTED)


def test_lists_are_the_same_with_and_without_it(there: SiteWorld) -> None:
    """No word, number, name or count: answers are compared as a whole."""
    people, paths = OUTSIDERS, lists(there)
    there.settle()
    before = answers(there, people, paths)
    there.accuse()
    there.settle()
    after = answers(there, people, list(reversed(paths)))
    assert [name for name, answer in before.items() if after[name] != answer] == []


def answers(
    there: SiteWorld, people: Sequence[str], paths: list[tuple[Rule, str]]
) -> dict[str, tuple[int, str]]:
    """What each of them is answered. Whoever exports leaves a line in a list of exports, so that
    is asked first before, and last after."""
    return {f"{who} {path}": one(there, who, path) for _rule, path in paths for who in people}


def one(there: SiteWorld, who: str, path: str) -> tuple[int, str]:
    answer = ask(there.app, there.token(who), "GET", path)
    return answer.status, answer.text


def test_its_addresses_answer_like_those_of_nothing(there: SiteWorld) -> None:
    """Whatever is asked about its case, run, tasks, clocks, papers and files."""
    there.accuse()
    real, numbers = list(there.things()), there.numbers()
    assert {len(one["case"]) for one in real} == {13}
    wrong, readings = [], there.readings()
    for method in METHODS:
        for rule in rules(there.app, method):
            if not names_case(rule) or surface(rule, method) in NOT_ASKED:
                continue
            for who in OUTSIDERS[2:]:
                wrong += differences(there, who, method, rule, real, numbers)
    assert wrong == []
    assert there.readings() == readings


def differences(
    there: SiteWorld,
    who: str,
    method: str,
    rule: Rule,
    real: list[dict[str, str]],
    numbers: set[str],
) -> Iterator[str]:
    nothing = there.nothing()
    expected = probe(there, who, method, rule, nothing)
    if expected.status not in REFUSALS:
        yield f"{who} {method} {rule}: {expected.status} before anything was looked for; BODIES?"
    seen = set()
    for things in real:
        path = address(there.app, rule, things)
        if path in seen:
            continue
        seen.add(path)
        answer = probe(there, who, method, rule, things)
        if (answer.status, answer.text) != (expected.status, expected.text):
            yield f"{who} {method} {rule}: {answer.status} for {expected.status}"
        elif any(word in answer.text for word in (*CANARIES, *numbers)):
            yield f"{who} {method} {rule}: says it"


def probe(there: SiteWorld, who: str, method: str, rule: Rule, things: dict[str, str]) -> Asked:
    """One request; an act with a body its address takes, so that it gets as far as asking who
    may."""
    options: dict[str, Any] = {}
    if method != "GET" and (rule.rule.startswith("/api/") or rule.endpoint in BODIES):
        options = {"json": BODIES.get(rule.endpoint, {})}
    elif method != "GET":
        options = {"data": FORM}
    path = address(there.app, rule, things)
    return ask(there.app, there.token(who), method, path, hide=things, **options)


def test_every_route_was_asked(there: SiteWorld) -> None:
    routes = {surface(rule, method) for method in METHODS for rule in rules(there.app, method)}
    reached = {name for name in routes - NOT_ASKED if " GET " in name}
    reached |= {
        surface(rule, method)
        for method in ("POST", "PUT")
        for rule in rules(there.app, method)
        if names_case(rule)
    }
    assert {name for name in asked(3) if name.startswith("route ")} == reached


def test_what_the_site_logged_betrays_nothing(there: SiteWorld) -> None:
    there.accuse()
    numbers = there.numbers()
    for things in there.things():
        for path in (f"/cases/{things['case']}", f"/tasks/{things['item']}", "/cases?q=鵩鴞"):
            for who in ("petition", OUTSIDERS[0]):
                ask(there.app, there.token(who), "GET", path)
    said = there.lines.getvalue()
    assert "request" in said
    assert not [word for word in (*CANARIES, *numbers) if word in said]


def test_no_column_but_the_record_holds_a_word_of_it(there: SiteWorld, database: Database) -> None:
    """Also of the one that was known for an accusation only when it was checked."""
    there.accuse()
    there.settle()
    assert places_of(database, *CANARIES) <= RECORD
