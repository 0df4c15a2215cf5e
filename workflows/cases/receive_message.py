"""Messages from outside senders: each arrives once; early ones wait, late ones are told so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.acting import act_on_run, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.idempotency import body_hash, same_body
from workflows.cases.moments import check_occurred_at
from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.snapshot import LoadedRun, load_open_runs, load_run, sees_nothing
from workflows.cases.tables import InboundMessage
from workflows.cases.timeline import Line
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError, RuleError
from workflows.messages import Message
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import decode_id

DELIVERED, WAITING, DEAD = "delivered", "waiting", "dead"
OUTCOMES = {"done": DELIVERED, "early": WAITING, "late": DEAD}
"""What the sender hears, by what the heart made of it."""


@dataclass(frozen=True, slots=True)
class ReceiveMessage:
    """A message. `message_id`: the sender's own, makes it arrive once per case. `run`: outside
    id, needed only where the case has several open runs that know the message."""

    case: str
    message_id: str
    name: str
    payload: Mapping[str, Any]
    run: str | None = None
    occurred_at: datetime | None = None
    late_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """`outcome`: delivered | waiting (nobody waits for it yet) | dead (too late)."""

    outcome: str


def receive_message(platform: Platform, actor: Actor, command: ReceiveMessage) -> Received:
    """Takes a message in.

    Raises InvalidInputError, NotVisibleError, ForbiddenError (the package does not let this
    sender send it), RuleError (unknown name, several places wait), KeyReusedError (the id came
    with another body).
    """
    if not 0 < len(command.message_id) <= 120:
        raise InvalidInputError("cases.bad_message_id")
    now = platform.clock.now()
    occurred_at = check_occurred_at(command.occurred_at, now, command.late_reason)
    asked = body_hash("message", {"name": command.name, "payload": command.payload})
    with writing(platform, actor) as session:
        case, runs = load_open_runs(session, platform, decode_id(command.case))
        if sees_nothing(actor, case):
            raise NotVisibleError("cases.unknown_case")
        before = session.get(InboundMessage, (case.case.id, command.message_id))
        if before is not None:
            same_body(before.body_hash, asked)
            return Received(before.state)
        run = _choose(session, platform, runs, command)
        outcome = _deliver(
            session,
            platform,
            run,
            Command(CommandKind.MESSAGE, now, occurred_at, data=command.payload, name=command.name),
        )
        state = OUTCOMES.get(outcome, DELIVERED)
        session.add(
            InboundMessage(
                case_id=case.case.id,
                message_id=command.message_id,
                run_id=run.run.id,
                name=command.name,
                payload=seal_json(
                    run.key, dict(command.payload), message_place(case.case.id, command.message_id)
                ),
                body_hash=asked,
                state=state,
                occurred_at=occurred_at or now,
                received_at=now,
            )
        )
        run.run.waiting_messages += state == WAITING
        session.flush()
    return Received(state)


def redeliver(platform: Platform, run_id: int) -> int:
    """Tries the early messages of a run again, oldest first; how many found their place. The
    worker calls it after every act on a run that has some."""
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
        loaded = load_run(session, platform, run_id)
        waiting = session.scalars(
            select(InboundMessage)
            .where(InboundMessage.run_id == run_id, InboundMessage.state == WAITING)
            .order_by(InboundMessage.received_at, InboundMessage.message_id)
        ).all()
        taken = 0
        for message in waiting:
            payload = open_json(
                loaded.key, message.payload, message_place(message.case_id, message.message_id)
            )
            command = Command(CommandKind.MESSAGE, now, None, data=payload, name=message.name)
            outcome = _deliver(session, platform, loaded, command)
            message.state = OUTCOMES.get(outcome, DELIVERED)
            if message.state != WAITING:
                loaded.run.waiting_messages -= 1
                taken += 1
                session.flush()
                loaded = load_run(session, platform, run_id)
        session.flush()
    return taken


def message_place(case_id: int, message_id: str) -> str:
    """Where a message's payload belongs (see `sealing`)."""
    return f"inbound/{case_id}/{message_id}"


def _choose(
    session: Session,
    platform: Platform,
    runs: tuple[LoadedRun, ...],
    command: ReceiveMessage,
) -> LoadedRun:
    """The run the message is for: the one named, else the only one that knows its name."""
    if command.run is not None:
        wanted = decode_id(command.run)
        runs = tuple(run for run in runs if run.run.id == wanted)
    if not runs:
        raise RuleError("cases.case_not_open")
    knowing = []
    for run in runs:
        package = platform.catalogue.load(session, run.run.version_id)
        if command.name in package.process.message_names:
            knowing.append((run, package.manifest.senders))
    if not knowing:
        raise RuleError("engine.message_unknown", name=command.name)
    if len(knowing) > 1:
        raise RuleError("cases.which_run")
    run, senders = knowing[0]
    _check_sender(session.actor, senders)
    return run


def is_sender(actor: Actor, senders: tuple[str, ...]) -> bool:
    """Whether a package names the actor as a sender: by the account or by a role of it."""
    names = {actor.username, *(post.role for post in actor.posts if "api" in post.abilities)}
    return actor.is_system or bool(names & set(senders))


def _check_sender(actor: Actor, senders: tuple[str, ...]) -> None:
    if not is_sender(actor, senders):
        raise ForbiddenError("cases.not_a_sender")


def _deliver(session: Session, platform: Platform, run: LoadedRun, command: Command) -> str:
    if run.run.status != "open":
        return "late"
    package = platform.catalogue.load(session, run.run.version_id)
    line = Line(
        action="message",
        sentence=Message("cases.did_receive", {"name": command.name or ""}),
        occurred_at=command.moment,
        kind="message",
        run_id=run.run.id,
    )
    return act_on_run(session, platform, run, package, command, (line,)).decision.outcome
