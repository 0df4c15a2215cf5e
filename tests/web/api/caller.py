"""A program that calls the API: sends JSON with a token, counts what it costs, and holds every
answer against the published description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from tests.web.client import counting
from webapp.api.blueprint import BASE
from webapp.api.description import describe
from workflows.storage import Database

PROBLEM = "application/problem+json"


class Description:
    """The description of the tests' app, and whether an answer is as it says."""

    _spec: ClassVar[dict[str, Any]] = {}

    def __init__(self, app: Flask) -> None:
        if not self._spec:
            with app.test_request_context(f"{BASE}/docs"):
                self._spec.update(describe("en"))
        self.spec = self._spec
        self._paths = {
            re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): path for path in self.spec["paths"]
        }

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        """Fails for a status, a type of content or a body the description does not know."""
        fitting = (p for one, p in self._paths.items() if one.fullmatch(path))
        known = path if path in self.spec["paths"] else next(fitting, None)
        assert known is not None, path
        responses = self.spec["paths"][known][method.lower()]["responses"]
        assert str(answer.status_code) in responses, (method, path, answer.status_code)
        content = responses[str(answer.status_code)]["content"]
        assert answer.mimetype in content, (answer.mimetype, path)
        if answer.mimetype.endswith("json"):
            wrong = list(
                self._validator(content[answer.mimetype]["schema"]).iter_errors(answer.json)
            )
            assert wrong == [], (path, [one.message for one in wrong])
        if answer.status_code == 422:
            assert isinstance(answer.json["errors"], list)

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        whole = {**schema, "components": self.spec["components"]}
        return Draft202012Validator(whole, format_checker=FormatChecker())


@dataclass
class Answer:
    """What came back and what it cost."""

    status: int
    json: Any
    response: TestResponse
    statements: int
    commits: int

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        return str(self.json["code"])

    @property
    def paths(self) -> list[str]:
        """Where the values stand that a 422 speaks of."""
        return [one["path"] for one in self.json["errors"]]


class Caller:
    """One program with one token, or none."""

    def __init__(
        self, app: Flask, database: Database, description: Description, token: str | None
    ) -> None:
        self._client = app.test_client()
        self._database = database
        self._description = description
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def get(self, path: str, status: int = 200, /, **query: Any) -> Answer:
        """Reads something."""
        return self.send("GET", path, status, **({"query_string": query} if query else {}))

    def post(
        self, path: str, body: Any = None, status: int = 200, *, key: str | None = None
    ) -> Answer:
        """Does something. `key`: an Idempotency-Key."""
        headers = {} if key is None else {"Idempotency-Key": key}
        sent = {} if body is None else {"json": body}
        return self.send("POST", path, status, headers=headers, **sent)

    def put(self, path: str, body: Any, status: int = 200) -> Answer:
        """Replaces something."""
        return self.send("PUT", path, status, json=body)

    def send(
        self,
        method: str,
        path: str,
        status: int,
        *,
        headers: dict[str, str] | None = None,
        check: bool = True,
        **options: Any,
    ) -> Answer:
        """A bare request. `check`: hold the answer against the description."""
        with counting(self._database) as count:
            answer = self._client.open(
                BASE + path,
                method=method,
                headers={**self._headers, **(headers or {})},
                buffered=True,
                **options,
            )
        body = answer.get_json(silent=True) if answer.is_json else None
        assert answer.status_code == status, (path, answer.status_code, body)
        if check:
            self._description.check(method, BASE + path.partition("?")[0], answer)
        if status >= 400:
            assert answer.mimetype == PROBLEM
            assert body["reference"] == answer.headers["X-Reference"]
            assert body["status"] == status
        return Answer(status, body, answer, count.statements, count.commits)
