"""What a program sends: a JSON object, read strictly. What two readers could take for two things is refused."""

import json
import re
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from core.i18n import gettext
from core.rest.problems import Problem

#: a record's texts and numbers need no more; files go another way
MOST_BYTES = 256 * 1024
#: a field's value is an object at most
_DEEPEST = 8
#: of a number, written out; no column holds more
_LONGEST_NUMBER = 40
# Strings as wholes, closed or not, and brackets: whatever is sent is gone through once.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def take_json() -> dict[str, Any]:
    """The object that was sent, {} where nothing was. Raises what answers 400, 413 or 415 where it is none, and is
    too large, too deep, ambiguous (a name twice) or no text that could be shown again."""
    request.max_content_length = MOST_BYTES
    data = request.get_data()
    if not data and request.mimetype in ("", "application/json"):
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return _object(data)
    except (ValueError, RecursionError) as error:  # of json and of ours alike
        said = str(error) if isinstance(error, _Unread) else gettext("The body is no JSON in UTF-8.")
        raise Problem(BadRequest.code, said) from None


class _Unread(ValueError):
    """What is JSON, and is not taken all the same; the text says why."""


def _object(data: bytes) -> dict[str, Any]:
    text = data.decode("utf-8")
    if _depth(text) > _DEEPEST:
        raise _Unread(gettext("The body is nested too deeply."))
    found = json.loads(
        text, object_pairs_hook=_pairs, parse_int=_whole, parse_float=_float, parse_constant=_refuse_constant
    )
    if not isinstance(found, dict):
        raise _Unread(gettext("Send a JSON object: names, and their values."))
    if _SURROGATE.search(json.dumps(found, ensure_ascii=False)):
        raise _Unread(gettext("The body holds half of a character."))
    return found


def _depth(text: str) -> int:
    deepest = depth = 0
    for token in _TOKEN.finditer(text):
        sign = token[0][0]
        depth += 1 if sign in "[{" else -1 if sign in "]}" else 0
        deepest = max(deepest, depth)
    return deepest


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Unread(gettext("A name stands twice in one object."))
    return found


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _Unread(gettext("A number is too large."))
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if len(digits) > _LONGEST_NUMBER or abs(number) == float("inf"):
        raise _Unread(gettext("A number is too large."))
    return number


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
