"""A reader with a browser that knows no scripts: visits pages, fills in forms, checks both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from lxml import html
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.web.checks import faults
from webapp.security import CONTENT_SECURITY_POLICY, STUDIO_POLICY
from workflows.storage import Database

Values = Mapping[str, Any]


def said(element: html.HtmlElement) -> str:
    """The words of an element, spaces folded."""
    return " ".join(element.text_content().split())


@dataclass(frozen=True)
class Page:
    """One answer that was read: its address, tree and status, and what it cost."""

    url: str
    status: int
    tree: html.HtmlElement
    statements: int
    commits: int

    @property
    def text(self) -> str:
        """All words of the page, spaces folded."""
        return said(self.tree.find("body"))

    @property
    def title(self) -> str:
        """The title without the product's name."""
        return (self.tree.findtext(".//title") or "").rsplit(" · ", 1)[0].strip()

    @property
    def heading(self) -> str:
        """The one h1."""
        return said(self.tree.find(".//h1"))

    def all(self, path: str) -> list[html.HtmlElement]:
        """Elements by XPath."""
        return list(self.tree.xpath(path))

    def words(self, path: str) -> list[str]:
        """The words of each element found."""
        return [said(found) for found in self.all(path)]

    def classed(self, name: str) -> list[str]:
        """The words of each element that has a class."""
        return self.words(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")

    def link(self, words: str) -> str:
        """The address of the one link that says `words`."""
        found = [a for a in self.all("//a[@href]") if words in said(a)]
        assert found, f"no link {words!r} on {self.url}"
        return str(found[0].get("href"))

    def form(self, action: str | None = None) -> html.FormElement:
        """The one form in `main` whose address contains `action`."""
        forms = self.all("//main//form")
        found = [f for f in forms if action is None or action in (f.get("action") or "")]
        assert len(found) == 1, f"{len(found)} forms {action!r} on {self.url}"
        return found[0]


class Reader:
    """One person with one cookie jar."""

    def __init__(self, app: Flask, database: Database) -> None:
        self._client = app.test_client()
        self._database = database
        self.last: Page | None = None

    def visit(self, path: str, *, status: int = 200, most_statements: int = 12) -> Page:
        """Opens an address, follows redirects, checks the page."""
        return self._read(path, status, most_statements, method="GET")

    def submit(
        self,
        page: Page,
        values: Values | None = None,
        *,
        action: str | None = None,
        button: str | None = None,
        status: int = 200,
        most_statements: int = 40,
    ) -> Page:
        """Fills in a form of `page` and presses the first button, or the one that says `button`."""
        form = page.form(action)
        fields = dict(_as_sent(form))
        pressed = _button(form, button)
        if pressed is not None and pressed.get("name"):
            fields.setdefault(pressed.get("name"), []).append(pressed.get("value") or "")
        for name, value in (values or {}).items():
            fields[name] = list(value) if isinstance(value, list | tuple) else [value]
        target = (pressed.get("formaction") if pressed is not None else None) or form.get("action")
        return self.post(target or page.url, fields, status=status, most_statements=most_statements)

    def post(
        self, path: str, fields: Values, *, status: int = 200, most_statements: int = 40
    ) -> Page:
        """Sends a form as it is."""
        return self._read(path, status, most_statements, method="POST", data=dict(fields))

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        """A bare request, without redirects or checks."""
        return self._client.open(path, method=method, **options)

    def token(self) -> str:
        """The CSRF token of this session, as scripts read it."""
        page = self.last or self.visit("/sign-in")
        return str(page.tree.xpath("//meta[@name='csrf-token']/@content")[0])

    def sign_in(self, username: str, password: str) -> Page:
        """Through the sign-in page."""
        page = self.visit("/sign-in")
        return self.submit(page, {"username": username, "password": password}, action="/sign-in")

    def _read(self, path: str, status: int, most: int, **request: Any) -> Page:
        with counting(self._database) as count:
            answer = self._client.open(path, follow_redirects=True, **request)
        assert answer.mimetype == "text/html", (answer.status_code, answer.mimetype)
        tree = html.document_fromstring(answer.get_data(as_text=True))
        where = urlsplit(answer.request.url)
        assert answer.status_code == status, (where.path, said(tree.find(".//main"))[:400])
        check_policy(where.path, answer.headers["Content-Security-Policy"])
        assert answer.headers["Cache-Control"] == "no-store"
        assert faults(tree) == [], where.path
        page = Page(
            url=where.path + (f"?{where.query}" if where.query else ""),
            status=answer.status_code,
            tree=tree,
            statements=count.statements,
            commits=count.commits,
        )
        assert page.statements <= most, f"{page.statements} statements for {page.url}"
        self.last = page
        return page


def check_policy(path: str, policy: str) -> None:
    """The house's policy; pages of the studio may style, nothing else."""
    if path.startswith("/studio/"):
        inside = policy.split("'nonce-")[-1].split("'")[0]
        assert policy == STUDIO_POLICY.format(nonce=inside)
        assert len(inside) > 20
    else:
        assert policy == CONTENT_SECURITY_POLICY


@dataclass
class Count:
    """What a request cost."""

    statements: int = 0
    commits: int = 0


@contextmanager
def counting(database: Database) -> Iterator[Count]:
    """Counts statements and commits while the block runs."""
    count = Count()

    def on_statement(*_: Any) -> None:
        count.statements += 1

    def on_commit(*_: Any) -> None:
        count.commits += 1

    event.listen(database.engine, "before_cursor_execute", on_statement)
    event.listen(database.engine, "commit", on_commit)
    try:
        yield count
    finally:
        event.remove(database.engine, "before_cursor_execute", on_statement)
        event.remove(database.engine, "commit", on_commit)


def _as_sent(form: html.FormElement) -> Iterator[tuple[str, list[str]]]:
    """What a browser would send for the form as it came: nothing inside a `<template>`."""
    sent: dict[str, list[str]] = {}
    alive = deepcopy(form)
    for template in alive.findall(".//template"):
        template.drop_tree()
    for name, value in alive.form_values():
        sent.setdefault(name, []).append(value)
    yield from sent.items()


def _button(form: html.FormElement, words: str | None) -> html.HtmlElement | None:
    buttons: Sequence[html.HtmlElement] = form.xpath(".//button[not(@type='button')]")
    if words is None:
        return buttons[0] if buttons else None
    found = [b for b in buttons if words in said(b)]
    assert found, f"no button {words!r}"
    return found[0]
