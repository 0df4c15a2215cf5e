"""A rehearsal → its page: the open tasks or a form, the clock, what happened, the diagrams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, url_for
from markupsafe import Markup

from webapp.diagrams.files import drawn_by_process
from webapp.diagrams.svg import paint
from webapp.forms.build import Known
from webapp.forms.render import error_links, render_form
from webapp.packages import rehearse_walk, rehearse_words
from webapp.packages.pictures import SVG
from webapp.packages.rehearse_inputs import Chosen, SentKeep, SentMessage
from webapp.packages.rehearse_walk import Asked, Walk
from webapp.packages.rehearse_words import sentence
from webapp.pages.formats import spoken, titled
from webapp.pages.language import current_language
from webapp.pages.layout import render_page
from webapp.pages.markdown import render_markdown
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.catalogue.manifest import StartForm
from workflows.errors import FieldError, InvalidInputError, NotVisibleError, PackageError
from workflows.formspec import Form, Widget
from workflows.messages import Message
from workflows.rollout.scenarios.rehearsal import Stand
from workflows.rollout.scenarios.rehearsal_forms import begin_values, first_values, notice_of
from workflows.rollout.scenarios.rehearsal_rows import load_rehearsal
from workflows.rollout.scenarios.rehearsal_view import Person, starters, view
from workflows.rollout.scenarios.run_scenario import WITHDRAW

__all__ = ["Typed", "open_page", "picture", "render", "sentence"]

MOST_ACTIVE = 50


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back with a refused act: the raw values of the form, what is wrong with fields,
    the reason it was refused for otherwise, and the page's own inputs. `form` None: not typed."""

    form: Mapping[str, Any] | None = None
    errors: Sequence[FieldError] = ()
    refusal: Message | None = None
    days: str = ""
    message: SentMessage = field(default_factory=SentMessage)
    keep: SentKeep = field(default_factory=SentKeep)

    def wrong(self, errors: Sequence[FieldError]) -> Typed:
        """The same with wrong fields."""
        return replace(self, errors=tuple(errors))

    def refused(self, why: Message) -> Typed:
        """The same with a reason."""
        return replace(self, refusal=why)


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as the template draws it. `people`: (key, words); `has_files`: some are chosen."""

    title: Mapping[str, str]
    url: str
    who: str
    key: str
    people: tuple[tuple[str, str], ...]
    form: Markup
    instructions: Markup
    notice: str
    links: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str], ...]
    has_files: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram: its title, the address of the whole, and one of the elements that are current."""

    title: str
    url: str
    around: str

    @property
    def near(self) -> str:
        """Address of the current element's surroundings."""
        return f"{self.url}&around={self.around}"


def open_page(package: str, number: int, chosen: Chosen) -> str:
    """The page as it is asked for; for a version that cannot run, a page that says so."""
    try:
        walk = rehearse_walk.load(package, number)
    except PackageError:
        loaded = load_rehearsal(platform(), current_actor(), package, number)
        return render_page("packages/rehearse_broken.html", loaded=loaded)
    return render(walk, chosen, Typed())


def render(walk: Walk, chosen: Chosen, typed: Typed) -> str:
    """The page. `typed`: what came back with it."""
    shown = _shown(walk, chosen, typed)
    own = {one.path.strip("/"): spoken(one.message) for one in typed.errors} if not shown else {}
    return render_page(
        "packages/rehearse.html",
        loaded=walk.loaded,
        walk=walk,
        view=view(walk.stand) if walk.is_begun else None,
        shown=shown,
        starts=_starts(walk) if not walk.is_begun else [],
        typed=typed,
        own_errors=own,
        errors=shown.links if shown else tuple(own.items()),
        refusal=spoken(typed.refusal) if typed.refusal else "",
        diagrams=_diagrams(walk),
        withdraw=walk.package.manifest.key + WITHDRAW,
        sentence=sentence,
        followed=rehearse_words.followed,
        person=rehearse_words.person,
        limit=rehearse_words.limit,
    )


