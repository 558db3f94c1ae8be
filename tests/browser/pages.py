"""Example data for every route, in one table: who opens which address, and what they do there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.house import NEW, House
from tests.browser.states import (
    State,
    broken_box,
    database_away,
    declared,
    ends_soon,
    first_steps,
    no_access_yet,
    no_sessions,
    off,
    our_fault,
    quarantined,
    shipped,
    switched_back,
    temporary,
    usual,
)

STAFF = "carmen@brasaquieta.example"
Steps = Callable[[Page, House], Any]


@dataclass(frozen=True)
class Example:
    """A page in one state. `path` may name what `{braces}` hold: see `tests.browser.places`."""

    name: str
    path: str
    #: who opens it: a key or e-mail of the demonstration, or nobody
    who: str = ""
    status: int = 200
    steps: Steps | None = None
    #: whether the steps lead to another page
    leads: bool = True
    during: State = usual


def press(selector: str, *fields: tuple[str, str]) -> Steps:
    """Fill fields (by selector), then press what `selector` names."""

    def steps(page: Page, house: House) -> None:
        for field, text in fields:
            page.locator(field).fill(text)
        page.locator(selector).first.click()

    return steps


def _without_token(page: Page, house: House) -> None:
    """Send the sign-in form as another site would."""
    page.evaluate("document.querySelector('main form [name=csrf_token]').remove()")
    page.locator("main form button[type=submit]").click()


def _late(page: Page, house: House) -> None:
    """Send the form as it would be sent after somebody else's."""
    page.evaluate("document.querySelector('main [name=version]').value = '0'")
    page.locator("#phone").fill("555 010 999")
    page.locator(_SEND).first.click()


def _crossed(page: Page, house: House) -> None:
    """Send a message as it would be sent after somebody else's."""
    page.evaluate("document.querySelector('#say [name=seen]').value = '0'")
    page.locator("#body").fill("Lo que había escrito")
    page.locator(_SAY).click()


def _look(page: Page, house: House) -> None:
    """Write a case as far as its answers are looked for."""
    page.locator("textarea").first.fill("La central pita cada minuto")
    page.locator("button[name=look]").click()
    page.locator("[data-found] a").first.wait_for()


def _late_fields(page: Page, house: House) -> None:
    """Send the settings of fields as they would be sent after somebody else's."""
    page.evaluate("document.querySelector('main [name=version]').value = '9.9'")
    page.locator("#place-total").fill("1")
    page.locator("button[value=save]").click()


def _values(page: Page, house: House) -> None:
    """Look at what the values of a field are called."""
    for summary in page.locator("main details summary").all():
        summary.click()


def _scope(page: Page, house: House) -> None:
    page.locator("#scope-invoices").select_option("contact")


def _mode(page: Page, house: House) -> None:
    page.locator("#mode-1").check()
    page.locator(_SEND).first.click()


def _first_entry(page: Page, house: House) -> None:
    page.locator("#first_entry-1").check()
    page.locator("form:has(#first_entry-1) button[type=submit]").click()


def _late_text(page: Page, house: House) -> None:
    """Send the text as it would be sent after somebody else's."""
    page.evaluate("document.querySelector('main [name=version]').value = '9.9'")
    page.locator("button[value=save]").click()


def _all(page: Page, house: House) -> None:
    page.locator("#whom-all").check()
    page.locator("#remind").check()
    page.locator(_SEND).last.click()


def _all_saved(page: Page, house: House) -> None:
    with page.expect_navigation():
        _all(page, house)
    with page.expect_navigation():
        page.locator("form:has([name=confirmed]) button").click()


def _given(page: Page, house: House) -> None:
    page.locator("#portal_user").check()
    page.locator(_SEND).first.click()


FIELDS, TEXT = "/staff/fields/invoices/invoice/", "/staff/texts/core.activation/es"
_SAY = "#say button[value=say]"
_SEND = "main form:not([role=search]) button[type=submit]"

