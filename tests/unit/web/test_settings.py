"""What the environment may say, and what is refused before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.settings import Settings, SettingsError
from workflows.notices.mail import MailSettings


def test_defaults_serve_one_machine(tmp_path: Path) -> None:
    settings = Settings.from_environment({"FENGQIAO_DATA": str(tmp_path)})
    assert settings == Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'fengqiao.db'}")
    assert settings.is_loopback
    assert settings.secrets == tmp_path / "secrets"


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "FENGQIAO_DATA": str(tmp_path),
            "FENGQIAO_DATABASE_URL": "postgresql://db/fengqiao",
            "FENGQIAO_HOST": "0.0.0.0",
            "PORT": "8080",
            "FENGQIAO_DEMO_PASSWORD": "geheim",
            "FENGQIAO_SECURE_COOKIES": "0",
            "FENGQIAO_WEB_PROCESSES": "4",
            "FENGQIAO_PROXIES": "1",
            "FENGQIAO_OFFICE": "肃州区综治中心",
            "FENGQIAO_DUTY_PHONE": "0937-000 0000",
            "FENGQIAO_PUBLIC_URL": "https://fengqiao.example.cn/",
            "FENGQIAO_SMTP_HOST": "mail.example.cn",
            "FENGQIAO_SMTP_PORT": "465",
            "FENGQIAO_SMTP_USER": "fengqiao",
            "FENGQIAO_SMTP_PASSWORD": "streng",
            "FENGQIAO_SMTP_FROM": "枫桥 <fengqiao@example.cn>",
        }
    )
    assert settings == Settings(
        data=tmp_path,
        database_url="postgresql://db/fengqiao",
        host="0.0.0.0",
        port=8080,
        demo_password="geheim",
        secure_cookies=False,
        web_processes=4,
        proxies=1,
        office="肃州区综治中心",
        duty_phone="0937-000 0000",
        public_url="https://fengqiao.example.cn",
        mail=MailSettings(
            host="mail.example.cn",
            port=465,
            user="fengqiao",
            password="streng",
            sender="枫桥 <fengqiao@example.cn>",
            public_url="https://fengqiao.example.cn",
        ),
    )


def test_cookies_are_secure_unless_on_loopback() -> None:
    assert Settings.from_environment({"FENGQIAO_HOST": "10.0.0.5"}).secure_cookies
    assert not Settings.from_environment({"FENGQIAO_HOST": "::1"}).secure_cookies


def test_test_clock_is_refused_off_loopback() -> None:
    assert Settings.from_environment({"FENGQIAO_TEST_CLOCK": "1"}).test_clock
    with pytest.raises(SettingsError, match="loopback"):
        Settings.from_environment({"FENGQIAO_TEST_CLOCK": "1", "FENGQIAO_HOST": "10.0.0.5"})


@pytest.mark.parametrize("port", ["0", "65536", "８０", "-1", "eighty"])
def test_port_must_be_a_port(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT must be a whole number"):
        Settings.from_environment({"PORT": port})


def test_flags_are_0_or_1() -> None:
    with pytest.raises(SettingsError, match="must be 0 or 1"):
        Settings.from_environment({"FENGQIAO_SECURE_COOKIES": "yes"})


def test_the_demo_password_is_not_in_the_representation() -> None:
    assert "geheim" not in repr(Settings.from_environment({"FENGQIAO_DEMO_PASSWORD": "geheim"}))


MAIL = {
    "FENGQIAO_SMTP_HOST": "mail.example.cn",
    "FENGQIAO_SMTP_FROM": "fengqiao@example.cn",
    "FENGQIAO_SMTP_PASSWORD": "streng",
    "FENGQIAO_PUBLIC_URL": "https://fengqiao.example.cn",
}


def test_a_mail_server_needs_nothing_but_a_sender_and_the_sites_address() -> None:
    mail = Settings.from_environment(MAIL).mail
    assert mail is not None
    assert (mail.port, mail.user) == (587, "")
    assert Settings.from_environment({**MAIL, "FENGQIAO_SMTP_HOST": ""}).mail is None


@pytest.mark.parametrize("name", ["FENGQIAO_SMTP_FROM", "FENGQIAO_PUBLIC_URL"])
def test_a_mail_server_without_them_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**MAIL, name: ""})


@pytest.mark.parametrize(
    "url", ["fengqiao.example.cn", "ftp://x.cn", "https://", "https://x.cn?a=1"]
)
def test_the_sites_address_must_be_one(url: str) -> None:
    with pytest.raises(SettingsError, match="FENGQIAO_PUBLIC_URL must be"):
        Settings.from_environment({"FENGQIAO_PUBLIC_URL": url})


def test_the_mail_password_is_not_in_the_representation() -> None:
    assert "streng" not in repr(Settings.from_environment(MAIL))
