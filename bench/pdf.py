"""How long a first PDF takes after start, and each one after it; how heavy both sides are.

Budgets: the first PDF within 1.5 s of the pool's start, then at most 150 ms each; the asking
process must not have imported the layout engine.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import UTC, datetime

from bench.figures import Figure, Spread
from webapp.pdf.renderer import RendererPool
from workflows.documents.page import PageFrame, build_page

FIRST_MS = 1500
NEXT_MS = 150
ROUNDS = 20

CLAUSE = (
    "<p>（一）马成林于2026年9月30日前，一次付给赵秀兰修复费用人民币9,600.00元"
    "（大写：玖仟陆佰元整），转入赵秀兰本人账户。</p>"
)
FACTS = (
    "<p>2026年7月19日，马成林家中水管破裂，致赵秀兰家中吊顶、地板受损。双方对损失数额有争议，"
    "于2026年8月3日共同申请调解。经查看现场，双方认可修复费用为9,600.00元。</p>"
)


def agreement(number: int) -> str:
    """A three-page agreement; each has another number, so nothing is answered from a cache."""
    body = "<h1>人民调解协议书</h1>" + FACTS * 6 + "<h2>二、协议内容</h2>" + CLAUSE * 6
    frame = PageFrame(
        title="人民调解协议书",
        unit_name="肃州区西峰镇人民调解委员会",
        number=f"西峰镇人调字〔2026〕第{number}号",
        verify_code="7K3M-Q9TX-22HD",
        verify_url="https://jiuquan.example/verify/7K3M-Q9TX-22HD",
        text_mark="3f9a01bc77de",
    )
    return build_page(body, frame)


def measure() -> list[Figure]:
    """First and following documents, and how heavy the asking and the rendering process are."""
    pool = RendererPool()
    created = datetime(2026, 9, 3, tzinfo=UTC)
    seconds = []
    for number in range(ROUNDS + 1):
        html = agreement(number)
        started = time.perf_counter()
        pool.render(html, title="人民调解协议书", created=created)
        seconds.append(time.perf_counter() - started)
    pool.close()
    renderer = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        Figure("first PDF after start", seconds[0] * 1000, "ms", FIRST_MS),
        Spread(tuple(seconds[1:])).in_ms("following PDFs", NEXT_MS),
        Figure("renderer process, most", renderer, "MiB"),
        Figure("weasyprint in the asking process", float("weasyprint" in sys.modules), "", 0),
    ]
