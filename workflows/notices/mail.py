"""Notices by e-mail: a number, of a case or of a package's version, and a link, in the language of
the account. Nothing else: mail passes through other people's machines and lies in other people's
boxes."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message, say
from workflows.notices.tables import Notice
from workflows.notices.tell import APPROVAL, APPROVED
from workflows.organisation.tables import Account
from workflows.storage.ids import encode_id

TOPIC = "notice.mail"
"""Outbox: a notice wants to leave. Payload {"notice"}."""
LONGEST_ADDRESS = 254
"""RFC 5321 section 4.5.3.1.3: a path has 256 octets with its brackets."""
TLS_PORT = 465
"""RFC 8314 section 7.3: TLS from the first byte."""
SECONDS = 15
"""How long the server may take for one answer; less than the lease of an outbox row."""


class UnsafeMailServerError(Exception):
    """The server offers no encryption, and a password would travel readable. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The office's mail server. `user` "": it asks for no sign-in. `sender`: "Name <address>" or
    an address. `public_url`: where people reach the site, without a slash at its end."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    public_url: str


def compose(notice: Notice, account: Account, settings: MailSettings) -> EmailMessage:
    """The e-mail about one notice. Its Message-ID is always the same, so that a copy sent twice
    after a crash is known for one."""
    name, address = parseaddr(settings.sender)
    number = encode_id(notice.id)
    link = f"{settings.public_url}/notices/{number}"
    params: dict[str, object] = {"number": notice.case_number, "link": link}
    of = ""
    if notice.kind in (APPROVAL, APPROVED):
        of, params["version"] = f"_{notice.kind}", notice.number
    mail = EmailMessage()
    mail["Subject"] = say(Message(f"notices.mail_subject{of}", params), account.language)
    mail["From"] = formataddr((name, address))
    mail["To"] = account.email
    mail["Date"] = format_datetime(notice.at)
    mail["Message-ID"] = f"<{number}@{address.partition('@')[2] or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(say(Message(f"notices.mail_body{of}", params), account.language))
    return mail


def send(mail: EmailMessage, settings: MailSettings) -> None:
    """Hands one e-mail to the server, encrypted where it offers that. Raises OSError and
    smtplib.SMTPException when it does not take it, UnsafeMailServerError before a password would
    be sent in the clear to another machine."""
    context = ssl.create_default_context()
    if settings.port == TLS_PORT:
        with smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=SECONDS, context=context
        ) as server:
            _hand_over(server, mail, settings)
        return
    with smtplib.SMTP(settings.host, settings.port, timeout=SECONDS) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif settings.user and not _is_this_machine(settings.host):
            raise UnsafeMailServerError(settings.host)
        _hand_over(server, mail, settings)


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, settings: MailSettings) -> None:
    if settings.user:
        server.login(settings.user, settings.password)
    server.send_message(mail)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_address(text: str) -> str:
    """`text` as an address one can write to. InvalidFormError at "/email" for anything else."""
    address = text.strip()
    name, at, domain = address.rpartition("@")
    plain = address.isascii() and address.isprintable() and " " not in address
    well_formed = plain and at and name and "." in domain.strip(".") and ".." not in address
    if not well_formed or len(address) > LONGEST_ADDRESS or set(address) & set('<>()[],;:\\"'):
        raise InvalidFormError([FieldError("/email", Message("notices.bad_address"))])
    return address
