"""Previews of the studio: forms as officers see them, documents as they are printed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.factories.cases import KEY, World
from tests.factories.rollout import ROOT, package
from tests.web.client import Reader
from tests.web.conftest import Enter, give_password
from tests.web.test_studio import Studio
from webapp.studio.preview import without_texts
from workflows.catalogue.package import compile_package
from workflows.catalogue.source import find_keys, read_folder
from workflows.studio.preview_facts import find_sample
from workflows.studio.preview_text import write_text

SCHEMA = {
    "type": "object",
    "title": "登记",
    "properties": {
        "amount": {"type": "string", "title": "金额", "x-widget": "money"},
        "proof": {"type": "string", "title": "凭证", "x-widget": "file"},
    },
    "required": ["amount"],
}
UI = {"ui:visible": {"proof": "amount > 0"}}
PATH = f"forms/{KEY}/documents/record.html"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def studio(owner: Reader) -> Studio:
    return Studio(owner)


def form(studio: Studio, schema: object, ui: object = UI) -> Any:
    sent = [one if isinstance(one, str) else json.dumps(one) for one in (schema, ui)]
    return studio.post("preview/form", {"name": "x", "schema": sent[0], "ui": sent[1]})


def text(studio: Studio, content: str, **changes: str) -> Any:
    sent = {"revision": 0, "changes": {PATH: content, **changes}, "path": PATH}
    return studio.post("preview/text", sent)


def test_a_form_is_shown_with_the_controls_officers_get(studio: Studio) -> None:
    told = form(studio, SCHEMA)
    assert told["problems"] == []
    assert 'name="amount"' in told["html"]
    assert "凭证" in told["html"]
    assert "<script" not in told["html"]


def test_a_form_that_is_no_json_names_file_and_line(studio: Studio) -> None:
    told = form(studio, '{\n "type": "object",\n "title" "登记"}')
    assert told["html"] == ""
    assert [(one["file"], one["line"]) for one in told["problems"]] == [("schema", 3)]
    assert form(studio, SCHEMA, "[")["problems"][0]["file"] == "ui"


def test_a_form_with_a_mistake_says_where_it_is(studio: Studio) -> None:
    broken = {**SCHEMA, "required": ["amount", "nothing"]}
    told = form(studio, broken)
    assert told["html"] == ""
    assert [(one["place"], one["file"]) for one in told["problems"]] == [("required", "schema")]
    assert "nothing" in told["problems"][0]["message"]
    wrong = form(studio, SCHEMA, {"ui:visible": {"proof": "amout > 0"}})["problems"]
    assert [(one["place"], one["file"]) for one in wrong] == [("ui:visible.proof", "ui")]


def test_a_text_is_printed_page_by_page(studio: Studio) -> None:
    told = text(studio, "<h1>调解笔录</h1>{% for p in parties %}<p>{{ p.name }}</p>{% end %}")
    assert told["problems"] == []
    assert told["total"] == 1
    picture = told["pages"][0].removeprefix("data:image/png;base64,")
    assert base64.b64decode(picture).startswith(PNG)
    assert told["sample"] == {"title": "", "exact": False}


@pytest.mark.parametrize(
    ("content", "line", "severity"),
    [
        ("<p>\n{% if data.x = 1 %}\n</p>", 2, "error"),
        ("<p>\n\n{{ nobody.name }}</p>", 3, "error"),
        ("<p>\n{{ 1 + }}</p>", 2, "error"),
        ("<p>\n{{ data.nobody_asked }}</p>", 2, "warning"),
        ('{% if "data.said" = "" %}{% end %}\n\n{{ case.no }}{{ case.no }}', 3, "warning"),
    ],
)
def test_a_mistake_in_a_text_names_its_line(
    studio: Studio, content: str, line: int, severity: str
) -> None:
    told = text(studio, content)
    assert [(one["line"], one["severity"]) for one in told["problems"]] == [(line, severity)]
    assert told["problems"][0]["message"]
    assert bool(told["pages"]) is (severity == "warning")


def test_a_text_that_never_ends_is_stopped_with_a_sentence(studio: Studio) -> None:
    each = "{% for x in [" + ",".join("1" * 60) + "] %}"
    told = text(studio, each * 3 + "长" + "{% end %}" * 3)
    assert told["pages"] == []
    assert "200000" in told["problems"][0]["message"]
    long = text(studio, each * 2 + "很长的一段文字。" * 20 + "{% end %}" * 2)
    assert long["pages"] == []
    assert "循环" in long["problems"][0]["message"]


def test_a_package_that_cannot_run_is_tried_on_what_was_saved(studio: Studio) -> None:
    broken = {f"bpmn/{KEY}/{KEY}.bpmn": "<x/>"}
    told = text(studio, "<p>{{ unit.name }}</p>", **broken)
    assert told["problems"] == []
    assert told["total"] == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("preview/form", {"name": "x", "schema": {}, "ui": "{}"}),
        ("preview/form", {}),
        ("preview/text", {"revision": 0, "changes": {}, "path": "a.html"}),
        ("preview/text", {"revision": 0, "changes": {}, "path": f"bpmn/{KEY}/package.toml"}),
        ("preview/text", {"revision": 0, "changes": {"bpmn/x/../y.html": ""}, "path": PATH}),
    ],
)
def test_what_cannot_be_previewed_is_refused(studio: Studio, path: str, body: Any) -> None:
    assert studio.post(path, body, 422)["detail"]


def test_previews_are_for_those_who_may_open_the_studio(
    enter: Enter, world: World, studio: Studio
) -> None:
    world.hire("second", "安全审核@1-ZZ")
    give_password(world, "second")
    assert form(Studio(enter("second")), SCHEMA)["html"]
    mediator = enter("mediator")
    headers = {"Accept": "application/json", "X-CSRFToken": studio.reader.token()}
    sent = {"name": "x", "schema": "{}", "ui": "{}"}
    for path in ("form", "text"):
        answer = mediator.ask("POST", f"/studio/{KEY}/preview/{path}", headers=headers, json=sent)
        assert answer.status_code in (400, 403, 422)


@pytest.mark.parametrize("key", find_keys(ROOT))
def test_every_built_in_package_runs_without_its_texts(key: str) -> None:
    """“The pages beside a text speak of errors in the diagrams where the check finds none.”"""
    assert compile_package(without_texts(read_folder(ROOT, key))).manifest.key == key


def test_the_sample_is_what_a_scenario_had_when_it_made_the_document() -> None:
    mediation = package("people_mediation")
    sample = find_sample(mediation, {}, "danger_report")
    assert (sample.exact, bool(sample.scenario)) == (True, True)
    said = "{{ get value(people, data.nobody) }}{% for p in parties %}{{ p.name }}、{% end %}"
    written = write_text(said, "danger_report", "报告单", mediation, sample)
    assert written.html is not None
    assert sample.frozen["parties"][0]["name"] in written.html
    assert [one.message.code for one in written.problems] == ["studio.text_member"]
    assert find_sample(mediation, {}, "no_such_kind").exact is False
