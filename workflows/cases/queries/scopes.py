"""What an actor's posts mean for a list: conditions that each match one index.

One condition over several posts (`(unit, role) IN …`) makes both databases read far more rows than
the page has (measured: 33 ms against 0.1 ms over a million rows). So every post becomes a branch
of its own, read in order and cut at the page's length, and the branches are merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, literal_column, true

from workflows.cases.item_rows import area_of
from workflows.cases.tables import NOBODY, NORMAL, Participation, WorkItem
from workflows.storage import Actor, HeldPost

Condition: TypeAlias = ColumnElement[bool]

ITEM = WorkItem.__table__.c
OPEN: Condition = ITEM.state == literal_column("'open'")
"""Written out: a partial index is only used where its condition stands in the statement."""

MOST_BRANCHES = 300
"""SQLite joins at most 500 selects."""


def mine(actor: Actor) -> list[Condition]:
    """Open items the actor has, and those of people on leave for whom the actor stands in."""
    stood_in = {
        (post.absent, post.role, post.unit, post.unit_path, post.reach): None
        for post in actor.posts
        if post.absent and post.absent != actor.username
    }
    return [
        and_(OPEN, ITEM.assignee == actor.username),
        *(
            and_(
                OPEN,
                ITEM.assignee == absent,
                ITEM.role == role,
                *(_below(path) if reach == "subtree" else (ITEM.unit_code == unit,)),
                ITEM.access_class == NORMAL,
            )
            for absent, role, unit, path, reach in stood_in
        ),
    ]


def claimable(actor: Actor) -> list[Condition]:
    """Open items nobody has, of roles the actor holds."""
    free = ITEM.assignee == ""
    posts = [post for post in actor.posts if "claim" in post.abilities]
    pairs = {(post.unit, post.role): None for post in posts if post.reach == "unit"}
    trees = {
        (post.unit_path, post.role): None
        for post in posts
        if post.reach == "subtree" and not _is_covered(post, posts)
    }
    inside = [
        and_(OPEN, ITEM.unit_code == unit, ITEM.role == role, free)
        for unit, role in pairs
        if not any(role == other and _unit_below(posts, unit, path) for path, other in trees)
    ]
    below = [and_(OPEN, *_below(path), ITEM.role == role, free) for path, role in trees]
    return [*inside, *below][:MOST_BRANCHES]


def visible(actor: Actor) -> list[Condition]:
    """Open items of everywhere the actor may look, the actor's own ones, and what a post without
    sight may claim. An item may meet several of them: whoever merges takes each once.

    None says what another one leaves out: it would walk an index to its end to find nothing.
    """
    sighted = [post for post in actor.posts if post.abilities & {"see_index", "see_full"}]
    trees = tops(sighted)
    units = sorted(
        {
            post.unit
            for post in sighted
            if post.reach == "unit" and not any(post.unit_path.startswith(tree) for tree in trees)
        }
    )
    normal = ITEM.access_class == NORMAL
    branches = [and_(OPEN, *_below(tree), normal) for tree in trees]
    branches += [and_(OPEN, ITEM.unit_code == unit, normal) for unit in units]
    return [*branches, *mine(actor), *claimable(actor)][:MOST_BRANCHES]


def participations(actor: Actor) -> list[Condition]:
    """Participations by which the actor may know of a case, one branch for each of the actor's
    units and trees, and one for the actor in person."""
    sighted = [post for post in actor.posts if post.abilities & {"see_index", "see_full"}]
    part, trees = Participation, tops(sighted)
    units = {post.unit for post in sighted if post.reach == "unit"}
    everybody = and_(part.account_id == NOBODY, part.access_class == NORMAL)
    branches = [and_(part.unit_code == unit, everybody) for unit in sorted(units)]
    branches += [
        and_(part.unit_path.startswith(tree, autoescape=True), everybody) for tree in trees
    ]
    own = part.account_id == actor.account_id
    return [true()] if actor.is_system else [own, *branches][:MOST_BRANCHES]


def units_of(actor: Actor) -> list[str] | None:
    """Codes a search may be narrowed to; None where some post sees from the top of the tree."""
    codes = {
        post.unit if post.reach == "unit" else post.unit_path.strip("/").split("/")[-1]
        for post in actor.posts
    }
    roots = {post.unit_path.strip("/") for post in actor.posts if post.reach == "subtree"}
    return None if any("/" not in root for root in roots) else sorted(codes)


def _below(path: str) -> Sequence[Condition]:
    """Rows of a unit and everything below it; of a county or less by the county's index."""
    within = ITEM.unit_path.startswith(path, autoescape=True)
    deep = path.strip("/").count("/") > 0
    return (ITEM.county_code == area_of(path), within) if deep else (within,)


def tops(posts: Sequence[HeldPost]) -> list[str]:
    """Paths of subtree posts that lie in no other one."""
    paths = sorted({post.unit_path for post in posts if post.reach == "subtree"}, key=len)
    tops: list[str] = []
    for path in paths:
        if not any(path.startswith(top) for top in tops):
            tops.append(path)
    return tops


def _is_covered(post: HeldPost, posts: Sequence[HeldPost]) -> bool:
    """Whether a post of the same role reaches everything this one does."""
    return any(
        other.reach == "subtree"
        and other.role == post.role
        and other.unit_path != post.unit_path
        and post.unit_path.startswith(other.unit_path)
        for other in posts
    )


def _unit_below(posts: Sequence[HeldPost], unit: str, path: str) -> bool:
    return any(post.unit == unit and post.unit_path.startswith(path) for post in posts)
