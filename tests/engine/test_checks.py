"""The gate's checks: each trap found, named by element; a clean drawing has no errors.

Long, because it is one list: a drawing of a few lines for each trap, in the order of the checks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.engine import (
    TERMINATE,
    Drawing,
    bpmn,
    error_event,
    many,
    message_event,
    timer_event,
)
from workflows.engine import OPERATIONS, Finding, check_process
from workflows.messages import load_catalogue, say

NAMES = {"x": "number", "flag": "boolean", "ids": "context", "due_on": "date"}
CASE_NAMES = {"on": "date", "amount": "number"}


def check(*drawings: Drawing, **rest: Any) -> tuple[Finding, ...]:
    files = {
        "p.bpmn": bpmn(*drawings, **{k: rest.pop(k) for k in ("messages", "codes") if k in rest})
    }
    return check_process(
        "p",
        rest.pop("files", files),
        {},
        rest.pop("names", NAMES),
        roles=("人民调解员",),
        rules=("mediation",),
        operations=OPERATIONS,
        forms=("a.schema.json",),
        documents=("agreement",),
        case_names=CASE_NAMES,
        **rest,
    )


def errors(findings: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    return [(f.code.removeprefix("engine."), f.element) for f in findings if f.severity == "error"]


def warnings(findings: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    return [
        (f.code.removeprefix("engine."), f.element) for f in findings if f.severity == "warning"
    ]


def line() -> Drawing:
    """s > u > e, with one clean user task."""
    return task(Drawing("p").start()).end().flow("s > u > e")


def task(drawing: Drawing, key: str = "u", **properties: str) -> Drawing:
    return drawing.user(
        key, title="办理", formJsonSchemaFilename="a.schema.json", name_en="Do it", **properties
    )


def test_clean_drawing_has_no_errors_and_only_the_expected_warnings():
    findings = check(line())
    assert errors(findings) == []
    assert {code for code, _ in warnings(findings)} == {"no_shape", "no_withdraw"}


STRUCTURE: dict[str, tuple[Callable[[], Drawing], list[tuple[str, str]]]] = {
    "reserved ids": (
        lambda: task(Drawing("p").start("Start")).end("End").flow("Start > u > End"),
        [("reserved_id", "Start"), ("reserved_id", "End")],
    ),
    "node nothing leads to": (
        lambda: task(line(), "v").end("e2").flow("v > e2"),
        [("not_reached", "v")],
    ),
    "node that leads nowhere": (
        lambda: task(line(), "v").choice("g").flow("u > v") if False else _deadlock(),
        [("leads_nowhere", "v")],
    ),
    "island": (lambda: _island(), [("unreachable", "v"), ("unreachable", "w")]),
    "dangling flow": (
        lambda: line().flow("u > nowhere"),
        [("dangling_flow", "f_u_nowhere"), ("two_flows_out", "u")],
    ),
    "two starts": (
        lambda: line().start("s2").flow("s2 > u"),
        [("starts", "p")],
    ),
    "no end": (lambda: _endless(), [("no_end", "p"), ("loop_without_exit", "m")]),
    "missing call": (
        lambda: Drawing("p").start().call("c", "gone").end().flow("s > c > e"),
        [("call_missing", "c")],
    ),
    "call of itself": (
        lambda: Drawing("p").start().call("c", "p").end().flow("s > c > e"),
        [("calls_itself", "p")],
    ),
    "boundary on nothing": (
        lambda: line().boundary("b", "gone", error_event()).end("e2").flow("b > e2"),
        [("boundary_nowhere", "b")],
    ),
    "flow into a start": (
        lambda: _into_start(),
        [("flow_into_start", "s")],
    ),
}


def _deadlock() -> Drawing:
    drawing = task(Drawing("p").start().choice("g"))
    return (
        task(drawing, "v")
        .end()
        .flow("s > g")
        .flow("g > u", "flag")
        .flow("g > v", "not(flag)")
        .flow("u > e")
    )


def _island() -> Drawing:
    return task(task(line(), "v"), "w").flow("v > w").flow("w > v")


def _endless() -> Drawing:
    return task(Drawing("p").start().choice("m")).flow("s > m > u > m")


def _into_start() -> Drawing:
    drawing = task(Drawing("p").start()).choice("g").end().flow("s > u > g")
    return drawing.flow("g > e", "flag").flow("g > s", "not(flag)")


@pytest.mark.parametrize("name", STRUCTURE)
def test_structure(name: str):
    drawing, expected = STRUCTURE[name]
    assert errors(check(drawing())) == expected


def test_missing_spine_is_an_error():
    assert errors(check(task(Drawing("q").start()).end().flow("s > u > e"))) == [("no_spine", "p")]


def test_one_id_in_two_files_is_an_error_naming_the_other_file():
    other = task(Drawing("p_b").start("s2"), "u").end("e2").flow("s2 > u > e2")
    files = {"a.bpmn": bpmn(line()), "b.bpmn": bpmn(other)}
    found = [f for f in check(files=files) if f.code == "engine.id_twice" and f.element == "u"]
    assert [(f.file, f.message.params["other"]) for f in found] == [("b.bpmn", "a.bpmn")]


def tag(name: str, body: str = "") -> Drawing:
    return Drawing("p").start().node(name, "n", body).end().flow("s > n > e")


TRAPS: dict[str, tuple[Callable[[], Drawing], tuple[str, str]]] = {
    "inclusive gateway": (lambda: tag("inclusiveGateway"), ("inclusive", "n")),
    "complex gateway": (lambda: tag("complexGateway"), ("complex", "n")),
    "standard loop": (
        lambda: (
            Drawing("p")
            .start()
            .user("u", many="<bpmn:standardLoopCharacteristics/>", title="t")
            .end()
            .flow("s > u > e")
        ),
        ("standard_loop", "u"),
    ),
    "raw duration": (
        lambda: (
            line()
            .boundary(
                "t",
                "u",
                "<bpmn:timerEventDefinition><bpmn:timeDuration>P1M</bpmn:timeDuration></bpmn:timerEventDefinition>",
            )
            .end("e2")
            .flow("t > e2")
        ),
        ("raw_timer", "t"),
    ),
    "link event": (
        lambda: tag("intermediateThrowEvent", '<bpmn:linkEventDefinition name="x"/>'),
        ("link", "n"),
    ),
    "compensation": (
        lambda: tag("intermediateThrowEvent", "<bpmn:compensateEventDefinition/>"),
        ("compensation", "n"),
    ),
    "two interrupting timers": (
        lambda: (
            line()
            .boundary("t1", "u", timer_event('deadline("mediation", today)'))
            .boundary("t2", "u", timer_event('deadline("mediation", today)'))
            .end("e1")
            .end("e2")
            .flow("t1 > e1")
            .flow("t2 > e2")
        ),
        ("two_timers", "u"),
    ),
    "condition beside a gateway": (
        lambda: task(Drawing("p").start()).end().flow("s > u").flow("u > e", "flag"),
        ("condition_ignored", "f_u_e"),
    ),
    "exit without condition": (
        lambda: (
            task(Drawing("p").start().choice("g"))
            .end()
            .end("e2")
            .flow("s > g > u > e")
            .flow("g > e2", "flag")
        ),
        ("exit_without_condition", "f_g_u"),
    ),
    "nameless message": (
        lambda: tag("intermediateCatchEvent", "<bpmn:messageEventDefinition/>"),
        ("message_nameless", "n"),
    ),
    "uncaught error": (
        lambda: task(Drawing("p").start()).end("e", error_event()).flow("s > u > e"),
        ("error_uncaught", "e"),
    ),
    "loop over facts": (
        lambda: (
            Drawing("p")
            .start()
            .user("u", many=many("parties", "who"), title="t")
            .end()
            .flow("s > u > e")
        ),
        ("loop_over_facts", "u"),
    ),
    "results without an item": (
        lambda: (
            Drawing("p")
            .start()
            .user("u", many=many("ids", "who", output="all"), title="t")
            .end()
            .flow("s > u > e")
        ),
        ("loop_without_output", "u"),
    ),
    "timer that is no deadline": (
        lambda: line().boundary("t", "u", timer_event("due_on")).end("e2").flow("t > e2"),
        ("timer_not_deadline", "t"),
    ),
    "join that waits for ever": (lambda: _starving(), ("join_never", "j")),
    "branches writing one name": (lambda: _both_write(), ("branches_write", "f")),
    "read before written": (
        lambda: (
            task(Drawing("p").start().choice("g"))
            .script("k", "late = 1")
            .end()
            .end("e2")
            .flow("s > g")
            .flow("g > u", "late = 1")
            .flow("g > e2", "flag")
            .flow("u > k > e")
        ),
        ("used_before", "f_g_u"),
    ),
    "script writing a fact": (
        lambda: Drawing("p").start().script("k", "today = 1").end().flow("s > k > e"),
        ("writes_read_only", "k"),
    ),
    "line that is no assignment": (
        lambda: Drawing("p").start().script("k", "x = 1\nprint(x)").end().flow("s > k > e"),
        ("script_broken", "k"),
    ),
    "undeclared name": (
        lambda: Drawing("p").start().script("k", "x = mispelt + 1").end().flow("s > k > e"),
        ("expression", "k"),
    ),
    "undeclared case field": (
        lambda: Drawing("p").start().script("k", "x = case.amout").end().flow("s > k > e"),
        ("case_name_unknown", "k"),
    ),
    "unknown rule": (
        lambda: (
            line()
            .boundary("t", "u", timer_event('deadline("medation", today)'))
            .end("e2")
            .flow("t > e2")
        ),
        ("rule_unknown", "t"),
    ),
    "unknown role": (lambda: _in_lane("木匠"), ("role_unknown", "u")),
    "party without a performer": (
        lambda: _in_lane("当事人", acts_for="party"),
        ("party_without_performer", "u"),
    ),
    "missing form": (
        lambda: (
            Drawing("p")
            .start()
            .user("u", title="t", formJsonSchemaFilename="b.schema.json")
            .end()
            .flow("s > u > e")
        ),
        ("form_missing", "u"),
    ),
    "odd priority": (
        lambda: task(Drawing("p").start(), priority="high").end().flow("s > u > e"),
        ("priority", "u"),
    ),
    "no title": (
        lambda: Drawing("p").start().user("u", title="").end().flow("s > u > e"),
        ("no_title", "u"),
    ),
    "unknown document": (
        lambda: task(Drawing("p").start(), document="agreement, poem").end().flow("s > u > e"),
        ("document_unknown", "u"),
    ),
    "unknown operation": (
        lambda: Drawing("p").start().service("n", "number.isue", "r").end().flow("s > n > e"),
        ("operation_unknown", "n"),
    ),
    "unknown parameter": (
        lambda: (
            Drawing("p")
            .start()
            .service("n", "number.issue", "r", serie='"x"')
            .end()
            .flow("s > n > e")
        ),
        ("parameter_unknown", "n"),
    ),
    "missing parameter": (
        lambda: Drawing("p").start().service("n", "document.create", "r").end().flow("s > n > e"),
        ("parameter_missing", "n"),
    ),
    "document nobody declares": (
        lambda: (
            Drawing("p")
            .start()
            .service("n", "document.create", "r", kind='"poem"')
            .end()
            .flow("s > n > e")
        ),
        ("document_unknown", "n"),
    ),
    "missing decision": (
        lambda: Drawing("p").start().rule("n", "gone").end().flow("s > n > e"),
        ("decision_missing", "n"),
    ),
}


def _starving() -> Drawing:
    """Normal and boundary path of one task drawn straight into one parallel join."""
    drawing = line().boundary("b", "u", message_event("m")).parallel("j")
    drawing.flows = []
    return drawing.flow("s > u > j > e").flow("b > j")


def _both_write() -> Drawing:
    drawing = Drawing("p").start().parallel("f").script("l", "n = 1").script("r", "n = 2")
    return drawing.parallel("j").end().flow("s > f > l > j > e").flow("f > r > j")


def _in_lane(role: str, **properties: str) -> Drawing:
    drawing = task(Drawing("p", role=role).start()).end().flow("s > u > e")
    drawing.lane_properties = properties
    return drawing


@pytest.mark.parametrize("name", TRAPS)
def test_trap_is_an_error_naming_its_element(name: str):
    drawing, expected = TRAPS[name]
    assert set(errors(check(drawing(), messages=("m",)))) == {expected}


def test_all_findings_come_at_once():
    drawing = Drawing("p", role="木匠").start().user("u", title="").script("k", "x = nope").end()
    drawing.boundary("t", "u", timer_event('deadline("none", today)')).end("e2")
    drawing.flow("s > u > k > e").flow("t > e2")
    assert set(errors(check(drawing))) == {
        ("role_unknown", "u"),
        ("no_title", "u"),
        ("expression", "k"),
        ("rule_unknown", "t"),
    }


def test_expression_error_says_line_and_column_of_the_script():
    drawing = Drawing("p").start().script("k", "x = 1\n  x = 1 + nope").end().flow("s > k > e")
    (finding,) = [f for f in check(drawing) if f.severity == "error"]
    assert (finding.message.params["row"], finding.message.params["column"]) == (2, 11)


def test_party_lane_with_a_performer_is_clean():
    assert errors(check(_in_lane("当事人", acts_for="party", performed_by="人民调解员"))) == []


WARNINGS: dict[str, tuple[Callable[[], Drawing], tuple[str, str]]] = {
    "default decides": (
        lambda: (
            task(Drawing("p").start().choice("g"))
            .end()
            .end("e2")
            .flow("s > g")
            .flow("g > u", "flag")
            .flow("u > e")
            .otherwise("g", "e2")
        ),
        ("default_decides", "f_g_e2"),
    ),
    "people on a side branch": (
        lambda: (
            task(
                line().boundary(
                    "t", "u", timer_event('deadline("mediation", today)'), interrupting=False
                ),
                "v",
            )
            .end("e2")
            .flow("t > v > e2")
        ),
        ("side_branch_people", "v"),
    ),
    "timer from a fixed date": (
        lambda: (
            line()
            .boundary("t", "u", timer_event('deadline("mediation", date("2026-01-01"))'))
            .end("e2")
            .flow("t > e2")
        ),
        ("timer_constant", "t"),
    ),
    "rule that is computed": (
        lambda: (
            line()
            .boundary("t", "u", timer_event("deadline(due_on, today)"))
            .end("e2")
            .flow("t > e2")
        ),
        ("rule_not_literal", "t"),
    ),
    "event gateway": (
        lambda: (
            Drawing("p")
            .start()
            .node("eventBasedGateway", "g")
            .catch("c", message_event("m"))
            .end()
            .flow("s > g > c > e")
        ),
        ("event_gateway", "g"),
    ),
    "message that fires once": (
        lambda: (
            line()
            .boundary("b", "u", message_event("m"), interrupting=False)
            .end("e2")
            .flow("b > e2")
        ),
        ("fires_once", "b"),
    ),
    "undeclared collection": (
        lambda: (
            Drawing("p")
            .start()
            .user("u", many=many("ids", "who"), title="t")
            .end()
            .flow("s > u > e")
        ),
        ("loop_undeclared", "u"),
    ),
    "no English name": (
        lambda: Drawing("p").start().user("u", title="办理").end().flow("s > u > e"),
        ("no_english", "u"),
    ),
    "no form": (
        lambda: Drawing("p").start().user("u", title="办理").end().flow("s > u > e"),
        ("no_form", "u"),
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_doubtful_drawing_is_a_warning_naming_its_element(name: str):
    drawing, expected = WARNINGS[name]
    findings = check(drawing(), messages=("m",))
    assert errors(findings) == []
    assert expected in warnings(findings)


def test_process_nobody_calls_is_a_warning():
    other = task(Drawing("p_b").start("s2"), "v").end("e2").flow("s2 > v > e2")
    assert ("not_called", "p_b") in warnings(check(line(), other))


def test_more_shapes_than_read_well_are_a_warning():
    drawing = Drawing("p").start()
    for number in range(30):
        drawing.script(f"k{number}", "x = 1")
    drawing.end().flow("s > " + " > ".join(f"k{n}" for n in range(30)) + " > e")
    assert ("too_many_shapes", "p") in warnings(check(drawing))


def test_forms_that_fill_one_name_in_two_branches_are_found_when_forms_are_known():
    drawing = Drawing("p").start().parallel("f")
    task(task(drawing, "l"), "r").parallel("j").end().flow("s > f > l > j > e").flow("f > r > j")
    assert errors(check(drawing)) == []
    assert errors(check(drawing, form_names={"a.schema.json": ("x",)})) == [("branches_write", "f")]


def test_terminate_end_and_nested_bodies_are_clean():
    body = task(Drawing("body").start("bs"), "v").end("be", TERMINATE).flow("bs > v > be")
    drawing = Drawing("p").start().sub(body).end().flow("s > body > e")
    assert errors(check(drawing)) == []


def test_every_finding_has_its_sentence_in_both_languages():
    catalogue = load_catalogue()
    for drawing, _ in [*STRUCTURE.values(), *TRAPS.values(), *WARNINGS.values()]:
        for finding in check(drawing(), messages=("m",)):
            assert finding.message.code in catalogue
            for language in ("zh-Hans", "en"):
                sentence = say(finding.message, language)
                assert "{" not in sentence.replace('{"', "")
