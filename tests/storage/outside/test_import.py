"""A list comes in: what is found of each row, what is written, what waits, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cases import KEY, World, rows
from tests.factories.outside import (
    FIRST,
    SECOND,
    SYSTEMS,
    THIRD,
    csv_bytes,
    findings,
    kept_rows,
    line,
    take,
)
from workflows.cases.case_bonds import AddReference, add_reference
from workflows.cases.case_commands import CaseCommand, void
from workflows.cases.queries.timeline import TimelineQuery, list_timeline
from workflows.cases.tables import ExternalRef
from workflows.errors import AlreadyDoneError, ForbiddenError, NotVisibleError
from workflows.outside.apply import apply_file, retry_row, retry_waiting
from workflows.outside.queries.lists import RowsQuery, list_rows, load_desk, load_file_page
from workflows.outside.queries.row_page import load_row_page
from workflows.outside.row_acts import GiveRow, discard_file, dismiss_row, give_row
from workflows.outside.systems import Systems
from workflows.outside.tables import OutsideFile, OutsideRow
from workflows.storage import SYSTEM

PEOPLE = {"申请人": "李玉梅", "被申请人": "王建国"}


def references(world: World) -> list[tuple[str, str]]:
    return [(ref.system, ref.number) for ref in rows(world, ExternalRef)]


def day(world: World) -> str:
    return world.clock.now().date().isoformat()


def test_row_with_our_number_is_written_once_with_a_line_in_the_record(world: World) -> None:
    opened = world.open()
    taken = take(world, csv_bytes(line(本地编号=opened.number)))
    assert references(world) == []
    assert findings(world, taken.file) == {2: "new"}
    for _time in range(2):
        done = apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    assert (done.counts, done.left) == ({}, 0)
    assert references(world) == [("省平台", FIRST)]
    lines = list_timeline(
        world.platform, world.actor("head"), TimelineQuery(opened.case, limit=50)
    ).entries
    assert [one.action for one in lines].count("add_reference") == 1


def test_brackets_and_width_of_our_number_do_not_matter(world: World) -> None:
    opened = world.open()
    typed = opened.number.replace("〔", "[").replace("〕", "]")
    taken = take(world, csv_bytes(line(本地编号=typed)))
    assert findings(world, taken.file) == {2: "new"}


def test_row_whose_number_is_known_is_the_same(world: World) -> None:
    opened = world.open()
    command = AddReference(opened.case, "省平台", FIRST)
    add_reference(world.platform, world.actor("head"), command)
    taken = take(world, csv_bytes(line()))
    assert findings(world, taken.file) == {2: "same"}
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    assert [row.state for row in kept_rows(world, taken.file)] == ["done"]


def test_number_of_one_case_beside_our_number_of_another_is_a_conflict(world: World) -> None:
    first, second = world.open(), world.open()
    add_reference(world.platform, world.actor("head"), AddReference(first.case, "省平台", FIRST))
    taken = take(
        world, csv_bytes(line(本地编号=second.number), line(SECOND, 本地编号=first.number))
    )
    assert findings(world, taken.file) == {2: "conflict", 3: "conflict"}
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    assert references(world) == [("省平台", FIRST)]
    assert [row.state for row in kept_rows(world, taken.file)] == ["open", "open"]


def test_two_parties_and_the_day_are_enough_and_less_is_for_a_person(world: World) -> None:
    world.open()
    taken = take(
        world,
        csv_bytes(
            line(登记日期=day(world), **PEOPLE),
            line(SECOND, 登记日期=day(world), 申请人="李玉梅"),
            line(THIRD, 登记日期="2020-01-01", **PEOPLE),
        ),
    )
    assert findings(world, taken.file) == {2: "new", 3: "ambiguous", 4: "ambiguous"}


def test_two_cases_that_fit_are_for_a_person_to_choose(world: World) -> None:
    world.open()
    second = world.open()
    taken = take(world, csv_bytes(line(登记日期=day(world), **PEOPLE)))
    assert findings(world, taken.file) == {2: "ambiguous"}
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    [row] = list_rows(world.platform, world.actor("intake"), RowsQuery(state="open")).rows
    assert len(row.candidates) == 2
    give = GiveRow(row.id, case=second.case)
    for _time in range(2):
        given = give_row(world.platform, world.actor("intake"), SYSTEMS, give)
        assert given == second.case
    assert references(world) == [("省平台", FIRST)]
    assert list_rows(world.platform, world.actor("intake"), RowsQuery(state="open")).rows == ()


def test_one_party_is_enough_with_the_id_number(world: World) -> None:
    world.open()
    heading = "案件编号,登记日期,申请人,申请人证件号码\n"
    content = f"{heading}{FIRST},{day(world)},李玉梅,990001198812249226\n".encode()
    assert findings(world, take(world, content).file) == {2: "new"}


def test_voided_case_takes_no_number(world: World) -> None:
    opened = world.open()
    void(world.platform, world.actor("head"), CaseCommand(opened.case, "登记重复"))
    taken = take(world, csv_bytes(line(本地编号=opened.number)))
    assert findings(world, taken.file) == {2: "conflict"}


def test_row_nobody_knows_waits_until_its_case_is_there(world: World) -> None:
    taken = take(world, csv_bytes(line(登记日期=day(world), **PEOPLE)))
    assert findings(world, taken.file) == {2: "unknown"}
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    assert load_desk(world.platform, world.actor("intake")).waiting == 1
    opened = world.open()
    done = retry_waiting(world.platform, world.actor("intake"), SYSTEMS)
    assert done.counts == {"written": 1}
    assert references(world) == [("省平台", FIRST)]
    [row] = list_rows(world.platform, world.actor("intake"), RowsQuery(state="done")).rows
    assert row.case == opened.case


def test_same_content_is_taken_once_and_a_newer_list_does_not_double_what_waits(
    world: World,
) -> None:
    content = csv_bytes(line(登记日期=day(world), **PEOPLE))
    taken = take(world, content)
    assert take(world, content) == type(taken)(taken.file, "province", 1, True)
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    newer = take(world, csv_bytes(line(登记日期=day(world), 纠纷概况="改过", **PEOPLE)))
    assert findings(world, newer.file) == {2: "listed"}
    apply_file(world.platform, world.actor("intake"), SYSTEMS, newer.file)
    assert load_desk(world.platform, world.actor("intake")).waiting == 1


def test_row_put_aside_keeps_its_reason_and_can_be_taken_up_again(world: World) -> None:
    taken = take(world, csv_bytes(line(登记日期=day(world), **PEOPLE)))
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    [row] = list_rows(world.platform, world.actor("intake"), RowsQuery(state="open")).rows
    dismiss_row(world.platform, world.actor("intake"), row.id, "外县的件")
    [aside] = list_rows(world.platform, world.actor("intake"), RowsQuery(state="dismissed")).rows
    assert (aside.note, aside.finding) == ("外县的件", "dismissed")
    world.open()
    found = retry_row(world.platform, world.actor("intake"), SYSTEMS, row.id)
    assert found == "written"
    with pytest.raises(AlreadyDoneError):
        dismiss_row(world.platform, world.actor("intake"), row.id, "再放一次")


def test_bad_rows_wait_with_the_reason_and_a_person_types_the_number(world: World) -> None:
    opened = world.open()
    taken = take(
        world,
        csv_bytes(
            line("", 本地编号=opened.number),
            line("=A1", 本地编号=opened.number),
            line("6.2E+17", 本地编号=opened.number),
            line("不是编号", 本地编号=opened.number),
        ),
    )
    assert set(findings(world, taken.file).values()) == {"bad"}
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    found = list_rows(world.platform, world.actor("intake"), RowsQuery(state="open")).rows
    codes = [row.reason.code.removeprefix("outside.") for row in found]
    assert codes == ["no_number", "formula_cell", "damaged_cell", "odd_number"]
    give = GiveRow(found[0].id, our_number=opened.number, number=FIRST)
    give_row(world.platform, world.actor("intake"), SYSTEMS, give)
    assert references(world) == [("省平台", FIRST)]


def test_number_twice_in_a_file_is_said_at_the_second(world: World) -> None:
    opened = world.open()
    taken = take(world, csv_bytes(*[line(本地编号=opened.number)] * 2))
    assert findings(world, taken.file) == {2: "new", 3: "bad"}


def test_two_numbers_for_one_case_in_a_file_wait(world: World) -> None:
    opened = world.open()
    taken = take(
        world, csv_bytes(line(本地编号=opened.number), line(SECOND, 本地编号=opened.number))
    )
    assert findings(world, taken.file) == {2: "new", 3: "conflict"}


def test_other_office_sees_neither_file_nor_rows_and_its_cases_stay_unknown(world: World) -> None:
    opened = world.open()
    taken = take(world, csv_bytes(line(本地编号=opened.number)), "otherhead")
    assert findings(world, taken.file) == {2: "unknown"}
    query = RowsQuery(file=taken.file)
    with pytest.raises(NotVisibleError):
        load_file_page(world.platform, world.actor("intake"), query)
    with pytest.raises(NotVisibleError):
        apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    assert load_desk(world.platform, world.actor("intake")).files == ()


def test_who_has_no_such_post_may_not_take_a_file_in(world: World) -> None:
    with pytest.raises(ForbiddenError):
        take(world, csv_bytes(line()), "mediator")


def test_preview_thrown_away_is_erased_and_a_begun_one_stays(world: World) -> None:
    taken = take(world, csv_bytes(line(**PEOPLE)))
    discard_file(world.platform, world.actor("intake"), taken.file)
    [file] = rows(world, OutsideFile)
    assert (file.state, file.wrapped, rows(world, OutsideRow)) == ("discarded", None, [])
    again = take(world, csv_bytes(line(**PEOPLE)))
    assert not again.is_known
    apply_file(world.platform, world.actor("intake"), SYSTEMS, again.file)
    with pytest.raises(AlreadyDoneError):
        discard_file(world.platform, world.actor("intake"), again.file)


def test_names_stand_nowhere_in_clear(world: World) -> None:
    taken = take(world, csv_bytes(line(**PEOPLE), line(SECOND, 申请人="赵六")))
    with world.platform.database.reading(SYSTEM) as session:
        stored = session.execute(select(OutsideRow.__table__)).all()
        files = session.execute(select(OutsideFile.__table__)).all()
    text = repr([tuple(row) for row in (*stored, *files)])
    assert taken.rows == 2
    assert not any(word in text for word in ("李玉梅", "赵六", FIRST, "三月"))


def test_what_is_done_keeps_no_cells(world: World) -> None:
    opened = world.open()
    taken = take(world, csv_bytes(line(本地编号=opened.number, **PEOPLE)))
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    [row] = list_rows(world.platform, world.actor("intake"), RowsQuery(file=taken.file)).rows
    assert (row.finding, row.names, row.case) == ("written", (), opened.case)


def test_every_waiting_row_has_its_turn(world: World) -> None:
    numbers = [f"GS62090220260309{place:05d}" for place in range(120)]
    rows_of = [line(number, 登记日期=day(world), 申请人="赵六") for number in numbers]
    taken = take(world, csv_bytes(*rows_of))
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    world.clock.advance(timedelta(minutes=5))
    first = retry_waiting(world.platform, world.actor("intake"), SYSTEMS, most=50)
    world.clock.advance(timedelta(minutes=5))
    second = retry_waiting(world.platform, world.actor("intake"), SYSTEMS, most=100)
    assert (first.counts, second.counts) == ({"unknown": 50}, {"unknown": 100})
    seen = {row.changed_at for row in kept_rows(world, taken.file)}
    assert len(seen) == 2


def test_file_that_stopped_half_way_is_gone_on_with(world: World) -> None:
    opened = world.open()
    numbers = [f"GS62090220260309{place:05d}" for place in range(100, 170)]
    rows_of = [line(number, 申请人="赵六") for number in numbers]
    content = csv_bytes(line(本地编号=opened.number), *rows_of)
    taken = take(world, content)
    first = apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file, most=50)
    assert (first.counts, first.left) == ({"written": 1, "unknown": 49}, 21)
    with pytest.raises(AlreadyDoneError):
        discard_file(world.platform, world.actor("intake"), taken.file)
    second = apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    assert (second.counts, second.left) == ({"unknown": 21}, 0)
    assert references(world) == [("省平台", FIRST)]


def test_who_may_not_write_leaves_the_row_to_who_may(world: World) -> None:
    opened = world.open()
    world.hire("justice", "司法所@111-SFS")
    taken = take(world, csv_bytes(line(本地编号=opened.number)), "justice")
    assert findings(world, taken.file) == {2: "forbidden"}
    apply_file(world.platform, world.actor("justice"), SYSTEMS, taken.file)
    [row] = list_rows(world.platform, world.actor("justice"), RowsQuery(state="open")).rows
    give = GiveRow(row.id, case=opened.case)
    with pytest.raises(ForbiddenError):
        give_row(world.platform, world.actor("justice"), SYSTEMS, give)
    assert references(world) == []


def test_row_begins_a_case_with_what_it_says(world: World) -> None:
    opening = replace(SYSTEMS.load("province"), opens=(KEY, "register"))
    systems = Systems({"province": opening})
    told = {"申请人": "赵六、钱七", "被申请人": "酒泉瑞安居物业管理有限公司"}
    content = csv_bytes(line(纠纷概况="水渠漏水", 登记日期="2026/9/2", **told))
    taken = take(world, content)
    row = f"{taken.file}-2"
    page = load_row_page(world.platform, world.actor("intake"), systems, row)
    [beginning] = page.beginnings
    assert (beginning.process, beginning.unit) == (KEY, "111-TW")
    pairs = dict(beginning.pairs)
    assert pairs["summary"] == "水渠漏水"
    names = [pairs[f"parties.{place}.name"] for place in range(3)]
    assert names == ["赵六", "钱七", "酒泉瑞安居物业管理有限公司"]
    assert [pairs[f"parties.{place}.kind"] for place in range(3)] == [
        "person",
        "person",
        "organisation",
    ]
    assert load_row_page(world.platform, world.actor("intake"), SYSTEMS, row).beginnings == ()
