"""Papers of records: what they say, to whom, and all of a list at once."""

import io
import json
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from core.crm.models import Tenant
from core.db.flags import FieldFlags, Flags
from core.files.models import File
from core.modules.flags import save_flags
from core.web import documents
from core.web.colour import contrast
from plugins.invoices.models import Invoice
from tests.visibility.exits import listed
from tests.worlds.seed import PDF, PEOPLE
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import SLUGS, Browser, World

PORTAL, STAFF = "/portal/invoices/", "/staff/records/invoices/"
NONSENSE = "999999999"
#: an invoice without a file of the CRM's, and one with
MADE, STORED = "a2", "alpha"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What templates were given; a made document is that as JSON."""
    given: list[dict[str, Any]] = []

    def note(template: Path, data: Mapping[str, Any]) -> bytes:
        text = json.dumps(data, default=str, ensure_ascii=False)
        given.append(json.loads(text))
        return text.encode()

    monkeypatch.setattr("core.records.document.make_pdf", note)
    return given


def paper(world: World, name: str, base: str = PORTAL, slug: str = "one") -> str:
    """The address of an invoice's document."""
    return f"{base}{world.tenancies[slug].invoices[name]}/document"


def test_a_document_is_made_where_the_crm_has_none(world: World) -> None:
    browser, url = world.contact("whole"), paper(world, MADE)
    answer = browser.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert b"pdfuaid" in answer.data
    assert answer.headers["Content-Disposition"].startswith("inline; filename=F-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; object-src 'self'")
    assert answer.headers["Cache-Control"] == "private, no-store"
    saved = browser.get(f"{url}?download=1")
    assert saved.headers["Content-Disposition"].startswith("attachment; filename=F-")
    assert saved.data == answer.data
    assert browser.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_crms_own_goes_before(world: World) -> None:
    for browser, base in ((world.contact("whole"), PORTAL), (world.staff(), STAFF)):
        answer = browser.get(paper(world, STORED, base))
        assert answer.data == PDF + b"one alpha"
        page = browser.get(f"{base}{world.one.invoices[STORED]}").text
        assert "/document" not in page
        page = browser.get(f"{base}{world.one.invoices[MADE]}").text
        assert f'href="{paper(world, MADE, base)}"' in page
        assert f'href="{paper(world, MADE, base)}?download=1"' in page


def test_whoever_may_not_see_a_record_gets_the_404_of_nonsense(world: World) -> None:
    browser = world.contact("whole")
    plain = browser.get(f"{PORTAL}{NONSENSE}/document")
    assert plain.status_code == 404
    mine = set(listed(browser, PORTAL).ids)
    for slug in SLUGS:
        for name, record_id in world.tenancies[slug].invoices.items():
            if record_id not in mine:
                answer = browser.get(f"{PORTAL}{record_id}/document")
                assert (answer.status_code, answer.data) == (404, plain.data), name
    answer = world.staff().get(paper(world, MADE, STAFF, "two"))
    assert (answer.status_code, answer.data) == (404, plain.data)
    for path in ("payment/documents.zip", "nonsense/documents.zip", f"{NONSENSE}/documents.zip"):
        answer = browser.get(f"{PORTAL}{path}")
        assert (answer.status_code, answer.data) == (404, plain.data), path
    assert world.staff().get(f"{STAFF}payment/documents.zip").data == plain.data


def test_a_draft_is_the_staffs_and_says_so(world: World, told: list[dict[str, Any]]) -> None:
    with_file = set(world.one.files.values())
    drafts = [n for n, id_ in world.one.invoices.items() if n.endswith("_draft") and id_ not in with_file]
    assert world.staff().get(paper(world, drafts[0], STAFF)).status_code == 200
    assert told[-1]["mark"] == "Draft"
    world.staff().get(paper(world, MADE, STAFF))
    assert told[-1]["mark"] == "Cancelled"  # as this one is


def test_it_says_who_it_is_from_in_the_readers_language(world: World, told: list[dict[str, Any]]) -> None:
    browser = world.contact("whole")
    with world.writing() as session:
        tenant = session.scalars(select(Tenant)).one()
        before = tenant.phone, tenant.email, tenant.accent
        tenant.phone, tenant.email, tenant.accent = "961 000 000", "hola@one.example", "#ffd400"
    try:
        for language, kind, total in (("en", "Invoice", "€10."), ("es", "Factura", "10,")):
            browser.set_cookie("postigo_language", language, domain=world.one.host)
            browser.get(paper(world, MADE))
            said = told[-1]
            assert said["language"] == language
            assert said["firm"]["lines"] == ["961 000 000", "hola@one.example"]
            assert contrast(said["firm"]["accent"], "#ffffff") >= 4.5
            assert (said["kind"], said["total"][1].startswith(total)) == (kind, True), said["total"]
    finally:
        with world.writing() as session:
            tenant = session.scalars(select(Tenant)).one()
            tenant.phone, tenant.email, tenant.accent = before


#: field -> what of it stands on the paper
SECRETS = {
    "reference": "ORDER-771", "number": "F-014", "total": "7,777.31", "issued_on": "2017", "account_id": "Alpha",
    "note": "Thanks a lot", "lines": "line of one a2", "lines.description": "line of one a2",
}  # fmt: skip


