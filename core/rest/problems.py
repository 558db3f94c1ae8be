"""What a write is refused with."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response

from core.i18n import gettext
from core.web.problem import problem

#: so many fields are told what is wrong with them, and names are told so far: the answer stays small
_MOST_ERRORS, _LONGEST_NAME = 50, 60


class Problem(Exception):
    """Raised in a view of the API: undoes what was written, and answers with this status and sentence. `errors` are
    sentences by the name of a field, `more` other members of the answer, `headers` its headers."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Mapping[str, list[str]] | None = None,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.errors, self.more, self.headers = errors or {}, more or {}, headers or {}


def unfit(errors: Mapping[str, list[str]]) -> Problem:
    """The refusal that says what is wrong with which field."""
    detail = gettext("Nothing was written: “errors” says what is wrong with which field.")
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def answer_problem(error: Problem) -> Response:
    """The answer for one that was raised."""
    told = {name[:_LONGEST_NAME]: said for name, said in list(error.errors.items())[:_MOST_ERRORS]}
    more = {**({"errors": told} if told else {}), **error.more}
    answer = problem(HTTPStatus(error.status), error.detail, more=more)
    answer.headers.extend(error.headers)
    return answer