def picture(
    package: str, number: int, process: str, active: Sequence[str], around: str
) -> Response:
    """One diagram, elements painted as current; `around`: only the surroundings of one of them, ""
    for the whole. Raises NotVisibleError, ForbiddenError."""
    loaded = load_rehearsal(platform(), current_actor(), package, number)
    drawn = drawn_by_process(loaded.source).get(process)
    if drawn is None:
        raise NotVisibleError("web.no_such_page")
    language = current_language()
    painted = paint(drawn, active=active[:MOST_ACTIVE], language=language, around=around)
    return Response(painted, content_type=SVG)


def _starts(walk: Walk) -> list[tuple[StartForm, list[tuple[str, str]]]]:
    people = _people(starters(walk.package, walk.stand.world.today()))
    return [(start, people) for start in walk.package.manifest.starts]


def _people(people: Sequence[Person]) -> list[tuple[str, str]]:
    return [(one.key, rehearse_words.person(one)) for one in people]


def _shown(walk: Walk, chosen: Chosen, typed: Typed) -> Shown | None:
    try:
        asked = rehearse_walk.find_asked(walk, chosen)
    except NotVisibleError:
        return None
    except InvalidInputError:
        asked = rehearse_walk.find_asked(walk, replace(chosen, who=""))
    if asked is None:
        return None
    title, act = _titles(asked)
    path = {"package": walk.loaded.package, "number": walk.loaded.number}
    where = {"start": chosen.start} if asked.start is not None else {"task": chosen.task}
    stand, language = walk.stand, current_language()
    links = error_links(asked.form, typed.errors, language) if asked.form is not None else ()
    return Shown(
        title=title,
        url=url_for(act, **path, **where, **{"as": asked.person.key}),
        who=rehearse_words.person(asked.person),
        key=asked.person.key,
        people=tuple(_people(asked.people)),
        form=_drawn(stand, asked, typed),
        instructions=render_markdown(_instructions(asked)),
        notice=_notice(stand, asked),
        links=links,
        hidden=tuple(where.items()),
        has_files=asked.real is not None and _has_files(asked.real),
    )


def _titles(asked: Asked) -> tuple[Mapping[str, str], str]:
    if asked.start is not None:
        return asked.start.title, "packages.rehearse_start"
    return (asked.item.title if asked.item is not None else {}), "packages.rehearse_task"


def _has_files(form: Form) -> bool:
    return any(one.widget in (Widget.FILE, Widget.SIGNATURE) for _, one in form.walk())


def _instructions(asked: Asked) -> str:
    return asked.item.instructions if asked.item is not None else ""


def _notice(stand: Stand, asked: Asked) -> str:
    if asked.run is None or asked.item is None:
        return ""
    return notice_of(stand, asked.run, asked.item)


def _drawn(stand: Stand, asked: Asked, typed: Typed) -> Markup:
    if asked.form is None or asked.real is None:
        return Markup("")
    if typed.form is not None:
        values = typed.form
    elif asked.run is not None and asked.item is not None:
        values = first_values(stand, asked.real, asked.run, asked.item)
    else:
        values = begin_values(stand, asked.real)
    known = _known(stand, asked)
    return render_form(asked.form, values, typed.errors, current_language(), known=known)


def _known(stand: Stand, asked: Asked) -> Known:
    """People and units to choose from: those of the world's office around the run's unit."""
    office, today = stand.world.office, stand.world.today()
    own = office.place(asked.run.around.unit.code if asked.run else asked.person.unit)
    county = own.county or own.code
    people = [
        (one.username, f"{one.name} · {' · '.join(dict.fromkeys(role for role, _ in one.posts))}")
        for one in office.colleagues(today)
        if any(at == own.code for _, at in one.posts)
    ]
    units = [
        (one.code, one.short_name) for one in office.places() if county in (one.county, one.code)
    ]
    return Known(options={"person": people, "unit": units}, today=today)


def _diagrams(walk: Walk) -> list[Picture]:
    """The diagrams in which something waits, the innermost first."""
    if not walk.is_begun:
        return []
    drawn = view(walk.stand).diagrams
    elements = walk.package.process.elements
    path = {"package": walk.loaded.package, "number": walk.loaded.number}
    return [
        Picture(
            titled(elements[one.process].title) or one.process,
            url_for("packages.rehearsed", **path, process=one.process, at=list(one.active)),
            one.active[0],
        )
        for one in reversed(drawn)
    ]
