"""Acts on a case outside its diagram."""

from __future__ import annotations

import pytest

from tests.factories.cases import World, rows
from workflows.cases.case_bonds import AddReference, MergeCase, add_reference, merge, seal
from workflows.cases.case_commands import CaseCommand, CorrectCase, correct, void, withdraw
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.cases_list import CasesQuery, list_cases
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.tables import CaseRecord, IssuedNumber, JournalEntry, Run, WorkItem
from workflows.errors import (
    AlreadyDoneError,
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    KeyReusedError,
    NotVisibleError,
    RuleError,
    StaleRevisionError,
)
from workflows.storage.ids import decode_id


def test_withdraw_ends_the_run_through_its_diagram(world: World) -> None:
    opened, _talk = world.at_talk()
    changed = withdraw(
        world.platform, world.actor("intake"), CaseCommand(opened.case, "双方自己谈好了")
    )
    run = rows(world, Run)[0]
    assert (run.status, run.end_state, changed.status) == ("completed", "e_withdrawn", "closed")
    page = load_case_page(world.platform, world.actor("intake"), opened.case)
    actions = {line.action: line.detail for line in page.timeline}
    assert actions["withdraw"] == "双方自己谈好了"


def test_withdraw_where_no_diagram_waits_cancels_the_run(world: World) -> None:
    opened = world.open()
    withdraw(world.platform, world.actor("intake"), CaseCommand(opened.case, "不办了"))
    run = rows(world, Run)[0]
    assert (run.status, run.end_state) == ("cancelled", "withdrawn")
    assert {item.state for item in rows(world, WorkItem)} == {"gone"}


@pytest.mark.parametrize("act", [withdraw, void, seal])
def test_every_act_needs_a_reason(world: World, act) -> None:
    opened = world.open()
    with pytest.raises(RuleError) as refusal:
        act(world.platform, world.actor("head"), CaseCommand(opened.case, " "))
    assert refusal.value.message.code == "cases.reason_missing"


@pytest.mark.parametrize("act", [withdraw, void, seal])
def test_acts_on_a_case_of_others_find_nothing(world: World, act) -> None:
    opened = world.open()
    with pytest.raises(NotVisibleError):
        act(world.platform, world.actor("otherhead"), CaseCommand(opened.case, "x"))


@pytest.mark.parametrize("act", [void, seal])
def test_voiding_and_sealing_are_for_the_head(world: World, act) -> None:
    opened = world.open()
    with pytest.raises(ForbiddenError):
        act(world.platform, world.actor("intake"), CaseCommand(opened.case, "x"))


def test_an_index_reader_may_not_withdraw(world: World) -> None:
    opened = world.open()
    with pytest.raises(ForbiddenError):
        withdraw(world.platform, world.actor("watcher"), CaseCommand(opened.case, "x"))


def test_void_voids_numbers_and_runs(world: World) -> None:
    opened = world.open()
    changed = void(world.platform, world.actor("head"), CaseCommand(opened.case, "登记重复"))
    assert changed.status == "voided"
    number = rows(world, IssuedNumber)[0]
    assert (number.void_reason, number.voided_at) == ("登记重复", world.clock.now())
    assert rows(world, Run)[0].status == "voided"
    assert world.open().number == "丙调委受〔2026〕2号"


def test_void_twice_is_refused(world: World) -> None:
    opened = world.open()
    void(world.platform, world.actor("head"), CaseCommand(opened.case, "x"))
    with pytest.raises(ForbiddenError) as refusal:
        void(world.platform, world.actor("head"), CaseCommand(opened.case, "x"))
    assert refusal.value.message.code == "cases.case_not_open"
    with pytest.raises(AlreadyDoneError):
        world.complete("head", opened.tasks[0], way="talk")


def test_acts_with_the_same_key_happen_once(world: World) -> None:
    opened = world.open()
    command = CaseCommand(opened.case, "x", idempotency_key="k")
    first = withdraw(world.platform, world.actor("intake"), command)
    assert withdraw(world.platform, world.actor("intake"), command) == first
    with pytest.raises(KeyReusedError):
        withdraw(
            world.platform,
            world.actor("intake"),
            CaseCommand(opened.case, "y", idempotency_key="k"),
        )


