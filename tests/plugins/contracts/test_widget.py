"""The dashboard's box: what is to be answered, what ends soon, what is left; in one statement however much there is."""

import pytest

from core.db.flags import NO_FLAGS, FieldFlags, Flags
from core.kit.statements import statements
from core.modules.flags import save_flags
from plugins.contracts.models import AUTOMATIC, DRAFT, OFFERED
from tests.plugins.contracts.conftest import add, add_service, day
from tests.staff.reading import words
from tests.worlds.world import World


def home(world: World, who: str = "whole") -> str:
    """The dashboard as somebody reads it."""
    return words(world.contact(who).get("/portal/"))


def test_what_needs_the_clients_hand_stands_first_and_the_rest_in_the_box(contracts: World) -> None:
    add(contracts, title="Sign me", status=OFFERED)
    add(contracts, title="Short", ends_on=day(1))
    add(contracts, title="Goes on", ends_on=day(20), renewal=AUTOMATIC)
    add(contracts, title="Far away", ends_on=day(200))
    add(contracts, title="Being written", status=DRAFT, ends_on=day(3))
    add(contracts, "beta", title="Not theirs", ends_on=day(3))
    page = home(contracts)
    assert "The contract “Sign me” waits for your answer" in page
    assert "The contract “Short” ends in 1 day" in page
    assert "“Goes on”" not in page
    assert "Renews on" in page
    for absent in ("Far away", "Being written", "Not theirs"):
        assert absent not in page


def test_units_that_are_nearly_used_up_are_flagged(contracts: World) -> None:
    contract = add(contracts)
    add_service(contracts, contract, 20, 18, description="Hours", unit="h")
    add_service(contracts, contract, 20, 2, position=2, description="Visits")
    add_service(contracts, contract, 2, 3, position=3, description="Kits")
    add_service(contracts, contract, 1, position=4, description="Yearly fee", counted=False)
    page = home(contracts)
    assert (
        page.index("Kits -1 of 2 left")
        < page.index("Hours 2 of 20 left (h) K-1 Nearly used up")
        < page.index("Visits 18")
    )
    assert "(visits) K-1 Used up" in page
    assert page.count("Nearly used up") == 1
    assert "Yearly fee" not in page


@pytest.mark.parametrize("hidden", ["ends_on", "lines.left", "lines.unit", "number"])
def test_what_the_company_hides_the_box_does_not_tell(contracts: World, hidden: str) -> None:
    contract = add(contracts, title="Short", ends_on=day(5))
    add_service(contracts, contract, 20, 18, description="Hours", unit="stints")
    with contracts.writing() as session:
        save_flags(session, "contracts", "contract", FieldFlags(((hidden, Flags(seen=False)),)))
    try:
        page = home(contracts)
    finally:
        with contracts.writing() as session:
            save_flags(session, "contracts", "contract", NO_FLAGS)
    assert ("ends in" in page, "18" in page or "left" in page) == (hidden != "ends_on", hidden != "lines.left")
    assert ("stints" in page) == (hidden in ("ends_on", "number"))
    assert ("K-1" in page) == (hidden != "number")


def test_the_box_takes_one_statement_and_as_many_as_there_are_contracts_change_nothing(contracts: World) -> None:
    client = contracts.contact("whole")

    def count() -> int:
        client.get("/portal/")
        with statements(contracts.engine) as sent:
            client.get("/portal/")
        return len([each for each in sent if "contracts_contract" in str(each)])

    none = count()
    for number in range(12):
        contract = add(contracts, number=f"K-{number}", ends_on=day(number))
        add_service(contracts, contract, 10, number)
    assert (none, count()) == (1, 1)
