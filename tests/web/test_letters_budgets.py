"""What handing over may cost in statements: sending, receiving, answering, bringing the answer."""

from __future__ import annotations

from tests.factories.cases import rows
from tests.factories.handoffs import Letters
from tests.web import letters as fixtures
from tests.web.client import Count, counting
from tests.web.conftest import Enter
from workflows.cases.queries.records import InboxRow
from workflows.cases.tables import Document
from workflows.documents.make import make_bytes
from workflows.handoffs.places import DELIVER_TOPIC, REPLY_TOPIC
from workflows.handoffs.tables import Handoff

letters, world = fixtures.letters, fixtures.world
MOST = 20


def submit(enter: Enter, letters: Letters, username: str, item: InboxRow, **fields: str) -> Count:
    """A form sent by a person, counted after a first one has warmed everything up."""
    person = enter(username)
    person.visit("/inbox")
    sent = {**fields, "_revision": str(item.revision), "_key": "k", "csrf_token": person.token()}
    with counting(letters.world.platform.database) as count:
        answer = person.ask("POST", f"/tasks/{item.id}", data=sent)
    assert answer.status_code == 303
    return count


def make_papers(letters: Letters) -> None:
    """Documents are made by whoever is first, mostly before the letter is brought: so here."""
    for document in rows(letters.world, Document):
        make_bytes(letters.world.platform, letters.renderer, document.id)


def warm(letters: Letters) -> None:
    """A letter before, so that both packages are compiled."""
    letters.send("1111-TW")
    letters.work()


def test_sending_takes_twenty_statements_and_one_commit_at_most(
    letters: Letters, enter: Enter
) -> None:
    _, choose = letters.file()
    count = submit(enter, letters, "liaison", choose, to="111-TW")
    assert (count.statements <= MOST, count.commits) == (True, 1), count


def test_receiving_takes_twenty_statements_and_one_commit_at_most(letters: Letters) -> None:
    warm(letters)
    letters.send()
    make_papers(letters)
    row = rows(letters.world, Handoff)[-1]
    with counting(letters.world.platform.database) as count:
        assert letters.do(DELIVER_TOPIC, {"handoff": row.id}) == "done"
    assert (count.statements <= MOST, count.commits) == (True, 1), count


def test_answering_and_bringing_the_answer_take_twenty_statements_and_one_commit_each(
    letters: Letters, enter: Enter
) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.work()
    talk = letters.task("mediator", "talk")
    count = submit(enter, letters, "mediator", talk, outcome="agreed", terms="各让一步")
    assert (count.statements <= MOST, count.commits) == (True, 1), count
    make_papers(letters)
    (row,) = rows(letters.world, Handoff)
    with counting(letters.world.platform.database) as count:
        order = {"handoff": row.id, "number": row.answers}
        assert letters.do(REPLY_TOPIC, order) == "delivered"
    assert (count.statements <= MOST, count.commits) == (True, 1), count
