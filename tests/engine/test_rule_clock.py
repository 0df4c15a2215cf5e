"""A decision never sees the machine's clock: `today()` in its tables is the day of the act."""

from __future__ import annotations

from datetime import date

from tests.factories.engine import MORNING, Case, Drawing, compiled
from tests.factories.engine_state import data_of
from workflows.cases.decision import today_of

STAMP = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="f">
  <decision id="stamp" name="stamp">
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i"><inputExpression id="x"><text>true</text></inputExpression></input>
      <output id="o" name="stamped"/>
      <rule id="r">
        <inputEntry id="a"><text>-</text></inputEntry>
        <outputEntry id="b"><text>string(today())</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>"""


def test_today_in_a_decision_is_the_day_of_the_act():
    drawing = Drawing("p").start().rule("n", "stamp").end().flow("s > n > e")
    case = Case(compiled(drawing, decisions={"stamp.dmn": STAMP}))
    case.start()
    assert today_of(MORNING) != date.today()  # noqa: DTZ011 - the very clock that must not show
    assert data_of(case)["stamped"] == today_of(MORNING).isoformat()
