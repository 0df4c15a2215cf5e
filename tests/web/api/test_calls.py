"""What the calls answer, and what they cost."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.factories.cases import KEY, OFFICE, World, registration
from tests.web.api.caller import Caller
from tests.web.api.conftest import Call

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ENVELOPE = {"items", "next"}


def opening(**changes: Any) -> dict[str, Any]:
    """The body that opens a case."""
    return {"process": KEY, "data": registration(), **changes}


def test_me_tells_posts_and_the_installations_time(call: Call, world: World) -> None:
    me = call("intake").get("/me").json
    assert me["user"] == {"username": "intake", "name": "intake"}
    assert me["posts"] == [{"role": "窗口受理员", "unit": OFFICE, "from": "2020-01-01", "to": None}]
    assert me["language"] == "zh-Hans"
    assert me["now"] == world.clock.now().isoformat()


def test_processes_are_those_the_caller_may_start(call: Call) -> None:
    [found] = call("intake").get("/processes").json["items"]
    assert (found["key"], found["title"], found["version"], found["unit"]) == (
        KEY,
        "小案",
        1,
        OFFICE,
    )
    assert found["start_forms"] == [{"name": "register", "title": "登记"}]
    assert call("watcher").get("/processes").json == {"items": [], "next": None}


def test_a_case_goes_from_opening_to_its_end(call: Call) -> None:
    intake, head, mediator = call("intake"), call("head"), call("mediator")
    opened = intake.post("/cases", opening(), 201).json
    [review] = opened["tasks"]
    assert (review["name"], review["title"]) == ("review", "受理审查")
    assert review["case"]["id"] == opened["case"]

    done = head.post(
        f"/tasks/{review['id']}/complete",
        {"data": {"way": "talk"}, "revision": review["revision"]},
    ).json
    [talk] = done["tasks"]
    assert (talk["name"], talk["role"], done["pending_calls"]) == ("talk", "人民调解员", 0)
    assert done["next_url"] == f"/cases/{opened['case']}"

    ended = mediator.post(
        f"/tasks/{talk['id']}/complete",
        {"data": {"outcome": "done"}, "revision": talk["revision"]},
    ).json
    assert ended["tasks"] == []
    run = head.get(f"/runs/{opened['run']}", wait=5).json
    assert (run["status"], run["end_state"], run["number"]) == (
        "completed",
        "e_done",
        "丙调委调字〔2026〕第1号",
    )


def test_the_next_own_work_item_is_where_the_pages_go_on(call: Call, world: World) -> None:
    world.hire("both", "调委会主任@111-TW", "人民调解员@111-TW")
    [review] = world.open().tasks
    done = call("both").post(
        f"/tasks/{review.id}/complete", {"data": {"way": "talk"}, "revision": review.revision}
    )
    assert done.json["next_url"] == f"/tasks/{done.json['tasks'][0]['id']}"


def test_a_case_shows_parties_masked_with_runs_clocks_and_tasks(call: Call, world: World) -> None:
    opened, row = world.at_talk()
    case = call("head").get(f"/cases/{opened.case}").json
    assert (case["number"], case["status"], case["unit"]) == (opened.number, "open", OFFICE)
    first = case["parties"][0]
    assert (first["name"], first["side"]) == ("李玉梅", "申请人")
    assert first["id_number"] == "9900 •••• 9226"
    assert [run["id"] for run in case["runs"]] == [opened.run]
    assert [task["id"] for task in case["tasks"]] == [row.id]
    assert case["clocks"][0]["rule"] == "mediation"
    assert case["clocks"][0]["status"] == "final"
    assert "secret" not in str(case)


def test_cases_are_found_and_paged(call: Call, world: World) -> None:
    opened = [world.open() for _ in range(3)]
    head = call("head")
    first = head.get("/cases", page_size=2).json
    assert set(first) == ENVELOPE
    second = head.get("/cases", page_size=2, cursor=first["next"]).json
    assert [c["id"] for c in first["items"] + second["items"]] == [
        one.case for one in reversed(opened)
    ]
    assert second["next"] is None
    found = head.get("/cases", q=opened[1].number).json["items"]
    assert [one["id"] for one in found] == [opened[1].case]
    assert head.get("/cases", status="closed").json["items"] == []
    assert head.get("/cases", opened_from="2026-09-04").json["items"] == []
    assert len(head.get("/cases", opened_to="2026-09-03").json["items"]) == 3
    assert call("stranger").get("/cases").json["items"] == []


def test_the_timeline_is_told_oldest_first_and_paged(call: Call, world: World) -> None:
    opened, _row = world.at_talk()
    head = call("head")
    whole = head.get(f"/cases/{opened.case}/timeline").json
    assert whole["items"][0]["action"] == "open"
    assert whole["next"] is None
    first = head.get(f"/cases/{opened.case}/timeline", page_size=1).json
    rest = head.get(f"/cases/{opened.case}/timeline", cursor=first["next"]).json
    assert first["items"] + rest["items"] == whole["items"]


LISTS = [
    ("head", {"scope": "claimable"}, ["review"]),
    ("head", {"scope": "mine"}, []),
    ("head", {"scope": "visible"}, ["review", "talk"]),
    ("mediator", {"scope": "claimable"}, ["talk"]),
    ("mediator", {"scope": "claimable", "process": KEY, "role": "人民调解员"}, ["talk"]),
    ("mediator", {"scope": "claimable", "unit": "1111-TW"}, []),
    ("mediator", {"scope": "claimable", "role": "记录人"}, []),
    ("mediator", {"scope": "claimable", "due_before": "2026-09-04"}, []),
    ("head", {"state": "done"}, ["review"]),
    ("mediator", {"state": "done"}, []),
    ("head", {"scope": "visible", "q": "李玉梅"}, ["review", "talk"]),
    ("head", {"scope": "visible", "q": "别人"}, []),
    ("head", {"scope": "visible", "sort": "created_at"}, ["talk", "review"]),
    ("stranger", {"scope": "visible"}, []),
]


def test_work_items_are_listed_by_scope_and_filters(
    call: Call, world: World, subtests: pytest.Subtests
) -> None:
    world.open()
    world.clock.advance(timedelta(minutes=1))
    world.at_talk()
    for who, query, names in LISTS:
        with subtests.test(who=who, query=query):
            found = [item["name"] for item in call(who).get("/tasks", **query).json["items"]]
            assert (found if "sort" in query else sorted(found)) == names


def test_work_items_are_paged(call: Call, world: World) -> None:
    for _ in range(3):
        world.open()
    head, cursor, seen = call("head"), None, []
    while True:
        query = {"scope": "claimable", "page_size": 1} | ({"cursor": cursor} if cursor else {})
        page = head.get("/tasks", **query).json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(set(seen)) == len(seen) == 3


def test_a_work_item_comes_with_form_data_and_draft(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    mediator = call("mediator")
    task = mediator.get(f"/tasks/{row.id}").json
    assert task["form"]["schema"]["properties"]["outcome"]["title"] == "结果"
    assert task["form"]["ui"] == {}
    assert task["data"]["summary"] == "水渠漏水淹了邻居的地窖"
    assert (task["draft"], task["draft_revision"]) == (None, 0)
    draft = {"data": {"note": "谈到一半"}, "draft_revision": 0}
    saved = mediator.put(f"/tasks/{row.id}/draft", draft).json
    assert saved["draft_revision"] == 1
    task = mediator.get(f"/tasks/{row.id}").json
    assert (task["draft"], task["draft_revision"]) == ({"note": "谈到一半"}, 1)


def test_a_draft_is_not_written_over_somebody_elses(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    draft = {"data": {"note": "甲"}, "draft_revision": 0}
    call("mediator").put(f"/tasks/{row.id}/draft", draft)
    again = {"data": {"note": "乙"}, "draft_revision": 0}
    refused = call("mediator2").put(f"/tasks/{row.id}/draft", again, 409)
    assert refused.code == "stale_revision"
    assert (refused.json["theirs"], refused.json["mine"]) == ({"note": "甲"}, {"note": "乙"})
    assert (refused.json["by"], refused.json["draft_revision"]) == ("mediator", 1)


def test_work_items_change_hands(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    mediator, head = call("mediator"), call("head")
    claimed = mediator.post(f"/tasks/{row.id}/claim").json
    assert (claimed["assignee"], claimed["revision"]) == ("mediator", row.revision + 1)
    assert mediator.get("/tasks").json["items"][0]["id"] == row.id
    assert mediator.post(f"/tasks/{row.id}/release", {}).json["assignee"] is None
    given = head.post(f"/tasks/{row.id}/assign", {"to": "mediator2"}).json
    assert given["assignee"] == "mediator2"
    back = call("mediator2").post(f"/tasks/{row.id}/return", {"reason": "回避"}).json
    assert back["assignee"] is None


def test_bulk_answers_for_each_work_item(call: Call, world: World) -> None:
    _first, one = world.at_talk()
    _second, two = world.at_talk()
    world.complete("mediator", two, outcome="done")
    answer = call("mediator").post("/tasks/bulk", {"ids": [one.id, two.id], "action": "claim"})
    good, bad = answer.json["items"]
    assert (good["id"], good["task"]["assignee"], good["error"]) == (one.id, "mediator", None)
    assert (bad["id"], bad["task"], bad["error"]["code"]) == (two.id, None, "cases.item_done")


def test_cases_are_withdrawn_voided_merged_sealed_and_corrected(call: Call, world: World) -> None:
    head = call("head")
    cases = [world.open().case for _ in range(5)]
    why = {"reason": "有原因"}
    assert head.post(f"/cases/{cases[0]}/withdraw", why).json["status"] == "closed"
    assert head.post(f"/cases/{cases[1]}/void", why).json["status"] == "voided"
    merged = head.post(f"/cases/{cases[2]}/merge", {"into": cases[3], **why}).json
    assert merged == {"case": cases[2], "status": "merged"}
    assert head.get(f"/cases/{cases[2]}").json["merged_into"] == cases[3]
    change = {"path": "/case/title", "old": "浇水排到邻家地窖", "new": "地窖进水", **why}
    head.post(f"/cases/{cases[3]}/correct", change)
    assert head.get(f"/cases/{cases[3]}").json["title"] == "地窖进水"
    head.post(f"/cases/{cases[4]}/seal", why)
    call("otherhead").get(f"/cases/{cases[4]}", 404)


def test_clocks_pause_resume_and_extend(call: Call, world: World) -> None:
    opened, _row = world.at_talk()
    head = call("head")
    case = head.get(f"/cases/{opened.case}").json
    clock = next(one for one in case["clocks"] if one["rule"] == "mediation")
    paused = head.post(f"/clocks/{clock['id']}/pause", {"reason": "鉴定"}).json
    assert (paused["status"], paused["may"]) == ("paused", ["resume"])
    world.clock.advance(timedelta(days=10))
    resumed = head.post(f"/clocks/{clock['id']}/resume", {"reason": "鉴定完了"}).json
    assert resumed["due_on"] > clock["due_on"]
    assert resumed["excluded"] == [{"from": "2026-09-03", "to": "2026-09-12", "why": "appraisal"}]
    refused = head.post(f"/clocks/{clock['id']}/extend", {"reason": "案情复杂", "days": 5}, 422)
    assert refused.paths == ["/consents"]
    consents = [party["id"] for party in case["parties"]]
    longer = head.post(
        f"/clocks/{clock['id']}/extend", {"reason": "案情复杂", "days": 5, "consents": consents}
    )
    assert longer.json["due_on"] > resumed["due_on"]


def test_messages_are_taken_from_declared_senders_only(call: Call, world: World) -> None:
    opened = world.open()
    world.complete("head", opened.tasks[0], way="wait")
    message = {"message_id": "m1", "name": "small.answer", "payload": {"text": "好"}}
    path = f"/cases/{opened.case}/messages"
    assert call("intake").post(path, message, 403).code == "cases.not_a_sender"
    assert call("head").post(path, message).json == {"outcome": "delivered"}
    assert call("head").post(path, message).json == {"outcome": "delivered"}
    other = {**message, "payload": {}}
    assert call("head").post(path, other, 409).code == "key_reused"


def test_files_are_taken_in_and_bound_by_a_form(call: Call) -> None:
    intake = call("intake")
    sent = {"file": (BytesIO(PDF), "收据.pdf")}
    kept = intake.send("POST", "/files", 201, data=sent).json
    assert (kept["size"], kept["media_type"]) == (len(PDF), "application/pdf")
    data = {**registration(), "proof": kept["id"]}
    intake.post("/cases", opening(data=data), 201)
    others = call("mediator").post("/cases", opening(data=data), 422)
    assert others.json["errors"][0]["code"] == "cases.file_not_yours"


def test_the_test_clock_moves_and_what_falls_due_is_done(call: Call, world: World) -> None:
    opened, _row = world.at_talk()
    before = world.clock.now()
    moved = call("intake").post("/test/clock", {"advance": "P36D"})
    assert moved.json["now"] == (before + timedelta(days=36)).isoformat()
    run = call("head").get(f"/runs/{opened.run}").json
    assert (run["status"], run["end_state"]) == ("completed", "e_late")


def test_without_the_setting_there_is_no_test_clock(plain_site: Flask) -> None:
    rules = {rule.rule for rule in plain_site.url_map.iter_rules()}
    assert "/api/v1/test/clock" not in rules
    assert "/api/v1/me" in rules


@pytest.fixture
def busy(world: World) -> World:
    """Some cases, so that a list that asks for each of its rows is caught."""
    for _ in range(6):
        world.at_talk()
    return world


@pytest.mark.parametrize("path", ["/tasks?scope=visible", "/tasks?scope=claimable", "/cases"])
@pytest.mark.parametrize("who", ["head", "mediator"])
def test_lists_take_four_statements_at_most(call: Call, busy: World, path: str, who: str) -> None:
    caller: Caller = call(who)
    caller.get(path)
    assert caller.get(path).statements <= 4


def test_completing_takes_twelve_statements_and_one_commit(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    mediator, revision, item = call("mediator"), row.revision, row.id
    for key in (None, "k1"):
        body = {"data": {"outcome": "again", "note": "谈了"}, "revision": revision}
        done = mediator.post(f"/tasks/{item}/complete", body, key=key)
        assert (done.statements <= 12, done.commits) == (True, 1), done.statements
        item, revision = done.json["tasks"][0]["id"], done.json["tasks"][0]["revision"]
