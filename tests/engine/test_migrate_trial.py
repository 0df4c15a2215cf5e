"""The trial on a copy: a next step that fails, and a state that does not come back the same."""

from __future__ import annotations

from tests.engine.test_migrate import WORLD, Draw, line, refused, running, version
from tests.factories.engine import Case, Drawing, timer_event
from workflows.engine.migrate import migrate_state
from workflows.engine.migrate_trial import try_out


def waits_after(expression: str) -> Draw:
    """`a`, then a clock."""

    def draw(drawing: Drawing) -> None:
        drawing.user("a").catch("wait", timer_event(expression)).flow("s > a > wait > e")

    return draw


def test_a_next_step_that_fails_where_it_went_before_keeps_the_case():
    case = running(version(waits_after('deadline("mediation", today)')))
    broken = version(waits_after('deadline("mediation", left)'))
    assert refused(case, broken) == ("step_fails", "a")


def test_a_next_step_that_failed_before_does_not_keep_the_case():
    broken = waits_after('deadline("mediation", left)')
    case = running(version(broken))
    assert isinstance(migrate_state(_state(case), case.version, version(broken), WORLD), bytes)


def test_a_state_that_is_not_that_of_the_case_is_not_the_same():
    """What the trial is handed stands one step further than the case does."""
    drawn = version(line("a", "b"))
    before, after = running(drawn), running(drawn, "a")
    refusal = try_out(_state(before), _state(after), drawn, drawn, WORLD)
    assert refusal is not None
    assert refusal.message.code == "engine.migrate_not_same"


def _state(case: Case) -> bytes:
    assert case.state is not None
    return case.state
