"""A contact's first case, from the first mail to the last: as a newcomer would try the portal out, without a mail
server, with JavaScript and without."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from core.i18n import today_in
from core.worker.loop import Worker
from tests.browser.house import House
from tests.browser.places import place
from tests.browser.steps import STAFF

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]
PASSWORD = "una tarde en la azotea"
WHO = {True: "tomas", False: "george"}


def work(house: House) -> None:
    """What a worker does until nothing is left."""
    worker = Worker(house.app)
    while worker.step():
        pass


def newest_mail(page: Page, kind: str) -> None:
    """Open the newest mail of a kind on the outbox page."""
    page.goto(f"/staff/outbox/?kind={kind}")
    page.locator(".row-link").first.click()


def give_access(page: Page, house: House, who: str) -> None:
    """Fill in the three portal fields."""
    page.goto(place(house, f"/staff/contacts/{{contact:{who}}}"))
    day = today_in(house.tenant.time_zone)
    page.locator("#portal_user").check()
    page.locator("#support_start").fill(day.isoformat())
    page.locator("#portal_end").fill((day + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Guardar el acceso").click()
    expect(page.get_by_role("status").first).to_be_visible()


def photograph() -> bytes:
    """A small picture, as a telephone would take it."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "firebrick").save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_first_mail_to_the_closed_case(open_page: Opener, house: House, scripts: bool) -> None:
    staff = open_page(STAFF, java_script_enabled=scripts)
    give_access(staff, house, WHO[scripts])
    work(house)

    newest_mail(staff, "core.activation")
    expect(staff.locator(".letter-body")).not_to_contain_text("/activate/")  # what is secret is kept nowhere
    staff.get_by_role("button", name="Crear el enlace").click()
    link = staff.locator(".facts a[href*='/activate/']").inner_text()

    client = open_page(java_script_enabled=scripts)
    client.goto(link)
    client.locator("[name=password]").fill(PASSWORD)
    if client.locator("[name=again]").count():
        client.locator("[name=again]").fill(PASSWORD)
    client.locator("main form button").first.click()
    expect(client).to_have_url(re.compile(r"/portal/$"))

    client.goto("/portal/cases/case/do/open")
    client.locator("[name=f_subject]").fill("Gotea un rociador en recepción")
    client.locator("[name=files]").set_input_files(
        {"name": "goteo.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    client.locator("main form button[type=submit]").first.click()
    expect(client).to_have_url(re.compile(r"/portal/cases/\d+$"))
    case = client.url.rpartition("/")[2]
    expect(client.get_by_text("goteo.jpg").first).to_be_visible()
    work(house)
    newest_mail(staff, "core.record_opened")
    expect(staff.locator(".letter-subject")).to_contain_text("Gotea un rociador en recepción")

    answer(staff, case, "Revisar la junta: ya falló en abril.", internal=True)
    answer(staff, case, "Mañana a las nueve pasa un técnico.", internal=False)
    work(house)
    newest_mail(staff, "core.reply")
    letter = staff.locator(".letter-body")
    expect(letter).to_contain_text("Mañana a las nueve pasa un técnico.")
    expect(letter).not_to_contain_text("junta")

    client.goto(f"/portal/cases/{case}")
    expect(client.locator(".talk")).to_contain_text("Mañana a las nueve pasa un técnico.")
    expect(client.locator("body")).not_to_contain_text("junta")
    client.get_by_role("button", name=re.compile("Cerrar el caso|Close the case")).click()
    expect(client.locator(".status").first).to_contain_text(re.compile("Cerrado|Closed"))


def answer(page: Page, case: str, text: str, *, internal: bool) -> None:
    """Write on a case as staff: to the client, or for colleagues alone."""
    page.goto(f"/staff/records/cases/{case}")
    page.locator(f"[name=visibility][value={'internal' if internal else 'public'}]").check()
    page.locator("#say textarea").fill(text)
    page.locator("#say button[value=say]").click()
    expect(page.locator(".talk")).to_contain_text(text)
