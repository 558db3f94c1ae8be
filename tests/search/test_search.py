"""The search finds what its reader may see, and nothing else: on either database, by either kind of viewer."""

from sqlalchemy import select

from plugins.invoices.models import Invoice
from tests.search.asking import ids, looking
from tests.worlds.seed import PEOPLE
from tests.worlds.world import World


def test_each_finds_what_their_lists_show_and_nothing_else(world: World) -> None:
    for kind in (*PEOPLE, "staff"):
        with looking(world, kind) as session:
            seen = set(session.scalars(select(Invoice.id)))
        # Each number begins with F, each reference with the name of the tenant.
        assert set(ids(world, kind, "f")) == seen, kind
        assert set(ids(world, kind, "one")) == seen, kind
        assert ids(world, kind, "zzz") == [], kind
