"""The description is made from the code, complete, and can be read by people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from tests.web.api.caller import Description
from tests.web.client import Reader
from webapp.api.blueprint import BASE
from webapp.api.description import describe
from workflows.messages import load_catalogue


def test_every_call_of_the_room_is_described(site: Flask, description: Description) -> None:
    described = {
        (method.upper(), path)
        for path, operations in description.spec["paths"].items()
        for method in operations
    }
    served = {
        (method, str(rule))
        for rule in site.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(described) == len(served) - len({"openapi", "docs"})
    assert description.spec["openapi"] == "3.1.0"


def test_every_word_is_there_in_both_languages(site: Flask) -> None:
    with site.test_request_context(f"{BASE}/docs"):
        chinese, english = describe("zh-Hans"), describe("en")
    assert "api." not in json.dumps(chinese) + json.dumps(english)
    assert json.dumps(english).isascii()
    assert chinese["info"]["title"] == "枫桥接口 v1"


def test_no_word_of_the_description_is_left_over(site: Flask) -> None:
    with site.test_request_context(f"{BASE}/docs"):
        spec = describe("zh-Hans")
    said = set(words(spec))
    kinds = ("op_", "param_", "field_", "shape_", "status_", "tag_")
    left = [
        code
        for code, texts in load_catalogue().items()
        if code.startswith(tuple(f"api.{kind}" for kind in kinds)) and texts["zh"] not in said
    ]
    assert left == []


def words(node: Any) -> list[str]:
    """Every summary and description below a node."""
    if isinstance(node, list):
        return [found for one in node for found in words(one)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("summary", "description") if isinstance(node.get(key), str)]
    return own + [found for one in node.values() for found in words(one)]


def test_the_description_is_public_and_answers_in_the_readers_language(reader: Reader) -> None:
    answer = reader.ask("GET", f"{BASE}/openapi.json", headers={"Accept-Language": "en"})
    assert answer.mimetype == "application/json"
    assert answer.get_json()["info"]["title"] == "Fengqiao API v1"


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [("zh-Hans", "枫桥接口 v1", "提交待办"), ("en", "Fengqiao API v1", "Complete a work item")],
)
def test_people_can_read_it_without_scripts(
    reader: Reader, language: str, title: str, words: str
) -> None:
    reader.visit("/sign-in")
    reader.post("/language", {"language": language, "csrf_token": reader.token()})
    page = reader.visit(f"{BASE}/docs")
    assert page.heading == title
    assert words in page.text
    assert "POST /api/v1/tasks/{item}/complete" in page.text
    targets = {one.get("href")[1:] for one in page.all("//main//a[starts-with(@href, '#')]")}
    assert targets <= {one.get("id") for one in page.all("//*[@id]")}
