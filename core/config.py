"""Settings: what the environment says, checked once at start.

Every wrong setting is one sentence that names the variable; nothing is guessed.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_PORT = 8000
SHORTEST_KEY = 32


class SettingsError(ValueError):
    """A setting that cannot be used; its text is one sentence for the operator."""


@dataclass(frozen=True)
class MailServer:
    """The server that mails are handed to. `security` is "" (none), "starttls" or "tls"."""

    host: str
    port: int
    security: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """What one installation runs with.

    `home` holds whatever Postigo keeps on disk. `database_url` is the role that serves; `owner_url`
    the one that owns the tables and migrates them (the same, unless told). `trusted_proxies` are
    the addresses whose word about the client's address is taken. Without a `mail_server`, mails are kept for
    staff to read; `mail_from` is the address that they come from, each tenant's own where it is empty.
    """

    home: Path
    database_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    port: int
    secret_file: Path
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    mail_server: MailServer | None = None
    mail_from: str = ""

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        url = make_url(self.database_url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (the process's own by default).

    Touches nothing on disk. Raises SettingsError for the first value that cannot be used; a
    variable that is set but empty counts as not set.
    """
    given = {name: value for name, value in (os.environ if environ is None else environ).items() if value}
    home = Path(given.get("POSTIGO_HOME", "var")).expanduser().absolute()
    default_url = URL.create("sqlite", database=str(home / "postigo.db"))
    database = _database_url("POSTIGO_DATABASE_URL", given.get("POSTIGO_DATABASE_URL"), default_url)
    owner = _database_url("POSTIGO_OWNER_URL", given.get("POSTIGO_OWNER_URL"), database)
    if "sqlite" in (database.get_backend_name(), owner.get_backend_name()) and owner != database:
        raise SettingsError("POSTIGO_OWNER_URL goes with a POSTIGO_DATABASE_URL of PostgreSQL alone.")
    return Settings(
        home=home,
        database_url=database.render_as_string(hide_password=False),
        owner_url=owner.render_as_string(hide_password=False),
        port=_port(given.get("POSTIGO_PORT", str(DEFAULT_PORT))),
        secret_file=Path(given.get("POSTIGO_SECRET_FILE", home / "secret.key")).expanduser().absolute(),
        trusted_proxies=_networks(given.get("POSTIGO_TRUSTED_PROXIES", "")),
        mail_server=_mail_server(given["POSTIGO_SMTP_URL"]) if "POSTIGO_SMTP_URL" in given else None,
        mail_from=_mail_from(given.get("POSTIGO_MAIL_FROM", "")),
    )


def make_home(settings: Settings) -> None:
    """Make the home folder, closed to other users of the machine, unless it is there.

    Raises SettingsError when it cannot be made or written to.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"POSTIGO_HOME {settings.home} cannot be made: {error.strerror}.") from None
    if not os.access(settings.home, os.W_OK | os.X_OK):
        raise SettingsError(f"POSTIGO_HOME {settings.home} cannot be written to.")


def secret_keys(settings: Settings) -> list[str]:
    """Give the keys in the secret file, one per line: the first signs, all verify.

    Makes the file, readable by its owner alone, when there is none. Raises SettingsError when it
    cannot be made or read, holds no key or a short one, or is open to every user of the machine.
    """
    path = settings.secret_file
    try:
        if not path.exists():
            _make_secret(path)
        keys = path.read_text(encoding="ascii").split()
        open_to_all = path.stat().st_mode & 0o007
    except OSError as error:
        raise SettingsError(f"POSTIGO_SECRET_FILE {path} cannot be used: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"POSTIGO_SECRET_FILE {path} is not a text file with one key per line.") from None
    if open_to_all:
        raise SettingsError(f"POSTIGO_SECRET_FILE {path} is open to every user; run: chmod 600 {path}")
    if not keys or min(map(len, keys)) < SHORTEST_KEY:
        raise SettingsError(
            f"POSTIGO_SECRET_FILE {path} needs keys of at least {SHORTEST_KEY} characters, one per line."
        )
    return keys


def _make_secret(path: Path) -> None:
    """Write a new key so that a second process, making one at the same moment, gets the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # the other process was first, and its key counts
    finally:
        draft.unlink()


def _database_url(name: str, value: str | None, default: URL) -> URL:
    """Read one database address; only SQLite files and PostgreSQL are served."""
    if value is None:
        return default
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        # Not the value itself: it may hold a password.
        raise SettingsError(f"{name} is no database address such as postgresql://user@host/name.") from None
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database and ":memory:" not in url.database and not url.query:
        return url.set(database=str(Path(url.database).expanduser().absolute()))
    if url.drivername == "postgresql+psycopg":
        return url
    raise SettingsError(f"{name} must begin with sqlite:/// and name a file, or with postgresql://.")


def _port(value: str) -> int:
    """Read a port number."""
    if value.isascii() and value.isdigit() and len(value) < 6 and 0 < int(value) < 65536:
        return int(value)
    raise SettingsError(f"POSTIGO_PORT must be a number from 1 to 65535, not {value!r}.")


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks separated by commas."""
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(f"POSTIGO_TRUSTED_PROXIES: {error}.") from None


def _mail_server(value: str) -> MailServer:
    """Read the address of a mail server; the message never repeats it, for it may hold a password."""
    try:
        parts = urlsplit(value)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        parts, port, host = urlsplit(""), None, ""
    known = parts.scheme in ("smtp", "smtps") and parts.query in ("", "starttls")
    if not known or not host or parts.path.strip("/") or parts.fragment or (parts.scheme == "smtps" and parts.query):
        raise SettingsError("POSTIGO_SMTP_URL is no address such as smtps://user:password@host or smtp://host:25.")
    security = "tls" if parts.scheme == "smtps" else parts.query
    if parts.username and not security and not _on_this_machine(host):
        raise SettingsError("POSTIGO_SMTP_URL would send its password in clear; use smtps:// or end it with ?starttls.")
    standard = {"": 25, "starttls": 587, "tls": 465}[security]
    return MailServer(host, port or standard, security, unquote(parts.username or ""), unquote(parts.password or ""))


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _mail_from(value: str) -> str:
    """Read the address that mails come from."""
    local, _, domain = value.rpartition("@")
    plain = value.isascii() and value.isprintable() and not set(value) & set(' <>,;:"()[]\\')
    if value and not (plain and local and domain and "@" not in local):
        raise SettingsError(f"POSTIGO_MAIL_FROM must be one address such as portal@example.es, not {value!r}.")
    return value
