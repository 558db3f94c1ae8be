"""The kit knows every kind of address that a module has: a new one is looked at, or fails here."""

from pathlib import Path

from core.app import create_app
from core.config import Settings

KNOWN = {"module", "resource", "record_id", "file_id", "action"}


def test_each_address_of_a_module_is_one_that_the_kit_can_fill_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    app = create_app(Settings(tmp_path, url, url, 8000, tmp_path / "secret.key"))
    of_modules = [rule for rule in app.url_map.iter_rules() if "module" in rule.arguments]
    assert len(of_modules) > 10
    assert [rule.rule for rule in of_modules if not rule.arguments <= KNOWN] == []
