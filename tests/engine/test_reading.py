"""Files from strangers: refused with a reason, never expanded, never fetched."""

from __future__ import annotations

import pytest

from tests.factories.engine import Drawing, bpmn
from workflows.engine import EngineError, check_process, compile_process
from workflows.engine.reading import MAX_BYTES, read_xml

GOOD = bpmn(Drawing("p").start().end().flow("s > e"))
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&f;</definitions>"""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LAUGHS, "engine.doctype"),
        (OUTSIDE, "engine.doctype"),
        (LAUGHS.decode().replace('<?xml version="1.0"?>', "").encode("utf-16"), "engine.doctype"),
        (b"", "engine.not_xml"),
        (b"\x00\x01\x02", "engine.not_xml"),
        (GOOD[:-20], "engine.not_xml"),
        (b"<a>" * 5000 + b"</a>" * 5000, "engine.not_xml"),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", "engine.not_xml"),
        (b" " * (MAX_BYTES + 1), "engine.too_large"),
    ],
)
def test_hostile_file_is_refused_with_a_reason(content: bytes, code: str):
    with pytest.raises(EngineError) as caught:
        read_xml("x.bpmn", content)
    (finding,) = caught.value.findings
    assert (finding.code, finding.file) == (code, "x.bpmn")


def test_check_reports_a_broken_file_and_still_reads_the_others():
    findings = check_process(
        "p",
        {"a.bpmn": GOOD, "b.bpmn": LAUGHS, "c.bpmn": b"<html/>"},
        {},
        {},
        roles=(),
        rules=(),
        operations={},
        forms=(),
    )
    errors = {(f.code, f.file) for f in findings if f.severity == "error"}
    assert errors == {("engine.doctype", "b.bpmn"), ("engine.not_bpmn", "c.bpmn")}


def test_compile_of_a_hostile_file_raises_with_its_findings():
    with pytest.raises(EngineError) as caught:
        compile_process("p", {"p.bpmn": OUTSIDE}, {}, {})
    assert "engine.doctype" in [f.code for f in caught.value.findings]


def test_file_against_the_schema_is_an_error_with_its_line():
    content = GOOD.replace(b'<bpmn:endEvent id="e">', b'<bpmn:endEvent id="e" colour="red">')
    with pytest.raises(EngineError) as caught:
        compile_process("p", {"p.bpmn": content}, {}, {})
    (finding,) = caught.value.findings
    assert (finding.code, finding.line) == ("engine.schema", 1)


def test_dmn_with_a_doctype_is_refused():
    with pytest.raises(EngineError) as caught:
        compile_process("p", {"p.bpmn": GOOD}, {"d.dmn": LAUGHS}, {})
    assert [f.code for f in caught.value.findings] == ["engine.doctype"]
