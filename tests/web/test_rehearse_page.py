"""The page of a rehearsal: several people, wrong input, time, back, keeping; nothing is real."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import Table, func, inspect, select

from tests.conftest import load_tables
from tests.factories.cases import KEY, World, small_package
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from workflows.catalogue.source import to_zip
from workflows.storage import SYSTEM, Base

AT = f"/packages/{KEY}/versions/1/rehearse"


@pytest.fixture
def owner(enter: Enter, world: World) -> Reader:
    """Looks after all packages."""
    return hired(enter, world, "owner", "流程负责人@1-ZZ")


def hired(enter: Enter, world: World, username: str, post: str) -> Reader:
    world.hire(username, post)
    give_password(world, username)
    return enter(username)


def choose(reader: Reader, button: str) -> Page:
    """Presses a button that only chooses: its form goes into the address."""
    assert reader.last is not None
    found = reader.last.all(f"//form[@method='get'][.//button[contains(., '{button}')]]")
    assert found, button
    query = "&".join(f"{name}={value}" for name, value in found[0].form_values())
    return reader.visit(f"{AT}?{query}")


def press(reader: Reader, act: str, status: int = 200, **values: object) -> Page:
    """Sends the one form of an act."""
    assert reader.last is not None
    forms = reader.last.all(f"//form[contains(@action, '/rehearse/{act}')]")
    sent = dict(forms[0].form_values()) | {"_revision": revision(reader.last)}
    return reader.post(str(forms[0].get("action")), {**sent, **values}, status=status)


def revision(page: Page) -> str:
    return str(page.all("//input[@name='_revision']/@value")[0])


def begun(reader: Reader, **changes: object) -> Page:
    """A walk whose start form was sent."""
    reader.visit(AT)
    page = choose(reader, "填这张表")
    values: Mapping[str, object] = {
        "title": "浇水",
        "dispute_kind": "neighbourhood",
        "parties.0.kind": "person",
        "parties.0.name": "李玉梅",
        "parties.0.side": "申请人",
        **changes,
    }
    return reader.submit(page, values, action="/rehearse/start")


def counts(world: World) -> dict[str, int]:
    """Rows of every table of the database; other tests map tables of their own."""
    load_tables()
    there = set(inspect(world.platform.database.engine).get_table_names())
    with world.platform.database.reading(SYSTEM) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(mapper.class_)) or 0
            for mapper in Base.registry.mappers
            if isinstance(table := mapper.local_table, Table) and table.name in there
        }


def test_a_walk_goes_through_several_hands_to_an_end(owner: Reader) -> None:
    page = begun(owner)
    assert "这是演练，不产生真实案件" in page.text
    assert "受理审查" in page.text
    choose(owner, "办理")
    page = press(owner, "task", way="talk")
    assert "虚拟人员" not in page.text
    assert "人民调解员" in page.text
    choose(owner, "办理")
    page = press(owner, "task", outcome="done", note="谈成了")
    assert "走到结束：办结" in page.text
    assert len(page.all("//ol/li")) == 3


def test_nothing_is_written_but_the_walk(owner: Reader, world: World) -> None:
    before = counts(world)
    begun(owner)
    choose(owner, "办理")
    press(owner, "task", way="talk")
    press(owner, "clock", by="7")
    choose(owner, "办理")
    press(owner, "task", outcome="done")
    after = counts(world)
    assert {name for name in after if after[name] != before[name]} == {"rehearsal"}
    assert after["rehearsal"] == 1


def test_wrong_input_comes_back_with_what_was_typed(owner: Reader) -> None:
    owner.visit(AT)
    page = choose(owner, "填这张表")
    typed = {"title": "", "summary": "水漏到邻家", "parties.0.name": "李玉梅"}
    page = owner.submit(page, typed, action="/rehearse/start", status=422)
    assert page.title.startswith("错误：")
    assert len(page.all("//div[contains(@class, 'fq-errors')]//a")) >= 2
    assert "水漏到邻家" in page.text
    assert page.all("//input[@name='parties.0.name']/@value") == ["李玉梅"]


def test_a_row_is_added_without_scripts(owner: Reader) -> None:
    owner.visit(AT)
    page = choose(owner, "填这张表")
    count = len(page.all("//main//form//input[contains(@name, '.name')][not(ancestor::template)]"))
    sent = {"title": "浇水", "_action": "add:parties"}
    page = owner.submit(page, sent, action="/rehearse/start")
    names = page.all("//main//form//input[contains(@name, '.name')][not(ancestor::template)]")
    assert len(names) == count + 1
    assert page.all("//input[@name='title']/@value") == ["浇水"]


def test_a_page_left_behind_is_told_and_keeps_what_was_typed(owner: Reader) -> None:
    begun(owner)
    old = choose(owner, "办理")
    owner.visit(AT)
    press(owner, "clock", by="1")
    page = owner.submit(old, {"way": "talk"}, action="/rehearse/task", status=409)
    assert "在另一个页面上又往前走了" in page.text
    assert page.all("//input[@name='way'][@value='talk'][@checked]")
    page = owner.submit(page, {}, action="/rehearse/task")
    assert "调解" in page.text


def test_a_task_done_elsewhere_is_said_to_be_gone(owner: Reader) -> None:
    begun(owner)
    old = choose(owner, "办理")
    press(owner, "task", way="talk")
    page = owner.submit(old, {"way": "talk"}, action="/rehearse/task", status=409)
    assert "这一步现在不是待办" in page.text


def test_time_passes_by_days_and_to_the_next_limit(owner: Reader) -> None:
    begun(owner)
    page = press(owner, "clock", by="1")
    assert "时间过了 1 天" in page.text
    page = press(owner, "clock", by="next")
    assert "到期：" in page.text
    page = press(owner, "clock", by="days", days="30")
    assert "时间过了 30 天" in page.text
    for days in ("", "0", "x", "99999", "-1"):
        page = press(owner, "clock", status=422, by="days", days=days)
        assert "请填要过多少天" in page.text
        owner.visit(AT)
    page = press(owner, "clock", status=422, by="next")
    assert "现在没有在走的期限" in page.text


def test_a_step_is_taken_back_and_all_of_them(owner: Reader) -> None:
    begun(owner)
    choose(owner, "办理")
    press(owner, "task", way="talk")
    page = press(owner, "undo")
    assert "已退回一步" in page.text
    assert "受理审查" in page.text
    page = press(owner, "again")
    assert "从哪里开始" in page.text
    begun(owner)
    page = press(owner, "undo")
    assert "从哪里开始" in page.text


def test_a_message_from_outside_is_waited_for_and_comes(owner: Reader) -> None:
    begun(owner)
    choose(owner, "办理")
    page = press(owner, "task", way="wait")
    assert "没有要人办的，在等外面的消息" in page.text
    page = press(owner, "message", status=422, lines="不成句子")
    assert "第 1 行请写成" in page.text
    assert "不成句子" in page.text
    owner.visit(AT)
    page = press(owner, "message", status=422, name="small.nothing")
    assert "请选一条现在等着的消息" in page.text
    owner.visit(AT)
    page = press(owner, "message", lines="found = 3\n")
    assert "收到外面来的消息" in page.text
    assert "走到结束：办结" in page.text


def test_the_parties_withdraw(owner: Reader) -> None:
    begun(owner)
    choose(owner, "办理")
    press(owner, "task", way="talk")
    forms = owner.last.all("//main//details//form") if owner.last else []
    sent = dict(forms[0].form_values()) | {"reason": "自己谈好了"}
    page = owner.post(str(forms[0].get("action")), sent)
    assert "记下当事人撤回" in page.text
    assert "走到结束：e_withdrawn" in page.text


def test_another_person_does_not_see_it(owner: Reader, enter: Enter, world: World) -> None:
    begun(owner)
    second = hired(enter, world, "second", "安全审核@1-ZZ")
    page = second.visit(AT)
    assert "从哪里开始" in page.text
    begun(second)
    press(second, "clock", by="7")
    assert len(owner.visit(AT).all("//ol/li")) == 1


def test_whoever_looks_after_no_package_rehearses_none(enter: Enter, world: World) -> None:
    head = enter("head")
    token = head.token()
    county = hired(enter, world, "county", "流程负责人@11-ZZ")
    auditor = hired(enter, world, "auditor", "审计员@1-ZZ")
    for reader in (head, county, auditor):
        assert reader.ask("GET", AT).status_code == 403
        assert reader.ask("GET", f"{AT}/diagrams/{KEY}.svg").status_code == 403
    for act in ("start", "task", "clock", "message", "undo", "again", "keep"):
        sent = {"csrf_token": token, "_revision": "0"}
        assert head.ask("POST", f"{AT}/{act}", data=sent).status_code == 403, act


def test_somebody_who_may_not_do_it_is_refused(owner: Reader) -> None:
    begun(owner)
    page = choose(owner, "办理")
    action = str(page.form("/rehearse/task").get("action")).partition("&as=")[0]
    page = owner.post(
        f"{action}&as=nobody@1",
        {"csrf_token": owner.token(), "_revision": revision(page), "way": "talk"},
        status=422,
    )
    assert "请选由谁来办" in page.text
    for bad in ("", "x", "9" * 12):
        sent = {"csrf_token": owner.token(), "_revision": bad, "by": "1"}
        assert owner.ask("POST", f"{AT}/clock", data=sent).status_code == 400


def test_a_walk_is_kept_in_a_new_draft(owner: Reader) -> None:
    begun(owner)
    choose(owner, "办理")
    page = press(owner, "task", way="refuse")
    assert "走到结束" in page.text
    page = press(owner, "keep", status=422, name="Bad Name", title=" ", way="draft")
    assert "请用一句话写明" in page.text
    assert "场景名称用小写英文字母" in page.text
    page = press(owner, "keep", name="refused", title="不受理", way="draft")
    assert page.heading.startswith("小案第 2 版")
    assert "场景已存入第 2 版草稿" in page.text
    assert "走通 不受理" in page.text
    assert "演练留下的场景：不受理" in page.text
    kept = owner.visit(f"/packages/{KEY}/versions/2/rehearse")
    assert "从哪里开始" in kept.text


def test_a_walk_is_downloaded_as_a_scenario_file(owner: Reader) -> None:
    begun(owner)
    choose(owner, "办理")
    page = press(owner, "task", way="refuse")
    form = page.form("/rehearse/keep")
    sent = dict(form.form_values()) | {"name": "refused", "title": "不受理", "way": "file"}
    answer = owner.ask("POST", str(form.get("action")), data=sent)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="refused.json"'
    kept = json.loads(answer.get_data())
    assert kept["title"] == "不受理"
    assert kept["end"] == {"run": KEY, "element": "e_refused"}
    assert [step["task"] for step in kept["steps"]] == ["review"]


def test_diagrams_show_where_it_stands(owner: Reader) -> None:
    page = begun(owner)
    near = page.all("//img[contains(@src, '/rehearse/diagrams/')]/@src")
    drawn = owner.ask("GET", near[0]).get_data(as_text=True)
    assert drawn.count("bpmn-shape is-active") == 1
    assert ' 640 400"' in drawn
    whole = page.all("//a[contains(@href, '/rehearse/diagrams/')]/@href")[0]
    assert ' 640 400"' not in owner.ask("GET", whole).get_data(as_text=True)
    assert owner.ask("GET", f"{AT}/diagrams/nothing.svg").status_code == 404


def test_a_version_that_cannot_run_says_so(owner: Reader) -> None:
    source = small_package()
    drawn, form = f"bpmn/{KEY}/{KEY}.bpmn", b'formJsonSchemaFilename" value="'
    broken = source.files[drawn].replace(form + b"review", form + b"gone")
    assert broken != source.files[drawn]
    content = to_zip(replace(source, files={**source.files, drawn: broken}))
    page = owner.visit("/packages")
    owner.submit(page, {"file": [(BytesIO(content), "package.zip")]}, button="上传并检查")
    page = owner.visit(f"/packages/{KEY}/versions/2/rehearse")
    assert "这个版本还有错误，不能演练" in page.text


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_page_speaks_both_languages(owner: Reader, language: str) -> None:
    owner.visit(AT)
    owner.post("/language", {"language": language, "csrf_token": owner.token()})
    token = owner.token()
    page = owner.visit(f"{AT}?start=register")
    form = {
        "csrf_token": token, "_revision": "0", "title": "浇水", "dispute_kind": "neighbourhood",
        "parties.0.kind": "person", "parties.0.name": "李玉梅", "parties.0.side": "申请人",
    }  # fmt: skip
    page = owner.submit(page, form, action="/rehearse/start")
    task = page.all("//input[@name='task']/@value")[0]
    for address in ("", f"?task={task}", "?task=gone"):
        assert owner.visit(AT + address).status == 200
    for act, values, status in (
        ("clock", {"by": "days", "days": "x"}, 422),
        ("clock", {"by": "next"}, 200),
        ("message", {"name": "x"}, 422),
    ):
        owner.visit(AT)
        sent = {"csrf_token": token, "_revision": revision(owner.visit(AT)), **values}
        owner.post(f"{AT}/{act}", sent, status=status)
    page = owner.visit(f"{AT}?task={task}")
    owner.submit(page, {"way": "refuse"}, action="/rehearse/task")
    owner.submit(owner.visit(AT), {"name": "", "title": ""}, action="/rehearse/keep", status=422)
