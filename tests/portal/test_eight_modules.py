"""All modules on: the dashboard takes few statements, whatever there is to show; and what a page of one module asks
does not hang on how many others are on."""

import pytest

from core.crm.segments import Segment, SegmentAccount
from core.kit.places import SEGMENT, Place
from core.kit.rows import Maker
from tests.nightly import NIGHTLY
from tests.portal.counting import statements
from tests.visibility.changes import switch
from tests.worlds.snapshot import Snapshot
from tests.worlds.world import World

MOST = 20
FEW, MANY = 3, 3000 if NIGHTLY else 40
#: of so many modules, each with a widget, the dashboard is made at least
MODULES = 8
KIND = "two_accounts"


def fill(world: World, size: int) -> None:
    """So many published rows of each class of every module, of an account of whoever looks."""
    with world.writing() as session:
        segment = Segment(name="Some")
        session.add(segment)
        session.flush()
        session.add(SegmentAccount(segment_id=segment.id, account_id=world.one.accounts["alpha"]))
        ids = {SEGMENT: world.one.accounts["alpha"], "segment": segment.id}
        for resources in world.registry.resources.values():
            Maker(resources, [], world.store, lambda cls: {}).fill(session, "one", ids, [(Place(SEGMENT), True)] * size)


def turn(world: World, on: bool, *besides: str) -> None:
    """Turn every module on or off, but for some."""
    for name in world.registry.modules:
        if name not in besides:
            switch(world, world.one, name, "tenant", world.one.id, on)


def count(world: World, url: str) -> int:
    """The statements of a page, once all is warm."""
    client = world.contact(KIND)
    client.get(url)
    with statements(world.engine) as sent:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(sent)


@pytest.fixture
def base(world: World) -> Snapshot:
    """The world as it is, to be put back."""
    world.sign_everybody_in()
    return Snapshot(world)


def test_the_dashboard_takes_few_statements_with_all_modules_on(world: World, base: Snapshot) -> None:
    assert len(world.registry.widgets) >= MODULES
    found = []
    for size in (FEW, MANY):
        fill(world, size)
        turn(world, True)
        found.append(count(world, "/portal/"))
        page = world.contact(KIND).get("/portal/").text
        assert "could not be shown" not in page
        base.restore()
    assert found[0] == found[1] <= MOST


def test_a_page_of_a_module_asks_the_same_whatever_else_is_on(world: World, base: Snapshot) -> None:
    fill(world, FEW)
    paths = ["/portal/invoices/", f"/portal/invoices/{world.one.invoices['alpha']}", "/api/v1/invoices/invoice/"]
    found = []
    for others in (False, True):
        turn(world, others, "invoices", "cases")
        found.append([count(world, path) for path in paths])
    base.restore()
    assert found[0] == found[1]
