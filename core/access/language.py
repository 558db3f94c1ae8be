"""Which language and time zone a page is in."""

from flask import g, request
from werkzeug.wrappers import Response

from core.access.links import public_url
from core.i18n import LANGUAGES
from core.installation import installation

_COOKIE = "postigo_language"
_ONE_YEAR = 365 * 24 * 3600


def choose_language() -> str:
    """The language that was chosen on the page; else the person's, the browser's, the tenant's."""
    person, tenant = g.get("person"), g.get("tenant")
    for known in (request.cookies.get(_COOKIE), person.language if person is not None else None):
        if known in LANGUAGES:
            return str(known)
    for asked, quality in request.accept_languages:  # the best first, "en-GB" before a lesser "es"
        if quality > 0 and (language := asked.partition("-")[0].lower()) in LANGUAGES:
            return language
    return str(tenant.language) if tenant is not None else "en"


def choose_zone() -> str:
    """The tenant's time zone."""
    tenant = g.get("tenant")
    return "UTC" if tenant is None else str(tenant.time_zone)


def keep_language(response: Response, language: str) -> None:
    """Remember on this browser, for a year, which language was chosen."""
    secure = public_url(g.tenant, installation().settings.port).startswith("https:")
    response.set_cookie(_COOKIE, language, max_age=_ONE_YEAR, httponly=True, samesite="Lax", secure=secure)
