"""What is made once for all tests is what would be made anew: it follows its source."""

import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import Engine, column, select, text
from sqlalchemy.sql.compiler import SQLCompiler
from werkzeug.routing import Map, Rule

from core import i18n
from core.access import passwords
from core.db.engine import make_engine
from tests import compiled, nightly, quick

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Door"\nmsgstr "%s"\n'


def page(folder: Path) -> str:
    """A page of a new application with templates in that folder."""
    app = Flask("made", template_folder=str(folder))
    with app.app_context():
        return app.jinja_env.get_template("page.html").render(name="<b>")


def test_a_template_is_compiled_once_and_anew_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_text("one {{ name }}")
    assert page(tmp_path) == "one &lt;b&gt;"
    with monkeypatch.context() as patch:
        patch.setattr("jinja2.Environment._generate", lambda *_, **__: pytest.fail("compiled again"))
        assert page(tmp_path) == "one &lt;b&gt;"
    (tmp_path / "page.html").write_text("two {{ name }}")
    assert page(tmp_path) == "two &lt;b&gt;"


def test_a_catalogue_is_read_anew_when_it_has_changed(tmp_path: Path) -> None:
    place = tmp_path / "es" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "messages.po").write_text(PO % "Puerta")
    assert i18n.Catalogues([tmp_path]).of("es").gettext("Door") == "Puerta"
    (place / "messages.po").write_text(PO % "Postigo")
    os.utime(place / "messages.po", (1, 1))
    assert i18n.Catalogues([tmp_path]).of("es").gettext("Door") == "Postigo"


def test_an_address_that_is_compiled_late_is_the_same() -> None:
    rules = [("/a/<int:n>/<name>", {"n": 7, "name": "ñ"}), ("/b/", {}), ("/c/<path:rest>", {"rest": "x/y"})]
    matcher = Map([Rule(rule, endpoint=rule) for rule, _ in rules]).bind("localhost")
    late = [matcher.build(rule, {**values, "more": "1"}) for rule, values in rules]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", quick._compile_builder)
        matcher = Map([Rule(rule, endpoint=rule) for rule, _ in rules]).bind("localhost")
        assert late == [matcher.build(rule, {**values, "more": "1"}) for rule, values in rules]


def test_a_cheap_hash_is_a_hash_and_outdated_by_the_products_own() -> None:
    kept = passwords.hash_password("una puerta")
    assert passwords.verify(kept, "una puerta")
    assert not passwords.verify(kept, "otra puerta")
    assert quick.TRUE_HASHER.check_needs_rehash(kept)


def test_by_turns_is_each_as_often_and_by_night_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "NIGHTLY", False)
    assert [[*nightly.by_turns("abc", turn)] for turn in range(4)] == [["a"], ["b"], ["c"], ["a"]]
    monkeypatch.setattr(nightly, "NIGHTLY", True)
    assert [*nightly.by_turns("abc", 1)] == ["a", "b", "c"]


def compilations(names: list[str], engine: Engine) -> int:
    """How often something is compiled while a new engine runs a statement twice."""
    made = make_engine(engine.url.render_as_string(hide_password=False), guarded=False)
    before = len(names)
    try:
        for _ in range(2):
            with made.connect() as connection:
                connection.execute(select(column("a")).select_from(text("(SELECT 1 AS a) AS made")))
    finally:
        made.dispose()
    return len(names) - before


def test_a_statement_is_compiled_once_for_all_engines_and_anew_for_a_test_that_patches(engine: Engine) -> None:
    names: list[str] = []
    before = SQLCompiler.__init__

    def counted(self: Any, *args: Any, **options: Any) -> None:
        names.append("compiled")
        before(self, *args, **options)

    with patch.object(SQLCompiler, "__init__", counted), compiled.SHARED.apart():
        assert [compilations(names, engine) for _ in range(2)] == [1, 0]
        with compiled.SHARED.apart():
            assert [compilations(names, engine) for _ in range(2)] == [1, 0]
        assert compilations(names, engine) == 0


def test_a_test_that_patches_shares_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine._compiled_cache is compiled.SHARED.now
    assert len(compiled.SHARED.now) == 0
