"""What somebody stored to do harm is shown as text, wherever it is shown, and runs nowhere."""

import json
from datetime import date
from urllib.parse import quote

import pytest
from sqlalchemy import select

from core.crm.models import Contact
from core.db.session import WalledSession
from core.files.storage import attach
from plugins.invoices.models import Invoice, Line
from plugins.knowledge_base.models import Article
from tests.browser.conftest import Visits
from tests.browser.house import House
from tests.browser.steps import STAFF
from tests.browser.watch import Watch
from tests.staff import rows
from tests.strict import shared_data

pytestmark = pytest.mark.browser
OWN = (
    "<script>alert('a')</script>",
    '"><script src=//evil.example/a.js></script>',
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(2)>",
    "</title><script>alert(3)</script>",
    "</textarea><iframe src=https://evil.example></iframe>",
    '" autofocus onfocus=alert(4) x="',
    "javascript:alert(5)",
    "{{ 7 * 7 }}{% raw %}${7*7}<%= 7*7 %>",
    "<style>@import 'https://evil.example/a.css';</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<a href='javascript:alert(6)'>x</a>",
    "\u202egnp.exe\u202c",
    "%0d%0aSet-Cookie: a=b",
)


def listed() -> list[str]:
    """Those of the list beside the checkout which try to run, or to break out of where they stand."""
    file = shared_data("hostile-strings") / "blns" / "blns.json"
    strings: list[str] = json.loads(file.read_text())
    return [each for each in strings if "javascript" in each or any(mark in each for mark in "<>\"'")]


@pytest.fixture(scope="module", params=["own", "listed"])
def stored(request: pytest.FixtureRequest, house: House) -> tuple[list[str], str]:
    """The strings, once they stand in every field of an account, its sites, people and invoices, and who
    belongs to it."""
    chosen = list(OWN) if request.param == "own" else listed()
    email = f"{request.param}@cliente.example"
    with house.writing() as session:
        _store(house, session, chosen, email)
    return chosen, email


def _store(house: House, session: WalledSession, chosen: list[str], email: str) -> None:
    first, second, third = chosen[:3]
    account = rows.account(session, first, code=second, town=third, address="\n".join(chosen), tax_number=third)
    marta = house.person(session, "marta")
    assert isinstance(marta, Contact)
    window = {"support_start": marta.support_start, "portal_end": marta.portal_end, "portal_user": True}
    rows.contact(session, second, first, account, email=email, phone=third, **window)
    for text in chosen:
        rows.site(session, account, text)
        rows.contact(session, text, text)
    for n, text in enumerate(chosen):
        invoice = Invoice(
            account_id=account.id, number=text, status="pending", issued_on=date(2026, 1, 1), currency="EUR",
            total=n, net=n, reference=text, note=text, reason=text,
        )  # fmt: skip
        session.add(invoice)
    session.flush()
    for text in chosen:
        session.add(Line(parent_id=invoice.id, description=text, currency="EUR", net=1))
    store = house.app.extensions["postigo"].store
    attach(session, store, invoice.id, first, b"%PDF-1.4", "application/pdf")


def visit(visits: Visits, house: House, who: str, paths: list[str]) -> tuple[list[str], str]:
    """Open the pages one after the other, and those that follow a list's first; gives what complained,
    and all that was to be read."""
    page = visits.context(who).new_page()
    watch, read = Watch(page, house.url), []
    for path in paths:
        page.goto(path)
        while True:
            assert "Error" not in page.title()
            read.append(page.locator("body").inner_text())
            if not page.locator("a[rel=next]").count():
                break
            page.goto(page.locator("a[rel=next]").get_attribute("href") or "")
    page.context.close()
    return watch.complaints(), " ".join(read)


def last_invoice(house: House, account_id: int) -> int:
    """The invoice on which all of them stand, line by line."""
    newest = select(Invoice.id).where(Invoice.account_id == account_id).order_by(Invoice.id.desc())
    return int(house.one(newest))


def test_a_client_reads_it_and_it_does_nothing(visits: Visits, house: House, stored: tuple[list[str], str]) -> None:
    chosen, email = stored
    invoice = last_invoice(house, house.account(email))
    paths = ["/portal/", "/portal/invoices/", f"/portal/invoices/{invoice}", "/sessions/"]
    complaints, read = visit(visits, house, email, paths)
    assert complaints == []
    assert [text for text in map(plain, chosen) if text not in plain(read)] == []


def test_staff_read_it_and_it_does_nothing(visits: Visits, house: House, stored: tuple[list[str], str]) -> None:
    chosen, email = stored
    contact, account = house.contact(email), house.account(email)
    invoice = last_invoice(house, account)
    paths = ["/staff/", "/staff/accounts/", f"/staff/accounts/{account}", f"/staff/accounts/{account}/edit"]
    paths += [f"/staff/accounts/{account}/sites/", f"/staff/contacts/{contact}/memberships/{account}"]
    paths += ["/staff/contacts/", f"/staff/contacts/{contact}", f"/staff/contacts/{contact}/edit"]
    paths += [f"/staff/records/invoices/?account={account}", f"/staff/records/invoices/{invoice}"]
    complaints, read = visit(visits, house, STAFF, paths)
    assert complaints == []
    assert [text for text in map(plain, chosen) if text not in plain(read)] == []


def plain(text: str) -> str:
    """Text without what a page may set in another way: blanks, and what cannot be seen."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


@pytest.mark.parametrize("text", OWN)
def test_what_is_asked_for_is_said_back_as_text(visits: Visits, house: House, text: str) -> None:
    page, watch = visits.shared("marta", "es")
    for path in ("/portal/invoices/?q=", "/portal/invoices/?sort=", "/portal/invoices/?account=", "/nothing/"):
        page.goto(path + quote(text))
    page.goto("/portal/invoices/?q=" + quote(text))
    assert plain(page.locator("#q").input_value()) == plain(text)
    assert watch.complaints() == []


@pytest.mark.parametrize("text", OWN[:6])
def test_the_watch_sees_what_does_run(visits: Visits, text: str) -> None:
    page = visits.browser.new_page()
    watch = Watch(page, visits.house.url)
    body = f"<!doctype html><title>{text}</title><p title='{text}'>{text}"
    page.route("**/page", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(visits.house.url + "/page")
    page.wait_for_load_state("networkidle")
    page.close()
    assert watch.complaints() != []


def test_an_article_of_nothing_else_does_nothing(visits: Visits, house: House, stored: tuple[list[str], str]) -> None:
    """Each as a heading, a link, a picture, a box, in a table and in code; and its title, where it is suggested."""
    chosen, _ = stored
    made = "## {t}\n\n[{t}](<{t}>) ![{t}]({t})\n\n> [!NOTE] {t}\n\n|{t}|\n|-|\n|{t}|\n\n```\n{t}\n```"
    pieces = [made.replace("{t}", text) for text in chosen]
    body, title = "\n\n".join(pieces), f"Lumbago {chosen[0]}"[:200]
    with house.writing() as session:
        article = Article(title=title, body=body, next_title=title, next_body=body, state="published", edition=1)
        article.published, article.language = True, "es"
        session.add(article)
        session.flush()
        address = f"/portal/knowledge_base/{article.id}"
    complaints, read = visit(visits, house, "marta", [address, "/portal/knowledge_base/", "/portal/search?q=lumbago"])
    assert complaints == []
    assert plain(title) in plain(read)
    page, watch = visits.shared("marta", "es")
    page.goto("/portal/cases/case/do/open")
    page.locator("textarea").first.fill("Lumbago lumbago")
    page.locator("[data-found] a").first.wait_for()
    assert watch.complaints() == []
