"""Settings: read from the environment, checked at start, one sentence for each that is wrong."""

import os
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest

from core.config import MailServer, SettingsError, load_settings, make_home, secret_keys


def test_without_settings_everything_lives_in_var_under_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({"POSTIGO_HOME": ""})
    assert settings.home == tmp_path / "var"
    assert settings.database_file == tmp_path / "var" / "postigo.db"
    assert settings.secret_file == tmp_path / "var" / "secret.key"
    assert (settings.port, settings.trusted_proxies) == (8000, ())
    assert not settings.home.exists()


def test_postgresql_means_the_installed_driver_and_the_owner_may_differ() -> None:
    settings = load_settings(
        {
            "POSTIGO_DATABASE_URL": "postgresql://app:secret@db/postigo",
            "POSTIGO_OWNER_URL": "postgresql://owner:other@db/postigo",
            "POSTIGO_PORT": "8443",
            "POSTIGO_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        }
    )
    assert settings.database_url == "postgresql+psycopg://app:secret@db/postigo"
    assert settings.owner_url == "postgresql+psycopg://owner:other@db/postigo"
    assert settings.database_file is None
    assert settings.port == 8443
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert "secret" not in repr(settings).replace("secret_file", "").replace("secret.key", "")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:1025", MailServer("127.0.0.1", 1025)),
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp://user:p%40ss@localhost", MailServer("localhost", 25, "", "user", "p@ss")),
        ("smtp://user:hunter2@mail.example?starttls", MailServer("mail.example", 587, "starttls", "user", "hunter2")),
        ("smtps://us%3Aer:hunter2@mail.example/", MailServer("mail.example", 465, "tls", "us:er", "hunter2")),
    ],
)
def test_a_mail_server(url: str, server: MailServer) -> None:
    settings = load_settings({"POSTIGO_SMTP_URL": url, "POSTIGO_MAIL_FROM": "portal@example.es"})
    assert settings.mail_server == server
    assert settings.mail_from == "portal@example.es"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTIGO_PORT", "0"),
        ("POSTIGO_PORT", "65536"),
        ("POSTIGO_PORT", "８０００"),
        ("POSTIGO_PORT", "8" * 5000),
        ("POSTIGO_PORT", "http"),
        ("POSTIGO_DATABASE_URL", "mysql://user:hunter2@host/name"),
        ("POSTIGO_DATABASE_URL", "hunter2"),
        ("POSTIGO_DATABASE_URL", "sqlite://"),
        ("POSTIGO_DATABASE_URL", "sqlite:///:memory:"),
        ("POSTIGO_DATABASE_URL", "postgresql://user:hunter2@host:port/name"),
        ("POSTIGO_OWNER_URL", "postgresql://user:hunter2@host/name"),
        ("POSTIGO_SMTP_URL", "hunter2"),
        ("POSTIGO_SMTP_URL", "http://user:hunter2@mail.example"),
        ("POSTIGO_SMTP_URL", "smtp://user:hunter2@mail.example"),
        ("POSTIGO_SMTP_URL", "smtp://user:hunter2@mail.example:port?starttls"),
        ("POSTIGO_SMTP_URL", "smtps://user:hunter2@mail.example?starttls"),
        ("POSTIGO_SMTP_URL", "smtp://mail.example/hunter2"),
        ("POSTIGO_MAIL_FROM", "portal"),
        ("POSTIGO_MAIL_FROM", "a@example.es, b@example.es"),
        ("POSTIGO_MAIL_FROM", "Portal <portal@example.es>"),
        ("POSTIGO_MAIL_FROM", "portal@example.es\r\nBcc: b@example.es"),
        ("POSTIGO_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("POSTIGO_TRUSTED_PROXIES", "proxy.example"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it_and_no_password(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings({name: value})
    text = str(raised.value)
    assert name in text
    assert "\n" not in text
    assert "hunter2" not in text


def test_the_home_is_closed_to_others(tmp_path: Path) -> None:
    settings = load_settings({"POSTIGO_HOME": str(tmp_path / "a" / "home")})
    make_home(settings)
    assert settings.home.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"POSTIGO_HOME .* cannot be made"):
        make_home(load_settings({"POSTIGO_HOME": str(tmp_path / "file" / "home")}))


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = load_settings({"POSTIGO_HOME": str(tmp_path)})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: secret_keys(settings), range(8)))
    assert all(keys == answers[0] for keys in answers)
    assert len(answers[0]) == 1
    assert settings.secret_file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["secret.key"]


def test_a_rotated_secret_gives_every_key_the_newest_first(tmp_path: Path) -> None:
    settings = load_settings({"POSTIGO_SECRET_FILE": str(tmp_path / "keys")})
    settings.secret_file.write_text(f"{'n' * 32}\n{'o' * 40}\n")
    settings.secret_file.chmod(0o640)
    assert secret_keys(settings) == ["n" * 32, "o" * 40]


@pytest.mark.parametrize(
    ("content", "mode"), [(b"", 0o600), (b"short\n", 0o600), (b"\xff" * 40, 0o600), (b"k" * 40, 0o644)]
)
def test_a_secret_that_is_weak_or_open_is_refused(tmp_path: Path, content: bytes, mode: int) -> None:
    settings = load_settings({"POSTIGO_SECRET_FILE": str(tmp_path / "keys")})
    settings.secret_file.write_bytes(content)
    settings.secret_file.chmod(mode)
    with pytest.raises(SettingsError, match="POSTIGO_SECRET_FILE"):
        secret_keys(settings)
