"""Where the server listens, and where it refuses to."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.config import SettingsError, load_settings
from core.modules.registry import Registry
from core.serve import Server, at_once, listen
from tests.server import free_port

# Sixteen threads that each take memory and keep it; then the C library says which heaps it has.
_MANY_THREADS = """
import ctypes, threading
from core.serve import share_heaps
if {shares}:
    share_heaps()
together = threading.Barrier(17)
def take():
    held = [bytes(2000) for _ in range(100)]
    together.wait()
    together.wait()
threads = [threading.Thread(target=take) for _ in range(16)]
[thread.start() for thread in threads]
together.wait()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
together.wait()
"""


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "127.8.8.8"])
def test_it_listens_on_this_machine(address: str) -> None:
    port = free_port()
    with closing(listen(address, port, behind_https=False)) as listener:
        assert listener.getsockname()[1] == port
        assert listener.getsockname()[0].startswith("127.")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.5", "[::]", "::ffff:10.0.0.5"])
def test_beyond_this_machine_it_needs_to_be_told_of_https(address: str) -> None:
    with pytest.raises(SettingsError, match="--behind-https"):
        listen(address, free_port(), behind_https=False)


def test_told_of_https_it_listens_anywhere() -> None:
    with closing(listen("0.0.0.0", free_port(), behind_https=True)) as listener:
        assert listener.getsockname()[0] == "0.0.0.0"


@pytest.mark.parametrize("address", ["example.com", "", "127.0.0.1:80", "256.1.1.1"])
def test_what_is_no_address_is_one_sentence(address: str) -> None:
    with pytest.raises(SettingsError, match="--bind needs an address"):
        listen(address, free_port(), behind_https=True)


def test_a_port_in_use_is_one_sentence() -> None:
    port = free_port()
    with (
        closing(listen("127.0.0.1", port, behind_https=False)),
        pytest.raises(SettingsError, match=f"Port {port} of 127.0.0.1 cannot be used"),
    ):
        listen("127.0.0.1", port, behind_https=False)


def test_gunicorn_believes_no_header_and_opens_no_door_of_its_own(tmp_path: Path) -> None:
    settings = load_settings({"POSTIGO_HOME": str(tmp_path)})
    with closing(listen("127.0.0.1", free_port(), behind_https=False)) as listener:
        cfg = Server(settings, Registry(), listener, workers=1, ready=lambda: None).cfg
    assert cfg.forwarded_allow_ips == []
    assert cfg.forwarder_headers == []
    assert cfg.secure_scheme_headers == {}
    assert cfg.control_socket_disable
    assert not cfg.preload_app
    assert (cfg.worker_class_str, cfg.threads) == ("gthread", 16)


def test_the_threads_of_a_process_share_two_heaps() -> None:
    heaps = {}
    for shares in (True, False):
        code = _MANY_THREADS.format(shares=shares)
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        heaps[shares] = told.count("<heap nr=")
    assert heaps[True] == 2
    assert heaps[False] > 2


@pytest.mark.parametrize(
    ("url", "workers", "turns"),
    [
        ("sqlite:////srv/postigo.db", 1, 1),
        ("sqlite:////srv/postigo.db", 4, 1),
        ("postgresql+psycopg://postigo@localhost/postigo", 1, 2),
        ("postgresql+psycopg://postigo@localhost/postigo", 2, 1),
        ("postgresql+psycopg:///postigo?host=/run/postgresql", 2, 1),
        ("postgresql+psycopg://postigo@db.example.com/postigo", 2, 2),
        ("postgresql+psycopg:///postigo?host=db.example.com", 2, 2),
    ],
)
def test_two_compute_at_a_time_where_one_would_wait_for_the_database(url: str, workers: int, turns: int) -> None:
    assert at_once(url, workers) == turns
