"""What the installation is told from outside. Only this module reads the environment.

Every variable is described beside its field; an unusable value is a `SettingsError` with one
sentence, raised before anything is opened.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from workflows.notices.mail import MailSettings

LOOPBACK_NAMES = frozenset({"localhost"})


class SettingsError(Exception):
    """The environment asks for something that cannot or must not be. Nothing was opened."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Build it with `from_environment`, or by hand in tests."""

    data: Path
    """FENGQIAO_DATA (default `data`): folder of the embedded database, keys, files, fonts."""
    database_url: str
    """FENGQIAO_DATABASE_URL: SQLAlchemy address; default is SQLite in the data folder."""
    host: str = "127.0.0.1"
    """FENGQIAO_HOST: address the server listens on."""
    port: int = 8000
    """PORT: 1 to 65535."""
    demo_password: str | None = field(default=None, repr=False)
    """FENGQIAO_DEMO_PASSWORD: password of the demo accounts; they exist on loopback only."""
    test_clock: bool = False
    """FENGQIAO_TEST_CLOCK=1: the clock may be moved through the API. Refused off loopback."""
    secure_cookies: bool = False
    """FENGQIAO_SECURE_COOKIES: cookies only over HTTPS, and HSTS. Default: on unless loopback."""
    web_processes: int = 1
    """FENGQIAO_WEB_PROCESSES: server processes of `fengqiao serve`, 1 to 64."""
    proxies: int = 0
    """FENGQIAO_PROXIES: how many reverse proxies in front may name the client's address."""
    office: str | None = None
    """FENGQIAO_OFFICE: name of the office on sign-in and public pages."""
    duty_phone: str | None = None
    """FENGQIAO_DUTY_PHONE: telephone in the foot of sign-in and public pages."""
    public_url: str | None = None
    """FENGQIAO_PUBLIC_URL: where people reach the site; links in e-mails and calendars."""
    mail: MailSettings | None = None
    """FENGQIAO_SMTP_HOST, _PORT, _USER, _PASSWORD, _FROM: the mail server; None: no e-mails."""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return _is_loopback(self.host)

    @property
    def secrets(self) -> Path:
        """Folder of the keys (mode 0700)."""
        return self.data / "secrets"

    @property
    def files(self) -> Path:
        """Folder of uploaded files and made documents."""
        return self.data / "files"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the process environment, or `environ` instead of it."""
        env = os.environ if environ is None else environ
        data = Path(env.get("FENGQIAO_DATA") or "data").resolve()
        host = env.get("FENGQIAO_HOST") or "127.0.0.1"
        test_clock = _flag(env, "FENGQIAO_TEST_CLOCK", default=False)
        if test_clock and not _is_loopback(host):
            raise SettingsError(
                "FENGQIAO_TEST_CLOCK=1 lets anyone move time: it is refused unless "
                "FENGQIAO_HOST is a loopback address."
            )
        return cls(
            data=data,
            database_url=env.get("FENGQIAO_DATABASE_URL") or f"sqlite:///{data / 'fengqiao.db'}",
            host=host,
            port=_number(env, "PORT", default=8000, low=1, high=65535),
            demo_password=env.get("FENGQIAO_DEMO_PASSWORD") or None,
            test_clock=test_clock,
            secure_cookies=_flag(env, "FENGQIAO_SECURE_COOKIES", default=not _is_loopback(host)),
            web_processes=_number(env, "FENGQIAO_WEB_PROCESSES", default=1, low=1, high=64),
            proxies=_number(env, "FENGQIAO_PROXIES", default=0, low=0, high=5),
            office=env.get("FENGQIAO_OFFICE") or None,
            duty_phone=env.get("FENGQIAO_DUTY_PHONE") or None,
            public_url=_address(env, "FENGQIAO_PUBLIC_URL"),
            mail=_mail(env),
        )


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(env: Mapping[str, str], name: str) -> str | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{name} must be an address like https://fengqiao.example.cn.")
    return text.rstrip("/")


def _mail(env: Mapping[str, str]) -> MailSettings | None:
    """The mail server; None without a host. Without the other two nothing useful can be sent."""
    host = env.get("FENGQIAO_SMTP_HOST", "").strip()
    if not host:
        return None
    sender, public_url = env.get("FENGQIAO_SMTP_FROM", ""), _address(env, "FENGQIAO_PUBLIC_URL")
    if "@" not in parseaddr(sender)[1]:
        raise SettingsError("FENGQIAO_SMTP_FROM must be the address e-mails come from.")
    if public_url is None:
        raise SettingsError(
            "FENGQIAO_SMTP_HOST needs FENGQIAO_PUBLIC_URL for the links in e-mails."
        )
    return MailSettings(
        host=host,
        port=_number(env, "FENGQIAO_SMTP_PORT", default=587, low=1, high=65535),
        user=env.get("FENGQIAO_SMTP_USER", ""),
        password=env.get("FENGQIAO_SMTP_PASSWORD", ""),
        sender=sender,
        public_url=public_url,
    )


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").strip()
    if text in {"", "0", "1"}:
        return default if text == "" else text == "1"
    raise SettingsError(f"{name} must be 0 or 1, not {text!r}.")


def _number(env: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)
