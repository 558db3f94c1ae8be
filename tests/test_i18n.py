"""Translations of the core and of modules together, and moments as readers read them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.formats import _moment
from core.i18n import Catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
HEAD += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'


def catalogue(folder: Path, name: str, *said: tuple[str, str, str]) -> Path:
    """A folder with Spanish: (context, sentence, translation)."""
    path = folder / name / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    entries = [
        (f'msgctxt "{context}"\n' if context else "") + f'msgid "{sentence}"\nmsgstr "{text}"\n'
        for context, sentence, text in said
    ]
    path.write_text("\n".join([HEAD, *entries]), encoding="utf-8")
    return folder / name


def test_no_module_changes_what_the_core_says_and_its_own_sense_has_a_context(tmp_path: Path) -> None:
    core = catalogue(tmp_path, "core", ("", "Open", "Abrir"))
    first = catalogue(tmp_path, "first", ("", "Open", "Abierto"), ("case", "Open", "Abierto"), ("", "Mine", "Mío"))
    second = catalogue(tmp_path, "second", ("", "Mine", "Otro"))
    spanish = Catalogues([core, first, second]).of("es")
    assert spanish.ugettext("Open") == "Abrir"
    assert spanish.upgettext("case", "Open") == "Abierto"
    assert spanish.ugettext("Mine") == "Mío"
    assert spanish.ungettext("one", "many", 2) == "many"


def test_moments_are_those_of_the_zone_and_language_that_they_are_read_in() -> None:
    at = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    madrid, lima = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Lima")
    assert _moment(at, madrid, "es") == "29 mar 2026, 00:30"
    assert _moment(at + timedelta(hours=2), madrid, "en") == "29 Mar 2026, 03:30"
    assert _moment(at, lima, "es") == "28 mar 2026, 18:30"
