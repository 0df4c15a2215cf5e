"""How long a first PDF takes after start, and each one after it; how heavy both sides are.

    python -m bench.pdf            figures in milliseconds and MiB, then the two budgets
    python -m bench.pdf --json     the same as one JSON object

Budgets: the first PDF within 1.5 s of the pool's start, then at most 150 ms each; the asking
process must not have imported the layout engine.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from datetime import UTC, datetime

from webapp.pdf.renderer import RendererPool
from workflows.documents.page import PageFrame, build_page

FIRST_SECONDS = 1.5
NEXT_SECONDS = 0.150
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
    )
    return build_page(body, frame)


def measure() -> dict[str, float]:
    """All figures of one run: seconds, MiB, and each as a share of its budget."""
    pool = RendererPool()
    created = datetime(2026, 9, 3, tzinfo=UTC)
    seconds = []
    for number in range(ROUNDS + 1):
        html = agreement(number)
        started = time.perf_counter()
        made = pool.render(html, title="人民调解协议书", created=created)
        seconds.append(time.perf_counter() - started)
    pool.close()
    first, following = seconds[0], seconds[1:]
    return {
        "pages": made.pages,
        "pdf_kib": round(len(made.pdf) / 1024, 1),
        "first_s": round(first, 3),
        "median_s": round(statistics.median(following), 4),
        "slowest_s": round(max(following), 4),
        "first_of_budget": round(first / FIRST_SECONDS, 2),
        "median_of_budget": round(statistics.median(following) / NEXT_SECONDS, 2),
        "asking_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "renderer_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
    }


def main() -> int:
    """Print the figures; 1 where a budget is broken."""
    figures = measure()
    if "--json" in sys.argv[1:]:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:18} {value}")
    if "weasyprint" in sys.modules:
        print("the asking process imported weasyprint", file=sys.stderr)
        return 1
    return int(figures["first_of_budget"] > 1 or figures["median_of_budget"] > 1)


if __name__ == "__main__":
    raise SystemExit(main())
