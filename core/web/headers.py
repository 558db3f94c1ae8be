"""Headers of every answer: a policy that runs nothing but our own files, and no copy kept of what is
somebody's."""

from flask import Flask, Response

from core.access.cookies import over_https

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "private, no-store",
}
#: for a year, whoever types the address without https is not sent over a line that others can read
_HTTPS_ALONE = {"Strict-Transport-Security": "max-age=31536000"}


def install_headers(app: Flask) -> None:
    """Set them on each answer, unless the view has set its own."""

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in (_ALWAYS | (_HTTPS_ALONE if over_https() else {})).items():
            response.headers.setdefault(name, value)
        return response
