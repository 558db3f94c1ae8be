"""Where the server listens, and where it refuses to."""

from contextlib import closing
from pathlib import Path

import pytest

from core.config import SettingsError, load_settings
from core.modules.registry import Registry
from core.serve import Server, listen
from tests.server import free_port


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
