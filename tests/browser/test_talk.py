"""Conversations in a browser: with scripts and without, by people who mean well and by those who do not."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.conversations.models import Message
from core.conversations.text import clean
from core.conversations.write import Author, write_files, write_message
from core.files.models import File
from core.files.uploads import take_upload
from plugins.cases.models import Case
from tests.browser.conftest import Visits
from tests.browser.house import House
from tests.browser.steps import STAFF
from tests.browser.test_hostile import OWN, listed, plain
from tests.browser.watch import Watch
from tests.files import sent

pytestmark = pytest.mark.browser
RUN = "document.title = 'run'; window.ran = true"
#: content that is what its name says, and a script or a page besides
TWO_FACED = {
    "a.gif": sent.picture("GIF").replace(b"GIF87a", b"GIF89a") + f"*/=1;{RUN}".encode(),
    "a.txt": RUN.encode(),
    "page.txt": b"<!doctype html>" + sent.SCRIPT,
    "a.csv": f"{RUN}//,1".encode(),
    "a.pdf": sent.PDF + b"<html>" + sent.SCRIPT + b"</html>",
    "a.png": sent.picture() + sent.SVG,
}


def case_of(house: House, who: str = "marta") -> int:
    """A new case of somebody's, on which nothing was said."""
    with house.writing() as session:
        case = Case(number="C-T", subject="Una prueba", account_id=house.account(who))
        session.add(case)
        session.flush()
        return int(case.id)


def bodies(house: House, case_id: int) -> list[str]:
    """What was said on a case."""
    with house.writing() as session:
        said = select(Message.body).where(Message.parent_id == case_id, Message.kind == "said").order_by(Message.id)
        return list(session.scalars(said))


@pytest.fixture
def opened(visits: Visits) -> Iterator[Callable[..., Page]]:
    """Opens watched pages, on which a message may be refused: `opened(who, scripts=True)`."""
    watched: list[tuple[Page, Watch]] = []

    def make(who: str, *, scripts: bool = True) -> Page:
        page = visits.context(who, java_script_enabled=scripts).new_page()
        watched.append((page, Watch(page, visits.house.url)))
        return page

    yield make
    complaints = [each for _, watch in watched for each in watch.complaints() if not each.endswith("/messages")]
    for page, _ in watched:
        page.context.close()
    assert not complaints


@pytest.fixture
def papers(tmp_path: Path) -> list[str]:
    """Two files to send."""
    (tmp_path / "foto.png").write_bytes(sent.picture())
    (tmp_path / "lista.csv").write_bytes(b"a;b\n")
    return [str(tmp_path / "foto.png"), str(tmp_path / "lista.csv")]


def send(page: Page, text: str = "") -> None:
    """Press the button, with some text."""
    if text:
        page.locator("#body").fill(text)
    page.locator("#say button[value=say]").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_client_and_staff_talk(house: House, opened: Callable[..., Page], papers: list[str], scripts: bool) -> None:
    case_id = case_of(house)
    client = opened("marta", scripts=scripts)
    client.goto(f"/portal/cases/{case_id}")
    client.locator("#send-files").set_input_files(papers)
    send(client, "Adjunto dos archivos.")
    expect(client.get_by_text("Su mensaje se ha enviado.")).to_be_visible()
    assert client.url.rpartition("#")[2].startswith("message-")
    expect(client.locator(".talk-files a")).to_have_text(["foto.png", "lista.csv"])
    staff = opened(STAFF, scripts=scripts)
    staff.goto(f"/staff/records/cases/{case_id}")
    staff.locator("#canned").select_option(index=1)
    staff.locator("#body").fill("Hola, Marta.")
    staff.locator("[data-insert]").click()
    expect(staff.locator("#body")).to_have_value(re.compile(r"^Hola, Marta\.\n\n\S"))
    staff.get_by_label("Solo nosotros: es una nota interna").check()
    send(staff)
    expect(staff.locator(".talk-said.is-internal .status")).to_contain_text("Nota interna")
    client.reload()
    expect(client.locator(".talk-said")).to_have_count(1)
    staff.get_by_label("El cliente: es una respuesta").check()
    send(staff, "Gracias.")
    expect(staff.locator(".talk-said")).to_have_count(3)
    # The client's page does not know of the answer yet.
    if scripts:
        client.locator("#send-files").set_input_files(papers)
    send(client, "Una cosa más.")
    expect(client.get_by_text("Entretanto ha escrito otra persona")).to_be_visible()
    expect(client.locator(".talk-said").last).to_contain_text("Gracias.")
    expect(client.locator("#body")).to_have_value("Una cosa más.")
    send(client)
    expect(client.get_by_text("Su mensaje se ha enviado.")).to_be_visible()
    expect(client.locator(".talk-files a")).to_have_count(4 if scripts else 2)
    assert bodies(house, case_id)[-2:] == ["Gracias.", "Una cosa más."]


