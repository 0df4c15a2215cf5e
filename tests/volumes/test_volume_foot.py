"""Page numbers of a volume stand beside what our own pages carry at their feet."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.factories.scans import draw
from webapp.pdf.renderer import RendererPool
from webapp.pdf.volume_child import EDGE_PT, NUMBER_PT
from workflows.volumes.sheets import build_numbers

FORM_MARGIN_MM = 25
"""Left margin of a ruled form (print.css): its QR picture begins there."""
MM_PT = 72 / 25.4


def test_a_number_of_four_digits_at_the_left_foot_ends_before_the_code() -> None:
    pool = RendererPool()
    html = build_numbers(2).replace("<b>2</b>", "<b>2998</b>")
    made = pool.render(html, title="a", created=datetime(2026, 9, 3, tzinfo=UTC))
    pool.close()
    sheet = draw(made.pdf, 1, dots_per_inch=300).convert("L").point(lambda value: 255 - value)
    box = sheet.getbbox()
    assert box is not None
    wide = NUMBER_PT[0] / MM_PT
    assert EDGE_PT / MM_PT + box[2] / sheet.width * wide < FORM_MARGIN_MM - 1
