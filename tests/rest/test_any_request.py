"""Whatever is asked of the API, as whoever: answers are as they are described, and none is a 500.

NIGHTLY=1 asks for longer."""

import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import ignored_auth

from tests.worlds.world import Browser, World

NIGHTLY = os.environ.get("NIGHTLY", "") == "1"
EXAMPLES = 2000 if NIGHTLY else 40
# The cookie is sent beside what is generated, which the check of ignored sign-ins does not know; that nothing is
# given without it is what the visitor is for.
CONFIG = {"generation": {"with-security-parameters": False}}
VIEWERS: dict[str, Callable[[World], Browser]] = {
    "contact": lambda world: world.contact("two_accounts"),
    "single": lambda world: world.contact("nobodys"),
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


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_answer_is_as_described(world: World, viewer: str, mode: GenerationMode) -> None:
    browser = VIEWERS[viewer](world)
    ids = [*world.one.invoices.values(), *world.one.payments.values()]
    schema, sent, statuses = described(world, browser), {"cookies": cookies(browser)}, set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not (len(operation.query) or len(operation.path_parameters)):
            continue

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=not NIGHTLY, database=None,
                  suppress_health_check=list(HealthCheck), phases=[Phase.generate])  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Case) -> None:
            if mode is GenerationMode.POSITIVE:
                for place in ("after", "before"):  # any text fits the description, and few are a place in a list
                    (case.query or {}).pop(place, None)
                asked = case.path_parameters.get("record_id", 0)
                if asked % 2:  # else nearly all would be of nothing
                    case.path_parameters["record_id"] = ids[asked % len(ids)]
            answer = case.call(**sent)
            statuses.add(answer.status_code)
            case.validate_response(answer, excluded_checks=[ignored_auth], transport_kwargs=sent)

        check()
    if viewer == "visitor":
        assert statuses == {401}
    elif mode is GenerationMode.POSITIVE:
        assert 200 in statuses
    else:
        assert 400 in statuses
