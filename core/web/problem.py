"""Errors below /api/: `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request

from core.access.guard import is_api
from core.i18n import gettext

MEDIA_TYPE = "application/problem+json"


def wants_problem() -> bool:
    """Whether the request's errors are for a program and not for a person."""
    return is_api(request.path)


def problem(
    status: int,
    detail: str = "",
    *,
    parameter: str = "",
    error_id: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """The answer for an error, with a sentence of its own or the one for its status. `parameter` names what could
    not be read, `error_id` the line of the log; `more` are members of its own."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body["detail"] = detail or _detail(status, parameter)
    body |= {name: value for name, value in (("parameter", parameter), ("error_id", error_id)) if value}
    body |= more or {}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str)  # labels are lazy texts
    return Response(f"{text}\n", status, mimetype=MEDIA_TYPE, headers={"Cache-Control": "private, no-store"})


def _detail(status: int, parameter: str) -> str:
    if parameter:
        return gettext("The parameter “%(name)s” is unknown here, or cannot be read.", name=parameter)
    said = {
        401: gettext("Sign in to the portal first: the API goes by the browser's session."),
        404: gettext("There is nothing at this address, or it is not for you."),
        403: gettext("Send the session's token in the header X-CSRFToken, and no foreign Origin; see /api/v1/token."),
        405: gettext("This cannot be done here. The header Allow says what can."),
        409: gettext("Somebody else changed this at the same moment. Read it again, and decide anew."),
        413: gettext("This is too large. Send less at once."),
        415: gettext("Send JSON, as application/json; files as multipart/form-data."),
        503: gettext("Nothing was changed or lost. Please try again in a few minutes."),
    }
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        said.setdefault(status, gettext("Something went wrong on our side"))
    return said.get(status, gettext("This request could not be read"))
