"""The check of the translations finds each way in which one can be incomplete."""

from pathlib import Path

import pytest

from tools import translations

SOURCE = """
from core.i18n import gettext, ngettext
gettext("Hello, %(name)s")
gettext("Total")
ngettext("%(num)s bill", "%(num)s bills", 2)
"""

COMPLETE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Hello, %(name)s"
msgstr "Hola, %(name)s"

msgid "Total"
msgstr "Total"

msgid "%(num)s bill"
msgid_plural "%(num)s bills"
msgstr[0] "%(num)s factura"
msgstr[1] "%(num)s facturas"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one package of three sentences, translated in full."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "page.py").write_text(SOURCE)
    write(tmp_path, COMPLETE)
    (tmp_path / "tools").mkdir()
    (tmp_path / translations.SAME).write_text("# looked at\nTotal\n")
    return tmp_path


def write(project: Path, text: str, package: str = "core") -> None:
    """Write the Spanish catalogue of a package."""
    path = project / package / translations.CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_complete_translation_passes(project: Path) -> None:
    assert translations.complaints(project) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgid "Total"\nmsgstr "Total"', "", "'Total' is missing"),
        ('msgstr "Hola, %(name)s"', 'msgstr ""', "is not translated"),
        ('msgstr "Hola, %(name)s"', 'msgstr "Hello, %(name)s"', "reads the same in Spanish"),
        ('msgstr "Hola, %(name)s"', 'msgstr "Hola"', "lacks a placeholder"),
        ('msgstr "Hola, %(name)s"', 'msgstr "Hola, %(nombre)s"', "placeholder that the source does not have"),
        ('msgstr[1] "%(num)s facturas"', 'msgstr[1] ""', "is not translated"),
        ('msgid "Total"', '#, fuzzy\nmsgid "Total"', "is marked fuzzy"),
        ('msgid "Total"', 'msgid "Gone"\nmsgstr "Ido"\n\nmsgid "Total"', "no longer in the sources"),
        ('msgid "Total"', '#~ msgid "Old"\n#~ msgstr "Viejo"\n\nmsgid "Total"', "is obsolete"),
    ],
)
def test_each_fault_is_named(project: Path, old: str, new: str, complaint: str) -> None:
    assert old in COMPLETE
    write(project, COMPLETE.replace(old, new))
    assert any(complaint in text for text in translations.complaints(project))


def test_a_sentence_that_reads_the_same_must_be_in_the_reviewed_list(project: Path) -> None:
    (project / translations.SAME).write_text("")
    assert [text for text in translations.complaints(project) if "'Total' reads the same" in text]


def test_the_reviewed_list_holds_nothing_that_is_not_used(project: Path) -> None:
    (project / translations.SAME).write_text("Total\nNo such sentence\n")
    assert [text for text in translations.complaints(project) if "No such sentence" in text]


def test_a_module_has_a_catalogue_of_its_own(project: Path) -> None:
    module = project / "plugins" / "leaks"
    (module / "templates" / "leaks").mkdir(parents=True)
    (module / "__init__.py").write_text("")
    (module / "templates" / "leaks" / "page.html").write_text('<p>{{ _("Drip") }}</p>')
    found = translations.complaints(project)
    assert [text for text in found if text.startswith("plugins/leaks/") and "'Drip' is missing" in text]
    write(project, 'msgid "Drip"\nmsgstr "Gotea"\n', "plugins/leaks")
    assert translations.complaints(project) == []


def test_update_adds_what_is_new_untranslated_and_drops_what_is_gone(project: Path) -> None:
    (project / "core" / "page.py").write_text(SOURCE.replace('"Total"', '"Sum"'))
    translations.update(project)
    found = translations.complaints(project)
    assert [text for text in found if "'Sum' is not translated" in text]
    assert "Hola, %(name)s" in (project / "core" / translations.CATALOGUE).read_text()
    assert not [text for text in found if "no longer in the sources" in text]
