"""One act of the demo, done through the use cases of the site by the account whose work it is."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.cases.case_bonds import AddReference, MergeCase, add_reference, merge, seal
from workflows.cases.case_commands import CaseCommand, void, withdraw
from workflows.cases.claim_task import ItemCommand, assign, claim
from workflows.cases.clocks import ClockCommand, extend, pause
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.files import Upload, upload
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.platform import Platform
from workflows.cases.save_draft import SaveDraft, save_draft
from workflows.cases.tables import CaseRecord, ClockRow, WorkItem
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.organisation.demo import ensure_demo_account
from workflows.rollout.demo.forms import Raw, Scene, fill_form
from workflows.rollout.demo.plan import TOWN, Act, text_of
from workflows.rollout.demo.texts import fill_all
from workflows.storage import SYSTEM, Actor
from workflows.storage.clock import local_day
from workflows.storage.ids import decode_id, encode_item

KEY = "people_mediation"

WORKERS = {
    "hold_session": "mediator",
    "draft_agreement": "mediator",
    "sign_paper": "mediator",
    "sign_mediator": "mediator",
    "confirm_performance": "mediator",
    "follow_up": "mediator",
    "urge": "mediator",
    "extend_consent": "mediator",
    "assign_mediator": "head",
    "seal_paper": "head",
    "oral_agreement": "recorder",
    "close_case": "recorder",
}
"""Who does a task; everything else is the intake desk's."""

FOR_EACH = frozenset({"sign_paper", "confirm_performance", "urge"})
"""Tasks there are several of at once, one for each party or clause: an act does them all."""

HALF_TYPED = 18
"""Letters of the last long text of a draft: somebody was called away."""


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """Outside ids of a case of the demo."""

    case: str
    run: str


@dataclass
class Desk:
    """Does acts. `platform`: with the demo's own clock; `files`: scans by name; `disputes`: texts
    by key."""

    platform: Platform
    files: Mapping[str, bytes]
    disputes: Mapping[str, Mapping[str, Any]]
    cases: dict[str, OpenedCase] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def do(self, act: Act) -> None:
        """One act now. Raises what the use case raises: then the demo's data are wrong."""
        _BESIDE.get(act.step.what, _complete)(self, act)

    def actor(self, act: Act, who: str) -> Actor:
        """Whoever works as `who` in the case's committee; other committees' accounts are made."""
        username = act.script.username(who)
        if username not in self._actors:
            now = self.platform.clock.now()
            with self.platform.database.transaction(SYSTEM) as session:
                if act.script.unit != TOWN:
                    ensure_demo_account(session, self.platform.ids, username, now=now)
                    session.flush()
                account = load_account(session, username)
                self._actors[username] = load_actor(session, account.id, local_day(now))
        return self._actors[username]

    def scene(self, act: Act, worker: Actor, how: str) -> Scene:
        """What somebody has before the eyes who fills in a form."""
        mediator = self.actor(act, "mediator")
        texts = {"mediator": mediator.name}

        def store(name: str) -> str:
            file = Upload(io.BytesIO(self.files[name]), name)
            return upload(self.platform, worker, file).id

        return Scene(
            dispute=fill_all(self.disputes[act.script.dispute], act.opened_on, texts),
            how=how,
            on=_day(act),
            before=act.before,
            mediator=mediator.username,
            recorder=act.script.username("recorder"),
            upload=store,
        )

    def item(self, act: Act, element: str) -> WorkItem:
        """The open work item of an element, the first of several. LookupError without one: the
        data are wrong."""
        return self.items(act, element)[0]

    def items(self, act: Act, element: str) -> Sequence[WorkItem]:
        """All open work items of an element, by number. LookupError without any."""
        run_id = decode_id(self.cases[act.script.key].run)
        with self.platform.database.reading(SYSTEM) as session:
            found = session.scalars(
                select(WorkItem)
                .where(
                    WorkItem.run_id == run_id,
                    WorkItem.element == element,
                    WorkItem.state == "open",
                )
                .order_by(WorkItem.number)
            ).all()
        if not found:
            raise LookupError(f"{act.script.key}: {element} is not open")
        return found


def _day(act: Act) -> date:
    return local_day(act.occurred_at)


def _open(desk: Desk, act: Act) -> None:
    how = act.step.how
    worker = desk.actor(act, "intake" if how == "register" else "mediator")
    opened = open_case(
        desk.platform,
        worker,
        OpenCase(
            process=KEY,
            raw=fill_form("open", desk.scene(act, worker, how)),
            unit=act.script.unit,
            form=how.partition("_")[0],
            occurred_at=act.occurred_at,
            late_reason=act.script.late or None,
        ),
    )
    desk.cases[act.script.key] = OpenedCase(opened.case, opened.run)
    if how == "register" and desk.disputes[act.script.dispute]["risk"] == "high":
        _do_task(desk, act, "report_danger", "")


def _complete(desk: Desk, act: Act) -> None:
    _do_task(desk, act, act.step.what, act.step.how)


