"""The outbox: staff see each mail and what became of it, and decide of those that need it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.access.models import Activation
from core.config import MailServer
from core.crm.models import Contact, Staff, Tenant
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from core.kit.browser import Browser, browser_at, sign_in
from core.outbox.models import Mail
from tests.databases import Database
from tests.staff import rows
from tests.worker.house import House, house

MASKED = "•"


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Iterator[House]:
    """A house without a mail server, which keeps a mail with a link for Ana, who has no password."""
    with house(database, tmp_path / "home", None) as made:
        made.ids["link"] = made.queue("ana", "core.activation")
        made.ids["told"] = made.queue("bea", text="hello")
        made.work()
        yield made


def staff(home: House, who: str = "sol") -> Browser:
    """The browser of a member of the staff."""
    return browser_at(home.app, "one.localhost", sign_in(home.app, home.tenant_id, Staff, home.ids[who]))


def agent(home: House) -> Browser:
    """The browser of an agent."""
    with home.writing() as session:
        person = Staff(name="Ada", email="ada@brand.example", email_key="ada@brand.example", role="agent")
        session.add(person)
        session.flush()
        home.ids["ada"] = person.id
    return staff(home, "ada")


def post(browser: Browser, url: str, headers: Any = None, environ: Any = None, **form: str) -> Any:
    """Send a form of the page at that address."""
    page = browser.get("/sessions/").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    data = {"csrf_token": token[1], **form}
    return browser.post(url, data=data, headers=headers, environ_overrides=environ)


def links(home: House) -> int:
    """How many one-time links there are."""
    with open_session(home.engine, system(home.tenant_id)) as session:
        return session.scalar(select(func.count(Activation.id))) or 0


def page_of(home: House, name: str) -> str:
    """The address of a mail's page."""
    return f"/staff/outbox/{home.ids[name]}"


def test_each_mail_stands_there_with_its_state_the_newest_first(kept: House) -> None:
    browser = staff(kept)
    page = browser.get("/staff/outbox/?lang=en").text
    assert page.index(f'href="/staff/outbox/{kept.ids["told"]}"') < page.index(
        f'href="/staff/outbox/{kept.ids["link"]}"'
    )
    assert "mails are kept here" in page or "los correos se guardan" in page
    only = browser.get("/staff/outbox/?kind=guest.told&state=kept").text
    assert f'href="/staff/outbox/{kept.ids["link"]}"' not in only
    assert f'href="/staff/outbox/{kept.ids["told"]}"' in only
    assert browser.get("/staff/outbox/?state=failed").text.count('href="/staff/outbox/') < 12
    for bad in ("state=nonsense", "kind=nonsense", "before=x", "after=-1"):
        assert browser.get(f"/staff/outbox/?{bad}").status_code == 400
    text = browser.get(page_of(kept, "told")).text
    assert "Text: hello" in text
    assert MASKED in text
    assert "s3cret" not in text


def test_pages_of_the_list_lead_to_every_mail_once(kept: House) -> None:
    for n in range(110):
        kept.queue(text=str(n))
    browser, seen, url = staff(kept), list[int](), "/staff/outbox/"
    while True:
        page = browser.get(url).text
        seen += [int(n) for n in re.findall(r'href="/staff/outbox/(\d+)"', page)]
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if older is None:
            break
        url = older[1].replace("&amp;", "&")
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 112
    newer = re.search(r'rel="prev" href="([^"]+)"', page)
    assert newer is not None
    again = [
        int(n) for n in re.findall(r'href="/staff/outbox/(\d+)"', browser.get(newer[1].replace("&amp;", "&")).text)
    ]
    assert again == seen[50:100]


def test_another_tenants_mails_are_not_there(kept: House) -> None:
    other = rows.make_tenant(kept.engine, "two", "two.localhost")
    with open_session(kept.engine, system(other.id), writes=True) as session:
        person = Staff(name="Eva", email="eva@two.example", email_key="eva@two.example")
        session.add(person)
        session.commit()
    browser = browser_at(kept.app, "two.localhost", sign_in(kept.app, other.id, Staff, person.id))
    assert 'href="/staff/outbox/' not in re.sub(r'href="/staff/outbox/["?]', "", browser.get("/staff/outbox/").text)
    nonsense = browser.get("/staff/outbox/999999")
    foreign = browser.get(page_of(kept, "told"))
    assert (foreign.status_code, foreign.data) == (404, nonsense.data)
    assert post(browser, page_of(kept, "told"), do="again").status_code == 404
    assert kept.mail(kept.ids["told"]).state == "kept"


def test_what_has_come_to_its_end_may_be_sent_again(kept: House) -> None:
    mail_id, browser = kept.ids["told"], staff(kept)
    before = kept.mail(mail_id).message_id
    for state in ("failed", "dropped", "kept", "sent"):
        kept.change(Mail, mail_id, state=state, error="some error")
        assert post(browser, page_of(kept, "told"), do="again").status_code == 303
        mail = kept.mail(mail_id)
        assert (mail.state, mail.error, mail.message_id) == ("waiting", "", before)
        assert [(job.kind, job.subject_id) for job in kept.jobs()] == [("mail", mail_id)]
        assert post(browser, page_of(kept, "told"), do="again").status_code == 303
        assert len(kept.jobs()) == 1, "one that waits is not queued twice"
        kept.work()
        assert kept.mail(mail_id).state == "kept"


