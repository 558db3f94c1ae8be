"""A mail says what its recipient may see at the moment at which it is sent, to them alone."""

from datetime import date, timedelta

import pytest

from core.crm.models import Contact, Staff, Tenant
from core.db.model import now
from core.db.session import open_session
from core.db.viewer import system
from core.modules.switches import set_switch
from core.outbox.models import MailText
from core.outbox.texts import MASK
from core.worker.letter import mail_address
from plugins.invoices.models import Invoice
from tests.worker.house import SENDER, House
from tests.worker.post_office import PostOffice


def test_it_tells_each_what_they_see_and_keeps_no_secret(home: House, office: PostOffice) -> None:
    ids = {who: home.queue(who, text="{seen} {text.__init__} ñ") for who in ("ana", "bea", "sol")}
    home.work()
    assert home.jobs() == []
    taken = {recipients[0]: message for _, recipients, message in office.taken}
    assert sorted(taken) == ["ana@example.com", "bea@example.com", "sol@brand.example"]
    for who, seen in (("ana", "Alpha-1"), ("bea", "Beta-1"), ("sol", "Alpha-1, Beta-1")):
        mail = home.mail(ids[who])
        message = taken[mail.address]
        body = office.texts()[mail.address]
        assert f"You see: {seen}\nText: {{seen}} {{text.__init__}} ñ\nSecret: s3cret-{mail.id}\n" in body
        assert "{unknown} {text.__class__}" in body
        assert mail.state == "sent"
        assert mail.body == body.replace(f"s3cret-{mail.id}", MASK)
        assert "s3cret" not in f"{mail.subject}{mail.body}{mail.error}"
        assert message["Message-ID"] == f"<mail.{mail.message_id}@brand.example>"


def test_the_head_of_a_mail(home: House, office: PostOffice) -> None:
    home.change(Tenant, home.tenant_id, name="Brasa\r\nBcc: evil@example.com, S.L.")
    home.queue(text="one\r\nBcc: evil@example.com\r\n\r\nbody \u2028 ñandú")
    home.queue("sol", text=".\n..\nend\r.")
    home.work()
    (sender, recipients, message), (_, _, dots) = office.taken
    assert (sender, recipients) == (SENDER, ["ana@example.com"])
    assert message["From"] == '"Brasa Bcc: evil@example.com, S.L." <portal@brand.example>'
    assert message["Reply-To"].addresses[0].addr_spec == "hello@brand.example"
    assert message["To"] == "ana@example.com"
    assert message["Subject"] == "About one Bcc: evil@example.com body ñandú"
    assert message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs(message["Date"].datetime - now()) < timedelta(hours=1)  # servers refuse mails without, or suspect them
    assert (message["Content-Language"], dots["Content-Language"]) == ("en", "es")
    assert message.get_content_type() == "text/plain"
    assert "Text: .\n..\nend\n.\nSecret" in office.texts()["sol@brand.example"]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("ended", "no access"), ("record", "may not see the record"), ("module", "module is off"),
        ("withheld", "because of a test"), ("no address", "no e-mail address"), ("two addresses", "none that mail"),
        ("staff", "deactivated"),
    ],
)  # fmt: skip
def test_what_may_not_be_told_any_more_is_not_sent(home: House, office: PostOffice, case: str, why: str) -> None:
    to, record = ("sol", "") if case == "staff" else ("ana", "Alpha-1")
    mail_id = home.queue(to, record=record, withheld=case == "withheld")
    control = home.queue("bea", record="Beta-1")
    if case == "ended":
        home.change(Contact, home.ids["ana"], portal_end=date.today() - timedelta(days=2))
    elif case == "record":
        home.change(Invoice, home.ids["Alpha-1"], account_id=home.ids["Beta"])
    elif case == "module":
        with home.writing() as session:
            registry = home.app.extensions["postigo"].registry
            set_switch(session, registry, "guest", "account", home.ids["Alpha"], False)
    elif case == "no address":
        home.change(Contact, home.ids["ana"], email="")
    elif case == "two addresses":
        home.change(Contact, home.ids["ana"], email="ana@example.com, evil@example.com")
    elif case == "staff":
        home.change(Staff, home.ids["sol"], active=False)
    home.work()
    mail = home.mail(mail_id)
    assert (mail.state, why in mail.error, mail.body) == ("dropped", True, "")
    assert home.mail(control).state == "sent"
    assert [recipients for _, recipients, _ in office.taken] == [["bea@example.com"]]


def test_staff_read_why_in_the_language_of_their_company(home: House) -> None:
    home.change(Tenant, home.tenant_id, language="es")
    home.change(Contact, home.ids["ana"], email="", language="en")
    mail_id = home.queue()
    home.work()
    assert home.mail(mail_id).error == "No hay dirección de correo."


def test_the_tenants_own_text_in_the_readers_language(home: House, office: PostOffice) -> None:
    with home.writing() as session:
        session.add(MailText(kind="guest.told", language="es", subject="Sobre {text}", body="Ves {seen}. {link}"))
    home.change(Contact, home.ids["bea"], language="es")
    home.queue("ana", text="x")
    home.queue("bea", text="x")
    home.work()
    assert [str(message["Subject"]) for _, _, message in office.taken] == ["About x", "Sobre x"]
    assert office.texts()["bea@example.com"] == "Ves Beta-1. {link}\n"


def test_without_a_server_mails_are_kept_and_nothing_is_made_to_work(without_server: House) -> None:
    mail_id = without_server.queue(text="x")
    without_server.work()
    mail = without_server.mail(mail_id)
    assert (mail.state, MASK in mail.body, "s3cret" in mail.body) == ("kept", True, False)


def test_what_cannot_be_made_is_tried_again_and_given_up_in_the_end(home: House, office: PostOffice) -> None:
    mail_id = home.queue(broken=True)
    other = home.queue("bea")
    for attempt in range(1, 13):
        home.work()
        mail = home.mail(mail_id)
        if mail.state == "failed":
            break
        assert (mail.state, mail.attempts) == ("waiting", attempt)
        assert "could not be made: error" in mail.error
        home.hurry()
    assert (mail.state, attempt) == ("failed", 10)
    assert home.mail(other).state == "sent"
    assert [job for job in home.jobs() if job.kind == "mail"] == []


@pytest.mark.parametrize(
    ("stored", "address"),
    [
        ("Ana.B@Example.COM", "Ana.B@example.com"), (" ana@example.com ", "ana@example.com"),
        ("ana@ejemplo.eñe", "ana@ejemplo.xn--ee-zja"), ("ñandú@example.com", "ñandú@example.com"),
        ("a,b@example.com", None), ("<ana@example.com>", None), ("ana@example.com\nBcc: b@example.com", None),
        ('"a b"@example.com', None), ("ana@", None), ("ana@@example.com", None), ("(c)ana@example.com", None),
        ("", None),
    ],
)  # fmt: skip
def test_an_address_is_one_or_none(stored: str, address: str | None) -> None:
    assert mail_address(stored) == address


def test_a_tenants_mail_comes_from_its_own_rows(home: House) -> None:
    with open_session(home.engine, system(home.tenant_id + 1)) as session:
        assert session.get(Contact, home.ids["ana"]) is None
