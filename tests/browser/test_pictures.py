"""The pictures of the README and the guides: taken here where UPDATE_PICTURES is set, and else there."""

import os
import re
import struct
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.conftest import DESKTOP, PHONE, Visits
from tests.browser.house import House
from tests.browser.places import place
from tests.browser.steps import STAFF

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
MOST = 200_000
#: name -> who looks at what
SINGLE = {
    "dashboard": ("marta", "/portal/"),
    "invoice": ("marta", "/portal/invoices/{invoice:deposit}"),
    "case": ("marta", "/portal/cases/{talk:marta}"),
    "asset": ("marta", "/portal/assets/{asset:MB-P-101}"),
    "contract": ("marta", "/portal/contracts/{contract:ending}#part-lines"),
    "quote": ("marta", "/portal/quotes/{quote:accepted}"),
    "order": ("marta", "/portal/orders/{order:PE-00003}"),
    "article": ("emily", "/portal/knowledge_base/{article:la-central-pita}"),
    "project": ("marta", "/portal/projects/{project:marta}#wide-panel-1"),
    "staff-home": (STAFF, "/staff/"),
    "staff-case": (STAFF, "/staff/records/cases/{talk:marta}"),
    "staff-modules": (STAFF, "/staff/modules/"),
    "staff-contact": (STAFF, "/staff/contacts/{contact:nerea}"),
}
UPDATE = bool(os.environ.get("UPDATE_PICTURES"))
_PAIR = """<!doctype html><title>Portal</title><style>
  body { margin: 0; padding: 28px; display: flex; gap: 28px; align-items: center; background: #e9ecef; }
  img { display: block; border-radius: 10px; box-shadow: 0 6px 24px rgb(20 30 40 / .2); }
  .wide { width: 940px; } .phone { width: 262px; border: 7px solid #20262c; border-radius: 28px; }
</style><img class="wide" src="data:image/png;base64,%s"><img class="phone" src="data:image/png;base64,%s">"""


def shot(visits: Visits, house: House, who: str, path: str, size: ViewportSize) -> bytes:
    """What somebody sees on opening a page, in English."""
    page, _ = visits.shared(who, "en")
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
    page.goto(place(house, path))
    return page.screenshot()


def pair(visits: Visits, wide: bytes, phone: bytes) -> bytes:
    """Two pictures beside each other: set by the browser, which needs no other tool."""
    page = visits.browser.new_page(viewport={"width": 1300, "height": 717})
    page.set_content(_PAIR % tuple(b64encode(each).decode() for each in (wide, phone)))
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    taken = page.screenshot()
    page.close()
    return taken


@pytest.fixture(scope="module")
def pictures(request: pytest.FixtureRequest) -> Path:
    """The folder of the pictures, taken anew where that is asked for."""
    if UPDATE:
        visits, house = request.getfixturevalue("visits"), request.getfixturevalue("house")
        wide = shot(visits, house, "marta", "/portal/", DESKTOP)
        phone = shot(visits, house, "marta", "/portal/cases/", PHONE)
        (IMAGES / "portal.png").write_bytes(pair(visits, wide, phone))
        for name, (who, path) in SINGLE.items():
            (IMAGES / f"{name}.png").write_bytes(shot(visits, house, who, path, DESKTOP))
    return IMAGES


@pytest.mark.parametrize("name", ["portal", *SINGLE])
def test_a_picture_is_there_and_small(pictures: Path, name: str) -> None:
    data = (pictures / f"{name}.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert (width >= 1280, height >= 700) == (True, True)
    assert len(data) < MOST


def test_every_picture_is_shown_and_every_one_shown_is_there(pictures: Path) -> None:
    texts = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for text in texts for name in re.findall(r"images/([\w-]+\.png)", text.read_text(encoding="utf-8"))}
    assert shown == {path.name for path in pictures.iterdir()}