def fix(world: World, case: str, path: str, old: object, new: object, who: str = "intake"):
    command = CorrectCase(case, path, old, new, "证件上是这样写的")
    return correct(world.platform, world.actor(who), command)


def test_correct_a_fact_renames_the_case_everywhere(world: World) -> None:
    opened = world.open()
    changed = fix(world, opened.case, "/case/title", "浇水排到邻家地窖", "排水纠纷")
    assert changed.facts_revision == 2
    assert rows(world, CaseRecord)[0].title == "排水纠纷"
    assert rows(world, WorkItem)[0].case_title == "排水纠纷"
    found = list_cases(world.platform, world.actor("intake"), CasesQuery(q="排水"))
    assert [row.title for row in found.rows] == ["排水纠纷"]
    assert [row.kind for row in rows(world, JournalEntry)] == ["start", "correct"]


def test_correct_a_party_by_position_and_by_id(world: World) -> None:
    opened = world.open()
    page = load_case_page(world.platform, world.actor("intake"), opened.case)
    fix(world, opened.case, "/parties/0/name", "李玉梅", "李玉美")
    fix(world, opened.case, f"/parties/{page.parties[1].id}/side", "被申请人", "第三人")
    page = load_case_page(world.platform, world.actor("intake"), opened.case)
    assert [(party.name, party.side) for party in page.parties] == [
        ("李玉美", "申请人"),
        ("王建国", "第三人"),
    ]
    assert rows(world, WorkItem)[0].parties_text == "李玉美、王建国"


def test_correct_a_sealed_value_shows_it_nowhere(world: World) -> None:
    opened = world.open()
    fix(world, opened.case, "/parties/0/phone", "10014345715", "10013073325")
    fix(world, opened.case, "/sealed/secret", "不想让儿子知道", "可以说")
    page = load_case_page(world.platform, world.actor("intake"), opened.case)
    assert page.parties[0].phone_masked == "1001 •••• 3325"
    lines = [line for line in page.timeline if line.action == "correct"]
    assert {line.sentence.code for line in lines} == {"cases.did_correct_sealed"}
    written = [(line.sentence, line.subject, line.detail) for line in lines]
    for value in ("10014345715", "10013073325", "1001", "不想让儿子知道", "可以说"):
        assert value not in str(written)


def test_correct_the_death_of_a_party(world: World) -> None:
    opened = world.open()
    fix(world, opened.case, "/parties/1/ended", None, "去世")
    page = load_case_page(world.platform, world.actor("intake"), opened.case)
    assert page.parties[1].ended == "去世"
    assert rows(world, WorkItem)[0].parties_text == "李玉梅"


def test_correct_what_changed_meanwhile_is_refused(world: World) -> None:
    opened = world.open()
    with pytest.raises(StaleRevisionError) as refusal:
        fix(world, opened.case, "/case/title", "别的", "排水纠纷")
    assert refusal.value.message.params == {"found": "浇水排到邻家地窖"}
    with pytest.raises(StaleRevisionError) as refusal:
        fix(world, opened.case, "/parties/0/phone", "1", "10013073325")
    assert refusal.value.message.params == {"found": "—"}


@pytest.mark.parametrize(
    "path", ["", "/", "title", "/case/nothing", "/parties/9/name", "/parties/0/id", "/case/a/b"]
)
def test_correct_an_unknown_path_is_invalid(world: World, path: str) -> None:
    opened = world.open()
    with pytest.raises(InvalidInputError):
        fix(world, opened.case, path, None, "x")


def test_correct_with_a_value_its_field_refuses(world: World) -> None:
    opened = world.open()
    with pytest.raises(InvalidFormError):
        fix(world, opened.case, "/parties/0/id_number", "990001198812249226", "123")
    with pytest.raises(InvalidFormError):
        fix(world, opened.case, "/parties/0/name", "李玉梅", "")
    with pytest.raises(InvalidFormError):
        fix(world, opened.case, "/case/dispute_kind", "neighbourhood", "nothing")


