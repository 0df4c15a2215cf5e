"""Whoever does the work may see less than the work changes: no answer may be lost by that."""

from __future__ import annotations

from sqlalchemy import update

from tests.factories.cases import rows
from tests.factories.handoffs import COURT, COURT_UNIT, TALKS, Letters
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.tables import Participation, Run
from workflows.handoffs.queries.letters import LettersQuery, list_letters
from workflows.handoffs.tables import Handoff
from workflows.organisation.tables import Role
from workflows.storage import SYSTEM


def blind(letters: Letters, role: str) -> None:
    """The role sees no case any more, only what it may do."""
    with letters.world.platform.database.transaction(SYSTEM) as session:
        row = session.get_one(Role, role)
        row.abilities = [one for one in row.abilities if not one.startswith("see_")]


def ends(letters: Letters) -> dict[str, str | None]:
    return {run.process: run.end_state for run in rows(letters.world, Run)}


def test_an_answer_of_somebody_without_sight_arrives(letters: Letters) -> None:
    letters.send()
    letters.work()
    blind(letters, "调委会主任")
    letters.complete("head", "receive", takes="no", reason="busy")
    letters.work()
    (row,) = rows(letters.world, Handoff)
    assert (row.state, ends(letters)[TALKS]) == ("declined", "e_declined")


def test_returns_are_counted_for_somebody_without_sight(letters: Letters) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="no", reason="busy")
    letters.work()
    blind(letters, "法院联络员")
    letters.world.hire("liaison2", f"法院联络员@{COURT_UNIT}")
    letters.complete("liaison2", "choose", to="1111-TW")
    assert [row.returns for row in rows(letters.world, Handoff)] == [0, 1]


def test_a_restricted_matter_goes_over_and_its_answer_comes_back(letters: Letters) -> None:
    opened, _ = letters.file()
    chief = letters.world.hire("chief", f"所长@{COURT_UNIT}")
    platform = letters.world.platform
    seal(platform, chief, CaseCommand(opened.case, "涉及未成年人"))
    letters.complete("liaison", "choose", to="111-TW")
    letters.work()
    for username, element, values in (
        ("head", "receive", {"takes": "yes"}),
        ("mediator", "talk", {"outcome": "agreed", "terms": "各让一步"}),
    ):
        item = letters.task(username, element)
        claimed = claim(platform, letters.world.actor(username), ItemCommand(item.id))
        letters.world.complete(username, claimed, **values)
        letters.work()
    assert ends(letters) == {COURT: "e_agreed", TALKS: "e_done"}
    (row,) = rows(letters.world, Handoff)
    assert (row.state, row.access_class) == ("answered", "sealed")


def test_the_title_of_a_case_out_of_sight_is_not_shown_to_who_sees_another(
    letters: Letters,
) -> None:
    """A condition that was met by any case the reader takes part in showed every title."""
    letters.send()
    letters.work()
    letters.world.hire("both", f"所长@{COURT_UNIT}", "调委会主任@111-TW")
    (row,) = rows(letters.world, Handoff)
    platform = letters.world.platform

    def titles() -> list[str | None]:
        query = LettersQuery(box="out")
        return [
            one.title for one in list_letters(platform, letters.world.actor("both"), query).rows
        ]

    assert None not in titles()
    with platform.database.transaction(SYSTEM) as session:
        hidden = update(Participation).where(Participation.case_id == row.from_case)
        session.execute(hidden.values(access_class="sealed"))
    assert titles() == [None]
