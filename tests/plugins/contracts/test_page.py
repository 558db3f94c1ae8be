"""The page of a contract: its tables."""

from core.kit.browser import Browser
from tests.plugins.contracts.conftest import LIST, OFFICE, TODAY, add, add_service
from tests.worlds.world import World


def headed(browser: Browser, url: str) -> set[str]:
    """Which of the columns that not every service fills stand on a page."""
    page = browser.get(url).text
    return {name for name in ("Description", "Unit", "From", "Until") if f">{name}</th>" in page}


def test_a_column_in_which_no_line_says_anything_is_left_out_and_comes_with_the_first(contracts: World) -> None:
    contract = add(contracts)
    add_service(contracts, contract, 10, unit="")
    sides = ((contracts.contact("whole"), LIST), (contracts.staff(), OFFICE))
    for browser, base in sides:
        assert headed(browser, f"{base}{contract}") == {"Description"}
    add_service(contracts, contract, 5, position=2, unit="", starts_on=TODAY)
    for browser, base in sides:
        assert headed(browser, f"{base}{contract}") == {"Description", "From"}
