"""One request's rehearsal: the version, one's own walk of it, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from webapp.packages.rehearse_inputs import Chosen
from webapp.pages.kept import opened
from webapp.pages.now import now, platform
from webapp.security import current_actor
from workflows.cases.decision import NewItem
from workflows.catalogue.manifest import StartForm
from workflows.catalogue.package import Package
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.formspec import Form
from workflows.rollout.scenarios.rehearsal import (
    Content,
    Stand,
    fresh,
    start_of,
    walk_again,
)
from workflows.rollout.scenarios.rehearsal_forms import made_up
from workflows.rollout.scenarios.rehearsal_rows import Loaded, load_rehearsal, save_rehearsal
from workflows.rollout.scenarios.rehearsal_tasks import find_task
from workflows.rollout.scenarios.rehearsal_view import Person, candidates, starters
from workflows.rollout.scenarios.run_scenario import OpenTask
from workflows.rollout.world.pure_run import PureRun


@dataclass(frozen=True, slots=True)
class Walk:
    """`stand`: before the start where nothing was begun. `is_begun`: whether something was."""

    loaded: Loaded
    package: Package
    others: Mapping[str, Package]
    stand: Stand

    @property
    def is_begun(self) -> bool:
        return self.loaded.content is not None

    def anew(self) -> Walk:
        """The same walk once more: what was refused may have left traces in the world."""
        return replace(self, stand=_stand(self.package, self.others, self.loaded.content))


@dataclass(frozen=True, slots=True)
class Asked:
    """A form somebody fills in, and as whom. `form`: with choices in place of files; `real`: as
    the package has it; both None for a task without one. `task`, `run`, `item`: None at the
    start; `start`: None for a task."""

    person: Person
    people: tuple[Person, ...]
    form: Form | None
    real: Form | None
    start: StartForm | None = None
    task: OpenTask | None = None
    run: PureRun | None = None
    item: NewItem | None = None


def load(package: str, number: int) -> Walk:
    """Raises NotVisibleError, ForbiddenError, InvalidInputError; PackageError for a version that
    cannot run."""
    loaded = load_rehearsal(platform(), current_actor(), package, number)
    compiled, others = opened(loaded.source)
    return Walk(loaded, compiled, others, _stand(compiled, others, loaded.content))


def _stand(package: Package, others: Mapping[str, Package], content: Content | None) -> Stand:
    if content is None:
        return fresh(package, others, start_of(now()))
    return walk_again(package, others, content)


def save(walk: Walk, content: Content, revision: int) -> None:
    """Stores how far it has come. Raises StaleRevisionError."""
    save_rehearsal(platform(), current_actor(), walk.loaded, content, revision)


def find_asked(walk: Walk, chosen: Chosen) -> Asked | None:
    """The form the address asks for, None where it asks for none. Raises NotVisibleError where
    there is no such start or open task (any more)."""
    if chosen.task and walk.is_begun:
        return _asked_task(walk, chosen)
    if chosen.start and not walk.is_begun:
        return _asked_start(walk, chosen)
    return None


def _asked_start(walk: Walk, chosen: Chosen) -> Asked:
    start = walk.package.manifest.start(chosen.start)
    if start is None:
        raise NotVisibleError("web.no_such_page")
    people = starters(walk.package, walk.stand.world.today())
    real = walk.package.forms[start.form]
    shown = made_up(real, walk.stand, None)
    return Asked(pick(people, chosen.who), people, shown, real, start=start)


def _asked_task(walk: Walk, chosen: Chosen) -> Asked:
    task, run, item = find_task(walk.stand.world, chosen.task)
    people = candidates(walk.stand, run, item)
    real = run.around.package.form_of(item.form)
    shown = made_up(real, walk.stand, run) if real is not None else None
    person = pick(people, chosen.who)
    return Asked(person, people, shown, real, task=task, run=run, item=item)


def pick(people: tuple[Person, ...], key: str) -> Person:
    """Whoever was chosen, the likeliest where nobody was. Raises InvalidInputError for somebody
    who may not."""
    found = next((one for one in people if key in ("", one.key)), None)
    if found is None:
        raise InvalidInputError("rollout.rehearsal_who")
    return found
