"""What the studio may weigh, and how soon a large diagram stands on the canvas (`bench/studio.py`
measures the latter on a machine that does nothing else)."""

from __future__ import annotations

import gzip
import re

from playwright.sync_api import Response, expect

from bench.studio import SHAPES, SHOWN, wide_diagram
from tests.browser.conftest import Enter
from tests.browser.test_studio_parts import SIZE, SLOW, Parts

MOST_BYTES = 600 * 1024
"""Scripts and style sheets of the diagram tab as they travel (issue 6, budgets)."""
KEY = "litigation_handoff"
BUNDLE = re.compile(r"/dist/[^/]+\.(js|css)$")


def test_the_diagram_tab_is_small_enough(enter: Enter) -> None:
    parts = Parts(enter("owner", size=SIZE), KEY)
    sizes: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        if BUNDLE.search(answer.url):
            sizes[answer.url] = len(gzip.compress(answer.body(), 6))

    parts.page.on("response", weigh)
    page = parts.open("diagram")
    expect(page.locator(".fq-canvas .djs-shape").first).to_be_visible(timeout=SLOW)
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 4
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_a_diagram_of_sixty_elements_opens_whole(enter: Enter) -> None:
    parts = Parts(enter("owner", size=SIZE), KEY)
    page = parts.open("settings")
    parts.put("wide.bpmn", wide_diagram())
    page.goto("/inbox")
    parts.open("diagram", "wide.bpmn")
    page.wait_for_function(SHOWN, arg=SHAPES, timeout=SLOW)
    expect(page.locator(".fq-side-head h2")).to_be_visible()
    parts.ask("restore", {"version": parts.ask("tree")["from_version"]})
