"""The tree around an asset: what it is part of and its parts, as far as whoever looks sees them, in one statement."""

import re

from core.crm.models import Contact
from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.db.session import open_session
from core.db.viewer import system
from core.modules.flags import save_flags
from core.records.explain import explain
from plugins.assets.models import OUT_OF_ORDER
from plugins.assets.tree import MOST
from tests.petitions.acting import send
from tests.plugins.assets.conftest import LIST, OFFICE, add, read
from tests.portal.counting import statements
from tests.staff.reading import words
from tests.worlds.world import World

TITLE = "What it is part of, and its parts"


def box(page: str) -> str:
    """The words of the box."""
    return page.partition(TITLE)[2].partition("</section>")[0]


def test_an_asset_shows_what_it_is_part_of_and_its_parts(assets: World) -> None:
    top = add(assets, "T-1")
    middle = add(assets, "T-2", unit_id=top)
    part = add(assets, "T-3", unit_id=middle, state=OUT_OF_ORDER)
    lowest = add(assets, "T-4", unit_id=part)
    alone, client = add(assets, "T-9"), assets.contact("whole")
    shown = box(client.get(f"{LIST}{middle}").text)
    assert [shown.find(f"Thing T-{n}") > 0 for n in (1, 2, 3, 4)] == [True] * 4
    assert shown.index("T-1") < shown.index("T-2") < shown.index("T-3") < shown.index("T-4")
    assert f'href="{LIST}{part}"' in shown
    assert f'href="{LIST}{middle}"' not in shown  # the page that it stands on
    assert "Out of order" in shown
    assert f'href="{OFFICE}{part}"' in box(assets.staff().get(f"{OFFICE}{middle}").text)
    assert TITLE not in client.get(f"{LIST}{alone}").text
    assert "Thing T-1" in box(client.get(f"{LIST}{lowest}").text)


def test_what_the_reader_does_not_see_is_not_in_the_tree(assets: World) -> None:
    """Neither its name nor its id: a unit and a part for staff alone, a part at another's site."""
    hidden = add(assets, "H-1", site="a1", published=False)
    here = add(assets, "H-2", site="a1", unit_id=hidden)
    draft = add(assets, "H-3", site="a1", unit_id=here, published=False)
    elsewhere = add(assets, "H-4", site="a2", unit_id=here)
    mine = add(assets, "H-5", site="a1", unit_id=here)
    page = assets.contact("site").get(f"{LIST}{here}").text
    assert "H-5" in box(page)
    assert not any(f"H-{n}" in page for n in (1, 3, 4))
    said = assets.contact("site").get(f"/api/v1/assets/asset/{here}").json
    assert said is not None
    assert said["fields"]["unit_id"] is None
    assert assets.contact("site").get(f"/api/v1/assets/asset/{mine}").json["fields"]["unit_id"]["id"] == here  # type: ignore[index]
    assert all(f"H-{n}" in box(assets.staff().get(f"{OFFICE}{here}").text) for n in (1, 3, 4, 5))
    assert elsewhere != draft


def test_a_number_that_the_company_hides_is_no_name_of_what_an_asset_is_part_of(assets: World) -> None:
    part = add(assets, "P-2", name="Head", unit_id=add(assets, "P-1", name="Line"))
    exits = (f"{LIST}{part}", f"{LIST}asset/export.csv", "/api/v1/assets/asset/", f"/api/v1/assets/asset/{part}")

    def told(word: str) -> list[bool]:
        return [word in assets.contact("whole").get(url).text for url in exits]

    assert told("P-1") == [True] * 4
    with assets.writing() as session:
        save_flags(session, "assets", "asset", FieldFlags((("number", Flags(seen=False)),)))
    try:
        assert told("P-1") == [False] * 4
        assert told("Line") == [True, True, True, False], "what is not hidden is there: of the page, in its tree"
        with open_session(assets.engine, system(assets.one.id)) as session:
            reader = session.get_one(Contact, assets.one.people["whole"])
            said = explain(session, assets.registry, reader, "assets", "asset", part, "unit_id")
            assert (said.seen, "tells no name" in said.rules[-1][1]) == (False, True)
    finally:
        with assets.writing() as session:
            save_flags(session, "assets", "asset", NO_FLAGS)


def test_a_tree_that_bites_its_tail_ends_and_a_large_one_is_cut(assets: World) -> None:
    one = add(assets, "R-1")
    two = add(assets, "R-2", unit_id=one)
    with assets.writing() as session:
        session.get_one(type(read(assets, one)), one).unit_id = two
    client = assets.contact("whole")
    assert "Thing R-2" in box(client.get(f"{LIST}{one}").text)
    root = add(assets, "B-0")
    add(assets, "B-1", unit_id=root)
    client.get(f"{LIST}{root}")
    with statements(assets.engine) as few:
        client.get(f"{LIST}{root}")
    for number in range(2, MOST + 4):
        add(assets, f"B-{number:03}", unit_id=root)
    with statements(assets.engine) as many:
        page = client.get(f"{LIST}{root}").text
    assert len(many) == len(few)
    assert "There are more parts than stand here." in page
    assert box(page).count("Thing B-") == MOST + 1


def test_staff_put_an_asset_into_another_of_the_same_client(assets: World) -> None:
    """Chosen from that client's own; what is another's, or would close a ring, is refused at the field."""
    unit, other, foreign = add(assets, "U-1"), add(assets, "U-2"), add(assets, "U-3", "beta")
    staff, page = assets.staff(), f"{OFFICE}{other}/do/edit"
    form = staff.get(page).text
    assert ">U-1 · Thing U-1</option>" in form  # its number alone tells nobody which it is
    assert "U-3" not in form
    assert re.search(r'<button type="submit"[^>]*>Save</button>', form)
    assert send(staff, page, {"f_unit_id": str(foreign)}).status_code == 422
    assert send(staff, page, {"f_unit_id": str(unit)}).status_code == 303
    assert read(assets, other).unit_id == unit
    ring = send(staff, f"{OFFICE}{unit}/do/edit", {"f_unit_id": str(other)})
    assert (ring.status_code, "nor of one of its parts" in words(ring)) == (422, True)
    assert read(assets, unit).unit_id is None
