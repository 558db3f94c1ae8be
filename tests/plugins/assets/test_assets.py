"""Assets as staff write them and clients meet them: numbers, states, warranty, work done, and what lists cost."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from core.db.session import open_session
from core.db.viewer import system
from core.i18n import today_in
from core.records.models import RecordLink
from plugins.assets.models import IN_REPAIR, RETIRED, Work
from tests.petitions.acting import post, send
from tests.petitions.reading import shown
from tests.plugins.assets.conftest import LIST, OFFICE, add, read
from tests.staff.reading import words
from tests.worlds.world import World

NEW = f"{OFFICE}asset/do/write"


def works(world: World, record_id: int) -> list[Work]:
    """What was done to an asset."""
    with open_session(world.engine, system(world.one.id)) as session:
        return list(session.scalars(select(Work).where(Work.parent_id == record_id).order_by(Work.id)))


def test_staff_add_an_asset_which_gets_the_next_number_unless_one_is_typed(assets: World) -> None:
    staff, form = assets.staff(), f"{NEW}?account={assets.one.accounts['alpha']}"
    answers = [send(staff, form, {"f_name": "Pump", **typed}) for typed in ({}, {"f_number": "TAG 7"})]
    made = [read(assets, int(answer.location.rpartition("/")[2])) for answer in answers]
    assert re.fullmatch(r"A-\d{6}", made[0].number)
    assert (made[1].number, made[1].account_id) == ("TAG 7", assets.one.accounts["alpha"])
    assert send(staff, f"{OFFICE}{made[0].id}/do/edit", {"f_number": ""}).status_code == 303
    assert read(assets, made[0].id).number == made[0].number
    assert post(assets.contact("whole"), f"{LIST}asset/do/write", {"f_name": "Mine"}).status_code == 404


def test_staff_add_a_part_on_an_assets_page_which_begins_below_it(assets: World) -> None:
    """Parent, client and site are filled in; no link is kept, for the tree says it. Clients have no such thing."""
    one, staff, client = assets.one, assets.staff(), assets.contact("whole")
    unit, foreign = add(assets, "U-1", site="a1"), assets.two.invoices["alpha"]
    form = f"{OFFICE}asset/do/part?about={unit}"
    assert f'href="{form}"' in staff.get(f"{OFFICE}{unit}").text
    page = staff.get(form)
    begun = shown(page.text)
    assert (begun["f_unit_id"], begun["place"]) == (str(unit), f"{one.accounts['alpha']}-{one.sites['a1']}")
    assert f'href="{OFFICE}{unit}"' in page.text, "the way back is the asset's page"
    refused = post(staff, form, {**begun, "f_name": "", "f_note": "Typed"})
    assert (refused.status_code, shown(refused.text)["f_unit_id"], "Typed" in refused.text) == (422, str(unit), True)
    answer = post(staff, form, {**begun, "f_name": "Float switch"})
    part = read(assets, int(answer.location.rpartition("/")[2]))
    assert (part.unit_id, part.account_id, part.site_id) == (unit, one.accounts["alpha"], one.sites["a1"])
    assert "Float switch" in words(client.get(f"{LIST}{unit}"))
    with open_session(assets.engine, system(one.id)) as session:
        assert not session.scalars(select(RecordLink.id).where(RecordLink.from_id == part.id)).all()
    assert "Add a part" not in staff.get(OFFICE).text
    assert "Add a part" not in client.get(f"{LIST}{unit}").text
    missing = staff.get(f"{OFFICE}asset/do/part?about=987654321")
    for which in (foreign, one.invoices["alpha"], "x"):
        asked = staff.get(f"{OFFICE}asset/do/part?about={which}")
        assert (asked.status_code, asked.data) == (404, missing.data), which
    assert client.get(f"{LIST}asset/do/part?about={unit}").status_code == 404


def test_one_that_is_retired_stays_and_cannot_be_retired_again(assets: World) -> None:
    record_id, staff = add(assets, "X-1"), assets.staff()
    assert send(staff, f"{OFFICE}{record_id}/do/retire", {}).status_code == 303
    assert read(assets, record_id).state == RETIRED
    assert staff.get(f"{OFFICE}{record_id}/do/retire").status_code == 404
    assert "Retired" in words(assets.contact("whole").get(f"{LIST}{record_id}"))


def test_one_that_is_retired_gets_no_more_parts_and_keeps_those_that_it_has(assets: World) -> None:
    unit, staff = add(assets, "X-2"), assets.staff()
    part, form, told = add(assets, "X-3", unit_id=unit), f"{OFFICE}asset/do/part?about={unit}", "it gets no more parts"
    begun = shown(staff.get(form).text)
    assert send(staff, f"{OFFICE}{unit}/do/retire", {}).status_code == 303
    assert form not in staff.get(f"{OFFICE}{unit}").text
    late = staff.get(form)
    assert (late.status_code, told in words(late), f'href="{OFFICE}{unit}"' in late.text) == (409, True, True)
    assert not any(asked in late.text for asked in ('name="f_', 'type="file"'))
    answer = post(staff, form, {**begun, "f_name": "Typed late"})
    assert (answer.status_code, told in words(answer), "Typed late" in answer.text) == (409, True, True)
    assert send(staff, f"{OFFICE}{part}/do/edit", {"f_name": "Still there"}).status_code == 303
    moved = send(staff, f"{OFFICE}{add(assets, 'X-4')}/do/edit", {"f_unit_id": str(unit)})
    assert (moved.status_code, told in words(moved)) == (422, True)


def test_a_warranty_holds_until_its_last_day(assets: World) -> None:
    today = today_in("Europe/Madrid")
    for number, days in (("W-1", 0), ("W-2", -1), ("W-3", None)):
        until = None if days is None else today + timedelta(days)
        add(assets, number, "beta", warranty_until=until)
    client = assets.contact("two_accounts")
    covered, over = (words(client.get(f"{LIST}?warranty={value}")) for value in ("covered", "lapsed"))
    assert [f"W-{n}" in covered for n in (1, 2, 3)] == [True, False, False]
    assert [f"W-{n}" in over for n in (1, 2, 3)] == [False, True, False]
    assert "Warranties that end soon" in words(client.get("/portal/"))


def test_staff_record_work_and_clients_read_what_is_shown(assets: World) -> None:
    """On the page, in the API and nowhere else while it is hidden; taken back, it is gone."""
    record_id, staff, client = add(assets, "J-1"), assets.staff(), assets.contact("whole")
    page = f"{LIST}{record_id}"
    typed = {"f_done_on": "2026-03-04", "f_text": "Changed the seal", "f_by_whom": "Oliver"}
    form = f"{OFFICE}work/do/record?of={record_id}"
    assert f'href="{form}"' in staff.get(f"{OFFICE}{record_id}").text
    assert send(staff, form, typed).status_code == 303
    (work,) = works(assets, record_id)
    assert "Changed the seal" in words(client.get(page))
    about = words(staff.get(f"{OFFICE}work/{work.id}"))
    assert "4 Mar 2026" in about
    assert "2026-03-04" not in about
    assert "There is no file with this record." not in about  # nor can there be one
    assert send(staff, f"{OFFICE}work/{work.id}/do/hide", {"version": str(work.version)}).status_code == 303
    for path in (page, f"/api/v1/assets/asset/{record_id}", f"{LIST}asset/export.csv"):
        assert "Changed the seal" not in client.get(path).text, path
    assert client.get(f"{LIST}work/").status_code == 404
    assert "Changed the seal" in words(staff.get(f"{OFFICE}{record_id}"))
    assert send(staff, f"{OFFICE}work/{work.id}/do/remove", {}).status_code == 303
    assert works(assets, record_id) == []


def test_the_box_counts_what_needs_a_hand_and_leads_there(assets: World) -> None:
    add(assets, "D-1", "beta", state=IN_REPAIR)
    page = assets.contact("two_accounts").get("/portal/")
    assert f'href="{LIST}?state={IN_REPAIR}"' in page.text
    assert "In service" in words(page)
    assert "In service" not in words(assets.contact("nobodys").get("/portal/"))  # who has none has no box


def test_lists_of_one_owner_are_read_along_an_index(assets: World) -> None:
    """In every order that is offered, SQLite looks rows up by their owner and sorts no more than it shows."""
    if assets.engine.dialect.name != "sqlite":
        return
    sent: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:
        sent.append((statement, params))

    add(assets, "P-1")
    client = assets.contact("whole")
    event.listen(assets.engine, "before_cursor_execute", note)
    orders = ("", "?sort=-number", "?sort=installed_on", "?sort=-warranty_until", "?state=in_repair", "?kind=licence")
    for order in orders:
        assert client.get(f"{LIST}{order}").status_code == 200
    event.remove(assets.engine, "before_cursor_execute", note)
    asked = [each for each in sent if "total_count" in each[0]]
    assert len(asked) == len(orders)
    with closing(sqlite3.connect(str(make_url(assets.database.url).database))) as connection:
        for order, (statement, params) in zip(orders, asked, strict=True):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", params).fetchall()
            steps = [row for row in plan if row[3].startswith(("SEARCH assets_asset", "SCAN assets_asset"))]
            assert steps, order
            assert all("owner=?" in step[3] for step in steps), (order, plan)
            # What each owner has comes in order; of it, only what is shown is put together.
            parts = {row[0] for row in plan if row[3].startswith("CO-ROUTINE")}
            assert parts.issuperset(step[1] for step in steps), (order, plan)
            assert not [row for row in plan if row[3].startswith("USE TEMP B-TREE") and row[1] in parts], (order, plan)
