"""The worker's composition root: which sources an installation has, and who does remote calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from webapp.house import build_platform
from webapp.pages import log
from webapp.pdf.answers import build_renderer
from webapp.pdf.binder import VolumeBinder
from webapp.pdf.scans import ScanReader
from webapp.pdf.sealer import Sealer
from webapp.settings import Settings
from workflows.cases.calls import answer_call, load_call
from workflows.cases.platform import Platform
from workflows.cases.receive_message import redeliver
from workflows.cases.recount import RECOUNT_TOPIC, count_anew
from workflows.cases.save_decision import CALL_TOPIC, ENDED_TOPIC, REDELIVER_TOPIC
from workflows.cases.seal_run import SEALED_TOPIC
from workflows.documents.rendering import Renderer
from workflows.handoffs.deliver import deliver
from workflows.handoffs.ended import answer_for
from workflows.handoffs.places import DELIVER_TOPIC, RECALL_TOPIC, REPLY_TOPIC
from workflows.handoffs.reply import reply, settle_waiting
from workflows.handoffs.sealed import seal_beyond
from workflows.handoffs.withdraw import recall
from workflows.jobs.heartbeat import HeartbeatSource
from workflows.jobs.mails import MailSource, sends_notices
from workflows.jobs.reminders import ReminderSource
from workflows.jobs.seals import SealSource
from workflows.jobs.sources import (
    AnchorSource,
    ClockSource,
    DocumentSource,
    Handler,
    OutboxSource,
)
from workflows.jobs.thinning import ThinningSource
from workflows.jobs.worker import Source, Worker
from workflows.notices.mail import TOPIC, MailSettings
from workflows.printdesk.make import make_job
from workflows.printdesk.order import PRINT_TOPIC
from workflows.rollout.migration.orders import MIGRATE_TOPIC
from workflows.rollout.migration.work import work_off
from workflows.rollout.replay.orders import REPLAY_TOPIC
from workflows.rollout.replay.work import replay_next
from workflows.scans.filing import FILE_TOPIC, file_scan
from workflows.scans.reading import Reader
from workflows.scans.send import READ_TOPIC
from workflows.scans.take_in import take_in
from workflows.sealing.keyring import Keyring
from workflows.sealing.work import Desk
from workflows.volumes.assemble import assemble
from workflows.volumes.binding import Binder
from workflows.volumes.order import ASSEMBLE_TOPIC


def build_sources(
    platform: Platform,
    renderer: Renderer,
    mail: MailSettings | None = None,
    binder: Binder | None = None,
    seals: Desk | None = None,
    reader: Reader | None = None,
) -> tuple[Source, ...]:
    """Everything a worker of this installation works off, in the order of urgency. `mail`: None
    where no mail server is set; then nobody is written to. `binder`: None for one whose files
    stand in the system's temporary folder. `seals`: None where no seals are made.
    `reader`: of scans, None for one that starts with the first file."""
    handlers: dict[str, Handler] = {
        CALL_TOPIC: _call,
        REDELIVER_TOPIC: _redeliver,
        RECOUNT_TOPIC: _recount,
        MIGRATE_TOPIC: work_off,
        REPLAY_TOPIC: replay_next,
        ASSEMBLE_TOPIC: _bound(assemble, renderer, binder or VolumeBinder()),
        PRINT_TOPIC: _bound(make_job, renderer, binder or VolumeBinder()),
        **_scans(reader or ScanReader()),
        **_handoffs(renderer),
    }
    if mail is not None:
        handlers[TOPIC] = sends_notices(mail)
    return (
        ClockSource(platform),
        OutboxSource(platform, handlers),
        ReminderSource(platform),
        *((MailSource(platform),) if mail is not None else ()),
        DocumentSource(platform, renderer),
        *((SealSource(seals),) if seals is not None else ()),
        AnchorSource(platform),
        ThinningSource(platform),
    )


@contextmanager
def build_worker(settings: Settings) -> Iterator[Worker]:
    """A worker over the settings' installation; its renderer ends with the block."""
    log.configure()
    platform = build_platform(settings)
    renderer = build_renderer(settings)
    heartbeat = HeartbeatSource(platform.database)
    binder = VolumeBinder(settings.data / "cache" / "volumes")
    sealer, reader = Sealer(), ScanReader()
    seals = Desk(platform, Keyring(settings.secrets), sealer, renderer)
    try:
        sources = build_sources(platform, renderer, settings.mail, binder, seals, reader)
        yield Worker((heartbeat, *sources))
        heartbeat.end()
    finally:
        renderer.close()
        sealer.close()
        reader.close()
        platform.database.dispose()


def _recount(platform: Platform, _payload: Mapping[str, Any]) -> None:
    count_anew(platform)


def _redeliver(platform: Platform, payload: Mapping[str, Any]) -> None:
    redeliver(platform, payload["run"])
    settle_waiting(platform, payload["run"])


def _bound(
    work: Callable[[Platform, Renderer, Binder, Mapping[str, Any]], None],
    renderer: Renderer,
    binder: Binder,
) -> Handler:
    def bind(platform: Platform, payload: Mapping[str, Any]) -> None:
        work(platform, renderer, binder, payload)

    return bind


def _scans(reader: Reader) -> dict[str, Handler]:
    """Files are read, whole documents are filed."""

    def read(platform: Platform, payload: Mapping[str, Any]) -> None:
        take_in(platform, reader, payload)

    def file(platform: Platform, payload: Mapping[str, Any]) -> None:
        file_scan(platform, reader, payload)

    return {READ_TOPIC: read, FILE_TOPIC: file}


def _handoffs(renderer: Renderer) -> dict[str, Handler]:
    """Handoffs leave, are answered and are taken back; their documents are made on the way."""

    def send(platform: Platform, payload: Mapping[str, Any]) -> None:
        deliver(platform, renderer, payload["handoff"])

    def bring(platform: Platform, payload: Mapping[str, Any]) -> None:
        reply(platform, renderer, payload["handoff"], payload["number"])

    def take_back(platform: Platform, payload: Mapping[str, Any]) -> None:
        recall(platform, payload["handoff"])

    def end(platform: Platform, payload: Mapping[str, Any]) -> None:
        answer_for(platform, payload["run"])

    def close_off(platform: Platform, payload: Mapping[str, Any]) -> None:
        seal_beyond(platform, payload["case"])

    return {
        DELIVER_TOPIC: send,
        REPLY_TOPIC: bring,
        RECALL_TOPIC: take_back,
        ENDED_TOPIC: end,
        SEALED_TOPIC: close_off,
    }


def _call(platform: Platform, payload: Mapping[str, Any]) -> None:
    """Answers a remote call. This installation is connected to nothing yet, so every call goes
    to its error boundary at once instead of keeping the run waiting for an answer."""
    call = load_call(platform, payload["run"], payload["number"])
    if call is not None:
        answer_call(platform, call.run_id, call.number, {"error": "not_connected"})