def test_what_may_have_arrived_is_sent_again_once_that_was_confirmed(kept: House) -> None:
    mail_id, browser = kept.ids["told"], staff(kept)
    kept.change(Mail, mail_id, state="held", error="no answer")
    asked = post(browser, page_of(kept, "told"), do="again")
    assert (asked.status_code, kept.mail(mail_id).state) == (200, "held")
    assert 'name="confirmed" value="1"' in asked.text
    assert post(browser, page_of(kept, "told"), do="again", confirmed="1").status_code == 303
    assert kept.mail(mail_id).state == "waiting"


def test_or_noted_as_arrived(kept: House) -> None:
    mail_id, browser = kept.ids["told"], staff(kept)
    post(browser, page_of(kept, "told"), do="arrived")
    assert kept.mail(mail_id).state == "kept", "of what is held alone"
    kept.change(Mail, mail_id, state="held", error="no answer")
    post(browser, page_of(kept, "told"), do="arrived")
    assert (kept.mail(mail_id).state, kept.jobs()) == ("sent", [])
    assert post(browser, page_of(kept, "told"), do="nonsense").status_code == 400


def test_an_administrator_at_this_machine_makes_the_link_of_a_kept_mail_and_sees_it_once(kept: House) -> None:
    browser, address = staff(kept), page_of(kept, "link")
    before = links(kept)
    assert 'value="link"' in browser.get(address).text
    made = post(browser, address, do="link")
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    found = re.search(r'href="(http://one\.localhost:\d+/activate/[^"]+)"', made.text)
    assert found is not None
    assert links(kept) == before + 1
    assert browser_at(kept.app, "one.localhost").get(found[1].partition(":8165")[2]).status_code == 200
    assert "/activate/" not in browser.get(address).text
    assert "/activate/" not in str(vars(kept.mail(kept.ids["link"])))


def test_the_link_is_offered_as_long_as_it_lets_somebody_in(kept: House) -> None:
    browser, address = staff(kept), page_of(kept, "link")
    for column, useless, useful in (("password_hash", "x", None), ("portal_user", False, True)):
        kept.change(Contact, kept.ids["ana"], **{column: useless})
        assert 'value="link"' not in browser.get(address).text, column
        refused(post(browser, address, do="link"), 303)  # from a page that was opened before
        assert "Quien lo recibiría" in browser.get(address).text
        kept.change(Contact, kept.ids["ana"], **{column: useful})
        assert 'value="link"' in browser.get(address).text, column


def test_of_a_forgotten_password_the_link_is_offered_as_long_as_the_mails_own_is_good(kept: House) -> None:
    """Sent again, it is made anew, and good once more."""
    kept.ids["reset"] = kept.queue("ana", "core.reset")
    kept.work()
    browser, address, made = staff(kept), page_of(kept, "reset"), links(kept)
    for minutes, is_good in ((29, True), (31, False)):
        kept.change(Mail, kept.ids["reset"], finished_at=now() - timedelta(minutes=minutes))
        assert ('value="link"' in browser.get(address).text) == is_good, minutes
    refused(post(browser, address, do="link"), 303)  # from a page that was opened before
    assert "El enlace de este correo ha caducado" in browser.get(address).text
    assert links(kept) == made
    post(browser, address, do="again")
    kept.work()
    assert post(browser, address, do="link").status_code == 200


def test_nobody_else_and_nothing_else(kept: House) -> None:
    browser, link, settings = staff(kept), page_of(kept, "link"), kept.settings
    elsewhere: list[dict[str, Any]] = [
        {"environ": {"REMOTE_ADDR": "192.0.2.7"}},
        {"environ": {"SERVER_NAME": "192.0.2.1"}},
        *({"headers": {name: "127.0.0.1"}} for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")),
    ]
    before = links(kept)
    for how in elsewhere:
        refused(post(browser, link, **how, do="link"), 404)
    refused(post(agent(kept), link, do="link"), 403)
    object.__setattr__(settings, "mail_server", MailServer("127.0.0.1", 25))
    refused(post(browser, link, do="link"), 404)
    object.__setattr__(settings, "mail_server", None)
    kept.change(Tenant, kept.tenant_id, url="http://clients.brand.example")
    refused(post(browser, link, do="link"), 404)
    kept.change(Tenant, kept.tenant_id, url="")
    kept.ids["to staff"] = kept.queue("sol", "core.reset")
    kept.work()
    assert kept.mail(kept.ids["to staff"]).state == "kept"
    refused(post(browser, page_of(kept, "to staff"), do="link"), 404)
    kept.change(Mail, kept.ids["link"], state="sent")
    refused(post(browser, link, do="link"), 404)
    kept.change(Mail, kept.ids["link"], state="kept")
    kept.change(Contact, kept.ids["ana"], portal_user=False)
    refused(post(browser, link, do="link"), 303)
    assert links(kept) == before
    kept.change(Contact, kept.ids["ana"], portal_user=True)
    assert post(browser, link, do="link").status_code == 200, "the control: else it is made"
    assert links(kept) == before + 1


def refused(answer: Any, status: int) -> None:
    """The answer tells no link."""
    assert answer.status_code == status
    assert "/activate/" not in answer.text


def test_agents_read_the_outbox_and_send_again(kept: House) -> None:
    browser = agent(kept)
    assert browser.get("/staff/outbox/").status_code == 200
    assert 'value="link"' not in browser.get(page_of(kept, "link")).text
    assert post(browser, page_of(kept, "told"), do="again").status_code == 303
    assert kept.mail(kept.ids["told"]).state == "waiting"
