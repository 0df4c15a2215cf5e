"""Two versions side by side: each kind of difference is found, said in words, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.factories.cases import KEY, small_package
from workflows.catalogue.source import PackageSource, read_folder
from workflows.messages import say
from workflows.rollout.compare.changes import Group, Kind
from workflows.rollout.compare.comparison import Comparison, compare
from workflows.rollout.compare.power import touches_power

ROOT = Path(__file__).parents[2]
PEOPLE = "people_mediation"
DRAWN = f"bpmn/{KEY}/{KEY}.bpmn"
TOML = f"bpmn/{KEY}/package.toml"


def edited(source: PackageSource, path: str, old: str, new: str) -> PackageSource:
    """The tree with one text replaced, once."""
    text = source.files[path].decode()
    assert old in text, old
    return replace(source, files={**source.files, path: text.replace(old, new, 1).encode()})


def small(path: str, old: str, new: str) -> Comparison:
    source = small_package()
    return compare(source, edited(source, path, old, new))


def told(found: Comparison, language: str = "zh-Hans") -> list[str]:
    """Every change and detail in words."""
    return [
        say(message, language)
        for one in found.changes
        for message in (one.message, *(detail.message for detail in one.details))
    ]


def codes(found: Comparison) -> list[str]:
    return [reason.code for reason in touches_power(found)]


@pytest.fixture(scope="module")
def built_in() -> PackageSource:
    return read_folder(ROOT, PEOPLE)


def test_equal_trees_differ_in_nothing(built_in: PackageSource) -> None:
    found = compare(built_in, built_in)
    assert (found.changes, found.moved, touches_power(found)) == ((), (), ())


def test_a_new_title_is_said_in_both_languages_and_needs_nobody_else() -> None:
    found = small(DRAWN, 'name="受理审查"', 'name="审查受理"')
    assert told(found) == ["办理任务“审查受理”有改动", "名称由“受理审查”改为“审查受理”"]
    assert told(found, "en")[1] == "Title in Chinese: “受理审查” becomes “审查受理”"
    assert found.marks("sm_intake") == {"review": Kind.CHANGED}
    assert codes(found) == []


def test_a_form_a_clock_and_a_message_that_changed_are_named() -> None:
    said = told(small(DRAWN, "review.schema.json", "talk.schema.json"))
    assert "表单由“review.schema.json”改为“talk.schema.json”" in said
    said = told(small(DRAWN, 'deadline("supplement"', 'deadline("mediation"'))
    assert any(one.startswith("期限规则由") for one in said)
    said = told(small(DRAWN, 'name="small.answer"', 'name="small.reply"'))
    assert "消息或代码由“small.answer”改为“small.reply”" in said


def test_a_flow_that_goes_elsewhere_and_a_condition_are_named() -> None:
    said = told(small(DRAWN, 'way = "wait"', 'way = "hold"'))
    assert '条件由“way = "wait"”改为“way = "hold"”' in said
    found = small(DRAWN, 'targetRef="e_late"', 'targetRef="e_done"')
    assert "终点由“e_late”改为“e_done”" in told(found)
    assert [one.noun for one in found.changes] == ["sequenceFlow"]


def test_boxes_that_moved_are_said_once_and_are_no_change(built_in: PackageSource) -> None:
    path = f"bpmn/{PEOPLE}/{PEOPLE}.bpmn"
    moved = built_in.files[path].replace(b'dc:Bounds x="', b'dc:Bounds x="1')
    found = compare(built_in, replace(built_in, files={**built_in.files, path: moved}))
    assert found.changes == ()
    assert [one.part for one in found.moved] == [PEOPLE]
    assert "不影响办理" in say(found.moved[0].message)


def test_another_lane_is_power() -> None:
    found = small(DRAWN, 'name="人民调解员"', 'name="窗口受理员"')
    assert "lanes" in codes(found)
    assert ("lane", Kind.ADDED) in {(one.noun, one.kind) for one in found.changes}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('access_class = "normal"', 'access_class = "sealed"', "access"),
        ('owner_role = "流程负责人"', 'owner_role = "调委会主任"', "owner_role"),
        ('start_roles = ["窗口受理员", ', 'start_roles = ["记录人", ', "start_roles"),
        ('senders = ["head"]', 'senders = ["court"]', "senders"),
        ("[outcomes.e_done]", '[[handoffs]]\nkind = "x"\n\n[outcomes.e_done]', "handoffs"),
    ],
)
def test_settings_that_are_power_are_reasons(old: str, new: str, code: str) -> None:
    found = small(TOML, old, new)
    assert code in codes(found)
    assert all("{" not in say(one.message, "en") for one in touches_power(found))


def test_where_an_operation_sends_is_power_and_its_title_is_not() -> None:
    assert codes(small(DRAWN, "court", "elsewhere")) == ["operations"]
    assert codes(small(DRAWN, 'id="remote"', 'id="remote" name="问法院"')) == []


def test_a_task_that_is_classed_is_power_also_where_its_lane_was_there() -> None:
    task = (
        '<bpmn:userTask id="again" name="复核"><bpmn:extensionElements>{}'
        "</bpmn:extensionElements></bpmn:userTask>"
    )
    inside = (
        "<spiffworkflow:properties><spiffworkflow:property name='access' value='psychology'/>"
        "</spiffworkflow:properties>"
    )
    for more, expected in ((inside, ["access"]), ("", [])):
        found = small(
            DRAWN, '<bpmn:userTask id="talk"', task.format(more) + '<bpmn:userTask id="talk"'
        )
        assert [code for code in codes(found) if code != "lanes"] == expected
        assert ("userTask", Kind.ADDED) in {(one.noun, one.kind) for one in found.changes}


def test_words_of_a_restricted_package_are_power() -> None:
    sealed = edited(small_package(), TOML, '"normal"', '"sealed"')
    form = f"forms/{KEY}/talk.schema.json"
    text = sealed.files[form].decode()
    after = replace(sealed, files={**sealed.files, form: text.replace("Note", "Notes").encode()})
    assert codes(compare(sealed, after)) == ["sealed_texts"]


def test_a_sealed_field_that_opens_is_power() -> None:
    found = small(f"forms/{KEY}/register.schema.json", '"x-store": "sealed"', '"x-store": "case"')
    assert "存放位置由“sealed”改为“case”" in told(found)
    assert codes(found) == ["sealed_fields"]


def test_a_first_version_is_power_only_where_it_reaches_out() -> None:
    found = compare(None, small_package())
    assert found.is_first
    assert codes(found) == ["operations", "senders"]


def test_fields_that_came_and_went_are_named() -> None:
    path = f"forms/{KEY}/talk.schema.json"
    found = small(path, '"note"', '"remark"')
    fields = {(one.kind, one.element) for one in found.of(Group.FORM) if one.noun == "field"}
    assert fields == {(Kind.ADDED, "remark"), (Kind.REMOVED, "note")}


def test_a_text_is_compared_line_by_line(built_in: PackageSource) -> None:
    path = next(path for path in built_in.files if path.endswith(".html"))
    lines = built_in.files[path].decode().splitlines()
    after = "\n".join([*lines[:3], "<p>新的一行</p>", *lines[3:]]).encode()
    found = compare(built_in, replace(built_in, files={**built_in.files, path: after}))
    change = found.of(Group.TEXT)[0]
    assert [line.text for line in change.lines if line.kind is Kind.ADDED] == ["<p>新的一行</p>"]
    assert [line for line in change.lines if line.kind is Kind.REMOVED] == []
    assert len(change.lines) <= 3


def table(built_in: PackageSource, old: str, new: str) -> Comparison:
    return compare(built_in, edited(built_in, f"bpmn/{PEOPLE}/accept.dmn", old, new))


def rules(text: str) -> list[str]:
    """The rules of a table as they stand in the file."""
    return [
        "<rule " + part.partition("</rule>")[0] + "</rule>" for part in text.split("<rule ")[1:]
    ]


def test_a_cell_a_column_and_a_hit_policy_are_named(built_in: PackageSource) -> None:
    found = table(built_in, '"应当由其他机关或者组织办理"', '"应当由其他机关办理"')
    assert [(one.noun, one.element, one.kind) for one in found.changes] == [
        ("rule", "1", Kind.CHANGED)
    ]
    assert "“= 理由”由" in told(found)[1]
    said = told(table(built_in, "<text>refer_to</text>", "<text>refer_where</text>"))
    assert "条件列“转介”由“refer_to”改为“refer_where”" in said
    said = told(table(built_in, 'hitPolicy="FIRST"', 'hitPolicy="UNIQUE"'))
    assert said == ["决策表“判断能否受理”有改动", "命中策略由“FIRST”改为“UNIQUE”"]


def test_rules_are_matched_wherever_they_stand(built_in: PackageSource) -> None:
    path = f"bpmn/{PEOPLE}/accept.dmn"
    text = built_in.files[path].decode()
    first, second = rules(text)[:2]
    gone = table(built_in, first, "")
    assert [(one.noun, one.kind, one.element) for one in gone.changes] == [
        ("rule", Kind.REMOVED, "1")
    ]
    swapped = text.replace(first, "@").replace(second, first).replace("@", second)
    found = compare(built_in, replace(built_in, files={**built_in.files, path: swapped.encode()}))
    assert [detail.aspect for one in found.changes for detail in one.details] == ["order"]
    unique = built_in.files[path].replace(b"FIRST", b"UNIQUE")
    before = replace(built_in, files={**built_in.files, path: unique})
    after = replace(
        built_in, files={**built_in.files, path: swapped.replace("FIRST", "UNIQUE").encode()}
    )
    assert compare(before, after).changes == ()


def test_scenarios_and_settings_are_named(built_in: PackageSource) -> None:
    path = f"bpmn/{PEOPLE}/scenarios/happy.json"
    files = {name: content for name, content in built_in.files.items() if name != path}
    found = compare(built_in, replace(built_in, files=files))
    assert [(one.group, one.kind, one.element) for one in found.changes] == [
        (Group.SCENARIO, Kind.REMOVED, "happy")
    ]
    found = small(TOML, 'zh = "登记"', 'zh = "立案登记"')
    assert told(found)[0] == "设置“start.register.title.zh”有改动"


def test_a_tree_that_cannot_be_read_is_compared_as_far_as_it_can() -> None:
    broken = small_package().files | {DRAWN: b"<no", TOML: b"= no"}
    found = compare(small_package(), replace(small_package(), files=broken))
    assert {one.kind for one in found.changes} == {Kind.REMOVED}


def test_every_word_of_a_comparison_has_a_sentence(built_in: PackageSource) -> None:
    petition = read_folder(ROOT, "petition")
    found = compare(petition, built_in)
    for language in ("zh-Hans", "en"):
        words = told(found, language)
        assert len(words) > 1000
        assert [one for one in words if "compare." in one] == []
