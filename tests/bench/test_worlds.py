"""What is measured is what it is said to be."""

import re
from pathlib import Path

from sqlalchemy import func, select

from bench import cases, data, opening, statements, visibility
from bench.floor import create_floor
from bench.rounds import CASE_PAGES, MARKS, PAGES
from bench.worlds import World
from core.db.session import open_session
from core.db.viewer import system
from plugins.invoices.models import Invoice, Line

FLOOR = Path(data.__file__).with_name("floor.py")


def test_the_floor_stays_one_short_file() -> None:
    assert len(FLOOR.read_text().splitlines()) < 40


def test_the_floor_shows_each_reader_the_invoices_that_the_portal_shows_them(world: World) -> None:
    floor = create_floor(world.floor_url).test_client(use_cookies=False)
    shown = []
    for reader in world.readers:
        theirs = floor.get("/", headers={"Cookie": f"floor={reader.digest}"}).text
        ours = get(world, reader, PAGES["list"](reader)).text
        numbers = re.findall(r"\bF-\d+", theirs)
        assert len(set(numbers)) == 25
        assert list(dict.fromkeys(re.findall(r"\bF-\d+", ours))) == numbers
        assert "</h1>" in theirs
        assert ": 40<" in theirs  # the count
        shown.append(set(numbers))
    assert not shown[0] & shown[1]


def test_each_reader_has_their_own_among_so_many_of_others(world: World) -> None:
    engine = world.app.extensions["postigo"].engine
    with open_session(engine, system(data.tenant_id(engine))) as session:
        of = dict(session.execute(select(Invoice.owner, func.count()).group_by(Invoice.owner)).all())
        lines = select(func.count()).select_from(Line).where(Line.parent_id == world.readers[0].unprinted_id)
        assert session.scalar(lines) == 20
    assert of.pop(None) == 1  # the sample that all are copies of
    assert [of[reader.account_id] for reader in world.readers] == [40, 40, 40]
    assert sum(of.values()) == 140


def test_every_page_that_is_measured_is_there_and_a_pdf_is_made_where_none_is_stored(world: World) -> None:
    reader = world.readers[1]
    for page, address in {**PAGES, **CASE_PAGES}.items():
        answer = get(world, reader, address(reader))
        assert answer.status_code == 200
        assert MARKS[page] in answer.data
    assert get(world, reader, CASE_PAGES["case detail"](reader)).text.count("Message ") == cases.MESSAGES
    made = get(world, reader, f"/portal/invoices/{reader.unprinted_id}/document")
    assert made.data.startswith(b"%PDF-")


def test_what_opens_a_case_sends_a_file_along(world: World) -> None:
    reader = world.readers[0]
    client = world.app.test_client(use_cookies=False)
    asked = {"base_url": f"http://{data.HOST}", "headers": {"Cookie": reader.cookie}}
    token = opening.token_of(client.get(opening.FORM, **asked).text)
    body, kind = opening.multipart({"csrf_token": token, "f_subject": "The panel beeps"})
    answer = client.post(opening.FORM, data=body, content_type=kind, **asked)
    assert answer.status_code == 303
    assert "panel.txt" in get(world, reader, answer.location).text


def test_statements_are_compared_page_by_page(world: World) -> None:
    found = statements.compare(world, world, times=1)
    assert set(found) == set(PAGES)
    assert all(few > 0 and many > 0 for few, many in found.values())


def test_the_wall_is_compared_with_a_where_that_finds_the_same(world: World) -> None:
    by_hand, through = visibility.compare(world, times=1)
    assert by_hand > 0
    assert through > 0


def get(world: World, reader: data.Reader, path: str):  # type: ignore[no-untyped-def]
    client = world.app.test_client(use_cookies=False)
    return client.get(path, base_url=f"http://{data.HOST}", headers={"Cookie": reader.cookie})
