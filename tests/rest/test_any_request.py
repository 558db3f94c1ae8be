"""Whatever is asked of the API, as whoever: answers are as they are described, and none is a 500.

NIGHTLY=1 asks for longer."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import ignored_auth

from tests.nightly import NIGHTLY
from tests.petitions import add
from tests.petitions.fixtures import petitions
from tests.rest.writing import TOKEN
from tests.worlds.world import Browser, World

__all__ = ["petitions"]
EXAMPLES = 2000 if NIGHTLY else 16
#: in an ordinary run one in so many of the addresses that are read is asked so often, and the others a few times; of a
#: visitor, one in so many is asked
ONE_IN = 1 if NIGHTLY else 3
# The cookie is sent beside what is generated, which the check of ignored sign-ins does not know; that nothing is
# given without it is what the visitor is for.
# Some rules stand in no schema: which places are the writer's, a text of blanks, a record that was changed meanwhile.
BY_RULES = ["2xx", "3xx", "401", "403", "404", "409", "412", "422"]
CONFIG = {
    "generation": {"with-security-parameters": False},
    "checks": {"positive_data_acceptance": {"expected-statuses": BY_RULES}},
}
VIEWERS: dict[str, Callable[[World], Browser]] = {
    "contact": lambda world: world.contact("two_accounts"),
    "staff": lambda world: world.staff(),
    "visitor": lambda world: world.visitor(),
}


def described(world: World, browser: Browser) -> Any:
    """The API as its own description has it for that reader; for a visitor, who is given none, as for staff."""
    answer = browser.get("/api/v1/openapi.json")
    raw = answer.json if answer.status_code == 200 else world.staff().get("/api/v1/openapi.json").json
    assert raw is not None
    schema = schemathesis.openapi.from_dict(raw, config=SchemathesisConfig.from_dict(CONFIG))
    schema.config.update(base_url=f"http://{browser.host}")

    def at_host(environ: dict[str, Any], start: Any) -> Any:
        return world.app(environ | {"HTTP_HOST": browser.host}, start)

    schema.app = at_host
    return schema


def cookies(browser: Browser) -> dict[str, str]:
    """The session cookie, as a client outside sends it."""
    found = browser.get_cookie("postigo", domain=browser.host)
    return {"postigo": found.value} if found else {}


def headers(browser: Browser) -> dict[str, str]:
    """The token of the session, for what is written."""
    answer = browser.get(TOKEN)
    return {} if answer.json is None or "token" not in answer.json else {"X-CSRFToken": answer.json["token"]}


def asked(operation: Any, ids: list[int], mode: GenerationMode, sent: dict[str, Any], examples: int) -> set[int]:
    """Ask what the description allows (or, negative, what it does not), and hold each answer against it; gives the
    statuses."""
    statuses: set[int] = set()

    @settings(max_examples=examples, deadline=None, derandomize=not NIGHTLY, database=None,
              suppress_health_check=list(HealthCheck), phases=[Phase.generate])  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            for place in ("after", "before"):  # any text fits the description, and few are a place in a list
                (case.query or {}).pop(place, None)
            chosen = case.path_parameters.get("record_id", 0)
            if chosen % 2:  # else nearly all would be of nothing
                case.path_parameters["record_id"] = ids[chosen % len(ids)]
        answer = case.call(**sent)
        statuses.add(answer.status_code)
        case.validate_response(answer, excluded_checks=[ignored_auth], transport_kwargs=sent)

    check()
    return statuses


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_answer_is_as_described(petitions: World, viewer: str, mode: GenerationMode) -> None:
    browser = VIEWERS[viewer](petitions)
    sent, statuses = {"headers": headers(browser), "cookies": cookies(browser)}, set()
    for turn, found in enumerate(described(petitions, browser).get_all_operations(), list(VIEWERS).index(viewer)):
        operation = found.ok()
        takes_something = len(operation.query) or len(operation.path_parameters) or len(operation.body)
        if (mode is GenerationMode.POSITIVE or takes_something) and (viewer != "visitor" or turn % ONE_IN == 0):
            often = operation.method == "get" and viewer != "visitor" and turn % ONE_IN == 0
            examples = EXAMPLES // (1 if often else 8 if viewer == "visitor" or operation.method == "get" else 3)
            statuses |= asked(operation, ids_below(petitions, operation.path), mode, sent, examples)
    if viewer == "visitor":
        assert statuses == {401}
    elif mode is GenerationMode.POSITIVE:
        assert {200, 201} <= statuses
    else:
        assert {400, 422} <= statuses


def ids_below(world: World, path: str) -> list[int]:
    """Ids of records, some of which stand below an address."""
    made = {"petition": [add(world) for _ in range(3)], "payment": [*world.one.payments.values()]}
    return made.get(path.split("/")[4] if path.count("/") > 4 else "", [*world.one.invoices.values()])
