"""For whom a session works. The types live here because sessions need them; `organisation`
fills them (`workflows.organisation.actors.load_actor`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class HeldPost:
    """One role an actor may use today, in one unit.

    `role`: the Chinese role name (a lane's name). `unit`: unit code; `unit_path` its path
    "/620900/620902/…/". `reach`: "unit" = this unit only, "subtree" = this unit and all below.
    `delegated_from`: name of the person on leave whose post this is, None for an own post;
    `absent`: that person's username, None too where they have no account.
    """

    role: str
    unit: str
    unit_path: str
    reach: str
    abilities: frozenset[str]
    delegated_from: str | None = None
    absent: str | None = None

    def covers(self, unit_path: str) -> bool:
        """Whether a unit with this path lies within the reach of the post."""
        if self.reach == "subtree":
            return unit_path.startswith(self.unit_path)
        return unit_path == self.unit_path


@dataclass(frozen=True)
class Actor:
    """A signed-in person with the posts of today, or the system itself.

    `kind`: "user" | "system". `language`: a tag of `workflows.messages.LANGUAGES`.
    """

    account_id: int
    username: str
    name: str
    language: str
    posts: tuple[HeldPost, ...]
    kind: str = "user"

    @property
    def is_system(self) -> bool:
        """Worker, migrations and demo building act as the system: no row is hidden from them."""
        return self.kind == "system"

    @cached_property
    def abilities(self) -> frozenset[str]:
        """Every ability held anywhere; where it counts is asked of the posts."""
        return frozenset().union(*(post.abilities for post in self.posts))

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(role, unit) of all posts, each once, in order: what claimable items are found by."""
        return tuple(dict.fromkeys((post.role, post.unit) for post in self.posts))

    def stands_in_for(self, username: str, role: str, unit_path: str) -> bool:
        """Whether the actor does somebody's work of a role in a unit while they are on leave."""
        return any(
            post.absent == username and post.role == role and post.covers(unit_path)
            for post in self.posts
            if post.absent is not None
        )

    def may_in(self, ability: str, unit_path: str) -> bool:
        """Whether some post that covers the unit carries the ability."""
        return any(ability in post.abilities and post.covers(unit_path) for post in self.posts)


SYSTEM = Actor(0, "system", "系统", "zh-Hans", (), "system")
"""Worker, migrations, demo building."""
