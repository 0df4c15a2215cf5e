"""Refusals: a sentence, a reference number, the right status; never a traceback."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask

from tests.factories.cases import World
from tests.factories.organisation import PASSWORD
from tests.web.client import Reader
from tests.web.conftest import Enter
from webapp.errors import status_of
from webapp.security import access
from workflows import errors
from workflows.organisation.accounts import add_account, issue_token
from workflows.storage import SYSTEM


def test_unknown_address_says_so_with_a_number(enter: Enter, lines: io.StringIO) -> None:
    page = enter("intake").visit("/nowhere", status=404)
    assert page.heading == "没有找到"
    reference = page.classed("fq-no")[-1]
    assert reference.startswith("E-")
    assert f'"reference": "{reference}"' in lines.getvalue()


def test_unknown_address_without_sign_in_offers_it(reader: Reader) -> None:
    page = reader.visit("/nowhere", status=404)
    assert page.link("去登录") == "/sign-in"


def test_another_offices_case_is_not_found(enter: Enter, world: World) -> None:
    opened = world.open()
    page = enter("stranger").visit(f"/cases/{opened.case}", status=404)
    assert "浇水" not in page.text


def test_wrong_method_names_the_right_ones(enter: Enter) -> None:
    answer = enter("intake").ask("GET", "/sign-out")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_form_without_token_is_refused_and_nothing_happens(enter: Enter) -> None:
    intake = enter("intake")
    page = intake.post("/language", {"language": "en"}, status=400)
    assert page.heading == "这次没能办成"
    assert intake.visit("/inbox").heading == "待办"


@pytest.mark.parametrize(
    "path",
    [
        "/cases/x",
        "/cases/%00",
        "/cases/zzzzzzzzzzzzz",
        "/cases?opened_from=gestern",
        "/cases?status=lost",
        "/cases?cursor=!!",
        "/cases?q=%00",
        "/inbox?tab=all",
        "/inbox?sort=random()",
        "/inbox?cursor=e30",
        "/inbox?q=" + "%F0%9F%98%80" * 60,
        "/tasks/x",
        "/tasks/0000000000000-99999999999",
        "/tasks/0000000000000-1",
        "/cases/0000000000000/timeline?before=-1",
        "/runs/0000000000000/diagrams/x.svg",
        "/cases/0000000000000/fly",
        "/start/nothing/register",
        "/start/small_matter/register?unit=nowhere",
        "/static/../app.py",
        "/static/dist/none.js",
    ],
)
def test_bad_addresses_are_never_our_failure(enter: Enter, path: str) -> None:
    assert enter("intake").ask("GET", path).status_code in (200, 400, 404)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/language", {"language": "klingon"}),
        ("/inbox/bulk", {"action": "claim"}),
        ("/inbox/bulk", {"action": "burn", "item": "x"}),
        ("/inbox/assign", {"item": "x"}),
        ("/inbox/assign/to", {"item": "0000000000000-1"}),
        ("/tasks/x/claim", {"revision": "1"}),
        ("/tasks/0000000000000-1/claim", {"revision": "١"}),
        ("/tasks/0000000000000-1", {"_revision": "9" * 30}),
        ("/cases/0000000000000/withdraw", {"reason": "x"}),
        ("/files", {}),
    ],
)
def test_bad_forms_are_never_our_failure(enter: Enter, path: str, fields: dict[str, str]) -> None:
    intake = enter("intake")
    answer = intake.ask("POST", path, data={**fields, "csrf_token": intake.token()})
    assert answer.status_code in (303, 400, 404)


def test_a_failure_of_ours_gives_a_number_and_logs_no_text(
    site: Flask, reader: Reader, lines: io.StringIO
) -> None:
    def burst() -> str:
        raise RuntimeError("李玉梅 620922198103061537")

    site.view_functions["pages.healthz"] = access("public")(burst)
    page = reader.visit("/healthz", status=500)
    assert page.heading == "系统出了问题"
    logged = next(json.loads(one) for one in lines.getvalue().splitlines() if "failed" in one)
    assert logged["reference"] == page.classed("fq-no")[-1]
    assert logged["kinds"] == ["builtins.RuntimeError"]
    assert "burst" in logged["places"][-1]
    assert "李玉梅" not in lines.getvalue()


def test_scripts_that_ask_for_json_get_a_problem(enter: Enter) -> None:
    intake = enter("intake")
    answer = intake.ask(
        "PUT",
        "/tasks/0000000000000-1/draft",
        data=b"{",
        headers={"X-CSRFToken": intake.token(), "Accept": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert (problem["status"], problem["code"]) == (422, "web.bad_json")
    assert problem["reference"] == answer.headers["X-Reference"]


def test_a_request_that_is_too_large_is_told_the_limit(enter: Enter) -> None:
    intake = enter("intake")
    fields = {"csrf_token": intake.token(), "language": "x" * (3 * 1024 * 1024)}
    page = intake.post("/language", fields, status=413)
    assert "25 MB" in page.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidInputError, 400),
        (errors.NotSignedInError, 401),
        (errors.ForbiddenError, 403),
        (errors.NotVisibleError, 404),
        (errors.StaleRevisionError, 409),
        (errors.AlreadyDoneError, 409),
        (errors.KeyReusedError, 409),
        (errors.RuleError, 422),
        (errors.ProcessFaultError, 409),
    ],
)
def test_every_refusal_has_its_status(error: type[errors.FengqiaoError], status: int) -> None:
    assert status_of(error("x")) == status


def test_health(reader: Reader) -> None:
    assert reader.ask("GET", "/healthz").get_data() == b"ok\n"
    ready = reader.ask("GET", "/readyz")
    assert ready.get_json() == {"ready": True, "checks": {"database": True, "files": True}}


def test_figures_are_for_whoever_audits(site: Flask, world: World) -> None:
    world.at_talk()
    client = site.test_client()
    assert client.get("/metrics").status_code == 303
    for username, role, status in (("auditor", "审计员", 200), ("other", "人民调解员", 403)):
        with world.platform.database.transaction(SYSTEM) as session:
            add_account(
                session,
                world.platform.ids,
                username=username,
                name=role,
                password=PASSWORD,
                posts=(f"{role}@111-TW",),
                now=world.clock.now(),
            )
            token = issue_token(
                session, world.platform.ids, username=username, now=world.clock.now()
            )
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
        if status == 200:
            lines = answer.get_data(as_text=True).splitlines()
            assert "fengqiao_open_tasks 1" in lines
            assert "fengqiao_clocks_waiting 0" in lines
            assert 'fengqiao_outbox_rows{state="dead"} 0' in lines
            assert "水渠" not in answer.get_data(as_text=True)


def test_every_answer_carries_the_policies(reader: Reader) -> None:
    headers = reader.ask("GET", "/sign-in").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers
