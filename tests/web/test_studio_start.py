"""A package is begun: from a starting point, or from diagrams that were drawn elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.factories.cases import KEY, World
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from workflows.catalogue.gate import check
from workflows.catalogue.manifest import FILE, read_manifest
from workflows.catalogue.source import PackageSource
from workflows.messages import say
from workflows.storage import SYSTEM
from workflows.studio.starting import NAMES
from workflows.studio.workbench import tree_at

FOREIGN = Path(__file__).parents[1] / "data" / "foreign"
DRAWN = (Path(__file__).parents[2] / "bpmn" / "petition" / "pt_suggest.bpmn").read_bytes()
CALLED = {"title_zh": "小额救助审批", "title_en": "Small relief", "key": "small_relief"}


def begin(reader: Reader, name: str = "simple_approval", status: int = 200, **typed: str) -> Page:
    """Chooses a starting point and fills in how the new package is called."""
    page = reader.visit(f"/studio?from={name}")
    return reader.submit(
        page,
        {**CALLED, **typed},
        action="#new",
        status=status,
        most_statements=60,
    )


def bring(reader: Reader, *files: tuple[str, bytes], status: int = 200, **typed: str) -> Page:
    """Imports diagrams."""
    sent = {"file": [(BytesIO(content), name) for name, content in files]}
    fields = {"from": "files", "import_unit": "", "csrf_token": reader.token(), **typed, **sent}
    return reader.post("/studio", fields, status=status, most_statements=60)


def send(reader: Reader, *files: tuple[str, bytes]) -> tuple[int, str]:
    """The same, of files too large for the client to hold: status and page."""
    fields = MultiDict([("from", "files"), ("csrf_token", reader.token())])
    for name, content in files:
        fields.add("file", FileStorage(BytesIO(content), name))
    boundary, body = encode_multipart(fields)
    kind = f'multipart/form-data; boundary="{boundary}"'
    answer = reader.ask("POST", "/studio", data=body, content_type=kind)
    return answer.status_code, answer.get_data(as_text=True)


def tree(world: World, package: str) -> PackageSource:
    return tree_at(world.platform, SYSTEM, package, 0)


def errors(world: World, package: str) -> list[str]:
    found = check(tree(world, package))
    return [say(one.message, "zh-Hans") for one in found if one.severity == "error"]


@pytest.fixture(autouse=True)
def on_the_page(owner: Reader) -> None:
    owner.visit("/studio")


def test_starting_points_are_offered_with_their_pictures(owner: Reader) -> None:
    page = owner.visit("/packages")
    page = owner.visit(page.link("新建流程"))
    assert page.heading == "新建流程"
    assert page.words("//main//h3") == ["简单审批", "受理—办理—办结", "双方协议", "转办与回复"]
    for picture in page.all("//main//img"):
        drawn = owner.ask("GET", picture.get("src"))
        assert drawn.mimetype == "image/svg+xml"
        assert drawn.get_data(as_text=True).count("bpmn-shape") > 12
    assert owner.ask("GET", "/studio/starting-points/none.svg").status_code == 404
    assert owner.ask("GET", "/studio?from=none").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_starting_point_becomes_a_draft_that_can_run(
    owner: Reader, world: World, name: str
) -> None:
    page = begin(owner, name)
    assert page.url == "/studio/small_relief"
    assert "小额救助审批" in page.text
    assert [one.code for one in check(tree(world, "small_relief"))] == []
    version = owner.visit("/packages/small_relief/versions/1", most_statements=40)
    assert version.heading.startswith("小额救助审批第 1 版")
    assert owner.visit("/packages").link("在工作室中修改").startswith("/studio/")


def test_it_may_be_for_one_county_only(owner: Reader, world: World) -> None:
    world.hire("county_owner", "流程负责人@11-ZZ")
    page = begin(owner, unit="11")
    assert page.url == "/studio/small_relief@11"
    begun = owner.visit("/packages")
    assert "small_relief@11" in begun.text


def test_a_second_one_is_offered_a_key_nobody_has(owner: Reader) -> None:
    asked = owner.visit("/studio?from=simple_approval").all("//input[@name='key']")
    assert asked[0].get("value") == "simple_approval"
    begin(owner, key="simple_approval")
    asked = owner.visit("/studio?from=simple_approval").all("//input[@name='key']")
    assert asked[0].get("value") == "simple_approval_2"


REFUSED: Sequence[tuple[dict[str, str], int, str]] = (
    ({"key": "Small"}, 422, "流程包的代号“Small”不合规则"),
    ({"key": ""}, 422, "不合规则"),
    ({"key": "小额"}, 422, "不合规则"),
    ({"key": "../x"}, 422, "不合规则"),
    ({"key": KEY}, 409, "已经有流程包在用"),
    ({"key": "decide"}, 422, "和这个起点里一个步骤的编号相同"),
    ({"title_zh": " "}, 422, "请写流程的中文名称"),
    ({"title_zh": "长" * 41}, 422, "名称太长"),
    ({"title_en": "a\u202eb"}, 422, "看不见的字符"),
    ({"unit": "none"}, 422, "没有编码为 none 的单位"),
)


def test_what_cannot_be_is_refused_beside_its_field_and_what_was_typed_stays(
    owner: Reader,
) -> None:
    for typed, status, sentence in REFUSED:
        page = begin(owner, status=status, **typed)
        assert page.title.startswith("错误：")
        assert [sentence in said for said in page.classed("fq-err")] == [True], typed
        wanted = {**CALLED, **typed}
        kept = [page.all(f"//form//input[@name='{name}']")[0].get("value") for name in CALLED]
        assert kept == [wanted[name].strip() for name in CALLED]
    assert "small_relief" not in owner.visit("/packages").text


def test_a_key_of_another_unit_is_taken_too(owner: Reader) -> None:
    begin(owner, unit="11")
    assert "已经有流程包在用" in begin(owner, status=409).text


def test_only_whoever_may_publish_there_begins_a_package(
    enter: Enter, world: World, owner: Reader
) -> None:
    assert enter("mediator").ask("GET", "/studio").status_code == 403
    world.hire("county_owner", "流程负责人@11-ZZ")
    give_password(world, "county_owner")
    county = enter("county_owner")
    assert begin(county, unit="", status=403).text
    assert "small_relief" not in owner.visit("/packages").text


def test_titles_are_text_wherever_they_go(owner: Reader, world: World) -> None:
    begin(owner, title_zh='救助<b>"甲"&', title_en="O'Neill \\ {{ 1 }}")
    assert errors(world, "small_relief") == []
    settings = tree(world, "small_relief").under("bpmn")[FILE]
    manifest, _ = read_manifest("small_relief", settings)
    assert manifest is not None
    assert manifest.title == {"zh": '救助<b>"甲"&', "en": "O'Neill \\ {{ 1 }}"}


def test_a_diagram_of_this_house_is_brought_with_its_key(owner: Reader, world: World) -> None:
    page = bring(owner, ("建议.bpmn", DRAWN))
    assert page.url == "/studio/pt_suggest"
    found = tree(world, "pt_suggest")
    assert found.files["bpmn/pt_suggest/diagram.bpmn"] == DRAWN
    settings = found.files["bpmn/pt_suggest/package.toml"].decode()
    assert "[outcomes." in settings
    assert 'processes = ["pt_suggest"]' in settings
    manifest, findings = read_manifest("pt_suggest", settings.encode())
    assert (manifest is not None, findings) == (True, ())


def test_diagrams_of_other_editors_open_with_findings(owner: Reader, world: World) -> None:
    names = sorted(path.stem for path in FOREIGN.glob("*.bpmn"))
    assert len(names) > 4
    for name in names:
        content = (FOREIGN / f"{name}.bpmn").read_bytes()
        title = {"import_title": "外来", "import_key": f"brought_{name}"}
        if name == "black_boxes":
            assert "没有流程" in bring(owner, ("a.bpmn", content), status=422, **title).text
            continue
        assert bring(owner, ("a.bpmn", content), **title).heading.endswith("外来")
        kept = tree(world, f"brought_{name}").files[f"bpmn/brought_{name}/a.bpmn"]
        assert b"BPMNPlane" in kept
        assert kept == content or b"BPMNPlane" not in content
        found = check(tree(world, f"brought_{name}"))
        assert {one.file for one in found if one.severity == "error"} - {"package.toml"} != set()
        assert not any(one.code.startswith("manifest.") for one in found)


def test_file_names_are_made_harmless(owner: Reader, world: World) -> None:
    table = (Path(__file__).parents[2] / "bpmn/petition/route31.dmn").read_bytes()
    bring(
        owner,
        ("../..\\Access.BPMN", DRAWN),
        ("第一 表.dmn", table),
        ("第二 表.dmn", table),
        import_key="brought",
    )
    names = {path for path in tree(world, "brought").files if path.endswith((".bpmn", ".dmn"))}
    assert names == {
        "bpmn/brought/diagram_access.bpmn",
        "bpmn/brought/diagram.dmn",
        "bpmn/brought/diagram_2.dmn",
    }


HOSTILE = {
    "entities": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "no XML": b"\x00\x01PK\x03\x04",
    "no BPMN": b"<a/>",
    "no process": b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    "deep": b"<a>" * 100_000,
    "large": b"<a>" + b" " * (2 * 1024 * 1024) + b"</a>",
    "larger": b"<a>" + b" " * (5 * 1024 * 1024) + b"</a>",
}


def test_hostile_files_are_refused_and_nothing_is_kept(owner: Reader) -> None:
    for content in HOSTILE.values():
        for ending in ("bpmn", "dmn"):
            sent = [("drawn.bpmn", DRAWN)] if ending == "dmn" else []
            status, text = send(owner, *sent, (f"x.{ending}", content))
            assert (status, 'id="file-error"' in text) == (422, True), content[:40]
    assert "pt_suggest" not in owner.visit("/packages").text


def test_what_cannot_be_imported_is_told(owner: Reader) -> None:
    one = [("a.bpmn", DRAWN)]
    refused: Sequence[tuple[list[tuple[str, bytes]], dict[str, str], int, str]] = (
        ([], {}, 422, "请至少选一个 .bpmn"),
        ([("a.zip", b"PK")], {}, 422, "“a.zip”不是流程图或者决策表"),
        ([("a.dmn", b"<a/>")], {}, 422, "请至少选一个 .bpmn"),
        (one, {"import_key": KEY}, 409, "已经有流程包在用"),
        (one, {"import_key": "A B"}, 422, "不合规则"),
        (one, {"import_title": "长" * 41}, 422, "名称太长"),
        ([(f"a{n}.bpmn", b"<a/>") for n in range(41)], {}, 422, "文件"),
    )
    for files, typed, status, sentence in refused:
        page = bring(owner, *files, status=status, **typed)
        assert [sentence in said for said in page.classed("fq-err")] == [True], sentence
