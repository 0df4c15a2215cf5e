"""From an address to a diagram of sixty elements on the studio's canvas, in Debian's Chromium."""

from __future__ import annotations

import shutil
import statistics
import time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import quoteattr

from playwright.sync_api import sync_playwright

from bench.figures import Figure
from tests.browser.live_site import LiveSite
from tests.browser.person import Person

KEY = "litigation_handoff"
ELEMENTS, COLUMNS = 60, 12
ROUNDS = 5
SHAPES = ELEMENTS + 1
"""With the pool."""
SHOWN = """(wanted) => document.querySelectorAll(".fq-canvas .djs-shape").length >= wanted
    && document.querySelector(".fq-side-head h2")"""
"""Ends when the canvas shows `wanted` shapes and the panel stands beside it."""
SAVE = """async ([key, text]) => {
    const headers = {Accept: "application/json", "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content};
    const body = {revision: 0, changes: {[`bpmn/${key}/wide.bpmn`]: text}};
    await fetch(`/studio/${key}/save`, {method: "POST", headers, body: JSON.stringify(body)});
}"""
NAMESPACES = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
}


def measure() -> list[Figure]:
    """The median of several openings, each in a browser window of its own."""
    with TemporaryDirectory() as folder:
        site = LiveSite(Path(folder) / "data")
        site.start()
        try:
            seconds = _open_often(site.url)
        finally:
            site.stop()
    return [
        Figure(f"studio: {ELEMENTS} elements on the canvas", statistics.median(seconds), "s", 2)
    ]


def _open_often(url: str) -> list[float]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    seconds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        person = Person(browser, url).sign_in("owner")
        person.page.goto(f"/studio/{KEY}#versions")
        person.page.evaluate(SAVE, [KEY, wide_diagram()])
        for _ in range(ROUNDS):
            page = person.context.new_page()
            begun = time.monotonic()
            page.goto(f"{url}/studio/{KEY}#diagram/bpmn%2F{KEY}%2Fwide.bpmn")
            page.wait_for_function(SHOWN, arg=SHAPES)
            seconds.append(time.monotonic() - begun)
            page.close()
        browser.close()
    return seconds


def wide_diagram() -> str:
    """A pool with a chain of `ELEMENTS` nodes in rows, as a file of its own."""
    ids = ["wide_s", *(f"wide_{number}" for number in range(2, ELEMENTS)), "wide_e"]
    flows = [(f"f_{one}", one, other) for one, other in pairwise(ids)]
    head = " ".join(f"{name}={quoteattr(value)}" for name, value in NAMESPACES.items())
    nodes = "".join(_node(one, number) for number, one in enumerate(ids))
    lines = "".join(
        f'<bpmn:sequenceFlow id="{key}" sourceRef="{one}" targetRef="{other}"/>'
        for key, one, other in flows
    )
    drawn = "".join(_shape(one, number) for number, one in enumerate(ids))
    drawn += "".join(_edge(key, number) for number, (key, _one, _other) in enumerate(flows))
    return (
        f'<bpmn:definitions {head} targetNamespace="urn:bench">'
        '<bpmn:collaboration id="wide_c"><bpmn:participant id="wide_pool" name="宽图"'
        ' processRef="wide"/></bpmn:collaboration>'
        f'<bpmn:process id="wide" name="宽图" isExecutable="true">{nodes}{lines}</bpmn:process>'
        '<bpmndi:BPMNDiagram id="wide_d"><bpmndi:BPMNPlane id="wide_p" bpmnElement="wide_c">'
        '<bpmndi:BPMNShape id="wide_pool_di" bpmnElement="wide_pool" isHorizontal="true">'
        f'<dc:Bounds x="0" y="0" width="{COLUMNS * 150 + 80}" height="800"/></bpmndi:BPMNShape>'
        f"{drawn}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
    )


def _node(one: str, number: int) -> str:
    kind = {0: "startEvent", ELEMENTS - 1: "endEvent"}.get(number, "userTask")
    return f'<bpmn:{kind} id="{one}" name="第 {number} 步办理"/>'


def _centre(number: int) -> tuple[int, int]:
    row, column = divmod(number, COLUMNS)
    return 130 + column * 150, 90 + row * 150


def _shape(one: str, number: int) -> str:
    (x, y), is_end = _centre(number), number in (0, ELEMENTS - 1)
    width, height = (36, 36) if is_end else (100, 80)
    return (
        f'<bpmndi:BPMNShape id="{one}_di" bpmnElement="{one}"><dc:Bounds x="{x - width // 2}"'
        f' y="{y - height // 2}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
    )


def _edge(key: str, number: int) -> str:
    points = "".join(
        f'<di:waypoint x="{x}" y="{y}"/>' for x, y in (_centre(number), _centre(number + 1))
    )
    return f'<bpmndi:BPMNEdge id="{key}_di" bpmnElement="{key}">{points}</bpmndi:BPMNEdge>'
