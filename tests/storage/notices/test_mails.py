"""Notices leave by e-mail with a number and a link, once, and only when they still matter."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from sqlalchemy import func, select

from tests.factories.cases import World
from tests.storage.notices.test_tell import hand
from workflows.catalogue.tables import DRAFT, PackageVersion
from workflows.errors import InvalidFormError
from workflows.jobs.mails import MailSource, sends_notices
from workflows.jobs.sources import OutboxSource
from workflows.jobs.worker import Worker
from workflows.notices.mail import (
    TOPIC,
    MailSettings,
    UnsafeMailServerError,
    check_address,
    send,
)
from workflows.notices.tables import Notice
from workflows.notices.tell import tell
from workflows.organisation.holders import Holder
from workflows.organisation.tables import Account
from workflows.rollout.news import Subject, approval_wanted
from workflows.rollout.places import Place
from workflows.storage import SYSTEM
from workflows.storage.ids import encode_id
from workflows.storage.tables import OutboxRow

PASSWORD = "geheim-und-lang"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Box:
    """A mail server on loopback that keeps what it is handed."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.signed_in: list[tuple[bytes, bytes]] = []
        self.refuses = False
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            auth_require_tls=False,
            authenticator=self._check,
        )

    def _check(self, server, session, envelope, mechanism, data) -> AuthResult:
        self.signed_in.append((data.login, data.password))
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    async def handle_DATA(self, server, session, envelope: Envelope) -> str:
        if self.refuses:
            return "451 try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 kept"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


@pytest.fixture
def box() -> Iterator[Box]:
    made = Box()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def mail(box: Box) -> MailSettings:
    return MailSettings(
        host="127.0.0.1",
        port=box.port,
        user="fengqiao",
        password=PASSWORD,
        sender="枫桥 <fengqiao@example.org>",
        public_url="https://fengqiao.example.org",
    )


@pytest.fixture
def world(world: World) -> World:
    """Somebody wants e-mails, and they can leave."""
    world.platform = replace(world.platform, mails=True)
    change(world, email="mediator@example.org", mail_notices=True)
    return world


def change(world: World, **values: object) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        account = session.get_one(Account, world.accounts["mediator"])
        for name, value in values.items():
            setattr(account, name, value)


def work(world: World, mail: MailSettings) -> None:
    outbox = OutboxSource(world.platform, {TOPIC: sends_notices(mail)})
    Worker([MailSource(world.platform), outbox]).run_until_idle()


def test_a_mail_holds_number_and_link_only(world: World, box: Box, mail: MailSettings) -> None:
    opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    work(world, mail)
    (sent,) = box.mails
    with world.platform.database.reading(SYSTEM) as session:
        link = f"https://fengqiao.example.org/notices/{encode_id(session.scalars(select(Notice.id)).one())}"
    body = sent.get_content()
    assert (sent["To"], sent["From"]) == ("mediator@example.org", "枫桥 <fengqiao@example.org>")
    assert sent["Subject"] == f"案件 {opened.number} 有新通知"
    assert opened.number in body
    assert link in body
    whole = sent["Subject"] + body
    assert not any(word in whole for word in ("李玉梅", "王建国", "浇水", "调解会", "head"))
    assert box.signed_in == [(b"fengqiao", PASSWORD.encode())]


def test_a_mail_is_in_the_language_of_the_account(
    world: World, box: Box, mail: MailSettings
) -> None:
    change(world, language="en")
    opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    work(world, mail)
    assert box.mails[0]["Subject"] == f"News about case {opened.number}"


def test_a_request_for_approval_says_which_version(
    world: World, box: Box, mail: MailSettings
) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        row = session.scalars(select(PackageVersion)).one()
        row.state = DRAFT
        subject = Subject(Place(row.key, ""), row, {"zh": "小案"}, 0, world.clock.now())
        holder = Holder(world.accounts["mediator"], "mediator", "调解", "安全审核", "1-ZZ", "综治")
        tell(session, world.platform.ids, approval_wanted(subject, [holder]), mails=True)
    work(world, mail)
    (sent,) = box.mails
    assert sent["Subject"] == "流程包 small_matter 第 1 版请您审核"
    assert "https://" in sent.get_content()


def test_one_notice_makes_one_row_and_one_mail(world: World, box: Box, mail: MailSettings) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    for _ in range(3):
        work(world, mail)
    assert len(box.mails) == 1
    with world.platform.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_a_server_that_refuses_is_asked_again(world: World, box: Box, mail: MailSettings) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    box.refuses = True
    work(world, mail)
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(OutboxRow)).one()
    assert (row.state, row.attempts, row.last_error) == ("open", 1, "SMTPDataError")
    box.refuses = False
    world.clock.advance(row.available_at - world.clock.now())
    work(world, mail)
    assert len(box.mails) == 1


@pytest.mark.parametrize(
    "values",
    [{"mail_notices": False}, {"email": None}, {"active": False}],
    ids=["unwanted", "no address", "closed"],
)
def test_what_nobody_wants_any_more_is_not_sent(
    world: World, box: Box, mail: MailSettings, values: dict[str, object]
) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    change(world, **values)
    work(world, mail)
    assert box.mails == []


def test_what_was_read_meanwhile_is_not_sent(world: World, box: Box, mail: MailSettings) -> None:
    from workflows.notices.read import mark_all_read

    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    now = world.clock.now()
    with world.platform.database.transaction(world.actor("mediator")) as session:
        mark_all_read(session, now, now)
    work(world, mail)
    assert box.mails == []


def test_without_a_mail_server_no_row_is_written(world: World) -> None:
    world.platform = replace(world.platform, mails=False)
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    assert MailSource(world.platform).run_due(50) == 0


def test_a_wrong_password_is_in_no_error(world: World, box: Box, mail: MailSettings) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    work(world, replace(mail, password="falsch-und-lang"))
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(OutboxRow)).one()
    assert row.last_error == "SMTPAuthenticationError"
    assert "falsch" not in repr(mail) + str(row.payload)


def test_a_password_is_not_sent_readable_to_another_machine(box: Box, mail: MailSettings) -> None:
    """0.0.0.0 leads to the box, and is no address of this machine alone."""
    with pytest.raises(UnsafeMailServerError):
        send(EmailMessage(), replace(mail, host="0.0.0.0"))
    assert box.signed_in == []


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@b", "@b.cn", "a b@c.cn", "a@b..cn", "张@b.cn", "a@b.cn\nBcc: c@d.cn", "a,b@c.cn"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidFormError):
        check_address(text)


def test_an_address_is_taken_as_it_is() -> None:
    assert check_address(" Zhang.San@fengqiao.gov.cn ") == "Zhang.San@fengqiao.gov.cn"