VISITOR = (
    Example("start", "/"),
    Example("sign in", "/login"),
    Example(
        "sign in, refused",
        "/login",
        status=422,
        steps=press(_SEND, ("#identifier", "x@y.example"), ("#password", "wrong")),
    ),
    Example("sign in, nothing typed", "/login", status=422, steps=press(_SEND)),
    Example("signed out", "/portal/invoices/{invoice:paid}"),
    Example("forged", "/login", status=403, steps=_without_token),
    Example("choose a password", "/activate/{link:nerea}"),
    Example(
        "choose a password, too short",
        "/activate/{link:nerea}",
        status=422,
        steps=press(_SEND, ("#password", "abc"), ("#again", "abcd")),
    ),
    Example("a dead link", "/activate/nothing", status=410),
    Example("new password", "/forgot"),
    Example("new password, nothing typed", "/forgot", status=422, steps=press(_SEND)),
    Example("new password, asked for", "/forgot", steps=press(_SEND, ("#identifier", "x@y.example"))),
    Example("look at your mail", "/forgot/sent"),
    Example("nothing there", "/nothing", status=404),
    Example("wrong way", "/logout", status=405),
)
CLIENT = (
    Example("home", "/portal/", "marta"),
    Example("home, one site", "/portal/", "lucia"),
    Example("home, no account", "/portal/", "laura"),
    Example("home, nothing yet", "/portal/", NEW),
    Example("home, a box fails", "/portal/", "marta", during=broken_box),
    Example("home, our fault", "/portal/", "marta", 500, during=our_fault),
    Example("home, database away", "/portal/", "marta", 503, during=database_away),
    Example("home, session not to be read", "/portal/", "marta", 503, during=no_sessions),
    Example("home, session about to end", "/portal/", "marta", during=ends_soon),
    Example("home, module off", "/portal/", "marta", during=off),
    Example("search", "/portal/search", "marta"),
    Example("search, found", "/portal/search?q=detector", "marta"),
    Example("search, in one module", "/portal/search?q=detector&module=cases", "marta"),
    Example("search, nothing found", "/portal/search?q=zzzz", "marta"),
    Example("search, nothing to look for", "/portal/search?q=%25%25", "marta", 422),
    Example("list, module off", "/portal/invoices/", "marta", 404, during=off),
    Example("list", "/portal/invoices/", "marta"),
    Example("list, next page", "/portal/invoices/", "marta", steps=press("a[rel=next]")),
    Example(
        "list, filtered", "/portal/invoices/?status=paid&kind=deposit&issued_on_from=2020-01-01&sort=total", "marta"
    ),
    Example("list, filters open", "/portal/invoices/", "marta", steps=press(".bar-filters summary"), leads=False),
    Example("list, only mine", "/portal/invoices/?mine=1", "marta"),
    Example("list, nothing matches", "/portal/invoices/?q=zzzz", "marta"),
    Example("list, one site", "/portal/invoices/", "lucia"),
    Example("list, empty", "/portal/invoices/", NEW),
    Example("list by its name", "/portal/invoices/invoice/", "marta"),
    Example("list, senseless", "/portal/invoices/?nonsense=1", "marta", 400),
    Example("list, of nobody's account", "/portal/invoices/?account=987654321", "marta", 404),
    Example("pending", "/portal/invoices/{invoice:pending}", "marta"),
    Example("paid", "/portal/invoices/{invoice:paid}", "marta"),
    Example("deposit", "/portal/invoices/{invoice:deposit}", "marta"),
    Example("no paper of the company's", "/portal/invoices/{invoice:bare}", "ruben"),
    Example("a draft", "/portal/invoices/{invoice:draft}", "marta", 404),
    Example("an action that is none", "/portal/invoices/{invoice:paid}/do/nothing", "marta", 404),
    Example("a beginning that is none", "/portal/invoices/invoice/do/nothing", "marta", 404),
    Example("shared with", "/portal/cases/{case:ruben}/colleagues", "ruben"),
    Example(
        "shared with, nobody of that address",
        "/portal/cases/{case:ruben}/colleagues",
        "ruben",
        422,
        steps=press(_SEND, ("#email", "nobody@example.com")),
    ),
    Example("cases", "/portal/cases/", "marta"),
    Example("cases, filtered", "/portal/cases/?state=waiting&urgency=high&sort=opened_at", "marta"),
    Example("cases, none yet", "/portal/cases/", NEW),
    Example("case, opening one", "/portal/cases/case/do/open", "marta"),
    Example("case, opened with nothing typed", "/portal/cases/case/do/open", "marta", 422, press(_SEND)),
    Example("case, its urgency", "/portal/cases/{open:ruben}/do/urgency", "ruben"),
    Example("case, what was said", "/portal/cases/{talk:marta}", "marta"),
    Example("case, nothing typed", "/portal/cases/{talk:marta}", "marta", 422, press(_SAY)),
    Example("case, written meanwhile", "/portal/cases/{talk:marta}", "marta", 409, _crossed),
    Example("quotes", "/portal/quotes/", "marta"),
    Example("quotes, none yet", "/portal/quotes/", NEW),
    Example("quote, to be answered", "/portal/quotes/{quote:open}", "marta"),
    Example("quote, accepting it", "/portal/quotes/{quote:open}/do/accept", "marta"),
    Example("quote, accepted with nothing typed", "/portal/quotes/{quote:open}/do/accept", "marta", 422, press(_SEND)),
    Example("quote, declining it", "/portal/quotes/{quote:open}/do/decline", "marta"),
    Example("quote, accepted", "/portal/quotes/{quote:accepted}", "marta"),
    Example("quote, a draft", "/portal/quotes/{quote:draft}", "ruben", 404),
    Example("orders", "/portal/orders/", "marta"),
    Example("orders, none yet", "/portal/orders/", NEW),
    Example("order, with what it came from and led to", "/portal/orders/{order:PE-00003}", "marta"),
    Example("order, in English", "/portal/orders/{order:PE-00009}", "emily"),
    Example("contracts", "/portal/contracts/", "marta"),
    Example("contracts, none yet", "/portal/contracts/", NEW),
    Example("contract, ends soon", "/portal/contracts/{contract:ending}", "marta"),
    Example("contract, to be answered", "/portal/contracts/{contract:offered}", "ruben"),
    Example("contract, accepting it", "/portal/contracts/{contract:offered}/do/accept", "ruben"),
    Example(
        "contract, accepted with nothing typed",
        "/portal/contracts/{contract:offered}/do/accept",
        "ruben",
        422,
        press(_SEND),
    ),
    Example("contract, a draft", "/portal/contracts/{contract:draft}", "ruben", 404),
    Example("assets", "/portal/assets/", "marta"),
    Example("assets, filtered", "/portal/assets/?state=in_service&warranty=covered&sort=-installed_on", "marta"),
    Example("assets, none yet", "/portal/assets/", NEW),
    Example("asset, with its parts and work", "/portal/assets/{asset:MB-P-101}", "marta"),
    Example("asset, with a photograph", "/portal/assets/{asset:MB-C-021}", "marta"),
    Example("case, opened about an asset", "/portal/cases/case/do/open?about={asset:MB-P-101}", "marta"),
    Example("case, about an asset of nobody's", "/portal/cases/case/do/open?about=987654321", "marta", 404),
    Example("sessions", "/sessions/", "marta"),
    Example("a temporary password", "/password", "oscar", during=temporary),
    Example(
        "a temporary password, too short",
        "/password",
        "oscar",
        422,
        press(_SEND, ("#password", "abc"), ("#again", "abcd")),
        during=temporary,
    ),
    Example("knowledge base", "/portal/knowledge_base/", "marta"),
    Example("knowledge base, in English", "/portal/knowledge_base/", "emily"),
    Example("articles", "/portal/knowledge_base/article/?language=es", "marta"),
    Example("category", "/portal/knowledge_base/{category:Equipos y averías}", "marta"),
    Example("article", "/portal/knowledge_base/{article:la-central-pita}", "marta"),
    Example("article, in another language", "/portal/knowledge_base/{article:la-central-pita}", "emily"),
    Example("article, in Spanish alone", "/portal/knowledge_base/{article:normas-de-la-comunidad}", "emily"),
    Example("article, a draft", "/portal/knowledge_base/{article:detectores-nuevos}", "marta", 404),
    Example(
        "article, has helped", "/portal/knowledge_base/{article:simulacro}", "marta", steps=press("button[value=yes]")
    ),
    Example("case, answers looked for", "/portal/cases/case/do/open", "marta", steps=_look, leads=False),
    Example("user menu", "/portal/", "marta", steps=press(".user-menu summary"), leads=False),
    Example("nothing there", "/portal/nothing/", "marta", 404),
    Example("staff's", "/staff/", "marta", 404),
    Example("wrong way", "/logout", "marta", 405),
)
OFFICE = (
    Example("home", "/staff/", STAFF),
    Example("home, a module in quarantine", "/staff/", STAFF, during=quarantined),
    Example("home, first steps", "/staff/", STAFF, during=first_steps),
    Example("sessions", "/sessions/", STAFF),
    Example("shared with", "/staff/records/cases/{case:ruben}/sharing", STAFF),
    Example("shared with, clients", "/staff/records/cases/{case:ruben}/sharing?who=account&q=a", STAFF),
    Example("shared with, nobody matches", "/staff/records/cases/{case:ruben}/sharing?q=zzzz", STAFF),
    Example("related", "/staff/records/cases/{case:ruben}/links", STAFF),
    Example("related, found by number", "/staff/records/orders/{order:PE-00003}/links?q=pe-00008", STAFF),
    Example("order, a draft", "/staff/records/orders/{order:PE-00011}", STAFF),
    Example("order, a line more", "/staff/records/orders/line/do/add?of={order:PE-00011}", STAFF),
    Example("related, nothing found", "/staff/records/cases/{case:ruben}/links?q=zzzz", STAFF),
    Example("modules", "/staff/modules/", STAFF),
    Example("dashboard, arranged", "/staff/modules/dashboard", STAFF),
    Example("dashboard, a box moved", "/staff/modules/dashboard", STAFF, steps=press("button[value=down]")),
    Example("dashboard, a box hidden", "/staff/modules/dashboard", STAFF, steps=press("button[value=hide]")),
    Example("modules, one in quarantine", "/staff/modules/", STAFF, during=quarantined),
    Example(
        "modules, turned off",
        "/staff/modules/",
        STAFF,
        steps=press("#module-invoices button[name=do]"),
        during=switched_back,
    ),
    Example("modules, scope to be confirmed", "/staff/modules/", STAFF, steps=_scope),
    Example("fields", "/staff/fields/", STAFF),
    Example("fields of invoices", FIELDS, STAFF),
    Example("fields of invoices, the other language", f"{FIELDS}?language=en", STAFF),
    Example("fields, preview", FIELDS, STAFF, steps=press("button[value=preview]", ("#place-total", "1"))),
    Example("fields, no position", FIELDS, STAFF, 422, press("button[value=save]", ("#place-total", "x"))),
    Example("fields, saved", FIELDS, STAFF, steps=press("button[value=save]", ("#place-total", "1")), during=declared),
    Example("fields, saved meanwhile", FIELDS, STAFF, 422, steps=_late_fields, during=declared),
    Example("access", "/staff/access/", STAFF),
    Example("access, to be confirmed", "/staff/access/", STAFF, steps=_mode),
    Example("access, another way in", "/staff/access/", STAFF, steps=_first_entry, during=shipped),
    Example("texts", "/staff/texts/", STAFF),
    Example("text", TEXT, STAFF),
    Example("text, preview", TEXT, STAFF, steps=press("button[value=preview]", ("#subject", "Hola, {name}"))),
    Example("text, no such code", TEXT, STAFF, 422, press("button[value=save]", ("#subject", "{nothing}"))),
    Example("text, saved", TEXT, STAFF, steps=press("button[value=save]", ("#subject", "Hola")), during=shipped),
    Example("text, test sent", TEXT, STAFF, steps=press("button[value=trial]")),
    Example("text, saved meanwhile", TEXT, STAFF, 422, steps=_late_text),
    Example("contacts", "/staff/contacts/", STAFF),
    Example("contacts, found", "/staff/contacts/?q=marta", STAFF),
    Example("contacts, none", "/staff/contacts/?q=zzzz", STAFF),
    Example("contacts of one client", "/staff/contacts/?account={account:marta}", STAFF),
    Example("several contacts", "/staff/contacts/several", STAFF),
    Example("several contacts, none", "/staff/contacts/several?q=zzzz", STAFF),
    Example("several contacts, nobody chosen", "/staff/contacts/several", STAFF, 422, press(f"{_SEND} >> nth=-1")),
    Example("several contacts, told", "/staff/contacts/several", STAFF, steps=_all),
    Example(
        "several contacts, saved", "/staff/contacts/several?q=tomas", STAFF, steps=_all_saved, during=no_access_yet
    ),
    Example("contact", "/staff/contacts/{contact:marta}", STAFF),
    Example(
        "contact, access given",
        "/staff/contacts/{contact:tomas}",
        STAFF,
        steps=_given,
        during=no_access_yet,
    ),
    Example("contact, shares a phone", "/staff/contacts/{contact:pilar}", STAFF),
    Example("contact, no access", "/staff/contacts/{contact:tomas}", STAFF),
    Example("contact, access ended", "/staff/contacts/{contact:teresa}", STAFF),
    Example(
        "contact, no dates",
        "/staff/contacts/{contact:tomas}",
        STAFF,
        422,
        press(f"{_SEND} >> nth=0", ("#support_start", ""), ("#portal_end", "")),
    ),
    Example(
        "contact, link made",
        "/staff/contacts/{contact:oscar}",
        STAFF,
        steps=press("form:has([value=activation]) button"),
    ),
    Example("edit contact", "/staff/contacts/{contact:marta}/edit", STAFF),
    Example(
        "edit contact, no e-mail", "/staff/contacts/{contact:marta}/edit", STAFF, 422, press(_SEND, ("#email", "no"))
    ),
    Example("edit contact, saved meanwhile", "/staff/contacts/{contact:marta}/edit", STAFF, 422, steps=_late),
    Example("new contact", "/staff/contacts/new", STAFF),
    Example("new contact, nobody", "/staff/contacts/new", STAFF, 422, press(_SEND)),
    Example("which client", "/staff/contacts/{contact:marta}/memberships/", STAFF),
    Example("which client, none", "/staff/contacts/{contact:marta}/memberships/?q=zzzz", STAFF),
    Example("which site", "/staff/contacts/{contact:marta}/memberships/{account:ruben}", STAFF),
    Example("accounts", "/staff/accounts/", STAFF),
    Example("accounts, none", "/staff/accounts/?q=zzzz", STAFF),
    Example("accounts under one", "/staff/accounts/?parent={parent:amparo}", STAFF),
    Example("account", "/staff/accounts/{account:ruben}", STAFF),
    Example("account, new", "/staff/accounts/{account:" + NEW + "}", STAFF),
    Example("new account", "/staff/accounts/new", STAFF),
    Example("new account, nameless", "/staff/accounts/new", STAFF, 422, press(_SEND)),
    Example("edit account", "/staff/accounts/{account:ruben}/edit", STAFF),
    Example("part of", "/staff/accounts/{account:amparo}/parent", STAFF),
    Example("sites", "/staff/accounts/{account:ruben}/sites/", STAFF),
    Example("sites, none", "/staff/accounts/{account:" + NEW + "}/sites/", STAFF),
    Example("new site", "/staff/accounts/{account:ruben}/sites/new", STAFF),
    Example("new site, nameless", "/staff/accounts/{account:ruben}/sites/new", STAFF, 422, press(_SEND)),
    Example("edit site", "/staff/accounts/{account:ruben}/sites/{site:ruben}", STAFF),
    Example("mail, waiting", "/staff/outbox/{mail:waiting}", STAFF),
    Example("mail, failed", "/staff/outbox/{mail:failed}", STAFF),
    Example("mail, held", "/staff/outbox/{mail:held}", STAFF),
    Example(
        "mail, held, sent again", "/staff/outbox/{mail:held}", STAFF, steps=press("form:has([value=again]) button")
    ),
    Example("mail, kept, link made", "/staff/outbox/{mail:kept}", STAFF, steps=press("form:has([value=link]) button")),
    Example("outbox", "/staff/outbox/", STAFF),
    Example("outbox, nothing matches", "/staff/outbox/?kind=core.reset&state=sending", STAFF),
    Example("outbox, senseless", "/staff/outbox/?state=nonsense", STAFF, 400),
    Example("staff", "/staff/people/", STAFF),
    Example("new member of staff", "/staff/people/new", STAFF),
    Example("member of staff", "/staff/people/{staff:" + STAFF + "}", STAFF),
    Example("audit", "/staff/audit/", STAFF),
    Example("audit, nothing", "/staff/audit/?q=zzzz", STAFF),
    Example("health", "/staff/health/", STAFF),
    Example("health, a module in quarantine", "/staff/health/", STAFF, during=quarantined),
    Example("invoices", "/staff/records/invoices/", STAFF),
    Example("invoices, off for clients", "/staff/records/invoices/", STAFF, during=off),
    Example("invoices, filtered", "/staff/records/invoices/?status=draft", STAFF),
    Example("invoice", "/staff/records/invoices/{invoice:pending}", STAFF),
    Example("cancelled", "/staff/records/invoices/{invoice:cancelled}", STAFF),
    Example("credit note", "/staff/records/invoices/{invoice:credit}", STAFF),
    Example("draft", "/staff/records/invoices/{invoice:draft}", STAFF),
    Example("contracts", "/staff/records/contracts/", STAFF),
    Example("contract", "/staff/records/contracts/{contract:ending}", STAFF),
    Example("contract, renewing it", "/staff/records/contracts/{contract:ending}/do/renew", STAFF),
    Example("contract, a service more", "/staff/records/contracts/service/do/add?of={contract:ending}", STAFF),
    Example("contract, a service", "/staff/records/contracts/service/{service:ending}", STAFF),
    Example("contract, what was used", "/staff/records/contracts/use/do/add?of={contract:ending}", STAFF),
    Example("cases", "/staff/records/cases/", STAFF),
    Example("fields of cases", "/staff/fields/cases/case/", STAFF, steps=_values, leads=False),
    Example(
        "cases, several at once", "/staff/records/cases/case/several/assign?id={open:ruben}&id={talk:marta}", STAFF
    ),
    Example("case, assigning it", "/staff/records/cases/{open:ruben}/do/assign", STAFF),
    Example("case, its status", "/staff/records/cases/{open:ruben}/do/state", STAFF),
    Example("case, what was said", "/staff/records/cases/{talk:marta}", STAFF),
    Example("case, nothing typed", "/staff/records/cases/{talk:marta}", STAFF, 422, press(_SAY)),
    Example("case, written meanwhile", "/staff/records/cases/{talk:marta}", STAFF, 409, _crossed),
    Example("quotes", "/staff/records/quotes/", STAFF),
    Example("quote, a draft", "/staff/records/quotes/{quote:draft}", STAFF),
    Example("quote, its form", "/staff/records/quotes/{quote:open}/do/edit", STAFF),
    Example("quote, a line more", "/staff/records/quotes/line/do/add?of={quote:draft}", STAFF),
    Example("quote, accepted", "/staff/records/quotes/{quote:accepted}", STAFF),
    Example("search", "/staff/search?q=detector", STAFF),
    Example("assets", "/staff/records/assets/", STAFF),
    Example("asset", "/staff/records/assets/{asset:MB-P-101}", STAFF),
    Example("asset, its form", "/staff/records/assets/{asset:MB-P-101}/do/edit", STAFF),
    Example("asset, recording work", "/staff/records/assets/work/do/record?of={asset:MB-P-101}", STAFF),
    Example("categories", "/staff/records/knowledge_base/", STAFF),
    Example("articles", "/staff/records/knowledge_base/article/?language=es", STAFF),
    Example("article", "/staff/records/knowledge_base/article/{article:la-central-pita}", STAFF),
    Example("article, a draft", "/staff/records/knowledge_base/article/{article:detectores-nuevos}", STAFF),
    Example("article, writing it", "/staff/records/knowledge_base/article/do/write", STAFF),
    Example("segments", "/staff/segments/", STAFF),
    Example("new segment", "/staff/segments/new", STAFF),
    Example("segment", "/staff/segments/{segment:}", STAFF),
    Example("segment, edited", "/staff/segments/{segment:}/edit", STAFF),
    Example("segment, a client joins", "/staff/segments/{segment:}/accounts", STAFF),
    Example("replies", "/staff/replies/", STAFF),
    Example("new reply", "/staff/replies/new", STAFF),
    Example("reply", "/staff/replies/{reply:}", STAFF),
    Example("reply, nothing typed", "/staff/replies/new", STAFF, 422, press(_SEND)),
    Example("payments", "/staff/records/invoices/payment/", STAFF),
    Example("payment", "/staff/records/invoices/payment/{payment:}", STAFF),
    Example("an action that is none", "/staff/records/invoices/{invoice:paid}/do/nothing", STAFF, 404),
    Example("another that is none", "/staff/records/invoices/payment/{payment:}/do/nothing", STAFF, 404),
    Example("a beginning that is none", "/staff/records/invoices/invoice/do/nothing", STAFF, 404),
    Example("nothing there", "/staff/nothing", STAFF, 404),
    Example("list, senseless", "/staff/records/invoices/?nonsense=1", STAFF, 400),
)
#: routes that answer with no page
FILES = (
    Example("text", "/healthz"),
    Example("HTML", "/portal/cases/case/do/open/answers?text=central", "marta"),
    Example("stylesheet", "/theme.css"),
    Example("stylesheet", "/static/postigo.css"),
    Example("PDF", "/portal/invoices/{invoice:pending}/files/{file:pending}", "marta"),
    Example("PDF", "/staff/records/invoices/{invoice:pending}/files/{file:pending}", STAFF),
    Example("PDF", "/portal/invoices/{invoice:bare}/document", "ruben"),
    Example("PDF", "/staff/records/invoices/{invoice:draft}/document", STAFF),
    Example("PDF", "/portal/quotes/{quote:accepted}/document", "marta"),
    Example("PDF", "/portal/quotes/{quote:accepted}/certificate", "marta"),
    Example("PDF", "/staff/records/quotes/{quote:accepted}/certificate", STAFF),
    Example("ZIP", "/portal/invoices/invoice/documents.zip?status=pending", "marta"),
    Example("ZIP", "/staff/records/invoices/invoice/documents.zip?status=draft", STAFF),
    Example("CSV", "/portal/invoices/invoice/export.csv", "marta"),
    Example("CSV", "/staff/records/invoices/payment/export.csv", STAFF),
    Example("JSON", "/api/v1/openapi.json", "marta"),
    Example("JSON", "/api/v1/token", "marta"),
    Example("JSON", "/api/v1/search?q=detector", "marta"),
    Example("JSON", "/api/v1/cases/case/{talk:marta}/messages", "marta"),
    Example("JSON", "/api/v1/cases/case/{talk:marta}/files", "marta"),
    Example("JSON", "/api/v1/invoices/invoice/", "marta"),
    Example("JSON", "/api/v1/invoices/invoice/{invoice:pending}", "marta"),
    Example("JSON", "/api/v1/invoices/payment/{payment:}", STAFF),
)
