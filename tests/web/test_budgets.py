"""What a request may cost in statements: the budgets of the work people do all day."""

from __future__ import annotations

import pytest

from tests.factories.cases import World
from tests.web.client import counting
from tests.web.conftest import Enter
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.records import InboxRow

MOST_TO_COMPLETE = 12
MOST_FOR_A_LIST = 4


def newest(world: World) -> InboxRow:
    """The round of talking that waits now."""
    return list_inbox(world.platform, world.actor("mediator"), InboxQuery(tab="claimable")).rows[0]


def test_a_sent_form_takes_twelve_statements_and_one_commit_at_most(
    enter: Enter, world: World
) -> None:
    world.at_talk()
    mediator = enter("mediator")
    costs = []
    for number in range(6):
        row = newest(world)
        fields = {
            "outcome": "again",
            "note": "谈了",
            "_revision": str(row.revision),
            "_key": f"round-{number}",
            "csrf_token": mediator.token(),
        }
        with counting(world.platform.database) as count:
            answer = mediator.ask("POST", f"/tasks/{row.id}", data=fields)
        assert answer.status_code == 303
        costs.append((count.statements, count.commits))
    assert max(costs) <= (MOST_TO_COMPLETE, 1)
    assert len(set(costs[1:])) == 1


@pytest.mark.parametrize("tab", ["mine", "claimable", "soon", "over"])
@pytest.mark.parametrize("q", ["", "水渠"])
def test_an_inbox_page_takes_four_statements_at_most(
    enter: Enter, world: World, tab: str, q: str
) -> None:
    for _ in range(3):
        world.at_talk()
    mediator = enter("mediator")
    mediator.visit("/inbox")
    mediator.visit("/inbox", most_statements=MOST_FOR_A_LIST)
    mediator.visit(f"/inbox?tab={tab}&q={q}", most_statements=MOST_FOR_A_LIST)


@pytest.mark.parametrize("scope", ["mine", "claimable", "visible"])
def test_a_list_of_work_items_takes_four_statements_at_most(
    enter: Enter, world: World, scope: str
) -> None:
    for _ in range(3):
        world.at_talk()
    mediator = enter("mediator")
    mediator.visit("/inbox")
    with counting(world.platform.database) as count:
        answer = mediator.ask("GET", f"/api/v1/tasks?scope={scope}&q=水渠")
    assert answer.status_code == 200
    assert count.statements <= MOST_FOR_A_LIST


def test_a_list_of_cases_takes_four_statements_at_most(enter: Enter, world: World) -> None:
    for _ in range(3):
        world.open()
    mediator = enter("mediator")
    mediator.visit("/cases")
    mediator.visit("/cases", most_statements=MOST_FOR_A_LIST)
