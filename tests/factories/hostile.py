"""Packages made to harm, as zips: what is drawn, written or packed in them is out of all bounds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.factories.cases import KEY, small_package
from tests.factories.engine import Drawing, bpmn
from workflows.catalogue.source import PackageSource, to_zip

HOME = f"bpmn/{KEY}"
SPINE = f"{HOME}/{KEY}.bpmn"
PATTERN = b"\0" * 1024 * 1024


def beside(path: str, content: bytes) -> bytes:
    """The small package with one more file, or another one in place of its own."""
    base = small_package()
    return to_zip(replace(base, files={**base.files, path: content}))


def spine(old: bytes, new: bytes) -> bytes:
    """The small package with a text of its main diagram replaced."""
    text = small_package().files[SPINE]
    assert old in text
    return beside(SPINE, text.replace(old, new))


def script(text: str) -> bytes:
    """The small package with a script before the review that every case passes."""
    drawn = Drawing("sm_intake", role="调委会主任").start("i_s").script("harm", text)
    drawn.user("review", title="受理审查", formJsonSchemaFilename="review.schema.json")
    drawn.end("i_e").flow("i_s > harm > review > i_e")
    base = small_package()
    own = next(p for p, c in base.files.items() if p.startswith(HOME) and b'id="sm_intake"' in c)
    files = dict(base.files)
    if own != SPINE:
        files[own] = bpmn(drawn)
    else:
        before, rest = files[own].split(b'<bpmn:process id="sm_intake"', 1)
        body = bpmn(drawn).split(b'<bpmn:process id="sm_intake"', 1)[1]
        body = body.split(b"</bpmn:process>", 1)[0]
        after = rest.split(b"</bpmn:process>", 1)[1]
        files[own] = before + b'<bpmn:process id="sm_intake"' + body + b"</bpmn:process>" + after
    files[f"{HOME}/scenarios/happy.json"] = SCENARIO
    return to_zip(PackageSource(KEY, files))


SCENARIO = (
    '{"title": "x", "at": "2026-05-11T09:00:00+08:00", "start": {"as": "intake", "data": {'
    '"title": "浇水", "dispute_kind": "neighbour", '
    '"parties": [{"name": "马玉兰", "kind": "person", '
    '"side": "申请人", "id_pending": true}]}}, "steps": [{"task": "review", "as": "head", "data": '
    '{"way": "refuse"}}], "end": {"run": "' + KEY + '", "element": "e_refused"}}'
).encode()


def packed(
    entries: Mapping[str, bytes], way: int = zipfile.ZIP_DEFLATED, mode: int = 0o100644
) -> bytes:
    """A zip of these entries, whatever their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = way, mode << 16
            archive.writestr(info, content)
    return out.getvalue()


def lying(size: int) -> bytes:
    """A zip whose one file holds much more than it declares."""
    data = bytearray(packed({f"{HOME}/package.toml": PATTERN * 64}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    data[22:26] = size.to_bytes(4, "little")
    return bytes(data)


def crowd() -> bytes:
    nodes = "".join(f'<bpmn:task id="t{n}"/>' for n in range(10_000))
    return bpmn(Drawing("p").start()).replace(
        b"</bpmn:process>", f"{nodes}</bpmn:process>".encode()
    )


def laughs() -> bytes:
    names = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(10))
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ha">{names}]><d>&a10;</d>'.encode()


OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
TEXT = f"forms/{KEY}/documents/letter.html"
DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
    'namespace="urn:x"><decision id="x" name="x"><literalExpression><text>{}</text>'
    "</literalExpression></decision></definitions>"
)

