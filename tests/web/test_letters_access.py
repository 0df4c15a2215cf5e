"""Who sees a letter, and that neither side's words reach the other beyond the parcel.

Every kind of role, at the sender, at the receiver, above both and beside both, on every surface
of letters and of both cases, for a normal and a restricted matter.
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.cases import World, add_person, rows
from tests.factories.handoffs import COURT_UNIT, TOWN, VILLAGE, Letters
from tests.factories.organisation import SMALL_TREE
from tests.web import letters as fixtures
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.tables import CaseRecord
from workflows.errors import NotVisibleError
from workflows.handoffs.tables import Handoff
from workflows.organisation.accounts import issue_token
from workflows.organisation.roles import RoleDefinition, built_in_roles
from workflows.storage import SYSTEM
from workflows.storage.ids import encode_id

letters, world = fixtures.letters, fixtures.world
PLACES = {"市", "县", "镇", "村"}
PARENT = {unit.code: unit.parent for unit in SMALL_TREE}
KIND = {unit.code: unit.kind for unit in SMALL_TREE}
SENDERS_OWN = ("拟驳回", "不想让儿子知道", "990001198812249226", "丁村三组", "18600")
"""What the manifest does not name."""
RECEIVERS_OWN = ("各让一步的底线",)
"""What the receiver notes and does not send back."""
SURFACES = (
    "/letters?box=in",
    "/letters?box=out",
    "/letters?box=dead",
    "/letters/{letter}",
    "/api/v1/handoffs?box=in",
    "/api/v1/handoffs?box=out",
)
CASE_SURFACES = (
    "/cases/{case}",
    "/cases/{case}/timeline?before=9",
    "/cases/{case}/documents",
    "/cases/{case}/decisions",
    "/api/v1/cases/{case}",
    "/api/v1/cases/{case}/timeline",
    "/api/v1/cases/{case}/documents",
)
LISTS = (
    "/cases?q=拟驳回",
    "/cases?q=浇水",
    "/cases",
    "/inbox?tab=claimable",
    "/api/v1/cases",
    "/api/v1/tasks?scope=visible",
)


def ancestors(code: str) -> list[str]:
    found = [code]
    while (parent := PARENT[found[-1]]) is not None:
        found.append(parent)
    return found


def covers(role: RoleDefinition, post_unit: str, unit: str) -> bool:
    if role.reach == "unit":
        return post_unit == unit
    reach = post_unit
    if role.reach == "area" and KIND[post_unit] not in PLACES:
        reach = PARENT[post_unit] or post_unit
    return reach in ancestors(unit)


def kinds_of_roles() -> list[RoleDefinition]:
    kinds: dict[tuple[object, ...], RoleDefinition] = {}
    for role in built_in_roles().values():
        if role.acts != "citizen" and "api" in role.abilities:
            sight = frozenset(role.abilities) & {"see_index", "see_full", "print", "claim"}
            kinds.setdefault((role.reach, sight), role)
    return list(kinds.values())


def tokens(world: World) -> list[tuple[RoleDefinition, str, str]]:
    made = []
    with world.platform.database.transaction(SYSTEM) as session:
        for number, role in enumerate(kinds_of_roles()):
            for unit in (COURT_UNIT, TOWN, VILLAGE, "11-ZZ"):
                name = f"m{number}-{unit}"
                add_person(session, world.platform.ids, name, [f"{role.key}@{unit}"])
                session.flush()
                ids, now = world.platform.ids, world.clock.now()
                token = issue_token(session, ids, username=name, now=now)
                made.append((role, unit, token))
    return made


def ask(client: FlaskClient, token: str, path: str) -> tuple[int, str]:
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.get_data(as_text=True)


def between(letters: Letters, *, normal: bool) -> Handoff:
    """A matter that went over and was talked about; sealed at home first where not normal."""
    opened, choose = letters.file(amount="18600")
    if not normal:
        chief = letters.world.hire("chief", f"所长@{COURT_UNIT}")
        seal(letters.world.platform, chief, CaseCommand(opened.case, "涉及未成年人"))
        choose = letters.task("liaison", "choose")
    letters.world.complete("liaison", choose, to=TOWN)
    letters.work()
    (row,) = rows(letters.world, Handoff)
    return row


@pytest.mark.parametrize("normal", [True, False], ids=["normal", "sealed"])
def test_a_letter_is_seen_by_those_who_take_part_at_either_end(
    letters: Letters, site: Flask, normal: bool
) -> None:
    row = between(letters, normal=normal)
    number, client, found = encode_id(row.id), site.test_client(), {}
    for role, unit, token in tokens(letters.world):
        ends = [end for end in (COURT_UNIT, TOWN) if covers(role, unit, end)]
        status, _ = ask(client, token, f"/letters/{number}")
        lists = [ask(client, token, path)[1] for path in SURFACES[4:]]
        shown = any(number in text for text in lists)
        expected = bool(ends) and normal and bool({"see_index", "see_full"} & set(role.abilities))
        if (status == 200, shown) != (expected, expected):
            found[f"{role.key}@{unit}"] = (status, shown)
    assert found == {}


@pytest.mark.parametrize("normal", [True, False], ids=["normal", "sealed"])
def test_neither_side_learns_more_than_the_parcel_says(
    letters: Letters, site: Flask, normal: bool
) -> None:
    row = between(letters, normal=normal)
    letter, client, found = encode_id(row.id), site.test_client(), []
    cases = [encode_id(row.from_case), encode_id(row.to_case or 0)]
    paths = [path.format(letter=letter) for path in SURFACES]
    paths += [path.format(case=case) for path in CASE_SURFACES for case in cases]
    for role, unit, token in tokens(letters.world):
        if covers(role, unit, COURT_UNIT):
            continue
        for path in (*paths, *LISTS):
            _, text = ask(client, token, path)
            told = [words for words in SENDERS_OWN if words in text.replace(path, "")]
            if path.endswith("拟驳回"):
                told = [words for words in told if words != "拟驳回"]
            found += [(role.key, unit, path, words) for words in told]
    assert found == []


def test_the_sender_learns_of_the_talks_what_the_answer_says(letters: Letters, site: Flask) -> None:
    row = between(letters, normal=True)
    letters.complete("head", "receive", takes="yes")
    said = {"outcome": "agreed", "terms": "各让一步", "bottom": RECEIVERS_OWN[0]}
    letters.complete("mediator", "talk", **said)
    letters.work()
    letter, client, found = encode_id(row.id), site.test_client(), []
    cases = [encode_id(row.from_case), encode_id(row.to_case or 0)]
    paths = [path.format(letter=letter) for path in SURFACES]
    paths += [path.format(case=case) for path in CASE_SURFACES for case in cases]
    for role, unit, token in tokens(letters.world):
        if covers(role, unit, TOWN):
            continue
        for path in (*paths, *LISTS, "/api/v1/cases?q=底线"):
            _, text = ask(client, token, path)
            found += [(role.key, unit, path) for words in RECEIVERS_OWN if words in text]
    assert found == []


def test_a_restricted_matter_is_restricted_at_the_receiver_too(letters: Letters) -> None:
    row = between(letters, normal=False)
    classes = {case.id: case.access_class for case in rows(letters.world, CaseRecord)}
    assert set(classes.values()) == {"sealed"}
    platform, head = letters.world.platform, letters.world.actor("head")
    with pytest.raises(NotVisibleError):
        load_case_page(platform, head, encode_id(row.to_case or 0))


def test_the_receiver_cannot_search_for_what_was_not_handed_over(
    letters: Letters, site: Flask
) -> None:
    row = between(letters, normal=True)
    client = site.test_client()
    platform = letters.world.platform
    with platform.database.transaction(SYSTEM) as session:
        now = letters.world.clock.now()
        head = issue_token(session, platform.ids, username="head", now=now)
    _, text = ask(client, head, "/api/v1/cases?q=浇水")
    assert row.to_number in text
    assert row.from_number not in text
    _, text = ask(client, head, "/api/v1/cases?q=拟驳回")
    assert row.to_number not in text


def test_nobody_sees_letters_without_signing_in(letters: Letters, site: Flask) -> None:
    row = between(letters, normal=True)
    client = site.test_client()
    for path in (*SURFACES, "/letters/find?number={letter}"):
        answer = client.get(path.format(letter=encode_id(row.id)))
        assert answer.status_code in (303, 401), path
        assert row.from_number not in answer.get_data(as_text=True)
