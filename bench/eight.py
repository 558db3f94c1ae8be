"""Every module on: what the dashboard with all their boxes takes, and whether a page of one module takes longer beside
seven others than beside one."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import mean, median

from bench import bulk, data
from bench.rounds import Pair
from bench.worlds import World
from core.crm.segments import Segment, SegmentAccount
from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.kit.places import SEGMENT, Place
from core.kit.rows import Maker
from core.modules.switches import set_switch

#: the two that the world has rows of already, and rows of each class of the others for each reader
THERE, ROWS = ("cases", "invoices"), 3
PAGES = ("list", "detail")


def fill(world: World) -> None:
    """Give every reader rows of every other module, and switch all on."""
    here = world.app.extensions["postigo"]
    with _writing(world) as session:
        segment = Segment(name="Readers")
        session.add(segment)
        session.flush()
        accounts = [reader.account_id for reader in world.readers]
        session.add_all(SegmentAccount(segment_id=segment.id, account_id=account) for account in accounts)
        for module, resources in here.registry.resources.items():
            if module in THERE:
                continue
            maker = Maker(resources, [], here.store, lambda cls: {})
            for account in accounts:
                ids = {SEGMENT: account, "segment": segment.id}
                maker.fill(session, "one", ids, [(Place(SEGMENT), True)] * ROWS)
    _turn_others(world, on=True)
    bulk.settle(world.floor_url)


def compare(world: World, at: Pair, rounds: int, seconds: int) -> dict[str, float]:
    """What a page takes with every module on, of what it does with two: the median of so many rounds, each between two
    of the other kind."""
    ratios: dict[str, list[float]] = {page: [] for page in PAGES}

    def rates(on: bool) -> dict[str, float]:
        _turn_others(world, on)
        return {page: at.measure(page, seconds)[0].rate for page in PAGES}

    before = rates(False)
    for _ in range(rounds):
        beside, after = rates(True), rates(False)
        for page in PAGES:
            ratios[page].append(mean((before[page], after[page])) / beside[page])
        before = after
    _turn_others(world, on=True)
    return {page: median(found) for page, found in ratios.items()}


def _turn_others(world: World, on: bool) -> None:
    registry = world.app.extensions["postigo"].registry
    with _writing(world) as session:
        tenant = session.sight.viewer.tenant_id or 0
        for module in registry.modules:
            if module not in THERE:
                set_switch(session, registry, module, "tenant", tenant, on)


@contextmanager
def _writing(world: World) -> Iterator[WalledSession]:
    engine = world.app.extensions["postigo"].engine
    with open_session(engine, system(data.tenant_id(engine)), writes=True) as session:
        yield session
        session.commit()
