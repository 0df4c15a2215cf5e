"""Parties who join, take another's place, die or leave."""

from __future__ import annotations

import pytest

from tests.factories.cases import World, rows
from workflows.cases.case_commands import CaseCommand, void
from workflows.cases.change_parties import AddParty, EndParty, add_party, end_party
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.records import CasePage
from workflows.cases.tables import Party, WorkItem
from workflows.errors import ForbiddenError, InvalidFormError, NotVisibleError, RuleError

HEIR = {"kind": "person", "name": "王小军", "side": "被申请人", "id_number": "990001199503154332"}


def page_of(world: World, case: str) -> CasePage:
    return load_case_page(world.platform, world.actor("intake"), case)


def join(world: World, case: str, who: str = "intake", /, **changes: object) -> None:
    command = {"case": case, "raw": {"parties": [HEIR]}, "reason": "继承人参加", **changes}
    add_party(world.platform, world.actor(who), AddParty(**command))  # type: ignore[arg-type]


def test_an_heir_takes_the_place_of_a_party_who_died(world: World) -> None:
    opened = world.open()
    respondent = page_of(world, opened.case).parties[1]
    join(world, opened.case, instead_of=respondent.id, why="died")
    page = page_of(world, opened.case)
    assert [(p.name, p.ended) for p in page.parties] == [
        ("李玉梅", None),
        ("王建国", "died"),
        ("王小军", None),
    ]
    assert page.parties[2].id_masked == "9900 •••• 4332"
    assert rows(world, WorkItem)[0].parties_text == "李玉梅、王小军"
    line = page.timeline[0]
    assert (line.sentence.code, line.detail) == ("cases.did_replace_party", "继承人参加")
    ended = {row.name: row.ended_why for row in rows(world, Party)}
    assert ended == {"李玉梅": None, "王建国": "died", "王小军": None}


def test_a_party_joins_and_another_leaves(world: World) -> None:
    opened = world.open()
    join(world, opened.case)
    first = page_of(world, opened.case).parties[0]
    command = EndParty(opened.case, first.id, "left", "撤回自己的申请")
    end_party(world.platform, world.actor("intake"), command)
    assert rows(world, WorkItem)[0].parties_text == "王建国、王小军"
    with pytest.raises(RuleError) as refusal:
        end_party(world.platform, world.actor("intake"), command)
    assert refusal.value.message.code == "cases.no_such_party"


def test_the_same_key_adds_a_party_once(world: World) -> None:
    opened = world.open()
    join(world, opened.case, idempotency_key="twice")
    join(world, opened.case, idempotency_key="twice")
    assert len(page_of(world, opened.case).parties) == 3


def test_one_party_stays(world: World) -> None:
    opened = world.open()
    page = page_of(world, opened.case)
    actor = world.actor("intake")
    end_party(world.platform, actor, EndParty(opened.case, page.parties[0].id, "died", "病故"))
    with pytest.raises(RuleError) as refusal:
        end_party(world.platform, actor, EndParty(opened.case, page.parties[1].id, "died", "病故"))
    assert refusal.value.message.code == "cases.last_party"


def test_whoever_is_a_party_does_not_become_one_again(world: World) -> None:
    opened = world.open()
    same = {**HEIR, "id_number": "990001198812249226", "name": "李玉梅"}
    with pytest.raises(InvalidFormError) as refusal:
        join(world, opened.case, raw={"parties": [same]})
    assert refusal.value.errors[0].message.params == {"name": "李玉梅"}
    assert len(page_of(world, opened.case).parties) == 2


@pytest.mark.parametrize(
    "raw",
    [{}, {"parties": []}, {"parties": [{}]}, {"parties": [HEIR, HEIR]}, {"parties": "x"}, {"x": 1}],
)
def test_a_wrong_party_changes_nothing(world: World, raw: object) -> None:
    opened = world.open()
    with pytest.raises(InvalidFormError):
        join(world, opened.case, raw=raw)
    assert len(page_of(world, opened.case).parties) == 2


def test_parties_change_by_whoever_may_and_while_the_case_is_open(world: World) -> None:
    opened = world.open()
    with pytest.raises((NotVisibleError, ForbiddenError)):
        join(world, opened.case, "stranger")
    with pytest.raises(RuleError):
        join(world, opened.case, reason=" ")
    with pytest.raises(RuleError):
        join(world, opened.case, instead_of=page_of(world, opened.case).id, why="died")
    void(world.platform, world.actor("head"), CaseCommand(opened.case, "登记错了"))
    with pytest.raises(ForbiddenError):
        join(world, opened.case)
