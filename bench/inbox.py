"""What an inbox costs with 1,000 and with 100,000 open items.

Both installations stand side by side and take turns. Measured is the query behind page and API
(`list_inbox`: one page of 50 rows and the four counts), which is what grows; drawing 50 rows
is the same at any size. Where the small one has fewer than 50 rows for somebody, the large one is
asked for as many, so that rows are not compared with no rows. Statements are counted over the whole
page and the whole API answer, the look-up of who asks included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from bench.backlog import committees, fill
from bench.figures import Figure, Spread, interleave, timed
from bench.installation import DIALECTS, Installation, installed, quiet_client
from tests.factories.cases import add_person
from tests.web.client import counting
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.storage import SYSTEM

SMALL, LARGE = 1_000, 100_000
MOST_TIMES = 1.5
MOST_STATEMENTS = 4
ROUNDS = 25
POSTS = {"three_posts": ("人民调解员", 3), "twenty_units": ("调委会主任", 20)}
"""Username → role and in how many committees."""
OBSERVER = "city"

READERS: Mapping[str, tuple[str, InboxQuery]] = {
    "mediator with 3 posts, mine": ("three_posts", InboxQuery(tab="mine")),
    "mediator with 3 posts, claimable": ("three_posts", InboxQuery(tab="claimable")),
    "mediator with 3 posts, visible": ("three_posts", InboxQuery(tab="visible")),
    "head of 20 units, claimable": ("twenty_units", InboxQuery(tab="claimable")),
    "head of 20 units, over": ("twenty_units", InboxQuery(tab="over")),
    "head of 20 units, soon": ("twenty_units", InboxQuery(tab="soon")),
    "head of 20 units, visible": ("twenty_units", InboxQuery(tab="visible")),
    "city observer, visible": (OBSERVER, InboxQuery(tab="visible")),
    "city observer, newest first": (OBSERVER, InboxQuery(tab="visible", sort="created_at")),
    "search 纠纷, mediator, claimable": ("three_posts", InboxQuery(tab="claimable", q="纠纷")),
    "search 纠纷, mediator, visible": ("three_posts", InboxQuery(tab="visible", q="纠纷")),
    "search 纠纷, head of 20 units": ("twenty_units", InboxQuery(tab="visible", q="纠纷")),
    "search 纠纷, city observer": (OBSERVER, InboxQuery(tab="visible", q="纠纷")),
    "search 浇水, city observer": (OBSERVER, InboxQuery(tab="visible", q="浇水")),
}


def measure() -> Iterator[Figure]:
    """Ratios and statement counts on both databases."""
    for dialect in DIALECTS:
        with ExitStack() as stack:
            small = stack.enter_context(_crowded(dialect, SMALL))
            large = stack.enter_context(_crowded(dialect, LARGE))
            for name, (username, query) in READERS.items():
                spreads = _take_turns(small, large, username, query)
                at = f"{name} ({dialect})"
                yield spreads["large"].against(spreads["small"], at, MOST_TIMES)
                yield spreads["large"].in_ms("… at 100,000")
            yield from _counts(large)


def _take_turns(
    small: Installation, large: Installation, username: str, query: InboxQuery
) -> dict[str, Spread]:
    found = list_inbox(small.platform, small.actor(username), query)
    asked = replace(query, page_size=min(query.page_size, max(len(found.rows), 1)))
    things = {
        name: timed(lambda house=house: list_inbox(house.platform, house.actor(username), asked))
        for name, house in (("small", small), ("large", large))
    }
    return interleave(ROUNDS, **things)


@contextmanager
def _crowded(dialect: str, count: int) -> Iterator[Installation]:
    with installed(dialect) as house:
        _hire(house)
        fill(house, count)
        yield house


def _hire(house: Installation) -> None:
    """The mediator and the head; the observer is one of the demo's."""
    offices = committees(house)[0]
    with house.platform.database.transaction(SYSTEM) as session:
        for username, (role, count) in POSTS.items():
            posts = [f"{role}@{office.code}" for office in offices[:count]]
            add_person(session, house.platform.ids, username, posts)


def _counts(house: Installation) -> list[Figure]:
    ask = quiet_client(house, "three_posts")
    figures = []
    for name, path in (("page", "/inbox?tab=claimable"), ("api", "/api/v1/tasks?scope=claimable")):
        for _warm in range(2):
            with counting(house.platform.database) as count:
                answer = ask.get(path)
        if answer.status_code == 200:
            figures.append(
                Figure(
                    f"statements, {name} ({house.dialect})", count.statements, "", MOST_STATEMENTS
                )
            )
    return figures
