"""The application's `url_for`: it remembers, and says what Flask's own says, whoever asked before and where."""

from typing import Any

import pytest
from flask import Blueprint, Flask, url_for
from werkzeug.routing import BuildError

from core.web import addresses
from core.web.addresses import Addressed

#: the same, but for their type or their order: asked one after the other, each has an address of its own
VALUES: tuple[dict[str, Any], ...] = (
    {"id": 1}, {"id": True}, {"id": 1.0}, {"id": "1"}, {"id": 1, "q": None}, {"id": 1, "q": ""}, {"id": 1, "q": "None"},
    {"id": 1, "q": "a", "of": "b"}, {"id": 1, "of": "b", "q": "a"}, {"id": 1, "q": "b", "of": "a"},
    {"id": 1, "q": ["a", "b"]}, {"id": 1, "q": ["b"]}, {"id": 1, "q": "á&=?#/%"}, {"id": 0}, {"id": False}, {"id": 0.0},
)  # fmt: skip
HOW: tuple[dict[str, Any], ...] = ({}, {"_external": True}, {"_anchor": "x"}, {"_external": True, "_scheme": "ftp"})
#: where the application is mounted, and at which host
PLACES = [(root, host) for root in ("", "/a", "/b") for host in ("one.localhost", "two.localhost")]


def made(kind: type[Flask]) -> Flask:
    """An application with two blueprints whose pages are called alike."""
    app = kind("tests")
    for name in ("notes", "words"):
        blueprint = Blueprint(name, "tests", url_prefix=f"/{name}")
        for endpoint, rule in (("home", "/"), ("record", "/<id>/")):
            blueprint.add_url_rule(rule, endpoint, lambda id="": id)
        app.register_blueprint(blueprint)
    return app


def said(app: Flask) -> list[str]:
    """All addresses, asked from everywhere."""
    found = []
    for turn, (root, host) in enumerate(PLACES):
        of = ("notes", "words")[turn % 2]
        with app.test_request_context(f"/{of}/", base_url=f"http://{host}{root}/"):
            for endpoint in ("notes.record", "words.record", ".record"):
                found += [url_for(endpoint, **how, **values) for values in VALUES for how in HOW]
            found += [url_for("notes.home"), url_for(".home")]
    return found


def test_each_is_what_flasks_own_says_whatever_was_asked_before() -> None:
    app, plain = made(Addressed), said(made(Flask))
    assert (said(app), said(app)) == (plain, plain)
    assert len({address.partition("localhost")[0] for address in plain if "localhost" in address}) > 1


def test_what_is_remembered_is_not_built_again_and_what_fails_fails_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app, built, build = made(Addressed), [], Flask.url_for

    def counted(self: Flask, endpoint: str, **values: Any) -> str:
        built.append(endpoint)
        return build(self, endpoint, **values)

    monkeypatch.setattr(Flask, "url_for", counted)
    for _ in range(3):
        with app.test_request_context(base_url="http://one.localhost/"):
            assert url_for("notes.record", id="7", q="x") == "/notes/7/?q=x"
            with pytest.raises(BuildError):
                url_for("notes.nowhere")
    assert built == ["notes.record", *["notes.nowhere"] * 3]


def test_no_more_are_remembered_than_a_thousand_and_none_of_them_is_wrong() -> None:
    app = made(Addressed)
    assert isinstance(app, Addressed)
    with app.test_request_context():
        for number in range(2 * addresses._MOST + 5):
            assert url_for("notes.record", id=number) == f"/notes/{number}/"
            assert len(app._addresses) <= 1000
        assert url_for("notes.record", id=0) == "/notes/0/"


def test_outside_of_a_request_it_asks_flask() -> None:
    app = made(Addressed)
    app.config["SERVER_NAME"] = "one.localhost"
    with app.app_context():
        assert url_for("notes.home") == "http://one.localhost/notes/"
