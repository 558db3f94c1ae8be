"""What a record is linked to, on its page and in the API: what its reader sees of the other end, and no more."""

import pytest

from core.api import link
from core.db.flags import FieldFlags, Flags
from core.modules.flags import save_flags
from core.records.links import MOST
from tests.petitions import add
from tests.petitions.acting import post
from tests.petitions.fixtures import petitions, world
from tests.records.test_links import join, links_of
from tests.visibility import changes
from tests.worlds.world import World

__all__ = ["petitions", "world"]
API = "/api/v1/petitions/petition/"


def test_a_page_and_the_api_tell_of_what_is_linked(world: World) -> None:
    one, other = add(world, number="P-1"), add(world, number="P-2", subject="<b>A lift</b>")
    join(world, one, other)
    page = world.contact("whole").get(f"/portal/petitions/{one}").text
    for said in ("Led to", "P-2", "&lt;b&gt;A lift&lt;/b&gt;", f"/portal/petitions/{other}"):
        assert said in page
    assert f"/staff/records/petitions/{one}/links" in world.staff().get(f"/staff/records/petitions/{one}").text
    (found,) = world.contact("whole").get(f"{API}{other}").json["links"]
    assert found == {
        "kind": "led_to", "forward": False, "label": "Came from", "module": "petitions", "resource": "petition",
        "id": one, "url": f"{API}{one}", "number": "P-1", "title": "A lift",
        "status": {"value": "open", "label": "Open"},
    }  # fmt: skip


def test_hidden_ends_fields_and_modules_that_are_off_are_not_told_of(world: World) -> None:
    """The same links, asked by staff, show that there is something to hide."""
    mine, draft = add(world, number="P-MINE"), add(world, number="P-DRAFT", published=False)
    theirs, invoice = add(world, "beta", number="P-THEIRS"), world.one.invoices["alpha"]
    for other in (draft, theirs, invoice):
        join(world, mine, other, "about")
    assert len(world.staff().get(f"{API}{mine}").json["links"]) == 3
    client = world.contact("whole")
    (found,) = client.get(f"{API}{mine}").json["links"]
    assert found["id"] == invoice
    assert found["number"].startswith("F-")
    with world.writing() as session:
        save_flags(session, "invoices", "invoice", FieldFlags((("number", Flags(False)), ("status", Flags(False)))))
    (found,) = client.get(f"{API}{mine}").json["links"]
    assert (found["number"], found["status"]) == ("", None)
    assert "F-" not in client.get(f"/portal/petitions/{mine}").text
    changes.switch(world, world.one, "invoices", "tenant", world.one.id, False)
    assert client.get(f"{API}{mine}").json["links"] == []
    page = client.get(f"/portal/petitions/{mine}").text
    assert not any(said in page for said in ("Related", "P-DRAFT", "P-THEIRS"))


def test_a_page_shows_so_many_and_says_that_there_are_more(world: World) -> None:
    one = add(world)
    others = [add(world, number=f"P-{n}.") for n in range(MOST + 1)]
    with world.writing() as session:
        for other in others:
            link(session, one, other)
    page = world.contact("whole").get(f"/portal/petitions/{one}").text
    assert "There are more" in page
    assert "P-1." in page
    assert "P-0." not in page


def test_staff_link_by_number_and_take_away_with_a_way_back(world: World) -> None:
    one, other = add(world, number="P-ONE"), add(world, number="P-TWO")
    add(world, "beta", number="p-two")  # of another client
    staff, here = world.staff(), f"/staff/records/petitions/{one}/links"
    page = staff.get(f"{here}?q=p-two").text
    assert page.count('name="record"') == 1
    assert "No record of this client" in staff.get(f"{here}?q=P-ONE").text
    assert post(staff, here, {"record": other, "kind": "led_to-back"}).status_code == 303
    assert links_of(world, one) == [(other, one, "led_to")]
    (found,) = staff.get(f"{API}{one}").json["links"]
    page = staff.get(here).text
    assert "Came from" in page
    link_id = page.partition('name="link" value="')[2].partition('"')[0]
    assert post(staff, here, {"do": "remove", "link": link_id}).status_code == 303
    assert (links_of(world, one), found["id"]) == ([], other)


@pytest.mark.parametrize(
    "sent", [{}, {"record": "x"}, {"record": "0", "kind": "led_to"}, {"do": "remove", "link": "7"}]
)
def test_what_is_not_there_is_the_one_404(world: World, sent: dict[str, str]) -> None:
    one = add(world)
    staff, here = world.staff(), f"/staff/records/petitions/{one}/links"
    assert post(staff, here, sent).status_code == 404
    foreign = {"record": str(world.two.invoices["alpha"]), "kind": "led_to"}
    assert post(staff, here, foreign).status_code == 404
    assert post(staff, here, {"record": str(one), "kind": "led_to"}).status_code == 404
    assert world.contact("whole").get(here).status_code == 404
    assert links_of(world, one) == []
