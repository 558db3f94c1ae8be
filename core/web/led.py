"""Leading on to another page after something was done."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

#: what upload.js says with a form that it sends, and where the answer says what to open
_ASKED, _PLACE = "Postigo-Sends", "Postigo-Location"

#: what a page's view returns: a page, a page with its status, or a redirect
Answer = str | tuple[str, int] | AnyResponse


def led_to(url: str) -> AnyResponse:
    """The redirect to a page. A script that sends a form would follow it unseen, and read the page in the browser's
    place: it is told the address instead."""
    if request.headers.get(_ASKED):
        return Response(status=204, headers={_PLACE: url})
    return redirect(url, 303)
