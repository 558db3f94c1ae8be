"""What a module's files say and do before anybody asks for a page."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.kit import source
from core.modules.module import Module
from plugins.invoices.resources import INVOICE

SOUND = (
    '"""A module."""\n\nfrom core.api import Module\n\n\nclass Calm(Module):\n    name = "calm"\n\n\nmodule = Calm()\n'
)


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, package: str, **files: str) -> Module:
    """The module of a package with these files."""
    (folder / package).mkdir()
    (folder / package / "__init__.py").write_text(SOUND)
    for name, text in files.items():
        path = folder / package / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".py" if "templates" not in name else ".html").write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    found: Module = __import__(package).module
    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import threading\nthreading.Thread(target=print).start()", "starts a thread"),
        ("import sqlalchemy\nsqlalchemy.create_engine('sqlite://').connect()", "opens a connection to the database"),
        ("import socket\nsocket.socket().bind(('127.0.0.1', 0))", "opens a connection to the network"),
        ("import subprocess\nsubprocess.run(['true'])", "starts a process"),
        ("1 / 0", "cannot be imported: ZeroDivisionError: division by zero"),
    ],
)
def test_what_happens_at_import_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    module = made(tmp_path, monkeypatch, f"restless_{abs(hash(text))}", late=text)
    (complaint,) = source.at_import(module)
    assert said in complaint


def test_nothing_is_told_where_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = made(tmp_path, monkeypatch, "calm_1", late="import sqlalchemy\n", migrations__versions__0001="1 / 0")
    assert source.at_import(module) == []


def test_imports_past_the_api_and_of_other_modules_are_told_with_their_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("import json", "from core.api import Module", "from core import db", "import core.db.session")
    text = "\n".join((*lines, "from plugins.invoices import module"))
    module = made(tmp_path, monkeypatch, "curious_1", late=text)
    assert source.imports(module) == [
        "late.py, line 3: imports core.db; a module imports core.api alone",
        "late.py, line 4: imports core.db.session; a module imports core.api alone",
        "late.py, line 5: imports plugins.invoices, which is another module's",
    ]


def test_texts_that_would_become_html_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "late": "import markupsafe\nraw = markupsafe.Markup('<b>')",
        "templates__raw__box": "<p>{{ text |safe }}</p>",
    }
    module = made(tmp_path, monkeypatch, "raw_1", templates__raw__fine="{{ safe }}", **files)
    assert source.markup(module) == [
        "box.html, line 1: |safe lets what people typed become HTML; leave it out",
        "late.py, line 2: Markup( lets what people typed become HTML; leave it out",
    ]


def test_names_that_meet_others_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = made(tmp_path, monkeypatch, "loose_1", templates__box="<p>", templates__calm__fine="<p>")
    bare = replace(INVOICE, fields=tuple(replace(field, listed=False) for field in INVOICE.fields))
    said = source.names(module, {"entry": INVOICE, "An entry": INVOICE, "bare": bare})
    assert [text for text in said if "'bare'" in text] == [
        "The list of 'bare' would have no column: say listed=True of a field"
    ]
    assert len(said) == 3


def test_a_portal_that_serves_imports_neither_pytest_nor_the_kit() -> None:
    unwanted = {"pytest", "core.app", "core.kit.contract", "flask.testing"}
    asked = f"import sys, core.api; print(sorted({unwanted} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="has no 'Nonsense'"):
        import core.api

        core.api.Nonsense  # noqa: B018