FOUND: dict[str, tuple[Callable[[], bytes], str]] = {
    "DOCTYPE": (lambda: beside(SPINE, OUTSIDE), "engine.doctype"),
    "entities that grow": (lambda: beside(SPINE, laughs()), "engine.doctype"),
    "DOCTYPE in another encoding": (
        lambda: beside(SPINE, laughs().decode().encode("utf-16")),
        "engine.not_xml",
    ),
    "ten thousand elements": (lambda: beside(SPINE, crowd()), "engine.too_many_elements"),
    "a hundred thousand levels": (lambda: beside(SPINE, b"<a>" * 100_000), "engine.not_xml"),
    "a file of three megabytes": (lambda: beside(SPINE, PATTERN * 3), "engine.too_large"),
    "no XML at all": (lambda: beside(SPINE, b"\xff\xd8\xff"), "engine.not_xml"),
    "ids Start and End": (
        lambda: beside(
            f"{HOME}/more.bpmn",
            bpmn(Drawing("more").start("Start").end("End").flow("Start > End")),
        ),
        "engine.reserved_id",
    ),
    "broken DMN": (lambda: beside(f"{HOME}/x.dmn", b"<definitions"), "engine.not_xml"),
    "DMN with DOCTYPE": (lambda: beside(f"{HOME}/x.dmn", laughs()), "engine.doctype"),
    "DMN of nothing": (lambda: beside(f"{HOME}/x.dmn", b"<a/>"), "engine.decision_broken"),
    "DMN that nests": (
        lambda: beside(f"{HOME}/x.dmn", DMN.format("(" * 50_000).encode()),
        "engine.decision_problem",
    ),
    "JSON that is no schema": (
        lambda: beside(f"forms/{KEY}/review.schema.json", b"[1, 2]"),
        "package.form_broken",
    ),
    "JSON that nests": (
        lambda: beside(f"forms/{KEY}/review.schema.json", b"[" * 200_000),
        "package.form_not_json",
    ),
    "text that nests": (
        lambda: beside(TEXT, b"{% for x in data %}" * 2_000),
        "package.template_broken",
    ),
    "text of a megabyte": (lambda: beside(TEXT, b"x" * 1_000_000), "package.template_broken"),
    "script without end": (
        lambda: script("x = for a in 1..999999, b in 1..999999 return a * b"),
        "rollout.red",
    ),
    "script that builds a gigabyte": (
        lambda: script('x = string join(for a in 1..999999999 return "aaaaaaaaaaaaaaaa")'),
        "rollout.red",
    ),
    "scenario without end": (
        lambda: beside(
            f"{HOME}/scenarios/long.json",
            SCENARIO.replace(b'"steps": [', b'"steps": [' + b'{"advance": "P1D"},' * 50_000),
        ),
        "rollout.red_end",
    ),
    "scenario that nests": (
        lambda: beside(f"{HOME}/scenarios/deep.json", b"[" * 100_000),
        "rollout.red_end",
    ),
    "a role for its author": (
        lambda: beside(f"{HOME}/roles.toml", b'[root]\nholder = "owner"\nrole = "\xe7\xb3\xbb"'),
        "package.grants",
    ),
}
"""Packages that become a draft nobody can publish, with a finding each has."""

REFUSED: dict[str, Callable[[], bytes]] = {
    "way up": lambda: packed({f"{HOME}/package.toml": b"", "bpmn/../../../etc/x": b"x"}),
    "way up with backslashes": lambda: packed({f"{HOME}\\..\\..\\x": b"x"}),
    "from the root": lambda: packed({"/etc/passwd": b"x"}),
    "link": lambda: packed({f"{HOME}/package.toml": b"/etc/passwd"}, mode=0o120777),
    "two packages": lambda: packed({"bpmn/one/a.bpmn": b"", "bpmn/two/a.bpmn": b""}),
    "a thousand files": lambda: packed({f"{HOME}/{n}.bpmn": b"" for n in range(1_000)}),
    "sixty-four megabytes": lambda: packed({f"{HOME}/package.toml": PATTERN * 64}),
    "sixty-four megabytes that say ten bytes": lambda: lying(10),
    "sixty-four megabytes that say four gigabytes": lambda: lying(0xFFFFFFFE),
    "many files of three megabytes": lambda: packed(
        {f"{HOME}/{n}.bpmn": PATTERN * 3 for n in range(20)}
    ),
    "packed with LZMA": lambda: packed({f"{HOME}/package.toml": b"x"}, zipfile.ZIP_LZMA),
    "cut off": lambda: to_zip(small_package())[:-200],
    "damaged": lambda: to_zip(small_package()).replace(b"PK\x01\x02", b"PK\x01\x02\xff", 1),
    "nothing in it": lambda: packed({}),
    "a key that is none": lambda: packed({"bpmn/..%2f/package.toml": b"x"}),
}
"""Zips that are refused before anything is stored."""