@pytest.mark.parametrize("hidden", SECRETS)
def test_a_field_that_is_hidden_is_not_in_it(world: World, told: list[dict[str, Any]], hidden: str) -> None:
    browser, secret, before = world.contact("two_accounts"), SECRETS[hidden], Snapshot(world)
    with world.writing() as session:
        invoice = session.get_one(Invoice, world.one.invoices[MADE])
        invoice.reference, invoice.total, invoice.note = "ORDER-771", 777731, "Thanks a lot"
        invoice.issued_on = date(2017, 5, 4)
    browser.get(paper(world, MADE))
    assert secret in json.dumps(told[-1])
    with world.writing() as session:
        save_flags(session, "invoices", "invoice", FieldFlags(((hidden, Flags(seen=False)),)))
    answer = browser.get(paper(world, MADE))
    assert secret not in json.dumps(told[-1])
    assert secret not in answer.headers["Content-Disposition"]
    world.staff().get(paper(world, MADE, STAFF))
    assert secret in json.dumps(told[-1])
    before.restore()


def entries(browser: Browser, url: str) -> dict[str, bytes]:
    """The files of a ZIP, by name."""
    answer = browser.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    archive = ZipFile(io.BytesIO(answer.data))
    found = {name: archive.read(name) for name in archive.namelist()}
    assert answer.headers["Postigo-Progress"] == f"files={len(found)}"
    assert answer.data.count(b"PK\x03\x04") == len(found)
    return found


def expected(world: World, slug: str, ids: tuple[int, ...]) -> list[str]:
    """The references of some invoices: what each of their papers must hold."""
    with world.writing(slug) as session:
        return [session.get_one(Invoice, id_).reference for id_ in ids]


@pytest.mark.parametrize("query", [{}, {"status": "pending", "sort": "-total"}, {"q": "a1", "mine": "1"}])
def test_the_zip_is_what_the_list_shows_to_everybody(
    world: World, told: list[dict[str, Any]], query: dict[str, str]
) -> None:
    seen = 0
    for slug in SLUGS:
        everybody: list[tuple[Browser, str]] = [(world.contact(kind, slug), PORTAL) for kind in PEOPLE]
        everybody += [(world.staff(slug), STAFF)] if "mine" not in query else []
        for browser, base in everybody:
            shown = listed(browser, base, **query)
            url = f"{base}invoice/documents.zip?" + "&".join(f"{n}={v}" for n, v in query.items())
            if shown.status != 200:
                assert browser.get(url).status_code == shown.status
                continue
            found = entries(browser, url)
            references = expected(world, slug, shown.ids)
            assert all(each in data.decode() for each, data in zip(references, found.values(), strict=True))
            seen += len(found)
    assert seen > 3


def test_a_place_or_a_parameter_is_refused_as_the_list_refuses_it(world: World) -> None:
    browser = world.contact("whole")
    for query in (
        "account=" + NONSENSE,
        f"account={world.one.accounts['beta']}",
        "site=0",
        "nonsense=1",
        "status=draft",
    ):
        listing, archive = browser.get(f"{PORTAL}?{query}"), browser.get(f"{PORTAL}invoice/documents.zip?{query}")
        assert archive.status_code == listing.status_code >= 400, query
        if listing.status_code == 404:
            assert archive.data == listing.data


def test_numbers_that_are_alike_are_two_files(world: World, told: list[dict[str, Any]]) -> None:
    with_file = set(world.one.files.values())
    ids = [id_ for id_ in listed(world.contact("whole"), PORTAL).ids if id_ not in with_file][:2]
    with world.writing() as session:
        before = {id_: session.get_one(Invoice, id_).number for id_ in ids}
        for id_ in ids:
            session.get_one(Invoice, id_).number = "SAME"
    try:
        names = set(entries(world.contact("whole"), f"{PORTAL}invoice/documents.zip?q=SAME"))
        assert names == {"SAME.pdf", "SAME (2).pdf"}
    finally:
        with world.writing() as session:
            for id_, number in before.items():
                session.get_one(Invoice, id_).number = number


def test_too_many_are_refused_and_not_offered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = world.contact("whole")
    count = len(listed(browser, PORTAL).ids)
    assert f'href="{PORTAL}invoice/documents.zip"' in browser.get(PORTAL).text
    monkeypatch.setattr(documents, "MOST", count - 1)
    page = browser.get(PORTAL).text
    assert "documents.zip" not in page
    assert f"Filter the list first: up to {count - 1} at once." in page
    answer = browser.get(f"{PORTAL}invoice/documents.zip")
    assert answer.status_code == 400
    assert f"Up to {count - 1} documents" in answer.text
    assert f'href="{PORTAL}"' in answer.text
    assert browser.get(f"{PORTAL}invoice/documents.zip?q=a1").status_code == 200


def test_the_link_carries_what_the_list_is_filtered_by(world: World) -> None:
    page = world.contact("whole").get(f"{PORTAL}?status=pending&q=F&sort=-total").text
    link = re.search(r'href="([^"]*documents\.zip[^"]*)"', page)
    assert link is not None
    assert unescape(link[1]) == f"{PORTAL}invoice/documents.zip?status=pending&q=F&sort=-total"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_connection_is_left_behind(world: World, method: str) -> None:
    pool: Any = world.engine.pool
    answer = world.contact("whole").open(f"{PORTAL}invoice/documents.zip", method=method, buffered=False)
    if method == "GET":
        next(answer.response)  # who goes away after the first file
    answer.close()
    assert pool.checkedout() == 0


def test_a_stored_file_that_is_lost_breaks_the_archive_off(world: World) -> None:
    with world.writing() as session:
        key = session.scalars(select(File.key).where(File.parent_id == world.one.invoices[STORED])).one()
    path = world.settings.home / "files" / key
    data = path.read_bytes()
    path.unlink()
    try:
        answer = world.contact("whole").get(f"{PORTAL}invoice/documents.zip", buffered=False)
        assert answer.status_code == 200
        with pytest.raises(Exception, match="could not be read"):
            b"".join(answer.response)
    finally:
        path.write_bytes(data)
