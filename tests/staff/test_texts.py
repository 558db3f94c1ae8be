"""What mails say: the company's words, looked at and tried before they are saved."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from core.crm.models import Tenant
from core.db.session import open_session
from core.db.viewer import system
from core.outbox.models import Mail, MailText
from tests.access import world
from tests.access.browser import Browser
from tests.access.mailbox import deliver
from tests.staff.reading import follow, hidden, undo, words

LIST, TEXT = "/staff/texts/", "/staff/texts/core.activation/en"
MINE = {"subject": "Come in, {name}", "body": "Here: {link} ({until})"}


@pytest.fixture
def settings(settings: Any) -> Any:
    """Settings with an address to send from."""
    return replace(settings, mail_from="portal@brand.example")


def post(staff: Browser, do: str, url: str = TEXT, **typed: str) -> Any:
    return staff.post(url, {"version": hidden(staff.get(url), "version"), **MINE, "do": do, **typed})


def own(engine: Engine, tenant: Tenant) -> list[tuple[str, str, str]]:
    with open_session(engine, system(tenant.id)) as session:
        return [(row.language, row.subject, row.body) for row in session.scalars(select(MailText))]


def letter(page: Any) -> list[str]:
    """Subject and body of the preview, and of the shipped text."""
    return [html.unescape(text) for text in re.findall(r'class="letter-\w+">(.*?)</p>', page.text, re.DOTALL)]


def test_every_kind_is_there_in_every_language_and_says_what_is_shipped(staff: Browser) -> None:
    pages = re.findall(r'href="(/staff/texts/[^"]+)"', staff.get(LIST).text)
    kinds = {path.split("/")[3] for path in pages}
    assert {"core.activation", "core.password", "core.reset"} <= kinds
    assert "core.trial" not in kinds
    for path in pages:
        page = staff.get(path)
        subject, body = letter(page)[2:]
        assert page.status_code == 200
        assert subject
        assert hidden(page, "version") == "0"
        assert html.unescape(page.text).count(body) >= 2, path  # in the form, and as shipped
    assert "Elija" in staff.get("/staff/texts/core.activation/es").text
    for nothing in ("core.trial/en", "core.nothing/en", "core.activation/fr"):
        assert staff.get(f"{LIST}{nothing}").status_code == 404


def test_a_text_is_saved_undone_and_put_back(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    page = follow(staff, post(staff, "save"))
    assert own(engine, tenant) == [("en", MINE["subject"], MINE["body"])]
    page = undo(staff, page)
    assert own(engine, tenant) == []
    undo(staff, page)
    assert own(engine, tenant) == [("en", MINE["subject"], MINE["body"])]
    page = follow(staff, post(staff, "save", subject="Second"))
    undo(staff, page)
    assert own(engine, tenant)[0][1] == MINE["subject"]
    page = follow(staff, post(staff, "reset"))
    assert own(engine, tenant) == []
    undo(staff, page)
    assert own(engine, tenant)[0][1] == MINE["subject"]


def test_the_preview_shows_made_up_values_in_the_texts_language_and_saves_nothing(
    engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    page = post(staff, "preview", url="/staff/texts/core.activation/es", body="{link} hasta {until} {tenant}")
    subject, body = letter(page)[:2]
    assert subject == "Come in, Ana"
    assert body.startswith(f"https://{world.HOST}/")
    assert body.endswith("Agua")
    assert not re.search(r"\{\w+\}", body)
    assert "What you typed, not saved yet" in words(page)
    assert own(engine, tenant) == []


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"body": "{link} {nothing} {other}"}, "There are no codes {nothing}, {other}."),
    ({"subject": "{password}"}, "There is no code {password}."),
    ({"body": "Hello {name}"}, "Write {link} somewhere"),
    ({"subject": "{link}"}, "{link} is secret"),
    ({"body": ""}, "Fill in: Text."),
    ({"subject": "x" * 301}, "Subject may have at most 300 characters."),
    ({"subject": "a\x00b"}, "holds a character that cannot be shown"),
]


@pytest.mark.parametrize("do", ["save", "trial"])
def test_what_would_not_do_is_refused_by_name_and_stays_typed(
    engine: Engine, tenant: Tenant, staff: Browser, do: str
) -> None:
    for typed, says in REFUSED:
        answer = post(staff, do, **typed)
        assert answer.status_code == 422
        assert says in words(answer)
        assert html.escape(typed.get("body", MINE["body"])) in answer.text
    assert own(engine, tenant) == []
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Mail)).all() == []


def test_a_text_reaches_its_codes_and_nothing_else(staff: Browser) -> None:
    typed = "{link} {name.__class__} {{7*7}} {name!r} {0} {} %s %(name)s ${name.x} {name:>99}"
    body = letter(post(staff, "preview", body=typed))[1]
    assert body.partition(" ")[2] == typed.partition(" ")[2].replace("{name}", "Ana")


def test_a_test_is_sent_to_oneself_and_stands_in_the_outbox(
    app: Flask, engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    hostile = "{link} <script>alert(1)</script> \u202e {{name}} {name.x}"
    answer = post(staff, "trial", body=hostile, to="thief@example.net", email="thief@example.net")
    assert "A test is on its way to sara@agua.example." in words(answer)
    assert html.escape(hostile).replace("&#39;", "'") in answer.text
    (sent,) = deliver(app)
    assert (sent.to, sent.subject) == ("sara@agua.example", "Come in, Ana")
    assert sent.body.strip().endswith("<script>alert(1)</script> \u202e {Ana} {name.x}")
    assert own(engine, tenant) == []
    with open_session(engine, system(tenant.id)) as session:
        assert session.scalars(select(Mail.state)).all() == ["sent"]


def test_of_two_who_write_at_once_the_second_is_told(engine: Engine, tenant: Tenant, staff: Browser) -> None:
    stale = hidden(staff.get(TEXT), "version")
    post(staff, "save", subject="First")
    for do in ("save", "reset", "undo"):
        answer = staff.post(TEXT, {"version": stale, **MINE, "do": do})
        assert answer.status_code == 422
        assert "First" in words(answer)
    assert own(engine, tenant)[0][1] == "First"


def test_the_next_mail_says_the_companys_words_in_its_readers_language(
    app: Flask, engine: Engine, tenant: Tenant, staff: Browser
) -> None:
    post(staff, "save", url="/staff/texts/core.reset/es", subject="Clave de {name} {tenant}", body="Aquí: {link}")
    name = "{link} {{x}}\r\nBcc: thief@example.net"
    world.add_contact(engine, tenant, "ana@example.org", language="es", first_name=name)
    staff.fresh().post("/forgot", {"identifier": "ana@example.org"})
    (sent,) = deliver(app)
    assert sent.subject == "Clave de {link} {{x}} Bcc: thief@example.net Agua"  # one pass, one line
    assert sent.body.startswith(f"Aquí: https://{world.HOST}/activate/")
