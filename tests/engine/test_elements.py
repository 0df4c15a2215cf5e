"""What a drawing says of its elements: titles, lanes, roles, properties, events."""

from __future__ import annotations

import pytest

from tests.factories.engine import (
    Case,
    Drawing,
    compiled,
    due_in,
    error_event,
    message_event,
    timer_event,
)
from workflows.cases.decision import CommandKind, Ports
from workflows.engine.peek import item_data
from workflows.engine.scripts import ScriptError, parse_script
from workflows.errors import ProcessFaultError

NAMES = {"x": "number", "reply": "context", "who": "string"}


def version():
    body = Drawing("body").start("bs").user("inner", title="内", role="记录人").end("be")
    body.flow("bs > inner > be")
    drawing = Drawing("p", role="当事人")
    drawing.lane_properties = {
        "acts_for": "party",
        "performed_by": "窗口受理员",
        "name_en": "Party",
    }
    drawing.start().user(
        "u",
        title="登记 申请",
        name_en="Register",
        formJsonSchemaFilename="a.schema.json",
        document="agreement",
        scope="county",
        priority="2",
    )
    drawing.boundary("b", "u", message_event("m"), interrupting=False)
    drawing.boundary("t", "u", timer_event('deadline("r", today)'))
    drawing.sub(body).service("n", "number.issue", "r").boundary("err", "n", error_event("code"))
    drawing.end().end("e2").end("e3").end("e4")
    drawing.flow("s > u > body > n > e").flow("b > e2").flow("t > e3").flow("err > e4")
    return compiled(drawing, names=NAMES, messages=("m",), codes=("code",))


VERSION = version()


def test_user_task_carries_titles_role_scope_and_form():
    element = VERSION.elements["u"]
    assert element.title == {"zh": "登记 申请", "en": "Register"}
    assert (element.kind, element.process, element.parent) == ("userTask", "p", "p")
    assert (element.lane, element.role, element.acts_for_party) == ("当事人", "窗口受理员", True)
    assert (element.form, element.scope) == ("a.schema.json", "county")
    assert "name_en" in element.properties
    assert element.properties["document"] == "agreement"


def test_own_role_wins_over_the_lanes_and_bodies_inherit_the_lane():
    inner = VERSION.elements["inner"]
    assert (inner.lane, inner.role, inner.parent, inner.process) == (
        "当事人",
        "记录人",
        "body",
        "p",
    )


def test_lane_title_is_not_the_elements_title():
    assert VERSION.elements["body"].title == {"zh": "", "en": ""}
    assert VERSION.title_of("body") == {"zh": "body", "en": "body"}


def test_events_say_what_they_wait_for_and_where_they_stand():
    b, t, err = (VERSION.elements[key] for key in ("b", "t", "err"))
    assert (b.event, b.name, b.attached_to, b.interrupting) == ("message", "m", "u", False)
    assert (t.event, t.interrupting) == ("timer", True)
    assert (err.event, err.name) == ("error", "code")
    assert VERSION.message_names == {"m"}


def test_item_says_everything_an_inbox_needs():
    case = Case(VERSION, Ports(due_in({"r": 3}), {}))
    (item,) = case.start().items_added
    assert (item.role, item.scope, item.acts_for_party) == ("窗口受理员", "county", True)
    assert (item.form, item.priority, item.assignee) == ("a.schema.json", 2, None)
    assert item.clock == next(iter(case.clocks))


def test_assignee_and_scope_are_expressions():
    drawing = (
        Drawing("p").start().user("u", assignee="who", scope='"620902"').end().flow("s > u > e")
    )
    case = Case(compiled(drawing, names=NAMES))
    (item,) = case.start(who="mediator").items_added
    assert (item.assignee, item.scope) == ("mediator", "620902")
    (item,) = Case(case.version).start().items_added
    assert item.assignee is None


def test_assignee_that_is_no_text_is_a_fault():
    drawing = Drawing("p").start().user("u", assignee="x").end().flow("s > u > e")
    with pytest.raises(ProcessFaultError) as caught:
        Case(compiled(drawing, names=NAMES)).start(x=3)
    assert caught.value.message.code == "engine.assignee_not_text"


def test_whole_form_goes_into_one_variable_where_the_drawing_says_so():
    drawing = Drawing("p").start().user("u").user("after").end().flow("s > u > after > e")
    tag, key, body, rest = drawing.nodes[1]
    extension = "<spiffworkflow:variableName>reply</spiffworkflow:variableName>"
    body = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>{body}"
    drawing.nodes[1] = (tag, key, body, rest)
    case = Case(compiled(drawing, names=NAMES))
    case.start()
    case.complete("u", a=1)
    assert case.state is not None
    (number,) = case.items
    assert item_data(case.version, case.state, number) == {"reply": {"a": 1}}


def test_data_of_an_item_that_is_gone_is_none():
    case = Case(VERSION, Ports(due_in({"r": 3}), {}))
    case.start(x="1.50")
    assert case.state is not None
    (number,) = case.items
    assert item_data(case.version, case.state, number) == {"x": "1.50"}
    case.ask(CommandKind.VOID)
    assert item_data(case.version, case.state, number) is None


def test_script_lines_may_run_on_inside_brackets_and_hold_comments():
    script = '// first\n  a = [1,\n  2]\n\n b = "(" '
    assert [(s.name, s.expression.split(), s.line) for s in parse_script(script)] == [
        ("a", ["[1,", "2]"], 2),
        ("b", ['"("'], 5),
    ]


@pytest.mark.parametrize("text", ["a", "a == 1", "a.b = 1", "= 1", "a =", "print(1)"])
def test_line_that_is_no_assignment_is_refused(text: str):
    with pytest.raises(ScriptError) as caught:
        parse_script(f"x = 1\n{text}")
    assert caught.value.line == 2
