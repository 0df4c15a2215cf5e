"""A county's own way of a package: made from the common one, told when that moved on, led on."""

from __future__ import annotations

import pytest

from tests.factories.cases import KEY, World
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from tests.web.test_packages import DRAWN, TITLE, TOML, bring, edited, press
from workflows.catalogue.source import PackageSource, read_zip
from workflows.catalogue.versions import current_version
from workflows.storage import SYSTEM

COUNTY, OTHER = "11", "12"
OWN = f"{KEY}@{COUNTY}"
HEADING = (TOML, 'zh = "小案"', 'zh = "小案件"')


@pytest.fixture
def county(enter: Enter, world: World) -> Reader:
    world.hire("county", "流程负责人@11-ZZ")
    give_password(world, "county")
    return enter("county")


def start(owner: Reader) -> Page:
    owner.visit(f"/packages/{KEY}/versions/1")
    return press(owner, "另立一版草稿", unit=COUNTY)


def publish(reader: Reader, number: int) -> Page:
    return press(reader, f"发布第 {number} 版", notes="统一叫法")


def tree(world: World, unit_path: str) -> PackageSource:
    """What new cases of a unit would use."""
    with world.platform.database.reading(SYSTEM) as session:
        return read_zip(current_version(session, KEY, unit_path).source)


def drawn(world: World, unit_path: str) -> str:
    return tree(world, unit_path).files[DRAWN].decode()


def test_a_county_gets_the_common_version_as_its_first_draft(owner: Reader) -> None:
    page = start(owner)
    assert page.heading.startswith("小案第 1 版")
    assert OWN in page.text
    assert "没有区别" in page.text
    assert "上级现在使用" not in page.text
    again = owner.visit(f"/packages/{KEY}/versions/1")
    assert [one.get("value") for one in again.all("//select[@id='unit']/option")] == [OTHER]


def test_the_nearest_version_counts_and_the_other_county_keeps_the_common_one(
    owner: Reader, county: Reader, world: World
) -> None:
    start(owner)
    bring(county, edited(*TITLE))
    publish(county, 2)
    assert 'name="再调解"' in drawn(world, "/1/11/")
    assert 'name="再调解"' not in drawn(world, "/1/12/")


def test_what_changed_above_is_told_and_taken_over(
    owner: Reader, county: Reader, world: World
) -> None:
    """The county calls a step otherwise; above, the package gets another title."""
    start(owner)
    bring(county, edited(*TITLE))
    publish(county, 2)
    renamed = edited(*HEADING)
    bring(owner, renamed)
    publish(owner, 2)
    assert "上级已更新" in county.visit("/packages").text
    page = county.visit(f"/packages/{OWN}/versions/2")
    assert "上级现在使用第 2 版" in page.text
    page = county.visit(f"/packages/{OWN}/versions/2/merge")
    assert [one.get("value") for one in page.all("//input[@name='piece']")] == [
        "setting:package.toml"
    ]
    assert len(page.all("//input[@name='piece'][@checked]")) == 1
    page = press(county, "并入勾选的", piece="setting:package.toml", notes="跟上级一致")
    assert page.heading.startswith("小案件第 3 版")
    assert "上级现在使用" not in page.text
    publish(county, 3)
    assert 'name="再调解"' in drawn(world, "/1/11/")
    assert 'zh = "小案件"' in tree(world, "/1/11/").files[TOML].decode()
    assert "上级已更新" not in county.visit("/packages").text


def test_what_both_changed_is_left_to_the_county(owner: Reader, county: Reader) -> None:
    start(owner)
    bring(county, edited(*TITLE))
    bring(owner, edited(DRAWN, TITLE[1], TITLE[2].replace("再调解", "第二次调解")))
    publish(owner, 2)
    page = county.visit(f"/packages/{OWN}/versions/2/merge")
    assert "本单位也改过" in page.text
    assert page.all("//input[@name='piece'][@checked]") == []
    page = press(county, "并入勾选的")
    assert page.heading.startswith("小案第 3 版")
    compared = county.visit(f"/packages/{OWN}/compare?from=2&to=3")
    assert "没有区别" in compared.text


def test_a_still_newer_version_is_looked_at_again(owner: Reader, county: Reader) -> None:
    start(owner)
    bring(owner, edited(*TITLE))
    publish(owner, 2)
    county.visit(f"/packages/{OWN}/versions/1/merge")
    bring(owner, edited(*HEADING))
    publish(owner, 3)
    page = press(county, "并入勾选的", status=409)
    assert "又发布了新版本" in page.text
    assert "上级第 3 版" in page.heading


def test_bad_requests_change_nothing(owner: Reader, county: Reader, world: World) -> None:
    common = f"/packages/{KEY}/versions/1"
    assert send(county, f"{common}/own-way", unit=OTHER) == 403
    for unit in ("", "nowhere"):
        assert send(owner, f"{common}/own-way", unit=unit) == 400
    assert owner.ask("GET", f"{common}/merge").status_code == 404
    start(owner)
    assert send(owner, f"{common}/own-way", unit=COUNTY) == 303
    assert "已经有自己的版本" in owner.visit(common).text
    assert send(owner, f"/packages/{OWN}/versions/1/merge", newest="x", piece="nothing") == 409
    assert tree(world, "/1/11/") == tree(world, "/1/12/")


def send(reader: Reader, path: str, **values: str) -> int:
    """What the site answers to a form that is not on the page."""
    reader.visit("/packages")
    return reader.ask("POST", path, data={**values, "csrf_token": reader.token()}).status_code


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_page_speaks_both_languages(owner: Reader, language: str) -> None:
    start(owner)
    bring(owner, edited(*HEADING))
    publish(owner, 2)
    owner.post("/language", {"language": language, "csrf_token": owner.token()})
    page = owner.visit(f"/packages/{OWN}/versions/1/merge")
    assert page.status == 200
    assert ("Take over" in page.text) is (language == "en")
