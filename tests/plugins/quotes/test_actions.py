"""Fifty who answer, edit and end one quote at the same moment: one of them wins, and everything else is as if the
others had not been there."""

from collections import Counter
from unittest.mock import patch

from core.records import doing
from core.records.forms import RecordForm
from plugins.quotes.models import ACCEPTED, DECLINED, EXPIRED, SENT
from tests.offers.acting import several
from tests.plugins.quotes.conftest import NAME, OFFICE, add, answers, page_of, read
from tests.worlds.world import World

#: what is tried, how often; and what stands there where it wins
TRIED = {"accept": 20, "decline": 12, "edit": 10, "expire": 8}
LEFT = {"accept": ACCEPTED, "decline": DECLINED, "edit": SENT, "expire": EXPIRED}


def at_once(world: World, record_id: int) -> Counter[tuple[str, int]]:
    """All of them, each in a browser of its own; what each was answered."""
    paths = {name: page_of(record_id, name) for name in ("accept", "decline")}
    paths |= {name: f"{OFFICE}{record_id}/do/{name}" for name in ("edit", "expire")}
    typed = {"a_signer": NAME, "a_reason": "Too dear", "f_subject": "Edited"}
    return several(world, {name: (path, TRIED[name]) for name, path in paths.items()}, typed)


def test_of_fifty_at_once_exactly_one_wins(quotes: World) -> None:
    record_id = add(quotes)
    told = at_once(quotes, record_id)
    assert sum(told.values()) == sum(TRIED.values()) == 50
    won = [name for (name, status), count in told.items() if status == 303 for _ in range(count)]
    assert len(won) == 1, told
    assert {status for _, status in told} <= {303, 409, 422}, told
    quote, kept = read(quotes, record_id), answers(quotes, record_id)
    assert quote.status == LEFT[won[0]]
    assert [each.outcome for each in kept] == ([quote.status] if won[0] in ("accept", "decline") else [])
    assert (quote.subject == "Edited") is (won[0] == "edit")


def test_without_the_claim_the_version_and_the_condition_several_would_win(quotes: World) -> None:
    record_id = add(quotes)
    with (
        patch.object(doing, "claim", return_value=True),
        patch.object(doing, "offered", lambda which, found: list(which)),
        patch.object(RecordForm, "stale", lambda form, row: False),
    ):
        told = at_once(quotes, record_id)
    assert sum(count for (_, status), count in told.items() if status == 303) > 1, told
