"""Fifty who sign, decline and withdraw one contract at the same moment: one of them wins."""

from core.records.models import ACCEPTED
from plugins.contracts.models import ACTIVE, DECLINED, OFFERED, TERMINATED, Contract
from tests.offers import answers
from tests.offers.acting import NAME, several
from tests.plugins.contracts.conftest import LIST, OFFICE, add, add_service, read
from tests.worlds.world import World

#: what is tried, how often; and what stands there where it wins
TRIED = {"accept": 20, "decline": 14, "terminate": 8, "activate": 8}
LEFT = {"accept": ACTIVE, "decline": DECLINED, "terminate": TERMINATED, "activate": ACTIVE}


def test_of_fifty_who_answer_a_contract_at_once_exactly_one_wins(contracts: World) -> None:
    record_id = add(contracts, status=OFFERED)
    add_service(contracts, record_id, 4)
    bases = {name: LIST if name in ("accept", "decline") else OFFICE for name in TRIED}
    tried = {name: (f"{bases[name]}{record_id}/do/{name}", count) for name, count in TRIED.items()}
    told = several(contracts, tried, {"a_signer": NAME, "a_reason": "Too dear", "f_reason": "Moved"})
    assert sum(told.values()) == sum(TRIED.values()) == 50
    won = [name for (name, status), count in told.items() if status == 303 for _ in range(count)]
    assert len(won) == 1, told
    assert {status for _, status in told} <= {303, 409, 422}, told
    assert read(contracts, Contract, record_id).status == LEFT[won[0]]
    kept = {"accept": [ACCEPTED], "decline": [DECLINED]}.get(won[0], [])
    assert [each.outcome for each in answers(contracts, record_id)] == kept
