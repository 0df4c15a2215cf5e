"""Who sees what: every kind of role, in the unit that handles a case, beside it and above it, on
every surface that shows a case, for a normal and a restricted one. The expectation is worked out
here from the roles' data alone; a new surface that is not listed fails."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.cases import KEY, World, add_person
from tests.factories.organisation import SMALL_TREE
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.organisation.accounts import issue_token
from workflows.organisation.roles import RoleDefinition, built_in_roles
from workflows.storage import SYSTEM

OWN, BESIDE, ABOVE = "111-TW", "1111-TW", "11-ZZ"
PARENT = {unit.code: unit.parent for unit in SMALL_TREE}
KIND = {unit.code: unit.kind for unit in SMALL_TREE}
PLACES = {"市", "县", "镇", "村"}
MEDIATOR = "人民调解员"
NONE, INDEX, FULL = range(3)

SURFACES: Mapping[str, tuple[str, int]] = {
    "cases.case": ("/cases/{case}", INDEX),
    "cases.decisions": ("/cases/{case}/decisions", FULL),
    "cases.timeline": ("/cases/{case}/timeline?before=9", INDEX),
    "cases.diagram": ("/runs/{run}/diagrams/" + KEY + ".svg", FULL),
    "printing.documents": ("/cases/{case}/documents", INDEX),
    "api.copy_case": ("/api/v1/cases/{case}/copy/court", FULL),
    "outside.copy": ("/cases/{case}/copy/court", FULL),
    "api.read_case": ("/api/v1/cases/{case}", INDEX),
    "api.read_timeline": ("/api/v1/cases/{case}/timeline", INDEX),
    "api.read_run": ("/api/v1/runs/{run}", INDEX),
    "api.list_documents": ("/api/v1/cases/{case}/documents", INDEX),
}
"""Endpoint → (address, how much one must see of a case for it to answer 200)."""
ITEM_SURFACES = {
    "cases.task": "/tasks/{item}",
    "cases.presence": "/tasks/{item}/presence",
    "api.read_task": "/api/v1/tasks/{item}",
}
LISTS = {
    "cases.list_cases": "/cases",
    "api.list_cases": "/api/v1/cases",
    "api.list_tasks": "/api/v1/tasks?scope=visible",
    "clocks.clocks": "/clocks",
    "api.list_clocks": "/api/v1/clocks",
}
ELSEWHERE = {
    "cases.case_act",
    "cases.correct",
    "cases.correct_value",
    "cases.new_party",
    "cases.clock_act",
    "cases.return_task",
    "inbox.inbox",
    "inbox.next_task",
    "printdesk.desk",
    "printdesk.packet_page",
    "printdesk.job",
    "printdesk.job_pdf",
    "scans.start",
    "scans.batch",
    "scans.picture",
    "volumes.volume",
    "volumes.pdf",
    "volumes.sheet",
    "printing.document",
    "printing.print_page",
    "printing.beside",
    "verify.code",
    "signing.paper",
    "signing.picture",
    "signing.link",
    "signing.state",
    "signing.doubts",
    "printing.file",
    "printing.thumbnail",
    "api.read_document",
    "notices.notices",
    "notices.follow",
    "api.list_notices",
    "people.people",
    "people.handover",
    "calendar.feed",
    "handoffs.letters",
    "handoffs.letter",
    "handoffs.find",
    "outside.outside",
    "outside.file",
    "outside.rows",
    "outside.row",
    "outside.export",
    "api.list_outside_systems",
    "api.list_outside_rows",
    "api.export_outside",
    "api.list_handoffs",
    "api.read_job",
    "packages.moving",
    "packages.replays",
    "studio.replayed",
    "packages.parted",
    "packages.merging",
}
"""Asked act by act, or holding what the small case of this matrix does not have (papers, letters:
`test_letters_access.py`, lists: `test_outside.py`): their own tests ask them. `inbox.inbox` and the
notices show a person's own only."""
NO_CASE = {
    "pages.root",
    "pages.asset",
    "pages.healthz",
    "pages.readyz",
    "pages.metrics",
    "account.sign_in",
    "account.account",
    "calendar.years",
    "people.seals",
    "people.seal",
    "verify.ask",
    "cases.choose_start",
    "cases.start",
    "outside.copy_first",
    "packages.packages",
    "studio.choose",
    "studio.point",
    "studio.studio",
    "studio.tree",
    "studio.saves",
    "studio.saved",
    "studio.comments",
    "studio.approvers",
    "packages.version",
    "packages.scenarios",
    "packages.scenario",
    "packages.compare",
    "packages.compared",
    "packages.covered",
    "packages.rehearse",
    "packages.rehearsed",
    "api.openapi",
    "api.docs",
    "api.me",
    "api.list_processes",
    "api.list_versions",
    "api.export_version",
    "api.compare_versions",
    "api.read_impact",
}
SECRETS = ("李玉梅", "王建国", "浇水")


