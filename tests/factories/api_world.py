"""The real site as a world for scenarios: everything goes through API v1 and nothing else.

`ApiWorld` is `workflows.rollout.scenarios.run_scenario.World`; a test client or a running server
(`Server("http://127.0.0.1:8000")`) carries it. The server needs FENGQIAO_TEST_CLOCK=1.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient

from workflows.errors import FengqiaoError, FieldError, InvalidFormError, InvalidInputError
from workflows.messages import Message
from workflows.rollout.scenarios.run_scenario import OpenTask, Result, run_scenario
from workflows.rollout.scenarios.scenario import Scenario, Start

Json: TypeAlias = Any
TokenOf: TypeAlias = Callable[[str], str]
"""A token of a demo account, or of `role@unit-code`."""

BASE = "/api/v1"
SHANGHAI = ZoneInfo("Asia/Shanghai")
BOUNDARY = "----scenario"
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "606060f80f0001040100e5f5d4d90000000049454e44ae426082"
)
"""A picture of one point: strokes, as far as a scenario is concerned."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request. `headers` hold token and type of content."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None


class Transport(Protocol):
    """Carries one request to an installation."""

    def send(self, sent: Sent) -> tuple[int, bytes]:
        """Status and body of the answer."""


class InProcess:
    """A site in this process."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.app = client.application

    def send(self, sent: Sent) -> tuple[int, bytes]:
        answer = self._client.open(
            sent.path, method=sent.method, headers=dict(sent.headers), data=sent.body, buffered=True
        )
        return answer.status_code, answer.get_data()


class Server:
    """A running server on this machine."""

    def __init__(self, address: str, *, seconds: float = 120) -> None:
        self._address, self._seconds = address.rstrip("/"), seconds

    def send(self, sent: Sent) -> tuple[int, bytes]:
        request = urllib.request.Request(
            self._address + sent.path, sent.body, dict(sent.headers), method=sent.method
        )
        try:
            with urllib.request.urlopen(request, timeout=self._seconds) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()


class RefusedError(FengqiaoError):
    """The site refused a call; the message has its code and sentence."""


class ApiWorld:
    """One scenario against one site. `people`: everybody the scenario names, the first of them
    begins; `senders`: accounts that may send messages from outside, the first one does;
    `crosses`: the matter is handed over, so letters are brought after each act."""

    def __init__(
        self,
        transport: Transport,
        token_of: TokenOf,
        people: Sequence[str],
        senders: Sequence[str] = (),
        *,
        crosses: bool = False,
    ) -> None:
        self._transport, self._token_of = transport, token_of
        self._people, self._senders = tuple(dict.fromkeys(people)), tuple(senders)
        self._tokens: dict[str, str] = {}
        self._messages = 0
        self._crosses = crosses
        self._looked_at: str | None = None
        self.case: str | None = None

    def open_case(self, package: str, start: Start, data: Mapping[str, Json]) -> None:
        """`POST /cases`."""
        body = {"process": package, "unit": start.unit, "form": start.form, "data": data}
        self.case = self._post(start.who, "/cases", body)["case"]
        self._settle()

    def list_tasks(self) -> Sequence[OpenTask]:
        """The open work items that anybody of the scenario can see in the case."""
        found: dict[str, OpenTask] = {}
        for views in self._cases():
            parties = max(([p["id"] for p in view["parties"]] for view in views), key=len)
            for item in (item for view in views for item in view["tasks"]):
                keys = item["instance"]["key"].split("/") if item["instance"] else ()
                party = next((parties.index(key) for key in keys if key in parties), None)
                found[item["id"]] = OpenTask(item["process"], item["name"], party, item)
        return [found[key] for key in sorted(found)]

    def complete(self, who: str, task: OpenTask, data: Mapping[str, Json]) -> None:
        """`POST /tasks/{id}/complete` at the revision that was seen."""
        body = {"data": data, "revision": task.handle["revision"]}
        self._post(who, f"/tasks/{task.handle['id']}/complete", body)
        self._settle()

    def send(self, name: str, payload: Mapping[str, Json]) -> None:
        """`POST /cases/{id}/messages`; a message nobody waits for is a refusal. The answer of a
        party without a desk is brought by whoever began, where the package has no sender."""
        if not self._senders and not self._has_letter():
            raise RefusedError("rollout.unknown_sender", name=name)
        self._messages += 1
        who = self._people[0] if self._has_letter() else self._senders[0]
        body = {"message_id": f"{name} {self._messages}", "name": name, "payload": payload}
        outcome = self._post(who, f"/cases/{self.case}/messages", body)["outcome"]
        if outcome != "delivered":
            raise RefusedError("rollout.message_early", name=name)
        self._settle()

    def _has_letter(self) -> bool:
        """Whether the case has written to somebody without a desk."""
        letters = self._get(self._people[0], "/handoffs?box=out")["items"]
        return any(not one["has_desk"] and one["case"] == self.case for one in letters)

    def withdraw(self, who: str, reason: str) -> None:
        """`POST /cases/{id}/withdraw`."""
        self._post(who, f"/cases/{self.case}/withdraw", {"reason": reason})
        self._settle()

    def advance(self, by: timedelta) -> None:
        """`POST /test/clock`."""
        minutes = by.seconds // 60
        text = f"P{by.days}DT{minutes // 60}H{minutes % 60}M"
        self._post(self._people[0], "/test/clock", {"advance": text})

    def _settle(self) -> None:
        """Letters and answers are brought; a test clock that does not move does it at once."""
        if self._crosses:
            self._post(self._people[0], "/test/clock", {"advance": "PT0M"})

    def now(self) -> datetime:
        """The installation's time."""
        return datetime.fromisoformat(self._get(self._people[0], "/me")["now"])

    def today(self) -> date:
        """The installation's day where the offices are."""
        return self.now().astimezone(SHANGHAI).date()

    def upload(self, who: str, name: str, content: bytes) -> Json:
        """`POST /files`; the file's id."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body = head.encode() + b"\r\n" + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self._call(who, "POST", "/files", body, kind)["id"]

    def sign(self, who: str, party: int) -> Json:
        """The id of a picture of strokes."""
        return self.upload(who, f"signature-{party}.png", DOT)

    def look_at(self, package: str) -> None:
        """Parties are those of this package's case from now on."""
        self._looked_at = package

    def party(self, number: int) -> Json:
        """The id of a party. Raises InvalidInputError."""
        parties = self._case_of(self._looked_at)["parties"]
        if not 0 <= number < len(parties):
            raise InvalidInputError("rollout.unknown_party", number=number)
        return parties[number]["id"]

    def ended(self, package: str) -> str | None:
        """The end state of the package's newest run, None while it is open."""
        runs = [run for run in self._case_of(package)["runs"] if run["process"] == package]
        return runs[0]["end_state"] if runs else None

    def documents(self) -> Sequence[str]:
        """Kinds of all documents of all cases of the matter, the oldest of each case first."""
        kinds: list[str] = []
        for views in self._cases():
            case = views[0]["id"]
            listed = [
                self._ask(who, "GET", f"/cases/{case}/documents", None, "") for who in self._people
            ]
            most = max((body["items"] for status, body in listed if status == 200), key=len)
            kinds += [document["kind"] for document in reversed(most)]
        return kinds

    def document(self, who: str, document: str) -> bytes:
        """The bytes of one document."""
        sent = Sent("GET", f"{BASE}/documents/{document}", self._headers(who), None)
        status, content = self._transport.send(sent)
        assert status == 200, (status, content[:400])
        return content

    def _case_of(self, package: str | None) -> Json:
        """The newest case that runs the package, as whoever sees it best sees it; the scenario's
        own case where there is none."""
        cases = [max(views, key=lambda view: len(view["parties"])) for views in self._cases()]
        if not cases:
            return self._get(self._people[0], f"/cases/{self.case}")
        fitting = (c for c in reversed(cases) if any(r["process"] == package for r in c["runs"]))
        return next(fitting, cases[0])

    def _cases(self) -> list[list[Json]]:
        """Every case of the matter, the scenario's own first, each as those see it who do."""
        found = [views] if (views := self._views(self.case)) else []
        known, reached = {view["number"] for views in found for view in views}, {self.case}
        for letter in self._letters() if found else ():
            if letter["other_number"] in known and letter["case"] not in reached:
                reached.add(letter["case"])
                known.add(letter["number"])
                found.append(self._views(letter["case"]))
        return [views for views in found if views]

    def _letters(self) -> list[Json]:
        """Letters that came in, the oldest first: where the matter went on."""
        if not self._crosses:
            return []
        lists = [self._get(who, "/handoffs?box=in&page_size=200")["items"] for who in self._people]
        letters = {one["id"]: one for letters in lists for one in letters if one["case"]}
        return [letters[number] for number in sorted(letters)]

    def _views(self, case: str | None) -> list[Json]:
        """A case as each of the people sees it, without those who don't."""
        asked = [self._ask(who, "GET", f"/cases/{case}", None, "") for who in self._people if case]
        return [body for status, body in asked if status == 200]

    def _get(self, who: str, path: str) -> Json:
        return self._call(who, "GET", path, None, "")

    def _post(self, who: str, path: str, body: Mapping[str, Json]) -> Json:
        kept = {name: value for name, value in body.items() if value is not None}
        return self._call(who, "POST", path, json.dumps(kept).encode(), "application/json")

    def _call(self, who: str, method: str, path: str, body: bytes | None, kind: str) -> Json:
        status, answer = self._ask(who, method, path, body, kind)
        if status < 300:
            return answer
        if status == 422 and answer["errors"]:
            raise InvalidFormError(
                [FieldError(e["path"], Message(e["code"], e)) for e in answer["errors"]]
            )
        what = f"{method} {path}: {status} {answer['code']}"
        raise RefusedError("rollout.field", path=what, why=answer["detail"])

    def _ask(
        self, who: str, method: str, path: str, body: bytes | None, kind: str
    ) -> tuple[int, Json]:
        headers = self._headers(who) | ({"Content-Type": kind} if body is not None else {})
        status, content = self._transport.send(Sent(method, BASE + path, headers, body))
        return status, json.loads(content)

    def _headers(self, who: str) -> dict[str, str]:
        if who not in self._tokens:
            self._tokens[who] = self._token_of(who)
        return {"Authorization": f"Bearer {self._tokens[who]}"}


@dataclass(frozen=True)
class Site:
    """An installation scenarios are walked on."""

    transport: Transport
    token_of: TokenOf
    senders: tuple[str, ...] = ()

    def world(self, scenario: Scenario) -> ApiWorld:
        """A world for one scenario; the clock goes on to its start if that is still to come."""
        steps = [getattr(step, "who", None) for step in scenario.steps]
        people = [scenario.start.who, *(who for who in steps if who)]
        crosses = any(getattr(step, "package", None) for step in scenario.steps)
        made = ApiWorld(self.transport, self.token_of, people, self.senders, crosses=crosses)
        ahead = scenario.at - made.now()
        if ahead > timedelta(minutes=1):
            made.advance(ahead)
        return made

    def walk(
        self, scenario: Scenario, package: str, files: Mapping[str, bytes]
    ) -> tuple[Result, ApiWorld]:
        """Walks one scenario."""
        world = self.world(scenario)
        return run_scenario(scenario, package, world, files), world