def test_correct_a_closed_case_changes_its_record(world: World) -> None:
    opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="done")
    fix(world, opened.case, "/case/title", "浇水排到邻家地窖", "排水纠纷")
    assert rows(world, CaseRecord)[0].title == "排水纠纷"


def test_merge_ends_the_duplicate_and_both_records_say_so(world: World) -> None:
    duplicate, kept = world.open(), world.open()
    head = world.actor("head")
    changed = merge(world.platform, head, MergeCase(duplicate.case, kept.case, "同一件事"))
    assert changed.status == "merged"
    first, second = rows(world, CaseRecord)
    assert first.merged_into == second.id
    page = load_case_page(world.platform, head, kept.case)
    assert page.timeline[0].sentence.params == {"number": duplicate.number}
    assert page.status == "open"
    gone = load_case_page(world.platform, head, duplicate.case)
    assert (gone.merged_into, gone.may) == (kept.case, ("seal", "add_reference"))


def test_merge_into_itself_is_invalid(world: World) -> None:
    opened = world.open()
    with pytest.raises(InvalidInputError):
        merge(world.platform, world.actor("head"), MergeCase(opened.case, opened.case, "x"))


def test_seal_hides_the_case_from_all_but_who_takes_part(world: World) -> None:
    opened, talk = world.at_talk()
    mediator = world.actor("mediator")
    claim(world.platform, mediator, ItemCommand(talk.id))
    world.hire("deputy", "调委会主任@111-TW")
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    for username in ("deputy", "watcher", "mediator2"):
        with pytest.raises(NotVisibleError):
            load_case_page(world.platform, world.actor(username), opened.case)
        found = list_cases(world.platform, world.actor(username), CasesQuery())
        assert found.rows == ()
    for username in ("head", "mediator", "intake"):
        page = load_case_page(world.platform, world.actor(username), opened.case)
        assert page.access_class == "sealed"


def test_whoever_seals_a_case_others_handle_loses_it_too(world: World) -> None:
    opened = world.open()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    with pytest.raises(NotVisibleError):
        load_case_page(world.platform, world.actor("head"), opened.case)


def test_a_sealed_case_is_found_by_its_number_only(world: World) -> None:
    opened = world.open()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "x"))
    actor = world.actor("intake")
    assert list_cases(world.platform, actor, CasesQuery(q="地窖")).rows == ()
    assert len(list_cases(world.platform, actor, CasesQuery(q=opened.number)).rows) == 1


def test_reading_a_sealed_case_is_recorded_once(world: World) -> None:
    opened = world.open()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "x"))
    intake = world.actor("intake")
    load_case_page(world.platform, intake, opened.case)
    page = load_case_page(world.platform, intake, opened.case)
    assert [line.action for line in page.timeline].count("read") == 1


def test_a_sealed_item_is_claimed_before_it_is_done(world: World) -> None:
    opened, talk = world.at_talk()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "x"))
    row = list_inbox(world.platform, world.actor("mediator"), InboxQuery(tab="claimable")).rows[0]
    assert (row.parties, row.may) == ((), ("claim",))
    with pytest.raises(ForbiddenError) as refusal:
        world.complete("mediator", row, outcome="done")
    assert refusal.value.message.code == "cases.claim_first"
    mine = claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    world.complete("mediator", mine, outcome="done")


def test_add_reference_is_kept_once(world: World) -> None:
    opened = world.open()
    command = AddReference(opened.case, "法院", "（2026）甘0902民初1号")
    for _ in range(2):
        add_reference(world.platform, world.actor("intake"), command)
    page = load_case_page(world.platform, world.actor("intake"), opened.case)
    assert page.external_refs == (("法院", "（2026）甘0902民初1号"),)
    assert [line.action for line in page.timeline].count("add_reference") == 1


def test_add_reference_without_a_number_is_invalid(world: World) -> None:
    opened = world.open()
    with pytest.raises(InvalidInputError):
        add_reference(world.platform, world.actor("intake"), AddReference(opened.case, "法院", " "))


def test_acts_on_a_malformed_id_are_invalid(world: World) -> None:
    with pytest.raises(InvalidInputError):
        void(world.platform, world.actor("head"), CaseCommand("no", "x"))
    assert decode_id(world.open().case) > 0
