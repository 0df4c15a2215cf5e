"""A seal is ordered in the act's transaction and made by the worker, whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.factories.papers import open_papers
from tests.sealing.world import MARK, SealWorld
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import Document
from workflows.documents import states
from workflows.documents.make import make_bytes
from workflows.documents.read import read_document
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.sealing import authority, work
from workflows.sealing.keyring import FILE
from workflows.sealing.order import order_seal
from workflows.sealing.signing import Report, SealingError
from workflows.sealing.tables import DONE, FAILED, PENDING, DocumentSeal, SealAuthority
from workflows.storage import SYSTEM
from workflows.storage.files import FileStore


def _order(sealing: SealWorld, username: str = "head") -> None:
    order_seal(sealing.desk.platform, sealing.world.actor(username), sealing.outside_id)


def _why(sealing: SealWorld) -> str:
    return message_from_json(sealing.seal.error).code


def test_an_order_waits_and_says_so_in_the_record(sealing: SealWorld) -> None:
    _order(sealing)
    assert (sealing.seal.state, sealing.document.state) == (PENDING, states.PENDING)
    assert sealing.actions() == ["document.seal"]


def test_the_worker_makes_text_and_seal(sealing: SealWorld) -> None:
    _order(sealing)
    assert sealing.work() == 1
    row, seal = sealing.document, sealing.seal
    stored = sealing.desk.platform.files.read(row.sha256 or "")
    unsigned, _, told = stored.partition(MARK)
    assert (row.state, row.size_bytes, seal.state) == (states.SEALED, len(stored), DONE)
    assert seal.unsigned_sha256 == hashlib.sha256(unsigned).hexdigest()
    assert seal.sealed_sha256 == row.sha256 == hashlib.sha256(stored).hexdigest()
    assert told.decode() == seal.unsigned_sha256[:12]
    assert sealing.actions() == ["document.seal", "document.sealed"]
    assert sealing.work() == 0


def test_a_sealed_document_is_read_as_it_was_sealed(sealing: SealWorld) -> None:
    _order(sealing)
    sealing.work()
    platform = sealing.desk.platform
    info, content = read_document(
        platform, sealing.world.actor("head"), sealing.desk.renderer, sealing.outside_id
    )
    with content:
        assert MARK in content.read()
    assert info.state == states.SEALED


def test_asking_twice_is_asking_once(sealing: SealWorld) -> None:
    _order(sealing)
    _order(sealing)
    assert sealing.actions() == ["document.seal"]


def test_nothing_is_sealed_twice(sealing: SealWorld) -> None:
    _order(sealing)
    sealing.work()
    with pytest.raises(RuleError) as refused:
        _order(sealing)
    assert refused.value.message.code == "sealing.sealed_already"


@pytest.mark.parametrize(
    ("username", "error"), [("intake", ForbiddenError), ("otherhead", NotVisibleError)]
)
def test_only_the_units_own_head_orders(
    sealing: SealWorld, username: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _order(sealing, username)
    assert sealing.actions() == []


def test_without_an_authority_the_page_is_refused(sealing: SealWorld) -> None:
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        for row in session.scalars(select(SealAuthority)):
            session.delete(row)
    with pytest.raises(RuleError) as refused:
        _order(sealing)
    assert refused.value.message.code == "sealing.not_ready"


def test_a_newer_document_does_not_replace_a_sealed_one(sealing: SealWorld) -> None:
    _order(sealing)
    sealing.work()
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        states.supersede(session, sealing.document.run_id, "notice", 1, {"notice"})
    assert sealing.document.state == states.SEALED


@pytest.mark.parametrize("state", [states.SUPERSEDED, states.VOID])
def test_what_no_longer_counts_is_not_sealed(sealing: SealWorld, state: str) -> None:
    _order(sealing)
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        session.execute(update(Document).values(state=state))
    sealing.work()
    assert (sealing.document.state, sealing.seal.state) == (state, FAILED)
    assert _why(sealing) == f"documents.{state}"
    with pytest.raises(RuleError):
        _order(sealing)


def _break_store(sealing: SealWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk dies with the sealed bytes, not with those before them."""
    original = FileStore.put

    def put(store: FileStore, source: bytes, **named: int) -> object:
        if MARK in source:
            raise OSError("power cut")
        return original(store, source, **named)

    monkeypatch.setattr(FileStore, "put", put)


