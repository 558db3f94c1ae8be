"""The demonstration's contracts: believable ones, each with what was bought and used of it."""

from collections import Counter

import pytest
from sqlalchemy import select

from core.i18n import today_in
from core.records.models import RecordLink
from plugins.contracts import domain
from plugins.contracts.demo.plan import PLANS
from plugins.contracts.models import ACTIVE, DRAFT, OFFERED, SUSPENDED, Contract, Service
from tests.demo.test_load import Loaded, loaded

__all__ = ["loaded"]


def test_there_are_contracts_in_every_state_that_a_newcomer_should_see(loaded: Loaded) -> None:
    found, today = loaded.values(select(Contract)), today_in("Europe/Madrid")
    assert len(found) == len(PLANS) == len({c.number for c in found})
    states = Counter(domain.state_of(c.status, c.renewal, c.notice_on, c.ends_on, today) for c in found)
    assert set(states) == {ACTIVE, domain.ENDING, domain.RENEWING, domain.EXPIRED, OFFERED, SUSPENDED, DRAFT}
    services = loaded.values(select(Service))
    for contract in found:
        assert contract.total == sum(s.total for s in services if s.parent_id == contract.id) > 0
    left = loaded.values(select(domain.left(Service)).where(Service.counted.is_(True)))
    assert min(left) >= 0, "nothing was used that was not bought"


@pytest.mark.parametrize(
    ("email", "sees"),
    [("marta.ferrandis@miralbahia.example", 3), ("ruben.estelles@trasvia.example", 2),
     ("lucia.marco@trasvia.example", 0), ("emily@seabramble.example", 2)],
)  # fmt: skip
def test_each_client_has_theirs_and_no_draft(loaded: Loaded, email: str, sees: int) -> None:
    assert len(loaded.values(select(Contract), email)) == sees


def test_what_a_contract_covers_is_linked_to_it(loaded: Loaded) -> None:
    found = loaded.values(select(RecordLink.kind).where(RecordLink.kind == "covers"))
    assert len(found) == sum(len(plan.assets) for plan in PLANS) > 0
