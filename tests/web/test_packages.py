"""Pages of packages: the list, bringing a draft, approving, publishing, comparing, going back."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask

from tests.factories.cases import KEY, World, small_package
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from workflows.catalogue.source import PackageSource, to_zip

TOML, DRAWN = f"bpmn/{KEY}/package.toml", f"bpmn/{KEY}/{KEY}.bpmn"
LANES = (TOML, 'start_roles = ["窗口受理员", ', 'start_roles = ["窗口受理员", "记录人", ')
TITLE = (DRAWN, 'id="talk" name="调解"', 'id="talk" name="再调解"')


def edited(path: str, old: str, new: str) -> PackageSource:
    source = small_package()
    text = source.files[path].decode()
    assert old in text
    return replace(source, files={**source.files, path: text.replace(old, new).encode()})


@pytest.fixture
def second(enter: Enter, world: World) -> Reader:
    """Approves."""
    world.hire("second", "安全审核@1-ZZ")
    give_password(world, "second")
    return enter("second")


def bring(reader: Reader, source: PackageSource) -> Page:
    """Uploads a package on the list's page."""
    file = [(BytesIO(to_zip(source)), "package.zip")]
    return press(reader, "上传并检查", "/packages", file=file, notes="改了一处")


def press(
    reader: Reader, button: str, at: str | None = None, status: int = 200, **values: object
) -> Page:
    """Presses a button of the page the reader is on, or of another one."""
    page = reader.visit(at) if at else reader.last
    forms = page.all(f"//form[.//button[contains(., '{button}')]]")
    assert len(forms) == 1, button
    return reader.submit(page, values, action=forms[0].get("action"), status=status)


def test_a_draft_is_brought_looked_at_and_published(owner: Reader, enter: Enter) -> None:
    page = bring(owner, edited(*TITLE))
    assert page.heading.startswith("小案第 2 版")
    assert "没有名为 happy 的场景" in page.text
    assert "流程图 1 处" in page.text
    page = press(owner, "发布第 2 版", notes="统一叫法")
    assert "第 2 版已发布" in page.text
    assert "使用中" in page.text
    assert "第 2 版" in owner.visit("/packages").text


def test_a_version_is_not_published_without_saying_what_changed(owner: Reader) -> None:
    bring(owner, edited(*TITLE))
    page = press(owner, "发布第 2 版", notes=" ", status=422)
    assert page.title.startswith("错误：")
    assert "请写明这个版本改了什么" in page.text


def test_power_waits_for_the_second_person(owner: Reader, second: Reader) -> None:
    page = bring(owner, edited(*LANES))
    assert "可以发起案件的岗位有变化" in page.text
    assert page.all("//button[contains(., '发布第 2 版')]") == []
    second.visit(f"/packages/{KEY}/versions/2")
    assert "已审核通过第 2 版" in press(second, "审核通过这个版本").text
    owner.visit(f"/packages/{KEY}/versions/2")
    assert "第 2 版已发布" in press(owner, "发布第 2 版", notes="加一个岗位").text
    refused = owner.visit(f"/packages/{KEY}/versions/1")
    assert refused.all("//button[contains(., '退回到第 1 版')]") == []


def test_an_earlier_version_comes_back(owner: Reader) -> None:
    bring(owner, edited(*TITLE))
    press(owner, "发布第 2 版", notes="统一叫法")
    owner.visit(f"/packages/{KEY}/versions/1")
    page = press(owner, "退回到第 1 版", notes="先用原来的")
    assert "重新启用了" in page.text
    assert "使用中" in page.text


def test_differences_are_told_by_group_and_painted(owner: Reader, world: World) -> None:
    bring(owner, edited(*TITLE))
    page = owner.visit(f"/packages/{KEY}/compare?from=1&to=2&at=talk")
    assert "名称由“调解”改为“再调解”" in page.text
    assert page.words("//section/h2") == ["流程图"]
    pictures = [one.get("src") for one in page.all("//figure//img")]
    assert len(pictures) == 2
    for picture in pictures:
        drawn = owner.ask("GET", picture).get_data(as_text=True)
        assert 'class="bpmn-shape is-changed"' in drawn
        assert ' 640 400"' in drawn
        whole = owner.ask("GET", picture.replace("at=talk", "at=nowhere")).get_data(as_text=True)
        assert ' 640 400"' not in whole
    assert owner.visit(f"/packages/{KEY}/compare?to=2").status == 200
    assert owner.visit(f"/packages/{KEY}/compare?from=2&to=2").text.count("没有区别") == 1
    for path in (f"/packages/{KEY}/compare?to=x", f"/packages/{KEY}/compare?from=0&to=2"):
        assert owner.ask("GET", path).status_code == 400
    for path in (pictures[0].replace("before", "aside"), pictures[0].replace("sm_talks", "none")):
        assert owner.ask("GET", path).status_code == 404


def test_coverage_is_painted(owner: Reader) -> None:
    page = owner.visit(f"/packages/{KEY}/versions/1?walked=yes")
    pictures = [one.get("src") for one in page.all("//details//img")]
    drawn = "".join(owner.ask("GET", one).get_data(as_text=True) for one in pictures)
    assert drawn.count("is-missed") > 3
    assert "is-passed" not in drawn


def test_effects_are_shown(owner: Reader, world: World) -> None:
    world.at_talk()
    page = bring(owner, edited(*TITLE))
    assert "有 1 件案件正按要替换的版本办理" in page.text
    assert "3 人" in page.text


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_page_speaks_both_languages(owner: Reader, language: str) -> None:
    bring(owner, edited(*LANES))
    owner.post("/language", {"language": language, "csrf_token": owner.token()})
    for path in ("", f"/{KEY}/versions/2", f"/{KEY}/versions/1?walked=yes", f"/{KEY}/compare?to=2"):
        assert owner.visit(f"/packages{path}").status == 200


def test_what_is_no_package_is_said_on_the_page(owner: Reader) -> None:
    owner.visit("/packages")
    page = press(owner, "上传并检查", status=422, file=[(BytesIO(b"x"), "a.zip")])
    assert page.title.startswith("错误：")
    page = press(owner, "上传并检查", status=422)
    assert "请选择流程包的 zip 文件" in page.text


def test_a_county_brings_its_own_way(enter: Enter, world: World) -> None:
    world.hire("county", "流程负责人@11-ZZ")
    give_password(world, "county")
    county = enter("county")
    page = county.visit("/packages")
    assert "本单位适用" in page.text
    assert page.all("//a[contains(@href, '/versions/')]") == []
    page = bring(county, edited(*TITLE))
    assert page.heading.startswith("小案第 1 版")
    assert "替换现在使用的第 1 版" in page.text


def test_whoever_looks_after_no_package_gets_no_page(site: Flask, enter: Enter) -> None:
    head = enter("head")
    assert "流程包" not in head.visit("/").text
    for path in (
        "", f"/{KEY}/versions/1", f"/{KEY}/compare?from=1&to=1",
        f"/{KEY}/compare/after/sm_talks.svg?from=1&to=1", f"/{KEY}/versions/1/diagrams/{KEY}.svg",
    ):  # fmt: skip
        assert head.ask("GET", f"/packages{path}").status_code == 403
