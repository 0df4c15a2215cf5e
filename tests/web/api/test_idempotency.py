"""One effect for one key."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.factories.cases import KEY, World, registration
from tests.web.api.conftest import Call
from workflows.cases.tables import CaseRecord, IdempotencyRow, StoredFile
from workflows.storage import SYSTEM

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def count(world: World, table: Any) -> int:
    """How many rows there are."""
    with world.platform.database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_case_is_opened_once(call: Call, world: World) -> None:
    intake, body = call("intake"), {"process": KEY, "data": registration()}
    first = intake.post("/cases", body, 201, key="k").json
    assert intake.post("/cases", body, 201, key="k").json == first
    assert count(world, CaseRecord) == 1
    other = {**body, "data": {**registration(), "title": "别的"}}
    assert intake.post("/cases", other, 409, key="k").code == "key_reused"
    assert count(world, CaseRecord) == 1


def test_a_refused_request_leaves_its_key_free(call: Call) -> None:
    intake, body = call("intake"), {"process": KEY, "data": {}}
    intake.post("/cases", body, 422, key="k")
    intake.post("/cases", {**body, "data": registration()}, 201, key="k")


def test_a_key_belongs_to_one_kind_of_call(call: Call, world: World) -> None:
    opened = world.open()
    head = call("head")
    head.post(f"/cases/{opened.case}/withdraw", {"reason": "撤"}, key="k")
    assert head.post(f"/cases/{opened.case}/void", {"reason": "撤"}, 409, key="k").code == (
        "key_reused"
    )


def test_keys_of_two_people_do_not_meet(call: Call) -> None:
    body = {"process": KEY, "data": registration()}
    one = call("intake").post("/cases", body, 201, key="k").json["case"]
    assert call("head").post("/cases", body, 201, key="k").json["case"] != one


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_an_empty_or_overlong_key_is_refused(call: Call, key: str) -> None:
    body = {"process": KEY, "data": registration()}
    call("intake").post("/cases", body, 422, key=key)
    call("intake").post(
        "/tasks/bulk", {"ids": ["0000000000000-1"], "action": "claim"}, 422, key=key
    )


def test_claiming_again_with_the_key_is_the_first_answer(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    mediator = call("mediator")
    first = mediator.post(f"/tasks/{row.id}/claim", key="k").json
    assert mediator.post(f"/tasks/{row.id}/claim", key="k").json == first
    assert mediator.post(f"/tasks/{row.id}/claim", status=403).code == "cases.item_yours_already"


def test_a_clock_paused_once_answers_as_it_stood_then(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    assert row.clock is not None
    head, why, path = call("head"), {"reason": "鉴定"}, f"/clocks/{row.clock.id}"
    first = head.post(f"{path}/pause", why, key="k").json
    world.clock.advance(timedelta(days=2))
    head.post(f"{path}/resume", why)
    assert head.post(f"{path}/pause", why, key="k").json == first


def test_bulk_is_done_once(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    mediator, body = call("mediator"), {"ids": [row.id], "action": "claim"}
    first = mediator.post("/tasks/bulk", body, key="k").json
    assert first["items"][0]["error"] is None
    assert mediator.post("/tasks/bulk", body, key="k").json == first
    other = {**body, "action": "release"}
    assert mediator.post("/tasks/bulk", other, 409, key="k").code == "key_reused"


def test_a_file_is_kept_once(call: Call, world: World) -> None:
    intake = call("intake")

    def send(content: bytes, status: int) -> Any:
        sent = {"file": (BytesIO(content), "a.pdf")}
        return intake.send(
            "POST", "/files", status, data=sent, headers={"Idempotency-Key": "k"}
        ).json

    assert send(PDF, 201) == send(PDF, 201)
    assert count(world, StoredFile) == 1
    assert send(PDF + b"x", 409)["code"] == "key_reused"


def test_parts_without_a_name_do_not_break_the_digest(call: Call) -> None:
    parts = b"".join(
        b"--x\r\nContent-Disposition: form-data" + name + b"\r\n\r\n1\r\n"
        for name in (b"", b'; name="a"', b'; name=""')
    )
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    call("intake").send(
        "POST",
        "/files",
        201,
        data=parts + file + PDF + b"\r\n--x--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=x", "Idempotency-Key": "k"},
    )


def test_the_test_clock_moves_once(call: Call, world: World) -> None:
    head, before = call("head"), world.clock.now()
    for _ in range(2):
        head.post("/test/clock", {"advance": "P1D"}, key="k")
    assert world.clock.now() == before + timedelta(days=1)


def test_a_request_still_on_its_way_is_not_done_twice(call: Call, world: World) -> None:
    _opened, row = world.at_talk()
    mediator, body = call("mediator"), {"ids": [row.id], "action": "claim"}
    mediator.post("/tasks/bulk", body, key="k")
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(IdempotencyRow).values(answer=""))
    assert mediator.post("/tasks/bulk", body, 409, key="k").code == "api.in_progress"
    world.clock.advance(timedelta(minutes=2))
    answer = mediator.post("/tasks/bulk", body, key="k").json
    assert answer["items"][0]["error"]["code"] == "cases.item_yours_already"
