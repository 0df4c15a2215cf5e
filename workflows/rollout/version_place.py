"""Where a package counts, and who may do what with its versions there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from workflows.catalogue.source import KEY
from workflows.catalogue.tables import PackageVersion
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError
from workflows.organisation.tables import Unit
from workflows.storage import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A package as addresses name it: `key`, or `key@unit` for a unit's own way."""

    key: str
    unit: str

    @classmethod
    def read(cls, text: str) -> Place:
        """From an address. InvalidInputError("package.bad_key")."""
        key, _, unit = text.partition("@")
        if not KEY.match(key):
            raise InvalidInputError("package.bad_key", key=key[:60])
        return cls(key, unit)

    def check(self, session: Session, abilities: Collection[str]) -> None:
        """ForbiddenError unless the actor has one of the abilities where the package counts: at
        the top of the tree for the common one. InvalidInputError for a unit that is none."""
        wanted = Unit.code == self.unit if self.unit else Unit.parent_code.is_(None)
        paths = session.scalars(select(Unit.path).where(wanted)).all()
        if not paths:
            raise InvalidInputError("unit.unknown", code=self.unit)
        actor = session.actor
        if not actor.is_system and not any(
            actor.may_in(one, path) for one in abilities for path in paths
        ):
            raise ForbiddenError("rollout.not_yours")

    def find(self, session: Session, number: int) -> PackageVersion:
        """The version of that number. NotVisibleError."""
        row = session.scalars(
            select(PackageVersion).where(
                PackageVersion.key == self.key,
                PackageVersion.unit_code == self.unit,
                PackageVersion.number == number,
            )
        ).one_or_none()
        if row is None:
            raise NotVisibleError("package.version_unknown", key=self.key, number=number)
        return row
