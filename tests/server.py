"""A real server process for tests that need one: several processes, the wheel, the browser."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.config import MailServer, Settings

POSTIGO = Path(sys.executable).with_name("postigo")


@dataclass
class Server:
    """A running server: its process, its address, and the seconds until it answered."""

    process: subprocess.Popen[str]
    url: str
    seconds: float = 0.0
    #: seconds of computing, from its start to its end; known once it has ended
    computing: float = 0.0
    #: all that it has said, once it has ended
    said: str = field(default="")


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a `postigo` command uses those settings."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("POSTIGO_")},
        "POSTIGO_HOME": str(settings.home),
        "POSTIGO_DATABASE_URL": settings.database_url,
        **({"POSTIGO_OWNER_URL": settings.owner_url} if settings.owner_url != settings.database_url else {}),
        "POSTIGO_SECRET_FILE": str(settings.secret_file),
        "POSTIGO_PORT": str(settings.port),
        **({} if settings.mail_server is None else {"POSTIGO_SMTP_URL": _smtp_url(settings.mail_server)}),
        "POSTIGO_MAIL_FROM": settings.mail_from,
    }


def _smtp_url(server: MailServer) -> str:
    """The address of a mail server of a test's own, which asks for no password."""
    return f"smtp://{server.host}:{server.port}"


@contextmanager
def running(
    command: Sequence[str | Path], port: int, env: Mapping[str, str], cwd: Path | None = None, patience: float = 120
) -> Iterator[Server]:
    """Run a command that serves on `port`, until the block is left; then end it as Ctrl-C does.

    Fails when it does not answer in `patience` seconds, or does not end cleanly.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    server = Server(process, f"http://127.0.0.1:{port}")
    try:
        server.seconds = _wait(server, patience)
        yield server
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        try:
            server.said = process.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    server.computing = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    assert process.returncode in (0, 130), server.said
    assert "Traceback" not in server.said, server.said


def _wait(server: Server, patience: float) -> float:
    """Wait until the server answers; give the seconds that it took."""
    start = time.monotonic()
    while time.monotonic() - start < patience:
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended at once: {server.process.communicate()[0]}")
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=60) as answer:
                if answer.status == 200:
                    return time.monotonic() - start
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"no answer within {patience} seconds")
