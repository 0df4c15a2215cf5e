"""Bad input of every kind: a reason for people, a code for programs, never our failure."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from tests.factories.cases import KEY, World, registration
from tests.web.api.caller import Caller
from tests.web.api.conftest import Call
from tests.web.conftest import Enter
from webapp.api.blueprint import BASE, LIMIT
from webapp.security import limiter
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM

NOWHERE = "0000000000000"
PUBLIC = {"/openapi.json", "/docs"}


def addresses(site: Flask) -> list[tuple[str, str]]:
    """Every method and address of the room, ids filled in."""
    numbered = dict.fromkeys(("item", "clock", "outside_row"), f"{NOWHERE}-1")
    fill = {**numbered, "package": KEY, "number": 1, "outside_system": "province"}
    found = []
    for rule in site.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            parts = {name: fill.get(name, NOWHERE) for name in rule.arguments}
            built = rule.build(parts)
            assert built is not None
            path = built[1].removeprefix(BASE)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [(method, path) for method in sorted(methods)]
    return [one for one in found if one[1] not in PUBLIC]


def test_without_a_token_every_call_is_401(anonymous: Caller, site: Flask) -> None:
    called = addresses(site)
    assert len(called) > 30
    for method, path in called:
        refused = anonymous.send(method, path, 401, json={} if method != "GET" else None)
        assert refused.response.headers["WWW-Authenticate"].startswith("Bearer")


BAD_TOKENS = ["Bearer x", "Bearer ", "bearer", "Basic eDp5", "Bearer \xff"]


def test_a_bad_token_is_401(anonymous: Caller, subtests: pytest.Subtests) -> None:
    for header in BAD_TOKENS:
        with subtests.test(header=repr(header)[:60]):
            anonymous.send("GET", "/me", 401, headers={"Authorization": header})


def test_a_token_of_a_closed_account_is_401(call: Call, world: World) -> None:
    head = call("head")
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts["head"]).active = False
    head.get("/me", 401)


def test_a_session_may_read_and_needs_its_csrf_token_to_change(enter: Enter, world: World) -> None:
    _opened, row = world.at_talk()
    mediator = enter("mediator")
    assert mediator.ask("GET", f"{BASE}/me").status_code == 200
    refused = mediator.ask("POST", f"{BASE}/tasks/{row.id}/claim")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "web.form_expired")
    csrf = {"X-CSRFToken": mediator.token()}
    claimed = mediator.ask("POST", f"{BASE}/tasks/{row.id}/claim", headers=csrf)
    assert claimed.get_json()["assignee"] == "mediator"


NO_ADDRESSES = [
    "/cases/x",
    "/cases/zzzzzzzzzzzzz",
    f"/cases/{NOWHERE}x",
    f"/cases/{NOWHERE}",
    f"/cases/{NOWHERE}/timeline",
    f"/cases/{NOWHERE}/documents",
    f"/runs/{NOWHERE}",
    f"/tasks/{NOWHERE}",
    f"/tasks/{NOWHERE}-01",
    f"/tasks/{NOWHERE}-2147483648",
    f"/tasks/{NOWHERE}-1",
    f"/documents/{NOWHERE}",
    "/cases/%E6%A1%88",
    "/nothing",
    "/packages/Nothing/versions",
]


def test_ids_that_are_none_or_not_there_are_404(call: Call, subtests: pytest.Subtests) -> None:
    for path in NO_ADDRESSES:
        with subtests.test(path=repr(path)[:60]):
            call("head").send("GET", path, 404, check=False)


def test_what_another_office_has_is_404(call: Call, world: World) -> None:
    opened, row = world.at_talk()
    stranger = call("stranger")
    stranger.get(f"/cases/{opened.case}", 404)
    stranger.get(f"/cases/{opened.case}/timeline", 404)
    stranger.get(f"/runs/{opened.run}", 404)
    stranger.get(f"/tasks/{row.id}", 404)
    stranger.post(f"/tasks/{row.id}/claim", status=404)
    stranger.put(f"/tasks/{row.id}/draft", {"data": {}, "draft_revision": 0}, 404)
    stranger.post(f"/tasks/{row.id}/complete", {"data": {}, "revision": 1}, 404)
    stranger.post(f"/cases/{opened.case}/void", {"reason": "x"}, 404)


def test_what_is_not_ones_own_is_403_with_the_reason(call: Call, world: World) -> None:
    opened, row = world.at_talk()
    call("mediator").post(f"/tasks/{row.id}/claim")
    body = {"data": {"outcome": "done"}, "revision": row.revision + 1}
    refused = call("mediator2").post(f"/tasks/{row.id}/complete", body, 403)
    assert refused.code == "cases.item_of_other"
    assert "mediator" in refused.json["detail"]
    call("mediator").post(f"/cases/{opened.case}/void", {"reason": "x"}, 403)
    call("watcher").post("/cases", {"process": KEY, "data": registration()}, 403)


NO_JSON = [
    (b"{", "web.bad_json"),
    (b"[]", "web.bad_json"),
    (b"null", "web.bad_json"),
    (b'"x"', "web.bad_json"),
    (b"\xff\xfe", "web.bad_json"),
    (b'{"process": NaN}', "web.bad_json"),
    (b'{"data": {"amount": 1e999}}', "web.bad_json"),
    (b'{"process": "\\ud800"}', "web.bad_json"),
    (b'{"process": "a\\u0000b", "data": {}}', "web.unstorable_text"),
    (b'{"process": "x", "data": {"a\\u0000": 1}}', "web.unstorable_text"),
    (b'{"data": ' + b"[" * 100 + b"]" * 100 + b"}", "web.bad_json"),
    (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "web.bad_json"),
]


def test_what_is_no_json_we_could_keep_is_422(call: Call, subtests: pytest.Subtests) -> None:
    for body, code in NO_JSON:
        with subtests.test(case=repr((body, code))[:80]):
            refused = call("intake").send(
                "POST", "/cases", 422, data=body, headers={"Content-Type": "application/json"}
            )
            assert refused.code == code


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_another_type_of_content_is_415(call: Call, kind: str) -> None:
    call("intake").send("POST", "/cases", 415, data=b"{}", headers={"Content-Type": kind})


def test_json_where_a_file_is_wanted_is_415(call: Call) -> None:
    call("intake").post("/files", {"file": "x"}, 415)


WRONG_BODIES = [
    ({}, {"/process": "api.missing", "/data": "api.missing"}),
    ({"process": KEY}, {"/data": "api.missing"}),
    ({"process": 1, "data": {}}, {"/process": "api.wrong_type"}),
    ({"process": "", "data": {}}, {"/process": "api.empty"}),
    ({"process": "x" * 200, "data": {}}, {"/process": "api.too_long"}),
    ({"process": KEY, "data": []}, {"/data": "api.wrong_type"}),
    ({"process": KEY, "data": {}, "fast": True}, {"/fast": "api.unknown_field"}),
    ({"process": KEY, "data": {}, "a/b~": 1}, {"/a~1b~0": "api.unknown_field"}),
    ({"process": KEY, "data": {}, "occurred_at": 5}, {"/occurred_at": "api.not_an_instant"}),
    (
        {"process": KEY, "data": {}, "occurred_at": "2026-09-01T09:00:00"},
        {"/occurred_at": "api.not_an_instant"},
    ),
    (
        {"process": KEY, "data": {}, "occurred_at": "0001-01-01T00:00:00+14:00"},
        {"/occurred_at": "api.not_an_instant"},
    ),
    (
        {"process": KEY, "data": {}, "occurred_at": "2026-09-31T00:00:00Z"},
        {"/occurred_at": "api.not_an_instant"},
    ),
]


def test_every_wrong_field_is_named(call: Call, subtests: pytest.Subtests) -> None:
    for body, wrong in WRONG_BODIES:
        with subtests.test(case=repr((body, wrong))[:80]):
            refused = call("intake").post("/cases", body, 422)
            assert {one["path"]: one["code"] for one in refused.json["errors"]} == wrong
            assert all(one["message"] for one in refused.json["errors"])


def test_wrong_values_of_a_form_are_named_by_their_place_in_it(call: Call) -> None:
    data = {**registration(), "dispute_kind": "war", "amount": "much", "extra": 1}
    data["parties"][0]["id_number"] = "1"
    refused = call("intake").post("/cases", {"process": KEY, "data": data}, 422)
    assert {"/dispute_kind", "/amount", "/parties/0/id_number", "/extra"} <= set(refused.paths)


ODD_VALUES = [
    {"amount": 10**30},
    {"amount": 1e308},
    {"title": "x" * 100_000},
    {"parties": [{}] * 500},
    {"parties": {"0": {}}},
    {"parties": [[[[]]]]},
    {"proof": ["x"]},
    {"proof": "/etc/passwd"},
    {"title": {"$file": "x"}},
    {"title": True},
    {"case": {}, "today": "2026-01-01"},
]


def test_odd_values_of_a_form_are_refused(call: Call, subtests: pytest.Subtests) -> None:
    for data in ODD_VALUES:
        with subtests.test(data=repr(data)[:60]):
            body = {"process": KEY, "data": {**registration(), **data}}
            assert call("intake").post("/cases", body, 422).json["errors"]


BAD_QUERIES = [
    ("/cases?status=lost", "/status"),
    ("/cases?opened_from=gestern", "/opened_from"),
    ("/cases?opened_to=9999-12-31", "/opened_to"),
    ("/cases?page_size=0", "/page_size"),
    ("/cases?page_size=201", "/page_size"),
    ("/cases?page_size=" + "9" * 5000, "/page_size"),
    ("/cases?page_size=many", "/page_size"),
    ("/cases?cursor=!!", "/cursor"),
    ("/cases?cursor=WyJuZXdlc3QiLCAieCJd", "/cursor"),
    ("/cases?unit=", "/unit"),
    ("/cases?limit=5", "/limit"),
    ("/cases?q=a&q=b", "/q"),
    ("/tasks?scope=all", "/scope"),
    ("/tasks?sort=random()", "/sort"),
    ("/tasks?due_before=0001-01-01", "/due_before"),
    ("/tasks?cursor=e30", "/cursor"),
    ("/tasks?cursor=" + "A" * 500, "/cursor"),
    (f"/runs/{NOWHERE}?wait=-1", "/wait"),
    (f"/cases/{NOWHERE}/timeline?cursor=e30", "/cursor"),
]


def test_a_bad_query_is_422_and_names_the_parameter(call: Call, subtests: pytest.Subtests) -> None:
    for path, wrong in BAD_QUERIES:
        with subtests.test(case=repr((path, wrong))[:80]):
            assert call("head").get(path, 422).paths == [wrong]


def test_a_cursor_of_another_list_is_refused(call: Call, world: World) -> None:
    world.open()
    world.open()
    cursor = call("head").get("/cases", page_size=1).json["next"]
    assert call("head").get("/tasks", 422, cursor=cursor).paths == ["/cursor"]


def test_a_nul_in_an_address_is_refused(call: Call) -> None:
    call("head").get("/cases?q=%00", 422)


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT"])
def test_a_wrong_method_is_405_and_names_the_right_ones(call: Call, method: str) -> None:
    refused = call("head").send(method, "/cases", 405, check=False)
    assert {"GET", "POST"} <= set(refused.response.headers["Allow"].split(", "))


def test_a_body_beyond_the_limit_is_413(call: Call) -> None:
    body = {"process": KEY, "data": {"title": "x" * (3 * 1024 * 1024)}}
    call("intake").post("/cases", body, 413)


def test_too_many_calls_are_429(site: Flask, call: Call) -> None:
    limiter.reset()
    site.config[LIMIT] = "2 per minute"
    head = call("head")
    for _ in range(2):
        head.get("/me")
    assert head.get("/me", 429).code == "web.too_many"


def test_a_stale_revision_is_409_and_nothing_is_done(call: Call, world: World) -> None:
    opened, row = world.at_talk()
    call("mediator").post(f"/tasks/{row.id}/claim")
    body = {"data": {"outcome": "done"}, "revision": row.revision}
    refused = call("mediator").post(f"/tasks/{row.id}/complete", body, 409)
    assert refused.code == "stale_revision"
    assert call("head").get(f"/runs/{opened.run}").json["status"] == "open"


def test_a_second_submit_is_409_already_done(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    body = {"data": {"outcome": "done"}, "revision": row.revision}
    call("mediator").post(f"/tasks/{row.id}/complete", body)
    refused = call("mediator").post(f"/tasks/{row.id}/complete", body, 409)
    assert refused.code == "already_done"


def test_an_act_in_the_future_is_422(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    body = {"data": {"outcome": "done"}, "revision": row.revision}
    later = (world.clock.now() + timedelta(hours=1)).isoformat()
    refused = call("mediator").post(
        f"/tasks/{row.id}/complete", {**body, "occurred_at": later}, 422
    )
    assert (refused.code, refused.paths) == ("cases.occurred_in_future", ["/occurred_at"])
    long_ago = (world.clock.now() - timedelta(days=9)).isoformat()
    refused = call("mediator").post(
        f"/tasks/{row.id}/complete", {**body, "occurred_at": long_ago}, 422
    )
    assert refused.paths == ["/late_reason"]


def test_an_act_without_a_reason_is_422(call: Call, world: World) -> None:
    opened = world.open()
    refused = call("head").post(f"/cases/{opened.case}/withdraw", {"reason": "  "}, 422)
    assert refused.paths == ["/reason"]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.exe", b"MZ\x90\x00", 415),
        ("a.pdf", b"", 422),
        ("a.html", b"<script>alert(1)</script>", 415),
        ("a\x00.pdf", b"%PDF-1.7", 422),
    ],
)
def test_a_file_we_do_not_take_is_refused(
    call: Call, name: str, content: bytes, status: int
) -> None:
    sent = {"file": (BytesIO(content), name)}
    call("intake").send("POST", "/files", status, data=sent)


def test_an_upload_without_its_part_is_422(call: Call) -> None:
    sent = {"scan": (BytesIO(b"%PDF-1.7"), "a.pdf")}
    assert call("intake").send("POST", "/files", 422, data=sent).paths == ["/file"]


ODD_DURATIONS = ["P1M", "P1Y", "31", "-P1D", "P99999D", "P٣D", "P", ""]


def test_the_test_clock_takes_no_odd_durations(call: Call, subtests: pytest.Subtests) -> None:
    for text in ODD_DURATIONS:
        with subtests.test(text=repr(text)[:60]):
            assert call("head").post("/test/clock", {"advance": text}, 422).paths == ["/advance"]


def test_refusals_are_spoken_in_the_callers_language(call: Call, world: World) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts["head"]).language = "en"
    refused = call("head").get(f"/cases/{NOWHERE}", 404)
    assert refused.json["title"] == "Not found"
    assert json.dumps(refused.json).isascii()