def _do_task(desk: Desk, act: Act, element: str, how: str) -> None:
    """Completes the open item of an element, or all of them where there is one for each."""
    worker = desk.actor(act, WORKERS.get(element, "intake"))
    scene = desk.scene(act, worker, how)
    items = desk.items(act, element)
    for number, item in enumerate(items if element in FOR_EACH else items[:1]):
        before = number if element == "sign_paper" else scene.before
        complete_task(
            desk.platform,
            worker,
            CompleteTask(
                item=encode_item(item.run_id, item.number),
                revision=item.revision,
                raw=fill_form(element, replace(scene, before=before)),
                occurred_at=act.occurred_at,
            ),
        )


def _draft(desk: Desk, act: Act) -> None:
    """`how`: element, colon, the fields not filled in yet."""
    element, _, missing = act.step.how.partition(":")
    worker = desk.actor(act, WORKERS.get(element, "intake"))
    item = desk.item(act, element)
    variant = {"hold_session": "continue", "ask_consent": "agreed"}.get(element, "accept")
    scene = desk.scene(act, worker, variant)
    raw = _half_typed(fill_form(element, _second_time(scene, element)), missing.split(","))
    save_draft(desk.platform, worker, SaveDraft(encode_item(item.run_id, item.number), raw, 0))


def _second_time(scene: Scene, element: str) -> Scene:
    """A draft of a session or question is of the next one; nothing is uploaded for a draft."""
    again = 1 if element in ("hold_session", "ask_consent") else 0
    return replace(scene, before=again, upload=lambda _name: "")


def _half_typed(raw: Raw, missing: list[str]) -> Raw:
    left = {name: value for name, value in raw.items() if name not in missing}
    if "ask_note" in left:
        left["ask_note"] = left["ask_note"][: HALF_TYPED // 2]
    return left


def _claim(desk: Desk, act: Act) -> None:
    item = desk.item(act, act.step.how)
    worker = desk.actor(act, WORKERS.get(act.step.how, "intake"))
    claim(desk.platform, worker, ItemCommand(encode_item(item.run_id, item.number)))


def _assign(desk: Desk, act: Act) -> None:
    """`how`: element | one of ROLES."""
    element, who = act.step.how.split("|")
    item = desk.item(act, element)
    command = ItemCommand(encode_item(item.run_id, item.number), to=act.script.username(who))
    assign(desk.platform, desk.actor(act, "head"), command)


def _command(desk: Desk, act: Act) -> CaseCommand:
    return CaseCommand(desk.cases[act.script.key].case, act.step.how, act.occurred_at)


def _withdraw(desk: Desk, act: Act) -> None:
    withdraw(desk.platform, desk.actor(act, "intake"), _command(desk, act))


def _void(desk: Desk, act: Act) -> None:
    void(desk.platform, desk.actor(act, "head"), _command(desk, act))


def _seal(desk: Desk, act: Act) -> None:
    case = CaseCommand(desk.cases[act.script.key].case, act.step.how)
    seal(desk.platform, desk.actor(act, "head"), case)


def _merge(desk: Desk, act: Act) -> None:
    """`how`: key of the case that goes on | reason."""
    into, reason = act.step.how.split("|")
    command = MergeCase(desk.cases[act.script.key].case, desk.cases[into].case, reason)
    merge(desk.platform, desk.actor(act, "head"), command)


def _reference(desk: Desk, act: Act) -> None:
    """`how`: system | number there."""
    system, number = text_of(act, act.step.how, {}).split("|")
    command = AddReference(desk.cases[act.script.key].case, system, number)
    add_reference(desk.platform, desk.actor(act, "intake"), command)


def _pause(desk: Desk, act: Act) -> None:
    """`how`: reason | one of the rule's reasons."""
    reason, why = act.step.how.split("|")
    command = ClockCommand(_clock(desk, act), reason, why=why)
    pause(desk.platform, desk.actor(act, "mediator"), command)


def _extend(desk: Desk, act: Act) -> None:
    """`how`: reason | days; every party has agreed."""
    reason, days = act.step.how.split("|")
    case_id = decode_id(desk.cases[act.script.key].case)
    with desk.platform.database.reading(SYSTEM) as session:
        parties = session.scalars(select(CaseRecord.parties).where(CaseRecord.id == case_id)).one()
    consents = tuple(str(party["id"]) for party in parties)
    command = ClockCommand(_clock(desk, act), reason, days=int(days), consents=consents)
    extend(desk.platform, desk.actor(act, "mediator"), command)


def _clock(desk: Desk, act: Act) -> str:
    """The case's open clock of mediation."""
    run_id = decode_id(desk.cases[act.script.key].run)
    with desk.platform.database.reading(SYSTEM) as session:
        number = session.scalars(
            select(ClockRow.number).where(
                ClockRow.run_id == run_id, ClockRow.rule == "mediation", ClockRow.is_open == 1
            )
        ).one()
    return encode_item(run_id, number)


_BESIDE: Mapping[str, Callable[[Desk, Act], None]] = {
    "open": _open,
    "draft": _draft,
    "claim": _claim,
    "assign": _assign,
    "withdraw": _withdraw,
    "void": _void,
    "seal": _seal,
    "merge": _merge,
    "reference": _reference,
    "pause": _pause,
    "extend": _extend,
}
"""Acts beside the diagram's tasks."""