def ancestors(code: str) -> list[str]:
    found = [code]
    while (parent := PARENT[found[-1]]) is not None:
        found.append(parent)
    return found


def covers(role: RoleDefinition, post_unit: str) -> bool:
    """Whether a post reaches the unit that handles the case."""
    if role.reach == "unit":
        return post_unit == OWN
    reach = post_unit
    if role.reach == "area" and KIND[post_unit] not in PLACES:
        reach = PARENT[post_unit] or post_unit
    return reach in ancestors(OWN)


def expected_level(role: RoleDefinition, post_unit: str) -> int:
    if not covers(role, post_unit):
        return NONE
    if "see_full" in role.abilities:
        return FULL
    return INDEX if "see_index" in role.abilities else NONE


def kinds_of_roles() -> list[RoleDefinition]:
    """One role for each way of reaching, seeing and doing: the others differ in nothing asked."""
    kinds: dict[tuple[object, ...], RoleDefinition] = {}
    for role in built_in_roles().values():
        if role.acts == "citizen" or "api" not in role.abilities:
            continue
        sight = frozenset(role.abilities) & {"see_index", "see_full", "assign", "claim"}
        kinds.setdefault((role.reach, sight, role.key == MEDIATOR), role)
    return list(kinds.values())


def tokens(world: World) -> list[tuple[RoleDefinition, str, str]]:
    """(role, unit, token) of people who hold nothing else."""
    made = []
    with world.platform.database.transaction(SYSTEM) as session:
        for number, role in enumerate(kinds_of_roles()):
            for unit in (OWN, BESIDE, ABOVE):
                name = f"m{number}-{unit}"
                add_person(session, world.platform.ids, name, [f"{role.key}@{unit}"])
                session.flush()
                token = issue_token(
                    session, world.platform.ids, username=name, now=world.clock.now()
                )
                made.append((role, unit, token))
    return made


def ask(client: FlaskClient, token: str, path: str) -> tuple[int, str]:
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.get_data(as_text=True)


def faults(
    client: FlaskClient, token: str, names: dict[str, str], level: int, *, does: bool, normal: bool
) -> list[str]:
    """Everything one person sees that they may not, or does not see though they may. Whoever may
    claim the task of a restricted case is told its number, and nothing more before claiming."""
    wrong = []
    for endpoint, (path, least) in SURFACES.items():
        status, text = ask(client, token, path.format(**names))
        if (status == 200) != (level >= least):
            wrong.append(f"{endpoint}: {status}")
        elif status == 200 and level < FULL and any(secret in text for secret in SECRETS[:2]):
            wrong.append(f"{endpoint}: names")
    for endpoint, path in ITEM_SURFACES.items():
        status, _text = ask(client, token, path.format(**names))
        may_open = normal and (does or level == FULL)
        if (status == 200) != may_open:
            wrong.append(f"{endpoint}: {status}")
    for endpoint, path in LISTS.items():
        status, text = ask(client, token, path)
        shown = names["number"] in text
        may_know = level >= INDEX or (does and endpoint == "api.list_tasks")
        if status != 200 or shown != may_know:
            wrong.append(f"{endpoint}: {status} {'shown' if shown else 'hidden'}")
        hidden = SECRETS if level == NONE and not normal else SECRETS[:2] if level < FULL else ()
        if not (does and normal) and any(secret in text for secret in hidden):
            wrong.append(f"{endpoint}: names")
    return wrong


@pytest.mark.parametrize("normal", [True, False], ids=["normal", "sealed"])
def test_every_role_sees_what_its_data_says(world: World, site: Flask, normal: bool) -> None:
    opened, talk = world.at_talk()
    if not normal:
        seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    names = {"case": opened.case, "run": opened.run, "item": talk.id, "number": opened.number}
    client, found = site.test_client(), {}
    for role, unit, token in tokens(world):
        level = expected_level(role, unit) if normal else NONE
        does = role.key == MEDIATOR and covers(role, unit)
        wrong = faults(client, token, names, level, does=does, normal=normal)
        if wrong:
            found[f"{role.key}@{unit}"] = wrong
    assert found == {}


def test_nobody_sees_anything_without_signing_in(world: World, site: Flask) -> None:
    opened, talk = world.at_talk()
    names = {"case": opened.case, "run": opened.run, "item": talk.id}
    client = site.test_client()
    paths = [path for path, _ in SURFACES.values()] + [*ITEM_SURFACES.values(), *LISTS.values()]
    for path in paths:
        answer = client.get(path.format(**names))
        assert answer.status_code in (303, 401), path
        assert opened.number not in answer.get_data(as_text=True)


def test_every_surface_is_in_the_matrix(world: World, site: Flask) -> None:
    views = {rule.endpoint for rule in site.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert views == {*SURFACES, *ITEM_SURFACES, *LISTS, *ELSEWHERE, *NO_CASE}
