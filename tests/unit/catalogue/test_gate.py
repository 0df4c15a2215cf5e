"""The gate over a whole package: everything at once, each with a place and what to do."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import orjson
import pytest

from tests.factories.cases import KEY, small_package
from tests.factories.engine import Drawing, bpmn, message_event
from tests.factories.rollout import ROOT
from tests.unit.catalogue.test_foreign_diagrams import is_spoken
from workflows.catalogue import gate
from workflows.catalogue.source import find_keys, read_folder
from workflows.engine.findings import Finding

TOML = f"bpmn/{KEY}/package.toml"
SPINE = f"bpmn/{KEY}/{KEY}.bpmn"
FORM = f"forms/{KEY}/talk.schema.json"
TEXT = f"forms/{KEY}/documents/letter.html"


def found(
    files: Mapping[str, bytes] | None = None, *changes: tuple[str, str, str]
) -> list[Finding]:
    """New findings of the small package with files beside it and texts replaced."""
    base = small_package()
    made = {**base.files, **(files or {})}
    for path, old, new in changes:
        text = made[path].decode()
        assert old in text
        made[path] = text.replace(old, new).encode()
    told = gate.check(replace(base, files=made))
    assert [one for one in told if not is_spoken(one)] == []
    before = {(one.code, one.element, one.file) for one in gate.check(base)}
    return [one for one in told if (one.code, one.element, one.file) not in before]


def codes(told: Sequence[Finding]) -> set[tuple[str, str | None]]:
    return {(one.code, one.element) for one in told if one.severity == "error"}


def test_the_small_package_has_no_errors() -> None:
    told = gate.check(small_package())
    assert [one for one in told if one.severity == "error"] == []


WRONG: dict[str, tuple[tuple[str, str, str], tuple[str, str | None]]] = {
    "waits for what nobody sends": (
        (TOML, 'senders = ["head"]\n', "senders = []\n"),
        ("package.message_unsent", "on_answer"),
    ),
    "stage without a diagram": (
        (TOML, 'processes = ["sm_talks"]', 'processes = ["sm_talk"]'),
        ("package.stage_process", None),
    ),
    "outcome without an end": (
        (TOML, "[outcomes.e_done]", "[outcomes.e_gone]"),
        ("package.outcome_end", "e_gone"),
    ),
    "start with a role nobody can have": (
        (TOML, 'start_roles = ["窗口受理员", ', 'start_roles = ["木匠", '),
        ("package.role_unknown", None),
    ),
    "package that gives rights": (
        (TOML, 'senders = ["head"]\n', 'senders = ["head"]\nroles = ["系统管理员"]\n'),
        ("package.grants", None),
    ),
    "field no step before fills": (
        (SPINE, "way = &quot;wait&quot;", "outcome = &quot;done&quot;"),
        ("engine.used_before", "f_g_way_on_answer"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_an_error_at_its_place(name: str) -> None:
    change, expected = WRONG[name]
    if change[0] == SPINE and change[1] not in small_package().files[SPINE].decode():
        change = (SPINE, change[1].replace("&quot;", '"'), change[2].replace("&quot;", '"'))
    assert expected in codes(found(None, change))


def test_a_lane_of_citizens_needs_somebody_who_records_for_them() -> None:
    drawn = Drawing("sm_more", role="当事人").start("m_s").user("sign", title="签字").end("m_e")
    drawn.flow("m_s > sign > m_e")
    told = found({f"bpmn/{KEY}/more.bpmn": bpmn(drawn)})
    assert codes(told) == {("engine.role_unknown", "sign")}
    drawn.lane_properties = {"acts_for": "party"}
    told = found({f"bpmn/{KEY}/more.bpmn": bpmn(drawn)})
    assert codes(told) == {("engine.party_without_performer", "sign")}


def test_a_message_that_is_thrown_has_nobody_who_hears_it() -> None:
    other = Drawing("sm_more", role="调委会主任").start("m_s")
    other.throw("shout", message_event("small.shout")).end("m_e").flow("m_s > shout > m_e")
    told = found({f"bpmn/{KEY}/more.bpmn": bpmn(other, messages=("small.shout",))})
    assert codes(told) == {("package.message_unheard", "shout")}


def test_errors_of_every_kind_come_at_once() -> None:
    files = {
        f"bpmn/{KEY}/bad.bpmn": b"<oops",
        f"bpmn/{KEY}/bad.dmn": b"<definitions/>",
        f"forms/{KEY}/none.schema.json": b"{",
        TEXT: b"{{ nothing_known }} {% for x in",
        f"bpmn/{KEY}/posts.toml": b"[head]",
    }
    told = found(files, (TOML, "[outcomes.e_done]", "[outcomes.e_gone]"))
    assert {code for code, _ in codes(told)} == {
        "engine.not_xml",
        "engine.decision_broken",
        "package.form_not_json",
        "package.template_broken",
        "package.grants",
        "package.outcome_end",
    }
    assert {one.file for one in told} >= {"bad.bpmn", "bad.dmn", "none.schema.json"}


def test_what_nobody_reads_is_a_warning() -> None:
    told = found(
        {f"forms/{KEY}/notes.txt": b"x"}, (TOML, "access_class", "colour = 1\naccess_class")
    )
    assert {(one.severity, one.code) for one in told} == {
        ("warning", "package.key_unknown"),
        ("warning", "package.file_unknown"),
    }


NO_SCHEMAS = [
    b"[]",
    b"null",
    b'"x"',
    b"{}",
    b'{"type": "array"}',
    b'{"type": "object", "properties": []}',
    b'{"type": "object", "properties": {"a": 1}}',
    b'{"type": "object", "title": "x", "properties": {"a": {"$ref": "http://127.0.0.1/x"}}}',
    b'{"type": "object", "title": "x", "properties": {"a": {"type": "string", "pattern": "(a"}}}',
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"type": "object", "title": "\\ud800", "properties": {}}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("number", range(len(NO_SCHEMAS)))
def test_json_that_is_no_form_is_an_error_of_its_file(number: int) -> None:
    told = found({FORM: NO_SCHEMAS[number]})
    own = {one.code for one in told if one.file == "talk.schema.json" and one.severity == "error"}
    assert own
    assert own <= {"package.form_broken", "package.form_not_json", "package.form_missing"}


def test_a_service_that_would_give_rights_does_not_exist() -> None:
    other = Drawing("sm_more", role="调委会主任").start("m_s")
    other.service("rise", "post.give", "given", role='"系统管理员"').end("m_e")
    other.flow("m_s > rise > m_e")
    told = found({f"bpmn/{KEY}/more.bpmn": bpmn(other)})
    assert ("engine.operation_unknown", "rise") in codes(told)


def test_scripts_in_names_are_names() -> None:
    evil = "<script>alert(1)</script>"
    change = (SPINE, 'id="e_done"', 'id="e_done" name="&lt;script&gt;alert(1)&lt;/script&gt;"')
    assert codes(found(None, change)) == set()
    source = replace(
        small_package(),
        files={
            **small_package().files,
            SPINE: small_package().files[SPINE].replace(change[1].encode(), change[2].encode()),
        },
    )
    files = gate.read_parts(source).files
    assert files is not None
    assert files.diagram.elements["e_done"].title["zh"] == evil


@pytest.mark.parametrize("key", find_keys(ROOT))
def test_a_built_in_package_is_checked_in_a_third_of_a_second(key: str) -> None:
    """The bound is wide, for machines that do other things meanwhile; docs/performance.md has the
    measured times."""
    source = read_folder(ROOT, key)
    times = []
    for _ in range(3):
        begun = time.process_time()
        assert gate.check(source) == ()
        times.append(time.process_time() - begun)
    assert statistics.median(times) < 1.0


def test_a_finding_is_told_as_data_in_the_readers_language() -> None:
    (one,) = found(None, (TOML, "[outcomes.e_done]", "[outcomes.e_gone]"))
    told = gate.describe(one, "en")
    assert orjson.loads(orjson.dumps(told)) == {
        "severity": "error",
        "file": "package.toml",
        "element": "e_gone",
        "line": None,
        "code": "package.outcome_end",
        "message": "Outcome “e_gone” is not an end event of the main diagram; check the id.",
    }
