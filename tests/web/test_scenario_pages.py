"""Pages of scenarios: how they went and why, one edited as data into a new draft, red stops."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.factories.cases import KEY, World, registration, small_package
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from tests.web.test_packages import bring, press
from workflows.catalogue.source import PackageSource, read_zip
from workflows.catalogue.tables import PackageVersion
from workflows.storage import SYSTEM

PAGE = f"/packages/{KEY}/versions"
SAVE = "存为新草稿并走一遍"
REFUSED: dict[str, Any] = {
    "title": "不受理",
    "at": "2026-05-11T09:00:00+08:00",
    "start": {"as": "intake", "data": registration()},
    "steps": [{"task": "review", "as": "head", "data": {"way": "refuse"}}],
    "end": {"run": KEY, "element": "e_refused"},
}


def text(**changes: Any) -> str:
    """The scenario as it is written, with changes."""
    return orjson.dumps({**REFUSED, **changes}, option=orjson.OPT_INDENT_2).decode() + "\n"


def with_scenarios(**scenarios: str) -> PackageSource:
    base = small_package()
    added = {f"bpmn/{KEY}/scenarios/{name}.json": one.encode() for name, one in scenarios.items()}
    return replace(base, files={**base.files, **added})


RED = text(end={"run": KEY, "element": "e_done"})


def source_of(world: World, number: int) -> PackageSource:
    with world.platform.database.reading(SYSTEM) as session:
        rows = session.query(PackageVersion).filter_by(key=KEY, number=number)
        return read_zip(rows.one().source)


def states(world: World) -> dict[int, str]:
    with world.platform.database.reading(SYSTEM) as session:
        return {row.number: row.state for row in session.query(PackageVersion)}


def edit(reader: Reader, name: str, content: str, *, old: str = "", status: int = 200) -> Page:
    """Sends the form of one scenario of version 2."""
    reader.visit(f"{PAGE}/2/scenarios/one?name={old}")
    return press(reader, SAVE, None, status, name=name, content=content)


def test_scenarios_are_listed_with_how_they_went_and_why(owner: Reader) -> None:
    bring(owner, with_scenarios(refused=text(), wrong=RED, odd="{}"))
    page = owner.visit(f"{PAGE}/2/scenarios")
    rows = page.words("//section[@aria-labelledby='all']/ul/li")
    assert [row.split()[0] for row in rows] == ["走不通", "走不通", "走通"]
    assert "e_refused" in next(row for row in rows if "wrong" in row)
    assert "3 个" in page.text
    assert "2 个走不通" in page.text
    assert "没有场景走到：" in page.text
    assert "调解 talk" in page.text
    (picture, *_rest) = [one.get("src") for one in page.all("//details//img")]
    assert owner.ask("GET", picture).status_code == 200


def test_red_keeps_a_draft_from_being_published_and_approved(
    owner: Reader, enter: Enter, world: World
) -> None:
    page = bring(owner, with_scenarios(wrong=RED))
    assert "检查出的错误要先改好" in page.text
    assert page.all("//button[contains(., '发布第 2 版')]") == []
    fields = {"notes": "试试", "csrf_token": owner.token()}
    refused = owner.post(f"{PAGE}/2/publish", fields, status=409)
    assert refused.title.startswith("错误：")
    world.hire("second", "安全审核@1-ZZ")
    give_password(world, "second")
    second = enter("second")
    second.visit(f"{PAGE}/2")
    fields = {"csrf_token": second.token()}
    assert second.post(f"{PAGE}/2/approve", fields, status=409).title.startswith("错误：")
    assert states(world) == {1: "published", 2: "draft"}


def test_what_no_scenario_passes_only_warns(owner: Reader, world: World) -> None:
    page = bring(owner, with_scenarios(refused=text()))
    assert "没有名为 happy 的场景" in page.text
    press(owner, "发布第 2 版", notes="有场景了")
    assert states(world) == {1: "retired", 2: "published"}


def test_an_edit_is_a_new_draft_and_the_version_stays(owner: Reader, world: World) -> None:
    bring(owner, with_scenarios(wrong=RED))
    page = edit(owner, "wrong", text(), old="wrong")
    assert "已存为第 3 版草稿" in page.text
    assert "0 个走不通" in page.text
    path = f"bpmn/{KEY}/scenarios/wrong.json"
    assert source_of(world, 3).files[path] == text().encode()
    assert source_of(world, 2).files[path] == RED.encode()
    assert "修改场景 wrong" in owner.visit(f"{PAGE}/3").text
    press(owner, "发布第 3 版", notes="场景改好了")
    assert states(world)[3] == "published"


def test_another_name_is_a_copy_and_an_empty_form_a_new_one(owner: Reader, world: World) -> None:
    bring(owner, with_scenarios(refused=text()))
    edit(owner, "again", text(title="又一次"), old="refused")
    assert {"refused.json", "again.json"} <= names(source_of(world, 3))
    edit(owner, "happy", text())
    assert names(source_of(world, 4)) == {"refused.json", "happy.json"}


def names(source: PackageSource) -> set[str]:
    return {path.rpartition("/")[2] for path in source.files if "/scenarios/" in path}


def test_a_scenario_is_removed_in_a_new_draft(owner: Reader, world: World) -> None:
    bring(owner, with_scenarios(wrong=RED, refused=text()))
    owner.visit(f"{PAGE}/2/scenarios/one?name=wrong")
    page = press(owner, "删去这个场景")
    assert "0 个走不通" in page.text
    assert names(source_of(world, 3)) == {"refused.json"}
    fields = {"name": "gone", "csrf_token": owner.token()}
    assert owner.ask("POST", f"{PAGE}/2/scenarios/drop", data=fields).status_code == 404


WRONG = {
    "a comma too many": (text().replace('"steps"', ',"steps"'), "不是正确的 JSON"),
    "no JSON at all": ("nothing", "第 1 行第 1 个字符"),
    "not an object": ("[]", "/："),
    "a step of no kind": (text(steps=[{"do": 1}]), "/steps/0："),
    "an unknown key": (text(colour="red"), "/colour："),
    "months": (text(steps=[{"advance": "P1M"}]), "/steps/0/advance："),
    "beyond all time": (text(steps=[{"advance": "P999999999D"}]), "/steps："),
    "nested without end": ("[" * 5_000 + "]" * 5_000, ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_content_comes_back_as_it_was_typed_with_every_reason(
    owner: Reader, world: World, name: str
) -> None:
    content, sentence = WRONG[name]
    bring(owner, with_scenarios(refused=text()))
    page = edit(owner, "refused", content, old="refused", status=422)
    assert page.title.startswith("错误：")
    assert sentence in page.text
    (area,) = page.all("//textarea")
    assert area.text_content().strip() == content.strip()
    assert states(world) == {1: "published", 2: "draft"}


@pytest.mark.parametrize("name", ["", "A", "../x", "x/y", "x.json", "中文", "a" * 41])
def test_a_name_that_is_no_file_is_refused(owner: Reader, name: str) -> None:
    bring(owner, with_scenarios(refused=text()))
    page = edit(owner, name, text(title="x"), status=422)
    assert "文件名请用小写英文字母" in page.text


def test_a_name_that_is_taken_and_nothing_changed_are_said(owner: Reader) -> None:
    bring(owner, with_scenarios(refused=text(), other=RED))
    assert "已有名为“other”的场景" in edit(owner, "other", text(), old="refused", status=422).text
    assert "内容没有变化" in edit(owner, "refused", text(), old="refused", status=422).text


def test_a_package_with_errors_shows_its_scenarios_without_walking_them(owner: Reader) -> None:
    source = with_scenarios(refused=text())
    broken = {k: v for k, v in source.files.items() if not k.endswith("review.schema.json")}
    bring(owner, replace(source, files=broken))
    page = owner.visit(f"{PAGE}/2/scenarios")
    assert "改好以后才能走场景" in page.text
    assert "没有走" in page.text


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_both_pages_speak_both_languages(owner: Reader, language: str) -> None:
    bring(owner, with_scenarios(wrong=RED, odd="{}"))
    owner.post("/language", {"language": language, "csrf_token": owner.token()})
    for path in ("scenarios", "scenarios/one", "scenarios/one?name=wrong", "scenarios/one?name=x"):
        assert owner.visit(f"{PAGE}/2/{path}").status == 200


def test_who_only_approves_reads_and_cannot_write(
    owner: Reader, enter: Enter, world: World
) -> None:
    bring(owner, with_scenarios(refused=text()))
    world.hire("second", "安全审核@1-ZZ")
    give_password(world, "second")
    second = enter("second")
    page = second.visit(f"{PAGE}/2/scenarios/one?name=refused")
    assert page.all("//textarea") == []
    fields = {"name": "x1", "old": "", "content": text(), "csrf_token": second.token()}
    assert second.ask("POST", f"{PAGE}/2/scenarios/one", data=fields).status_code == 403
    head = enter("head")
    for path in ("scenarios", "scenarios/one"):
        assert head.ask("GET", f"{PAGE}/2/{path}").status_code == 403


def test_a_role_nobody_holds_is_a_warning(owner: Reader) -> None:
    base = small_package()
    files = {
        path: content.replace('name="人民调解员"'.encode(), 'name="心理咨询师"'.encode())
        for path, content in base.files.items()
    }
    page = bring(owner, replace(base, files=files))
    assert "由“心理咨询师”办理，但现在没有任何人担任这个岗位" in page.text
    assert "没有任何人担任" not in owner.visit(f"{PAGE}/1?walked=yes").text
