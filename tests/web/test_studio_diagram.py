"""What the diagram tab asks the site for: a diagram drawn anew, and that nothing is written."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.web.client import Reader
from tests.web.conftest import Enter
from tests.web.test_studio import PAGE, Studio, renamed

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@pytest.fixture
def studio(owner: Reader) -> Studio:
    return Studio(owner)


def test_a_diagram_is_drawn_anew_with_its_changes_and_nothing_is_saved(studio: Studio) -> None:
    text = renamed(studio.text(), "再调解")
    told = studio.post("tidy", {"content": text})
    root = etree.fromstring(told["content"].encode())
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{DI}BPMNShape")}
    tasks = [task.get("id") for task in root.iter(f"{BPMN}userTask")]
    assert 'name="再调解"' in told["content"]
    assert tasks
    assert drawn.issuperset(tasks)
    assert told["reordered"] == []
    assert studio.get("tree")["revision"] == 0


@pytest.mark.parametrize("content", ["", "<a/>", "<!DOCTYPE a><a/>", "drawn"])
def test_what_is_no_diagram_is_refused_in_words(studio: Studio, content: str) -> None:
    told = studio.post("tidy", {"content": content}, 422)
    assert "整理布局" in told["detail"]


def test_only_who_looks_after_packages_has_one_drawn(enter: Enter, studio: Studio) -> None:
    mediator = enter("mediator")
    mediator.visit("/inbox")
    headers = {"Accept": "application/json", "X-CSRFToken": mediator.token()}
    body = {"content": studio.text()}
    answer = mediator.ask("POST", f"{PAGE}/tidy", headers=headers, json=body)
    assert answer.status_code == 403
