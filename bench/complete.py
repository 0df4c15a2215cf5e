"""What completing a task costs over real HTTP, against the raw engine in the same run.

The server is `fengqiao serve` (gunicorn) on loopback, the client keeps its connection and shows a
bearer token. One round is one completed session of a people's mediation, sent as the form of the
page or as JSON. Three things take turns: the reference, cases at their fifth step (a new one each
round), and one case far beyond its two hundredth. Statements and commits are counted in this
process, on the same application over the same database, everything included: who signs in, the
form, the answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, TypeAlias

import orjson

from bench.figures import Figure, Timed, interleave
from bench.installation import (
    DIALECTS,
    Answer,
    Client,
    Installation,
    Server,
    installed,
    quiet_client,
    serving,
)
from bench.mediation import (
    WHO,
    Waiting,
    case_before_its_session,
    find_waiting,
    go_round,
    session_data,
)
from bench.reference import reference
from tests.web.client import counting
from workflows.cases.decision import today_of

MOST_TIMES = 3.0
MOST_STATEMENTS = 12
MOST_AGEING = 1.25
"""How much slower step 200 may be than step 5: nothing but noise."""
ROUNDS, WARM_UP = 40, 5
TURNS = ROUNDS + WARM_UP
OLD = 200
Way: TypeAlias = Callable[[Installation, Client, Waiting], Answer]


def measure() -> Iterator[Figure]:
    """Times and counts on both databases."""
    for dialect in DIALECTS:
        with installed(dialect) as house:
            yield from _times(house)
            yield from _counts(house)


def _times(house: Installation) -> list[Figure]:
    with ExitStack() as stack:
        server = stack.enter_context(serving(house))
        raw = stack.enter_context(reference(house.platform.database))
        token = house.token(WHO)
        ways = {"page": _by_page, "api": _by_api} if _has_api(server, token) else {"page": _by_page}
        old = go_round(house, case_before_its_session(house), OLD)
        new = {name: [case_before_its_session(house) for _ in range(TURNS)] for name in ways}
        # Only now: a server closes a connection that is silent for half a minute.
        client = Client(server.port, token)
        stack.callback(client.close)
        things: dict[str, Timed] = {"raw": raw}
        for name, way in ways.items():
            things[f"{name}_new"] = _new_cases(house, client, way, new[name])
            things[f"{name}_old"] = _one_case(house, client, way, old.run_id)
        spreads = interleave(ROUNDS, warm_up=WARM_UP, **things)
    at = house.dialect
    figures = [spreads["raw"].in_ms(f"raw engine, one step ({at})")]
    for name in ways:
        early, late = spreads[f"{name}_new"], spreads[f"{name}_old"]
        figures += [
            early.in_ms(f"complete over HTTP, {name}, step 5 ({at})"),
            early.against(spreads["raw"], f"… against the raw engine ({at}, {name})", MOST_TIMES),
            late.against(early, f"… step 200 against step 5 ({at}, {name})", MOST_AGEING),
        ]
    return figures


def _has_api(server: Server, token: str) -> bool:
    client = Client(server.port, token)
    found = client.get("/api/v1/me").status == 200
    client.close()
    return found


def _fields(house: Installation, waiting: Waiting) -> Mapping[str, str]:
    """What the page's form sends."""
    data = session_data(today_of(house.platform.clock.now()))
    own = {"_revision": str(waiting.revision), "_key": secrets.token_urlsafe(12)}
    return {**{name: str(value) for name, value in data.items()}, **own}


def _body(house: Installation, waiting: Waiting) -> dict[str, Any]:
    """What a program sends."""
    data = session_data(today_of(house.platform.clock.now()))
    return {"data": dict(data), "revision": waiting.revision}


def _by_page(house: Installation, client: Client, waiting: Waiting) -> Answer:
    answer = client.post_form(f"/tasks/{waiting.item}", _fields(house, waiting))
    assert answer.status == 303, (answer.status, answer.body[:2000].decode())
    return answer


def _by_api(house: Installation, client: Client, waiting: Waiting) -> Answer:
    body = orjson.dumps(_body(house, waiting))
    answer = client.post_json(f"/api/v1/tasks/{waiting.item}/complete", body)
    assert answer.status == 200, (answer.status, answer.body[:2000].decode())
    return answer


def _new_cases(house: Installation, client: Client, way: Way, cases: list[Waiting]) -> Timed:
    return lambda: way(house, client, cases.pop()).seconds


def _one_case(house: Installation, client: Client, way: Way, run_id: int) -> Timed:
    return lambda: way(house, client, find_waiting(house, run_id)).seconds


def _counts(house: Installation) -> list[Figure]:
    """Statements and commits of one completion: at an early step and at a late one."""
    ask = quiet_client(house, WHO)
    new, old = case_before_its_session(house), case_before_its_session(house)
    go_round(house, old, OLD)
    figures = []
    for name, request in (("page", _page_request), ("api", _api_request)):
        found = []
        for run_id in (new.run_id, new.run_id, old.run_id):
            sent = request(house, find_waiting(house, run_id))
            with counting(house.platform.database) as count:
                answer = ask.post(**sent)
            found.append(count)
        if answer.status_code == 404:
            continue
        assert answer.status_code in (200, 303), answer.get_data(as_text=True)[:2000]
        _first, early, late = found
        at = f"({house.dialect}, {name})"
        figures += [
            Figure(f"statements a completion, step 6 {at}", early.statements, "", MOST_STATEMENTS),
            Figure(
                f"statements a completion, step 200 {at}", late.statements, "", early.statements
            ),
            Figure(f"commits a completion {at}", late.commits, "", 1),
        ]
    return figures


def _page_request(house: Installation, waiting: Waiting) -> dict[str, Any]:
    return {"path": f"/tasks/{waiting.item}", "data": _fields(house, waiting)}


def _api_request(house: Installation, waiting: Waiting) -> dict[str, Any]:
    return {"path": f"/api/v1/tasks/{waiting.item}/complete", "json": _body(house, waiting)}
