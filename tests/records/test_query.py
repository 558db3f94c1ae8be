"""What may be asked of a list: anything else is one 400, which does not tell a hidden field from none."""

import base64
import json
import re
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.viewer import Kind, Sight, Viewer, system
from core.records import listing
from core.records.conditions import conditions_of
from core.records.errors import BadQuery
from core.records.query import read_query
from tests.records.lists import INVOICES, invoice, page, walk, working
from tests.strict import shared_data
from tests.worlds.world import World

LIST = "/portal/invoices/"
#: of a field that clients do not see ("reason", "contact_id"), and of one that never was
HIDDEN, UNKNOWN = ("reason", "contact_id", "owner", "tenant_id", "published", "corrects_id"), "nonsense"
SOME = settings(
    max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def constant(body: bytes) -> bytes:
    """A page without its error id and form token, which differ each time, and the address to come back to,
    which is the asker's own."""
    return re.sub(rb'(error-id">|name="csrf_token" value="|name="next" value=")[^"<]*', rb"\1", body)


@pytest.mark.parametrize("form", ["{}=x", "sort={}", "sort=-{}", "{}_from=2026-01-01", "{}=1&q=F"])
def test_a_hidden_field_answers_as_one_that_never_was(world: World, form: str) -> None:
    browser = world.contact("whole")
    browser.get(LIST)  # the first page with a form sets the cookie that its token belongs to
    expected = browser.get(f"{LIST}?{form.format(UNKNOWN)}")
    assert expected.status_code == 400
    headers = {k: v for k, v in expected.headers if k != "Content-Length"}
    for name in HIDDEN:
        answer = browser.get(f"{LIST}?{form.format(name)}")
        assert (answer.status_code, constant(answer.data)) == (400, constant(expected.data)), name
        assert {k: v for k, v in answer.headers if k != "Content-Length"} == headers, name


def test_a_search_does_not_look_into_hidden_fields(empty: World) -> None:
    with working(empty) as session:
        made = invoice(session, empty, note="confidential", number="N-1")
        assert walk(session, INVOICES, q="confidential") == [made.id]
        session.sight = Sight(contact_viewer(empty))
        query = read_query(INVOICES, session.sight, {"q": ["confidential"]})
        searched = str(conditions_of(session, INVOICES, query, ZoneInfo("UTC"))[0].term())
        assert "note" not in searched
        assert "reference" in searched


def test_a_list_ordered_by_what_is_hidden_is_ordered_by_id_for_clients(empty: World) -> None:
    by_secret = replace(INVOICES, order="-secret")
    sight = Sight(contact_viewer(empty))
    assert read_query(by_secret, sight, {}).order.name == "id"
    assert read_query(by_secret, system(empty.one.id), {}).order.name == "secret"


def contact_viewer(world: World) -> Viewer:
    """A contact, as a viewer."""
    return Viewer(Kind.CONTACT, world.one.id, world.one.people["whole"])


@pytest.mark.parametrize(
    "params",
    [
        "status=nonsense", "status=draft", "status=paid&status=nonsense", "kind=%00", "mine=2", "mine=1&mine=1",
        "q=a&q=b",
        "sort=total&sort=-total", "issued_on_from=yesterday", "issued_on_from=2026-13-01", "issued_on_to=9999-99-99",
        "issued_on=2026-01-01", "after=x", "before=x", "after=%00", "after=W10", "sort=--total", "sort=-",
        "sort=%00", "Q=a",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_clear_400(world: World, params: str) -> None:
    answer = world.contact("whole").get(f"{LIST}?{params}")
    assert answer.status_code == 400
    assert b"Open the whole list" in answer.data


@pytest.mark.parametrize("start", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("end", ["_from", "_to"])
def test_the_first_and_the_last_day_can_be_asked_for(empty: World, start: str, end: str) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with working(empty) as session:
            made = invoice(session, empty)
            for name in ("issued_on", "updated_at"):
                query = read_query(INVOICES, session.sight, {f"{name}{end}": [start]})
                found = listing.list_records(session, INVOICES, query, ZoneInfo(zone))
                expected = (start < "2000") == (end == "_from")
                assert [row.id for row in found.rows] == ([made.id] if expected else [])


NAMES = ("total", "due_on", "-due_on", "updated_at", "half", "published", "reference")
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ODD = PLAIN | st.sampled_from(["NaN", "-Infinity", "1e999999999", "9" * 30, "True", "0001-01-01T00:00:00+14:00"])
NESTED = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner), max_leaves=4
)


def cursors() -> st.SearchStrategy[str]:
    """Any text, any bytes, and cursors as ours are packed with any value inside."""
    raw = st.binary(max_size=60).map(lambda given: base64.urlsafe_b64encode(given).decode())
    ours = st.tuples(st.sampled_from(NAMES), NESTED).map(lambda pair: encoded([*pair, 1]))
    return st.text(max_size=60) | raw | ours


@SOME
@given(text=cursors())
def test_a_cursor_of_any_kind_is_a_page_or_a_400(empty: World, text: str) -> None:
    with working(empty) as session:
        invoice(session, empty)
        for sort in NAMES:
            for way in ("after", "before"):
                try:
                    assert len(page(session, INVOICES, sort=sort, **{way: text}).rows) <= 1
                except BadQuery:
                    continue


def encoded(value: Any) -> str:
    """A cursor as ours are packed, of any content."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "content",
    [
        ["-issued_on", "2026-01-01", 0], ["-issued_on", "2026-01-01", -1], ["-issued_on", "2026-01-01", 2**63],
        ["-issued_on", "2026-01-01", True], ["-issued_on", "2026-01-01", "1"], ["issued_on", "2026-01-01", 1],
        ["-issued_on", 5, 1], ["-issued_on", ["2026-01-01"], 1], ["-issued_on", "2026-01-01"],
        {"a": 1, "b": 2, "c": 3}, 7, None,
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_of_this_list_is_a_400(world: World, content: Any) -> None:
    for way in ("after", "before"):
        assert world.contact("whole").get(f"{LIST}?{way}={encoded(content)}").status_code == 400


def test_both_ways_at_once_is_a_400(world: World) -> None:
    cursor = encoded(["-issued_on", "2026-01-01", 5])
    assert world.contact("whole").get(f"{LIST}?after={cursor}&before={cursor}").status_code == 400


def hostile_strings() -> list[str]:
    """Real strings that have broken others."""
    found: list[str] = json.loads((shared_data("hostile-strings") / "blns" / "blns.json").read_text())
    return found


def test_hostile_strings_in_every_parameter_are_answered_or_refused(empty: World) -> None:
    refused = 0
    with working(empty) as session:
        invoice(session, empty)
        for n, text in enumerate(hostile_strings()):
            for name in ("q", ("sort", "after", "before", "mine", "status", "due_on_from")[n % 6]):
                try:
                    assert len(page(session, INVOICES, **{name: text}).rows) <= 1
                except BadQuery:
                    refused += 1
    assert refused > 100


def test_pages_show_hostile_strings_as_text(world: World) -> None:
    browser = world.contact("whole")
    parameters = ("q", "q", "sort", "account", "site", "after")
    for n, text in enumerate(hostile_strings()[::9]):
        name = parameters[n % len(parameters)]
        answer = browser.get(LIST, query_string={name: text})
        assert answer.status_code in (200, 400, 404), (name, text)
        assert b"<script" not in answer.data.replace(b'<script type="module" src="/static/', b""), (name, text)


def test_the_count_stops_at_its_cap(empty: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNT_CAP", 4)
    with working(empty) as session:
        for total in range(1, 7):
            invoice(session, empty, total=total)
            found = page(session, INVOICES)
            assert (found.total, found.capped) == (min(total, 4), total > 4)
