"""Whatever is sent as a body is read in one way or refused with a reason; nothing of it is a mistake of ours."""

from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

from tests.petitions import add
from tests.petitions.acting import read as row_of
from tests.petitions.fixtures import petitions
from tests.records.test_query import hostile_strings
from tests.rest.reading import read, refused
from tests.rest.writing import PETITIONS, Program, errors
from tests.strict import shared_data
from tests.worlds.world import World

__all__ = ["petitions"]


def endpoints(world: World) -> list[tuple[str, str]]:
    """Every way of writing JSON, to a record that is there."""
    url = f"{PETITIONS}{add(world)}"
    writes = [("POST", PETITIONS), ("PATCH", url), ("POST", f"{url}/actions/edit"), ("POST", f"{url}/messages")]
    return [*writes, ("POST", f"{url}/actions/withdraw")]


def hostile_json() -> Iterator[Path]:
    """Bodies that have broken readers of JSON, and some that are plain."""
    yield from sorted(shared_data("hostile-json").rglob("*.json"))


def test_hostile_json_is_refused_at_every_endpoint(petitions: World) -> None:
    client, ways, seen = Program(petitions.contact("whole")), endpoints(petitions), 0
    for n, path in enumerate(hostile_json()):
        for method, url in ways if n % 10 == 0 else (ways[n % len(ways)],):
            began = process_time()
            answer = client.send(method, url, path.read_bytes())
            if path.name in ("n_structure_no_data.json", "y_object_empty.json"):
                assert answer.status_code in (200, 409, 422), (path.name, url, answer.text)  # nothing was said
            else:
                assert answer.status_code in (400, 409 if "withdraw" in url else 422, 422), (
                    path.name,
                    url,
                    answer.text,
                )
                assert refused(answer, answer.status_code)["detail"].endswith("."), path.name
            assert process_time() - began < 2, path.name
            seen += 1
    assert seen > 300


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"subject": "a", "subject": "b"}', "twice"), (b'{"people": NaN}', "no JSON"),
        (b'{"people": -Infinity}', "no JSON"), (b'{"people": ' + b"9" * 5000 + b"}", "too large"),
        (b'{"people": 1e999}', "too large"), (b'{"subject": "\\ud800"}', "half of a character"),
        (b'{"\\udfff": 1}', "half of a character"), (b"[" * 100_000, "too deeply"), (b"[]", "JSON object"),
        (b'"x"', "JSON object"), (b"null", "JSON object"), (b"\xef\xbb\xbf{}", "no JSON"),
        (b'{"subject": "\xff"}', "no JSON"),
        (b"{", "no JSON"), (b"{'a': 1}", "no JSON"), ('{"subject": "x"}'.encode("utf-16"), "no JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_why(petitions: World, body: bytes, sentence: str) -> None:
    client = Program(petitions.contact("whole"))
    for method, url in endpoints(petitions):
        assert sentence in refused(client.send(method, url, body), 400)["detail"]


def test_a_body_is_small_and_json(petitions: World) -> None:
    client = Program(petitions.contact("whole"))
    for method, url in endpoints(petitions):
        large = b'{"subject": "' + b"x" * 300_000 + b'"}'
        assert "too large" in refused(client.send(method, url, large), 413)["detail"]
        for media in ("text/plain", "application/x-www-form-urlencoded", "application/json-patch+json"):
            headers = {"X-CSRFToken": client.token}
            answer = client.browser.open(url, method=method, data=b"{}", headers=headers, content_type=media)
            assert "application/json" in refused(answer, 415)["detail"]
        answer = client.send(method, f"{url}?x=1", {})
        assert refused(answer, 400)["parameter"] == "x"


def test_a_long_refusal_stays_short(petitions: World) -> None:
    client = Program(petitions.contact("whole"))
    answer = client.post(PETITIONS, {f"{n}{'x' * 100}": 1 for n in range(1000)})
    assert len(errors(answer)) == 50
    assert len(answer.data) < 20_000


def test_hostile_strings_are_kept_as_they_are_or_refused(petitions: World) -> None:
    client, staff, record_id = Program(petitions.contact("whole")), Program(petitions.staff()), add(petitions)
    url, kept = f"{PETITIONS}{record_id}", 0
    names = ("subject", "priority", "needed_on", "call_at", "hours", "people", "budget", "site_id", "urgent")
    for n, text in enumerate(hostile_strings()):
        name = names[n % len(names)]
        answer = client.patch(url, {"body": text, name: text})
        wrong = {} if answer.status_code == 200 else errors(answer)
        assert wrong.keys() <= {"body", name}, text
        if n % 4 == 0 and "body" not in wrong:
            assert client.patch(url, {"body": text}).status_code == 200
            assert read(client.browser, url)["fields"]["body"] == text.strip() == row_of(petitions, record_id).body
            kept += 1
        if n % 10 == 0:
            assert errors(staff.patch(url, {"contact_id": text})).keys() == {"contact_id"}
            assert errors(client.patch(url, {text or "?": text})), text
            assert client.post(f"{url}/actions/{text}", {}).status_code in (400, 404, 405), text
    assert kept > 100