def test_what_is_refused_keeps_what_was_typed_and_chosen(
    house: House, opened: Callable[..., Page], papers: list[str], tmp_path: Path
) -> None:
    case_id = case_of(house)
    (tmp_path / "mentira.png").write_bytes(sent.SVG)
    page = opened("marta")
    page.goto(f"/portal/cases/{case_id}")
    page.locator("#send-files").set_input_files([*papers, str(tmp_path / "mentira.png")])
    send(page, "Tres archivos.")
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("«mentira.png» no se puede aceptar")
    expect(summary).to_be_focused()
    expect(page.locator("#body")).to_have_value("Tres archivos.")
    assert page.evaluate("document.querySelector('#send-files').files.length") == 3
    summary.get_by_role("link").click()
    expect(page.locator("#send-files")).to_be_focused()
    page.route("**/messages", lambda route: route.abort())
    send(page)
    expect(page.locator(".send-state [role=status]")).to_contain_text("No se ha podido enviar")
    page.unroute("**/messages")
    token = page.locator("#say [name=csrf_token]")
    good = token.get_attribute("value")
    token.evaluate("(field) => { field.value = 'of another session' }")
    send(page)
    expect(page.locator(".send-state [role=status]")).to_contain_text("Su sesión se ha cerrado")
    expect(page.locator("#body")).to_have_value("Tres archivos.")
    token.evaluate("(field, good) => { field.value = good }", good)
    page.locator("#send-files").set_input_files(papers)
    send(page)
    expect(page.get_by_text("Su mensaje se ha enviado.")).to_be_visible()
    assert bodies(house, case_id) == ["Tres archivos."]


def test_hostile_words_and_names_do_nothing(house: House, visits: Visits) -> None:
    case_id, strings = case_of(house), [text for text in [*OWN, *listed()] if clean(text)]
    store = house.app.extensions["postigo"].store
    with house.writing() as session:
        for text in strings:
            author = Author(text, contact_id=house.contact("marta"))
            message = write_message(session, case_id, author, body=clean(text))
            upload = take_upload(f"{text}.txt", io.BytesIO(b"x"))
            write_files(session, store, case_id, author, [upload], message=message)
    for who, address in (("marta", f"/portal/cases/{case_id}"), (STAFF, f"/staff/records/cases/{case_id}")):
        page = visits.context(who).new_page()
        watch, read, url = Watch(page, house.url), "", address
        while url:
            page.goto(url)
            assert "Una prueba" in page.locator("main").inner_text()
            read += page.locator("main").inner_text()
            earlier = page.locator("a[href*='before=']")
            url = (earlier.get_attribute("href") or "") if earlier.count() else ""
        page.context.close()
        assert watch.complaints() == []
        assert [text for text in strings if plain(clean(text)) not in plain(read)] == []


def test_what_has_two_faces_shows_one(house: House, visits: Visits) -> None:
    case_id = case_of(house)
    store = house.app.extensions["postigo"].store
    with house.writing() as session:
        uploads = [take_upload(name, io.BytesIO(data)) for name, data in TWO_FACED.items()]
        write_files(session, store, case_id, Author("x"), uploads)
        ids = list(session.scalars(select(File.id).where(File.parent_id == case_id)))
    assert len(ids) == len(TWO_FACED)
    page = visits.context("marta").new_page()
    for file_id in ids:
        url = f"/portal/cases/{case_id}/files/{file_id}"
        page.goto(f"/portal/cases/{case_id}")
        page.evaluate(EVERY_WAY, url)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.ran") is None
        assert page.title() != "run"
        for answer in (page.request.get(url), page.request.get(f"{url}?download=1")):
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment")
        if answer.headers["content-type"].startswith("image/"):
            page.goto(url)
            assert page.evaluate("window.ran") is None
    page.goto("/portal/")
    page.evaluate(EVERY_WAY, "/static/postigo.js")
    page.wait_for_function("window.loaded")  # of what may run, it would be seen
    page.context.close()


#: puts an address wherever a page could run what is there
EVERY_WAY = """async (url) => {
  const put = (tag, given) => Object.assign(document.body.appendChild(document.createElement(tag)), given);
  await Promise.all([
    new Promise((done) => put("script", { src: url, onload: () => { window.loaded = true; done(); }, onerror: done })),
    new Promise((done) => put("script", { src: url, type: "module", onload: done, onerror: done })),
    new Promise((done) => { put("iframe", { src: url, onload: done }); setTimeout(done, 300); }),
  ]);
  put("object", { data: url });
  put("embed", { src: url });
  put("link", { rel: "stylesheet", href: url });
}"""
