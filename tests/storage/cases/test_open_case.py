"""Opening a case: what is written, who may, and that a refusal writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cases import KEY, OTHER_OFFICE, World, registration
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.submission import open_party, open_sealed
from workflows.cases.tables import (
    CaseKeyRow,
    CaseRecord,
    IssuedNumber,
    JournalEntry,
    NumberSeries,
    Participation,
    Party,
    Run,
    WorkItem,
)
from workflows.errors import (
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    KeyReusedError,
    NotVisibleError,
    RuleError,
)
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id


def count(world: World, table: type) -> int:
    with world.platform.database.reading(SYSTEM) as session:
        return len(session.scalars(select(table)).all())


def test_open_case_writes_the_matter_its_run_and_its_first_item(world: World) -> None:
    opened = world.open()
    with world.platform.database.reading(SYSTEM) as session:
        case = session.get_one(CaseRecord, decode_id(opened.case))
        run = session.get_one(Run, decode_id(opened.run))
        items = session.scalars(select(WorkItem)).all()
    assert (case.number, case.title, case.kind) == (
        "丙调委受〔2026〕1号",
        "浇水排到邻家地窖",
        "neighbourhood",
    )
    assert case.kind_title == {"zh": "邻里", "en": "neighbourhood"}
    assert (case.unit_path, case.county_code) == ("/1/11/111/111-TW/", "11")
    assert (case.status, case.opened_by_name, case.head_seq) == ("open", "intake", 1)
    assert (run.revision, run.status, run.stage) == (1, "open", "sm_intake")
    assert [KEY, "c_intake"] in run.active
    assert ["sm_intake", "review"] in run.active
    assert [(item.element, item.role, item.unit_code) for item in items] == [
        ("review", "调委会主任", "111-TW")
    ]
    assert [row.name for row in opened.tasks] == ["review"]


def test_open_case_keeps_identities_out_of_plain_columns(world: World) -> None:
    opened = world.open()
    with world.platform.database.reading(SYSTEM) as session:
        case = session.get_one(CaseRecord, decode_id(opened.case))
        wrapped = session.get_one(CaseKeyRow, case.id).wrapped
        parties = session.scalars(select(Party).order_by(Party.position)).all()
    key = world.platform.vault.open_key(wrapped)
    plain = {name for party in case.parties for name in party}
    assert plain & {"id_number", "phone", "address", "birth_date"} == set()
    assert open_sealed(case, key) == {"secret": "不想让儿子知道"}
    assert "secret" not in case.facts
    first = open_party(key, parties[0].id, parties[0].sealed)
    assert first["id_number"] == "990001198812249226"
    assert parties[0].id_index == world.platform.vault.blind_index("990001198812249226")
    assert parties[1].id_index == ""


def test_open_case_lets_unit_and_opener_take_part(world: World) -> None:
    world.open()
    with world.platform.database.reading(SYSTEM) as session:
        rows = session.scalars(select(Participation)).all()
    found = {(row.account_id, row.unit_code, row.level, row.why) for row in rows}
    assert found == {
        (0, "111-TW", "full", "open"),
        (world.accounts["intake"], "111-TW", "full", "open"),
    }


def test_open_case_numbers_follow_each_other(world: World) -> None:
    numbers = [world.open().number for _ in range(3)]
    assert numbers == [f"丙调委受〔2026〕{n}号" for n in (1, 2, 3)]


def test_open_case_takes_the_unit_named(world: World) -> None:
    opened = world.open("stranger", unit=OTHER_OFFICE)
    assert opened.number == "丁调委受〔2026〕1号"


@pytest.mark.parametrize(
    ("username", "unit", "error", "code"),
    [
        ("intake", OTHER_OFFICE, ForbiddenError, "cases.no_post_in_unit"),
        ("watcher", None, ForbiddenError, "cases.no_post_to_start"),
        ("watcher", OTHER_OFFICE, ForbiddenError, "cases.may_not_start"),
        ("intake", "nowhere", InvalidInputError, "unit.unknown"),
    ],
)
def test_open_case_refuses_whoever_may_not(
    world: World, username: str, unit: str | None, error: type, code: str
) -> None:
    with pytest.raises(error) as refusal:
        world.open(username, unit=unit)
    assert refusal.value.message.code == code
    assert count(world, CaseRecord) == 0


def test_open_case_refuses_an_unknown_process(world: World) -> None:
    command = OpenCase("no_such_process", registration())
    with pytest.raises(NotVisibleError):
        open_case(world.platform, world.actor("intake"), command)


def test_open_case_refuses_an_unknown_start_form(world: World) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        world.open(form="nothing")
    assert refusal.value.message.code == "cases.unknown_start"


def test_open_case_tells_all_wrong_fields_and_uses_no_number(world: World) -> None:
    with pytest.raises(InvalidFormError) as refusal:
        world.open(raw={"title": "", "dispute_kind": "?", "more": 1})
    assert [error.path for error in refusal.value.errors] == ["/title", "/dispute_kind", "/more"]
    assert count(world, NumberSeries) == 0
    assert count(world, CaseRecord) == 0
    assert world.open().number == "丙调委受〔2026〕1号"


def test_open_case_refuses_an_act_in_the_future(world: World) -> None:
    with pytest.raises(RuleError) as refusal:
        world.open(occurred_at=world.clock.now() + timedelta(hours=1))
    assert refusal.value.message.code == "cases.occurred_in_future"


def test_open_case_late_needs_a_reason(world: World) -> None:
    long_ago = world.clock.now() - timedelta(days=4)
    with pytest.raises(RuleError) as refusal:
        world.open(occurred_at=long_ago)
    assert refusal.value.message.code == "cases.occurred_long_ago"
    opened = world.open(occurred_at=long_ago, late_reason="山里没有信号")
    with world.platform.database.reading(SYSTEM) as session:
        case = session.get_one(CaseRecord, decode_id(opened.case))
    assert (case.occurred_at, case.opened_at) == (long_ago, world.clock.now())


def test_open_case_with_the_same_key_answers_the_same_once(world: World) -> None:
    first = world.open(idempotency_key="k1")
    assert world.open(idempotency_key="k1") == first
    assert count(world, CaseRecord) == 1
    assert count(world, IssuedNumber) == 1


def test_open_case_with_the_same_key_and_another_body_is_refused(world: World) -> None:
    world.open(idempotency_key="k1")
    with pytest.raises(KeyReusedError):
        world.open(idempotency_key="k1", raw={"title": "另一件"})
    assert count(world, CaseRecord) == 1


def test_open_case_keys_belong_to_their_account(world: World) -> None:
    world.open("intake", idempotency_key="k1")
    world.open("mediator", idempotency_key="k1")
    assert count(world, CaseRecord) == 2


def test_open_case_rolled_back_after_the_flush_leaves_nothing(world: World) -> None:
    """The process dies between flush and commit."""

    class DyingError(Exception):
        pass

    def dies(_session: object, _context: object) -> object:
        raise DyingError

    platform = replace(world.platform, operations={"never.asked": dies})
    with pytest.raises(DyingError):
        open_case(platform, world.actor("intake"), OpenCase(KEY, registration()))
    for table in (CaseRecord, Run, JournalEntry, NumberSeries, IssuedNumber, Party):
        assert count(world, table) == 0
