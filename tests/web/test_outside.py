"""Lists of other systems on the site: in, checked, written, out again; the copy page."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from openpyxl import load_workbook

from tests.factories.cases import World, rows
from tests.factories.outside import FIRST, HEADING, csv_bytes, line, workbook
from tests.web.client import Page, Reader
from tests.web.conftest import Enter
from webapp.settings import Settings
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.tables import ExternalRef
from workflows.outside.tables import OutsideExport

PEOPLE = {"申请人": "李玉梅", "被申请人": "王建国"}
COURT_NUMBER = "（2026）甘0902诉前调123号"


def upload(reader: Reader, content: bytes, *, status: int = 200, **more: str) -> Page:
    page = reader.visit("/outside")
    values = {"file": [(io.BytesIO(content), "省平台.csv")], **more}
    return reader.submit(page, values, action="/outside/files", status=status, most_statements=60)


def references(world: World) -> list[tuple[str, str]]:
    return [(ref.system, ref.number) for ref in rows(world, ExternalRef)]


def today(world: World) -> str:
    return world.clock.now().date().isoformat()


def test_list_is_shown_first_and_written_when_told(world: World, enter: Enter) -> None:
    opened, reader = world.open(), enter("intake")
    page = upload(reader, csv_bytes(line(本地编号=opened.number), line("", 申请人="赵六")))
    assert "可以写入" in page.text
    assert "没有外部编号" in page.text
    assert references(world) == []
    page = reader.submit(page, action="/apply", most_statements=80)
    assert "写入 1 个编号" in page.text
    assert references(world) == [("省平台", FIRST)]
    work = reader.visit("/outside/rows")
    assert "赵六" in work.text
    assert FIRST not in work.text


def test_file_of_another_kind_comes_back_with_the_reason(enter: Enter) -> None:
    page = upload(enter("intake"), b"a,b\n1,2\n", status=422)
    assert "认不出这张表的表头" in page.text


def test_nothing_sent_says_so(enter: Enter) -> None:
    reader = enter("intake")
    page = reader.submit(reader.visit("/outside"), action="/outside/files", status=422)
    assert "请先选择文件" in page.text


def test_row_is_given_by_number_and_wrong_ones_are_told(world: World, enter: Enter) -> None:
    opened, reader = world.open(), enter("intake")
    reader.submit(upload(reader, csv_bytes(line("", 申请人="赵六"))), action="/apply")
    row = reader.visit(reader.visit("/outside/rows").link("没有编号"))
    empty = reader.submit(row, action="/give", status=422)
    assert "请选一件案子" in empty.text
    odd = {"our_number": opened.number, "number": "不对"}
    assert "格式不对" in reader.submit(row, odd, action="/give", status=422).text
    absent = {"our_number": "没有这一号", "number": FIRST}
    assert "没有找到这个受理号" in reader.submit(row, absent, action="/give", status=422).text
    good = {"our_number": opened.number, "number": FIRST}
    page = reader.submit(row, good, action="/give")
    assert page.url == f"/cases/{opened.case}"
    assert references(world) == [("省平台", FIRST)]


def test_row_is_put_aside_with_a_reason_and_looked_at_again(world: World, enter: Enter) -> None:
    reader = enter("intake")
    reader.submit(upload(reader, csv_bytes(line(登记日期=today(world), **PEOPLE))), action="/apply")
    row = reader.visit(reader.visit("/outside/rows").link(FIRST))
    assert reader.submit(row, action="/dismiss", status=422).all("//*[@id='reason-error']")
    reader.submit(row, {"reason": "外县的件"}, action="/dismiss")
    assert "外县的件" in reader.visit("/outside/rows?state=dismissed").text
    opened = world.open()
    page = reader.submit(reader.visit(row.url), action="/retry")
    assert "已写入" in page.text
    assert page.link("看这件案子") == f"/cases/{opened.case}"


def test_preview_can_be_discarded(enter: Enter) -> None:
    reader = enter("intake")
    page = reader.submit(upload(reader, csv_bytes(line())), action="/discard")
    assert "内容已删除" in page.text


def test_other_offices_and_other_posts_are_kept_out(world: World, enter: Enter) -> None:
    reader = enter("intake")
    page = upload(reader, csv_bytes(line(**PEOPLE)))
    reader.submit(page, action="/apply")
    row = reader.visit("/outside/rows").link(FIRST)
    other = enter("otherhead")
    for path in (page.url, row):
        other.visit(path, status=404)
    assert FIRST not in other.visit("/outside/rows").text
    mediator = enter("mediator")
    for path in ("/outside", "/outside/rows", "/outside/export", page.url, row):
        mediator.visit(path, status=403)


def exported(reader: Reader, values: Mapping[str, str]) -> tuple[int, bytes]:
    reader.visit("/outside/export")
    fields = {"csrf_token": reader.token(), "system": "province", **values}
    answer = reader.ask("POST", "/outside/export", data=fields)
    content = answer.data
    answer.close()
    return answer.status_code, content


@pytest.mark.parametrize(("form", "encoding"), [("csv", "utf-8-sig"), ("csv-gb18030", "gb18030")])
def test_list_goes_out_and_comes_in_again(
    world: World, enter: Enter, form: str, encoding: str
) -> None:
    opened = world.open(raw={"title": "=1+1 浇水"})
    status, content = exported(enter("intake"), {"format": form})
    assert status == 200
    text = content.decode(encoding)
    assert opened.number in text
    assert "'=1+1 浇水" in text
    assert "9900 •••• 9226" in text
    [kept] = rows(world, OutsideExport)
    assert (kept.cases, kept.whole_numbers, kept.unit_code) == (1, 0, "111-TW")
    page = upload(enter("intake"), content)
    assert "没有外部编号" in page.text


def test_workbook_goes_out_with_text_cells_only(world: World, enter: Enter) -> None:
    world.open(raw={"title": "=1+1"})
    status, content = exported(enter("intake"), {"format": "xlsx"})
    assert status == 200
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}
    assert [cell.value for cell in sheet[1]][:2] == ["案件编号", "本地编号"]


def test_whole_numbers_need_the_ability_and_a_reason(world: World, enter: Enter) -> None:
    world.open()
    wanted = {"format": "csv", "whole": "1"}
    assert exported(enter("intake"), {**wanted, "reason": "上报"})[0] == 422
    head = enter("head")
    assert exported(head, wanted)[0] == 422
    status, content = exported(head, {**wanted, "reason": "上报省平台"})
    assert (status, "990001198812249226" in content.decode()) == (200, True)


def test_restricted_case_goes_out_only_for_who_takes_part_and_asks(
    world: World, enter: Enter
) -> None:
    opened = world.open()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    reader = enter("intake")
    assert opened.number not in exported(reader, {"format": "csv"})[1].decode()
    asked = {"format": "csv", "restricted": "1", "reason": "上报"}
    assert opened.number in exported(reader, asked)[1].decode()
    assert opened.number not in exported(enter("head"), asked)[1].decode()


def test_copy_page_shows_every_value_and_takes_the_number_back(world: World, enter: Enter) -> None:
    opened, reader = world.open(), enter("intake")
    page = reader.visit(reader.visit(f"/cases/{opened.case}").link("抄录到外部系统"))
    page = reader.visit(page.link("人民法院调解平台"))
    values = page.words("//td[contains(@class, 'fq-copy-value')]")
    assert values[2] == "浇水排到邻家地窖"
    assert "9900 •••• 9226" in values
    row = page.all("//textarea[@id='whole-row']")[0].text
    assert row.strip("\n").split("\t") == values
    wrong = reader.submit(page, {"number": "不对"}, action="/copy/court", status=422)
    assert COURT_NUMBER in wrong.text
    typed = COURT_NUMBER.replace("（", "(").replace("）", ")")
    for _time in range(2):
        page = reader.submit(page, {"number": typed}, action="/copy/court")
    assert COURT_NUMBER in page.text
    assert references(world) == [("法院调解平台", COURT_NUMBER)]


def test_whole_id_number_is_shown_for_a_reason_that_is_kept(world: World, enter: Enter) -> None:
    opened, head = world.open(), enter("head")
    page = head.visit(f"/cases/{opened.case}/copy/court")
    assert "990001198812249226" not in page.text
    assert head.submit(page, action="/whole", status=422).all("//*[@id='reason-error']")
    shown = head.submit(page, {"reason": "向法院平台录入"}, action="/whole")
    assert "990001198812249226" in shown.text
    assert "向法院平台录入" in head.visit(f"/cases/{opened.case}").text
    denied = enter("intake").visit(f"/cases/{opened.case}/copy/court")
    assert not denied.all("//form[contains(@action, '/whole')]")


def test_list_of_cases_leads_to_its_export_with_the_same_filters(
    world: World, enter: Enter
) -> None:
    world.open()
    reader = enter("intake")
    found = reader.visit("/cases?q=王建国&opened_from=2026-09-01")
    page = reader.visit(found.link("按这些条件导出"))
    form = page.form("/outside/export")
    assert (form.fields["q"], form.fields["opened_from"]) == ("王建国", "2026-09-01")


def test_wrong_description_is_said_on_the_page(enter: Enter, settings: Settings) -> None:
    (settings.data / "outside").mkdir()
    (settings.data / "outside" / "county.toml").write_text("key = 1", encoding="utf-8")
    page = enter("intake").visit("/outside")
    assert "county.toml" in page.text
    assert page.words("//select[@id='system']/option")[1:] == [
        "人民法院调解平台",
        "信访信息系统",
        "省矛盾纠纷多元化解平台",
    ]


def test_unknown_system_is_refused(world: World, enter: Enter) -> None:
    opened = world.open()
    enter("intake").visit(f"/cases/{opened.case}/copy/nothing", status=400)


def test_pages_speak_english(world: World, enter: Enter) -> None:
    opened, reader = world.open(), enter("intake")
    page = upload(reader, workbook(line(本地编号=opened.number), line("", 申请人="赵六")))
    reader.submit(page, action="/apply", most_statements=80)
    reader.submit(reader.visit("/account"), {"language": "en"}, action="/language")
    for path in (
        "/outside",
        page.url,
        "/outside/rows",
        "/outside/export",
        f"/cases/{opened.case}/copy/court",
    ):
        assert reader.visit(path).tree.get("lang") == "en"
    reader.visit(reader.visit("/outside/rows").link("No number"))


def test_heading_of_the_factory_is_one_of_the_province() -> None:
    assert HEADING[0] == "案件编号"
