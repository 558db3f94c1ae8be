"""The server: gunicorn in one process with many threads, or several processes where asked.

The application is made in each worker, after the fork: the file store and the PDF maker must not be used
on both sides of one.
"""

import ctypes
import signal
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy import make_url

from core.beside import Beside
from core.config import Settings, SettingsError
from core.modules.registry import Registry
from core.web.turns import Turns

THREADS = 16
# The database's host, where it runs beside the portal: a socket, or this machine by name.
_HERE = ("", "localhost", "127.0.0.1", "::1")
# Of heaps that the C library gives to threads, so many are enough where one thread computes at a time. By its own way
# each gets one, and keeps what it once held: a process grew by 3 MB and more after its first 10,000 requests.
_HEAPS, _M_ARENA_MAX = 2, -8
# What a request that is being answered gets when the server is told to end.
SECONDS_TO_END = 10


class FirstProcess(Arbiter):
    """gunicorn's first process, which keeps a worker running beside those that serve."""

    def manage_workers(self) -> None:
        """Called about once a second."""
        super().manage_workers()
        self.app.beside.look()


class Server(BaseApplication):
    """gunicorn, told what to do by us alone: no configuration file, no arguments of its own."""

    def __init__(
        self,
        settings: Settings,
        registry: Registry,
        listener: socket.socket,
        workers: int,
        ready: Callable[[], None],
    ) -> None:
        self._settings, self._registry, self._ready, self._workers = settings, registry, ready, workers
        #: the worker that sends mails
        self.beside = Beside(settings.port)
        self._options: dict[str, Any] = {
            "bind": f"fd://{listener.fileno()}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": False,
            "control_socket_disable": True,
            "loglevel": "warning",
            "graceful_timeout": SECONDS_TO_END,
            # The application decides whose word it takes for the client's address (POSTIGO_TRUSTED_PROXIES);
            # gunicorn would believe any process on this machine, for the path as well.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "post_worker_init": self._worker_is_ready,
            "when_ready": lambda arbiter: port_file(settings).write_text(str(settings.port)),
            "on_exit": self._ends,
        }
        super().__init__()

    def run(self) -> None:
        """Serve until told to end."""
        FirstProcess(self).run()

    def _ends(self, arbiter: Any) -> None:
        self.beside.end()
        port_file(self._settings).unlink(missing_ok=True)

    def load_config(self) -> None:
        """Hand gunicorn our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def _worker_is_ready(self, worker: Any) -> None:
        """Leave Ctrl-C to the first process, end gently when that says so, and tell once that the portal
        is there.

        gunicorn's own way to quit takes the lock of the pool of threads; interrupted while it holds that
        lock, or told twice (a terminal sends Ctrl-C to every process), a worker waits for itself."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGQUIT, worker.handle_exit)
        if worker.age == 1:
            self._ready()

    def load(self) -> Any:
        """Make the application; called in each worker, after the fork."""
        share_heaps()
        return Turns(self.application(), at_once(self._settings.database_url, self._workers))

    def application(self) -> Any:
        """What answers."""
        from core.app import create_app

        return create_app(self._settings, self._registry)


def at_once(database_url: str, workers: int) -> int:
    """How many requests of a process that only read may compute at a time: two where one would leave the processor idle
    while it waits, else one. SQLite is not waited for, and a PostgreSQL on this machine computes on the same
    processors, which other workers then use as well."""
    url = make_url(database_url)
    host = url.query.get("host", url.host) or ""
    here = host in _HERE or str(host).startswith("/")
    return 1 if url.get_backend_name() == "sqlite" or (here and workers > 1) else 2


def share_heaps() -> None:
    """Let the threads of this process share heaps, where the C library is one that gives each its own (glibc)."""
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune is not None:
        tune(_M_ARENA_MAX, _HEAPS)


def listen(address: str, port: int, behind_https: bool) -> socket.socket:
    """Take the port and give its socket.

    Raises SettingsError when `address` can be reached from other machines and no https was
    promised, when it is no address of this machine, or when the port is taken.
    """
    bind = _address(address)
    if not bind.is_loopback and not behind_https:
        raise SettingsError(
            f"Postigo does not listen on {address} without https: put a proxy that speaks https in front of "
            "it and say so with --behind-https (docs/operators.md)."
        )
    listener = socket.socket(socket.AF_INET if bind.version == 4 else socket.AF_INET6)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((str(bind), port))
        listener.listen()
    except OSError as error:
        listener.close()
        hint = "choose another with --port or POSTIGO_PORT"
        raise SettingsError(f"Port {port} of {address} cannot be used ({error.strerror}); {hint}.") from None
    return listener


def port_in_use(settings: Settings) -> int:
    """Give the port that this installation is served on now, or else would be: links that a command
    prints begin with it where a tenant has no address of its own."""
    try:
        return int(port_file(settings).read_text())
    except (OSError, ValueError):
        return settings.port


def port_file(settings: Settings) -> Path:
    """The file in which a running server says on which port it listens."""
    return settings.home / "port"


def _address(text: str) -> Any:
    """Read the address to listen on; "localhost" is the loopback address."""
    try:
        return ip_address("127.0.0.1" if text == "localhost" else text.strip("[]"))
    except ValueError:
        said = f"--bind needs an address such as 127.0.0.1 or ::1, not {text!r}; the port is for --port."
        raise SettingsError(said) from None