def _break_record(sealing: SealWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is written, the commit does not come."""

    def append(*_arguments: object, **_named: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(work, "append", append)


def _break_signer(sealing: SealWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing.signer.fails.append(OSError("power cut"))


def _break_text(sealing: SealWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing.desk.renderer.fails.append(OSError("power cut"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", [_break_text, _break_signer, _break_store, _break_record])
def test_a_death_at_any_step_leaves_the_old_state(
    sealing: SealWorld, monkeypatch: pytest.MonkeyPatch, fault: object
) -> None:
    _order(sealing)
    with monkeypatch.context() as patch:
        fault(sealing, patch)  # type: ignore[operator]
        with pytest.raises(OSError, match="power cut"):
            sealing.work()
    assert sealing.document.state in (states.PENDING, states.READY)
    assert sealing.seal.state == PENDING
    assert sealing.actions() == ["document.seal"]
    assert sealing.work() == 0, "the dead worker's lease still runs"
    sealing.clock.advance(work.LEASE)
    sealing.work()
    assert (sealing.document.state, sealing.seal.state) == (states.SEALED, DONE)
    assert sealing.actions() == ["document.seal", "document.sealed"]


def _tried_again(sealing: SealWorld) -> None:
    sealing.clock.advance(work.LAST_RETRY)
    sealing.work()
    assert (sealing.document.state, sealing.seal.state) == (states.SEALED, DONE)


def test_a_signer_that_is_away_is_asked_again(sealing: SealWorld) -> None:
    sealing.signer.fails.append(SealingError("sealing.signer_away"))
    _order(sealing)
    sealing.work()
    assert (_why(sealing), sealing.seal.state) == ("sealing.signer_away", PENDING)
    _tried_again(sealing)
    assert sealing.seal.error is None


def test_a_missing_passphrase_waits_for_its_return(sealing: SealWorld, tmp_path: object) -> None:
    path = tmp_path / "secrets" / FILE  # type: ignore[operator]
    kept = path.rename(path.with_name("kept"))
    _order(sealing)
    sealing.work()
    assert (_why(sealing), sealing.seal.state) == ("sealing.passphrase_missing", PENDING)
    assert sealing.document.state == states.READY
    kept.rename(path)
    _tried_again(sealing)


def test_a_clock_set_back_waits(sealing: SealWorld) -> None:
    _order(sealing)
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        later = sealing.clock.now() + timedelta(minutes=30)
        session.execute(update(Document).values(created_at=later))
    sealing.work()
    assert (_why(sealing), sealing.seal.state) == ("sealing.clock_backwards", PENDING)
    _tried_again(sealing)


def test_a_revoked_certificate_waits_for_a_new_one(sealing: SealWorld) -> None:
    platform, keyring = sealing.desk.platform, sealing.desk.keyring
    unit = ("111-TW", "一中心调解委员会")
    with platform.database.transaction(SYSTEM) as session:
        now = platform.clock.now()
        row = authority.certificate_for(session, keyring, *unit, now)
        authority.revoke(
            session, keyring, SYSTEM, row.serial, cause="key_compromise", reason="失窃", now=now
        )
    _order(sealing)
    sealing.work()
    assert (_why(sealing), sealing.seal.state) == ("sealing.revoked", PENDING)
    with platform.database.transaction(SYSTEM) as session:
        authority.issue_anew(session, keyring, *unit, platform.clock.now())
    _tried_again(sealing)


def test_an_expired_certificate_is_replaced_on_the_way(sealing: SealWorld) -> None:
    platform, keyring = sealing.desk.platform, sealing.desk.keyring
    with platform.database.transaction(SYSTEM) as session:
        old = authority.certificate_for(session, keyring, "111-TW", "旧", platform.clock.now())
    sealing.clock.advance(timedelta(days=4 * 365))
    _order(sealing)
    sealing.work()
    assert sealing.seal.state == DONE
    assert sealing.seal.serial != old.serial


def test_a_damaged_file_is_not_sealed(sealing: SealWorld, tmp_path: object) -> None:
    made = make_bytes(sealing.desk.platform, sealing.desk.renderer, sealing.document_id)
    stored = tmp_path / "files" / made.sha256[:2] / made.sha256  # type: ignore[operator]
    stored.write_bytes(b"rotten")
    _order(sealing)
    sealing.work()
    assert (_why(sealing), sealing.document.state) == ("sealing.damaged", states.READY)


def test_a_seal_that_does_not_hold_is_never_recorded(sealing: SealWorld) -> None:
    sealing.signer.report = Report(pages=2)
    _order(sealing)
    sealing.work()
    assert (_why(sealing), sealing.document.state) == ("sealing.signer_failed", states.READY)


def test_two_workers_make_one_seal(sealing: SealWorld) -> None:
    _order(sealing)
    sealing.work()
    before = sealing.document.sha256
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        session.execute(update(DocumentSeal).values(state=PENDING))
    sealing.clock.advance(timedelta(hours=1))
    with sealing.desk.platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(DocumentSeal).values(available_at=sealing.clock.now(), state=PENDING)
        )
    sealing.work()
    assert (sealing.document.sha256, _why(sealing)) == (before, "sealing.overtaken")


def test_a_second_case_has_its_own_seal_under_the_same_certificate(sealing: SealWorld) -> None:
    open_papers(sealing.world)
    _order(sealing)
    with sealing.desk.platform.database.reading(SYSTEM) as session:
        other = session.scalars(select(Document.id).where(Document.id != sealing.document_id)).one()
    sealing.document_id, first = other, sealing.document_id
    _order(sealing)
    assert sealing.work() == 2
    with sealing.desk.platform.database.reading(SYSTEM) as session:
        seals = session.scalars(select(DocumentSeal)).all()
    assert {one.document_id for one in seals} == {first, other}
    assert len({one.serial for one in seals}) == 1
