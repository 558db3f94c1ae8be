"""Static files are kept for good by their digest, small, and nothing else of the disk is served."""

import gzip

import pytest
from flask.testing import FlaskClient

from core.web.assets import static_url

FILES = ["postigo.css", "postigo.js", "download.js", "postigo.svg", "vendor/bootstrap.min.css"]


@pytest.mark.parametrize("path", FILES)
def test_a_file_by_its_digest_is_kept_for_good(client: FlaskClient, path: str) -> None:
    with client.application.test_request_context():
        address = static_url(path)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = client.get(address)
    assert gzip.decompress(answer.data) == plain.data
    assert client.get(address, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("digest", ["", "?v=", "?v=0123456789abcdef"])
def test_an_old_address_is_asked_for_again(client: FlaskClient, digest: str) -> None:
    answer = client.get(f"/static/postigo.css{digest}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["nothing.css", "../app.py", "..%2fapp.py", "vendor/../../app.py", "/etc/passwd", "vendor/", "%00", "x" * 5000],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/static/{path}")
    assert answer.status_code in (308, 404)
    assert b"create_app" not in answer.data


def test_a_page_cannot_name_a_file_that_is_not_there(client: FlaskClient) -> None:
    with client.application.test_request_context(), pytest.raises(LookupError, match="typo"):
        static_url("typo.css")
