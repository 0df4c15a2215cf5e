"""People and desks → what the templates show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.pages.entries import Entry, filled
from webapp.pages.formats import spoken
from webapp.pages.layout import render_page
from webapp.people.inputs import BACK_TO_ALL, Address, Progress
from workflows.cases.handover import HandOver
from workflows.cases.queries.desk import Desk, Heap
from workflows.cases.queries.people import MOST_COUNTED, PeoplePage
from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.organisation.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody to choose: `value` of the radio button, who it is, how much they may take."""

    value: str
    who: Candidate | None
    words: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What would happen: to whom (None: back to everybody), how much goes, what stays and why."""

    value: str
    who: Candidate | None
    moves: int
    stays: tuple[tuple[Heap, str], ...]
    entry: Entry
    errors: tuple[tuple[str, str], ...]


def people(found: PeoplePage, address: Address) -> str:
    """The list of people."""
    return render_page(
        "people/people.html",
        people=found.rows,
        q=address.q,
        first_url=url_for("people.people", q=address.q or None) if address.cursor else None,
        next_url=url_for("people.people", q=address.q or None, cursor=found.next)
        if found.next
        else None,
        most=MOST_COUNTED,
    )


def desk(
    found: Desk, to: str | None, typed: Mapping[str, str] | None = None, error: str = ""
) -> str:
    """What somebody has in hand; once somebody is chosen, what would go to them."""
    chosen = _chosen(found, to, typed or {}, error) if to is not None else None
    return render_page("people/handover.html", desk=found, takers=_takers(found), chosen=chosen)


def handing(found: Desk, command: HandOver, progress: Progress, after: str) -> str:
    """How far it came; the page goes on by itself, or by its button."""
    return render_page(
        "people/handing.html",
        person=found.person,
        to=command.to or BACK_TO_ALL,
        reason=command.reason,
        after=after,
        progress=progress,
    )


def _takers(found: Desk) -> tuple[Taker, ...]:
    takers = [
        Taker(str(one.username), one, _share(found, found.movable(one.username)))
        for one in found.takers()
    ]
    return (*takers, Taker(BACK_TO_ALL, None, _share(found, found.movable(None))))


def _share(found: Desk, count: int) -> str:
    if count == found.total:
        return ngettext("%(num)s 件都可以", "%(num)s 件都可以", count)
    return _("%(total)s 件中的 %(count)s 件可以", total=found.total, count=count)


def _chosen(found: Desk, to: str, typed: Mapping[str, str], error: str) -> Chosen:
    username = None if to == BACK_TO_ALL else to
    who = next((one for one in found.takers() if one.username == username), None)
    if username is not None and who is None:
        raise InvalidInputError("web.choose_person")
    hint = _("会写进每件案件的办理记录。")
    (entry,) = filled(
        (Entry("reason", _("事由"), "longtext", hint),), typed, {"reason": error} if error else {}
    )
    return Chosen(
        value=to,
        who=who,
        moves=found.movable(username),
        stays=tuple((heap, _why_not(heap)) for heap in found.heaps if not heap.may_go_to(username)),
        entry=entry,
        errors=(("reason", error),) if error else (),
    )


def _why_not(heap: Heap) -> str:
    if heap.is_closed:
        return _("限制查看的案件，只有参与办理的人能转交")
    refusal = Message("cases.not_a_candidate", {"role": heap.role, "unit": heap.unit_name})
    return spoken(refusal)
