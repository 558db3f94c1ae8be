"""Pages of what several owners have, put together from each one's index: every row once, in order, there and back."""

import random
from datetime import UTC, date, timedelta
from typing import Any

import pytest

from core.db.session import WalledSession, open_session
from core.db.viewer import system
from core.modules.reach import sight_of
from core.records.listing import Page, list_records
from core.records.query import read_query
from plugins.assets.models import Asset
from plugins.assets.resources import ASSET
from tests.plugins.assets.conftest import add
from tests.worlds.world import World

ROWS, PAGE = 41, 4


@pytest.fixture(scope="module")
def many(assets: World) -> dict[int, Asset]:
    """Assets of two accounts and of a person, by id: days that are missing or the same, numbers that are the same;
    and some that the reader does not see."""
    chance = random.Random(7)
    person, found = assets.one.people["two_accounts"], []
    for number in range(ROWS):
        account = ("alpha", "beta", None)[number % 3]
        day = chance.choice([None, None, *(date(2026, 1, 1) + timedelta(days=n) for n in range(4))])
        columns = {"installed_on": day, "contact_id": person if account is None else None}
        found.append(add(assets, f"Q-{chance.randrange(12):02}", account, **columns))
    add(assets, "Q-00", "alpha", published=False)
    add(assets, "Q-00", "gamma" if "gamma" in assets.one.accounts else None)
    with open_session(assets.engine, system(assets.one.id)) as session:
        return {row_id: session.get_one(Asset, row_id) for row_id in found}


def pages(session: WalledSession, sort: str) -> list[int]:
    """The ids of all pages, there and (which must be the same) back."""

    def page(**place: str) -> Page:
        query = read_query(ASSET, session.sight, {"sort": [sort], "q": ["q-"], **{n: [v] for n, v in place.items()}})
        return list_records(session, ASSET, query, UTC, PAGE)

    found = page()
    there = [row.id for row in found.rows]
    assert found.total == ROWS
    while found.after:
        found = page(after=found.after)
        there += [row.id for row in found.rows]
    back = [row.id for row in found.rows]
    while found.before:
        found = page(before=found.before)
        back = [row.id for row in found.rows] + back
    assert back == there
    return there


@pytest.mark.parametrize("name", ["number", "installed_on", "warranty_until"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_each_row_once_and_in_order(assets: World, many: dict[int, Asset], name: str, sign: str) -> None:
    with open_session(assets.engine, system(assets.one.id)) as door:
        sight = sight_of(door, assets.registry, assets.one.people["two_accounts"])[0]
    assert len(sight.reach("assets").keys) == 3
    rows: list[tuple[Any, int]] = [(getattr(row, name), row_id) for row_id, row in many.items()]
    there = sorted((row for row in rows if row[0] is not None), reverse=bool(sign))
    missing = sorted((row_id for value, row_id in rows if value is None), reverse=bool(sign))
    with open_session(assets.engine, sight) as session:
        assert pages(session, f"{sign}{name}") == [row_id for _, row_id in there] + missing
