"""Every address has a rule and a room; views only read, ask and answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from webapp.app import create_app
from webapp.security import access, access_rules, require_rules
from webapp.settings import Settings

WEBAPP = Path(__file__).parents[2] / "webapp"
MOST_LINES = 10
PUBLIC = {
    "account.sign_in",
    "account.sign_in_post",
    "account.sign_out",
    "account.switch_language",
    "calendar.feed",
    "pages.root",
    "pages.asset",
    "pages.healthz",
    "pages.readyz",
}
"""What anybody may call. A new entry is a decision: write why in the view's docstring."""

PUBLIC_ROOMS = ("api.", "verify.", "signing.")
"""Rooms with their own guard for public views."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("site")
    return create_app(Settings(data=folder, database_url=f"sqlite:///{folder / 'x.db'}"))


def test_every_view_has_a_rule(app: Flask) -> None:
    assert [name for name, rule in access_rules(app).items() if rule is None] == []


def test_public_views_are_those_decided_on(app: Flask) -> None:
    public = {name for name, rule in access_rules(app).items() if rule == "public"}
    assert {name for name in public if not name.startswith(PUBLIC_ROOMS)} == PUBLIC


def test_an_app_with_an_undecided_view_does_not_start(app: Flask) -> None:
    undecided = Flask("undecided", static_folder=None)
    undecided.add_url_rule("/", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="without an access rule: forgotten"):
        require_rules(undecided)


def test_an_unknown_rule_is_refused_at_import() -> None:
    with pytest.raises(ValueError, match="unknown access rule"):
        access("everybody")


def test_what_changes_something_is_never_a_get(app: Flask) -> None:
    """An address with GET has no verb that does something."""
    verbs = {"claim", "release", "assign", "complete", "bulk", "sign_out", "upload", "keep_draft"}
    got = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {name for name in got if name.rpartition(".")[2] in verbs} == set()


@cache
def views() -> tuple[tuple[str, ast.FunctionDef], ...]:
    """Functions of the rooms' route modules that answer an address."""
    return tuple(_views())


def _views() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(WEBAPP.glob("*/*routes.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                yield f"{path.relative_to(WEBAPP)}:{node.name}", node


def lines_of(view: ast.FunctionDef) -> int:
    """Lines below the docstring."""
    first = view.body[1] if len(view.body) > 1 else view.body[0]
    return (view.end_lineno or 0) - first.lineno + 1


def decorators(view: ast.FunctionDef) -> list[str]:
    return [getattr(getattr(one, "func", None), "id", "") for one in view.decorator_list]


def test_there_are_views_to_look_at() -> None:
    assert len(views()) > 150


def test_views_say_what_they_answer() -> None:
    assert [name for name, view in views() if not ast.get_docstring(view)] == []


def test_views_are_short() -> None:
    assert [name for name, view in views() if lines_of(view) > MOST_LINES] == []


def test_views_declare_their_rule_right_above_themselves() -> None:
    assert [name for name, view in views() if "access" not in decorators(view)] == []
