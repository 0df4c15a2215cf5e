"""One's own rehearsals: loaded, stored, forgotten, and kept as a scenario of a new draft.

Nobody but their owner reads a rehearsal. It touches no case, number, document or outbox.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.catalogue.manifest import Titles, read_manifest
from workflows.catalogue.source import PackageSource, read_zip, to_zip
from workflows.errors import FieldError, InvalidFormError, StaleRevisionError
from workflows.messages import Message
from workflows.rollout.places import (
    APPROVE,
    PUBLISH,
    check_place,
    find_version,
    may_here,
    read_place,
)
from workflows.rollout.rehearsal_tables import RehearsalRow
from workflows.rollout.scenarios.rehearsal import Content, Stand, finish
from workflows.rollout.scenarios.rehearsal_files import made_up_files
from workflows.rollout.versions import AddVersion, Drafted, Examiner, add_version
from workflows.storage import Actor, Session

WALKERS = PUBLISH | APPROVE
"""Abilities that let somebody rehearse a version."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Loaded:
    """A version and one's own walk of it. `content` None: not begun."""

    package: str
    number: int
    version_id: int
    title: Titles
    source: PackageSource
    content: Content | None
    revision: int
    may_publish: bool


def load_rehearsal(platform: Platform, actor: Actor, package: str, number: int) -> Loaded:
    """Raises NotVisibleError (no such version), ForbiddenError, InvalidInputError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, WALKERS)
        version = find_version(session, place, number)
        row = _row(session, version.id)
        source = read_zip(version.source)
        manifest, _ = read_manifest(source.key, source.under("bpmn").get("package.toml"))
        return Loaded(
            package=place.name,
            number=number,
            version_id=version.id,
            title=manifest.title if manifest else {"zh": place.key},
            source=source,
            content=(row.content or None) if row is not None else None,
            revision=row.revision if row is not None else 0,
            may_publish=may_here(session, place, PUBLISH),
        )


def save_rehearsal(
    platform: Platform, actor: Actor, loaded: Loaded, content: Content, revision: int
) -> int:
    """Stores the walk; the new revision. `revision`: what its page was made from. Raises
    StaleRevisionError where another page has gone on meanwhile; nothing is stored then."""
    with platform.database.transaction(actor) as session:
        row = _row(session, loaded.version_id, lock=True)
        if (row.revision if row is not None else 0) != revision:
            raise StaleRevisionError("rollout.rehearsal_stale")
        if row is None:
            row = RehearsalRow(account_id=actor.account_id, version_id=loaded.version_id)
            session.add(row)
        row.content, row.revision = dict(content), revision + 1
        row.updated_at = platform.clock.now()
        return revision + 1


def drop_rehearsal(platform: Platform, actor: Actor, loaded: Loaded, revision: int) -> int:
    """Forgets the walk, so that it can begin again. Returns and raises what `save_rehearsal`
    does: the row goes on counting, so that a page of the walk before is known as such."""
    return save_rehearsal(platform, actor, loaded, {}, revision)


@dataclass(frozen=True, slots=True)
class KeepScenario:
    """How a finished walk is kept. `name`: of the file, without `.json`."""

    name: str
    title: str
    notes: str


def keep_scenario(
    platform: Platform,
    actor: Actor,
    loaded: Loaded,
    stand: Stand,
    command: KeepScenario,
    examiner: Examiner | None = None,
) -> Drafted:
    """A new draft of the package with the walk as a scenario; made-up files it uses go along. The
    version that was walked stays as it is. Raises InvalidFormError (name or title), RuleError (the
    run is open), ForbiddenError."""
    name, title = check_names(loaded.source, command.name, command.title)
    content = finish(stand, title)
    folder = f"bpmn/{loaded.source.key}/scenarios"
    added = {f"{folder}/{name}.json": content}
    added |= {
        f"{folder}/files/{file}": data
        for file, data in made_up_files().items()
        if f'"$file": "{file}"'.encode() in content
    }
    files = {**added, **loaded.source.files, f"{folder}/{name}.json": content}
    source = replace(loaded.source, files=dict(sorted(files.items())))
    draft = AddVersion(loaded.package, to_zip(source), command.notes)
    return add_version(platform, actor, draft, examiner)


def check_names(source: PackageSource, name: str, title: str) -> tuple[str, str]:
    """Name and title, trimmed. Raises InvalidFormError for both at once: no name a file can have,
    one that is taken, no title or too long a one."""
    name, title = name.strip(), " ".join(title.split())
    errors = []
    if not 0 < len(title) <= LONGEST_TITLE:
        errors.append(
            FieldError("/title", Message("rollout.rehearsal_title", {"most": LONGEST_TITLE}))
        )
    if not NAME.match(name):
        errors.append(FieldError("/name", Message("rollout.rehearsal_name", {})))
    elif f"bpmn/{source.key}/scenarios/{name}.json" in source.files:
        errors.append(FieldError("/name", Message("rollout.rehearsal_taken", {"name": name})))
    if errors:
        raise InvalidFormError(errors)
    return name, title


def _row(session: Session, version_id: int, *, lock: bool = False) -> RehearsalRow | None:
    own = select(RehearsalRow).where(
        RehearsalRow.account_id == session.actor.account_id, RehearsalRow.version_id == version_id
    )
    return session.scalars(own.with_for_update() if lock else own).one_or_none()
