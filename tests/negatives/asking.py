"""Asks any route of the site, made up from its rule: what a new route needs is a value for a
parameter nobody used before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

PLAIN: Mapping[str, str] = {
    "package": "petition",
    "name": "css/none.css",
    "process": "petition",
    "form": "register",
    "act": "void",
    "version": "1",
    "number": "1",
    "username": "petition_head",
    "token": "0" * 43,
    "code": "2222-2222-2222",
    "system": "court",
    "outside_system": "court",
    "side": "before",
    "serial": "ab12",
    "language": "mn",
}
"""Parameters that name nothing of a case."""
SPECIAL: Mapping[tuple[str, str], str] = {
    ("cases.diagram", "process"): "pt_accuse",
    ("cases.diagram", "form"): "svg",
    ("cases.clock_act", "act"): "pause",
    ("cases.do_clock_act", "act"): "pause",
}
"""(endpoint, parameter) → value, where a parameter's name means something else."""
QUERY: Mapping[str, str] = {"cases.timeline": "?before=9"}
"""Endpoint → the query it cannot do without."""
OF_CASE = {
    "case": "case",
    "run": "run",
    "item": "item",
    "clock": "item",
    "document": "document",
    "file": "file",
    "notice": "notice",
    "letter": "letter",
    "handoff": "letter",
    "view": "other",
    "leave_id": "other",
    "post": "other",
    "row": "other_item",
    "outside_row": "other_item",
    "outside_file": "other",
    "job": "other",
    "volume_id": "other",
    "batch": "other",
    "scan": "other",
    "signature": "other",
}
"""Parameter → which thing of a case it names; "other…": an id of something else."""
REASON = {"reason": "核对情况"}
BODIES: Mapping[str, Mapping[str, Any]] = {
    "api.answer_handoff": {"outcome": "accepted"},
    "api.assign": {"to": "petition", "revision": 1},
    "api.claim": {"revision": 1},
    "api.complete": {"data": {}, "revision": 1},
    "api.correct_case": {"path": "/title", "old": "一", "new": "二", **REASON},
    "api.extend_clock": {"days": 1, **REASON},
    "api.merge_case": {"into": "0000000000000", **REASON},
    "api.pause_clock": dict(REASON),
    "api.put_draft": {"data": {}, "draft_revision": 0},
    "cases.save_draft": {"data": {}, "draft_revision": 0},
    "api.read_notices": {},
    "api.release": {"revision": 1},
    "api.resume_clock": dict(REASON),
    "api.return_task": {"revision": 1, **REASON},
    "api.seal_case": dict(REASON),
    "api.send_message": {"message_id": "m1", "name": "x.y", "payload": {}},
    "api.void_case": dict(REASON),
    "api.withdraw_case": dict(REASON),
}
"""Endpoint → a body of JSON it takes. Other pages take any form."""
FORM: Mapping[str, str] = {
    **REASON,
    "path": "/title",
    "old": "一",
    "new": "二",
    "to": "petition",
    "days": "1",
    "revision": "1",
    "outcome": "accepted",
    "name": "某人",
    "side": "申请人",
    "kind": "person",
    "into": "1",
}
CHANGING = (
    (re.compile(r'(value|content|nonce)="[A-Za-z0-9_.\-]{16,}"'), r'\1="…"'),
    (re.compile(r"E-[2-9A-HJ-NP-Z]{8}"), "E-…"),
)
"""Tokens and reference numbers, which differ from answer to answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer. `text` without what changes from answer to answer."""

    status: int
    text: str
    raw: bytes
    headers: str


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Rules that answer a method, in order of their endpoints."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        if method in (rule.methods or ()):
            yield rule


def surface(rule: Rule, method: str) -> str:
    """The rule's name in the registry."""
    return f"route {method} {rule.endpoint}"


def names_case(rule: Rule) -> bool:
    """Whether its address names something of a case."""
    kinds = (OF_CASE.get(name, "other") for name in rule.arguments)
    return any(not kind.startswith("other") for kind in kinds)


def address(app: Flask, rule: Rule, things: Mapping[str, str]) -> str:
    """An address of the rule about `things` ("case", "run", "item", … → outside id)."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        special = SPECIAL.get((rule.endpoint, name))
        kind = OF_CASE.get(name)
        if special is not None:
            values[name] = special
        elif kind is not None:
            values[name] = things.get(kind) or f"{things['other']}-1"
        else:
            assert name in PLAIN, f"{rule}: give <{name}> a value in tests/negatives/asking.py"
            values[name] = int(PLAIN[name]) if name in ("version", "number") else PLAIN[name]
    with app.test_request_context():
        from flask import url_for

        return url_for(rule.endpoint, **values) + QUERY.get(rule.endpoint, "")


def ask(
    app: Flask,
    token: str,
    method: str,
    path: str,
    *,
    hide: Mapping[str, str] | None = None,
    **options: Any,
) -> Asked:
    """One request of somebody by their token. `hide`: ids to make equal in the answer."""
    headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
    answer = app.test_client().open(path, method=method, headers=headers, buffered=True, **options)
    text = answer.get_data().decode("utf-8", "replace")
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    for name, value in sorted((hide or {}).items(), key=lambda one: -len(one[1])):
        text = text.replace(value, f"<{name}>")
    return Asked(answer.status_code, text, answer.get_data(), str(answer.headers))
