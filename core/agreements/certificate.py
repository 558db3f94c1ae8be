"""The certificate of an answer: who gave it, when, from where, and to what, on a page of its own. It is made whenever
it is asked for, of a row that is never written again, so that it is always the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.files.names import label
from core.files.pdf import make_pdf
from core.files.storage import Store
from core.formats import format_datetime
from core.i18n import gettext
from core.records.models import Agreement

_TEMPLATE = Path(__file__).parent / "certificate.typ"


def facts(answer: Agreement) -> list[tuple[str, str]]:
    """What proves an answer, as label and text, for its reader."""
    said = [
        (gettext("Signed as"), answer.signer),
        (gettext("Order number"), answer.order_number),
        (gettext("Reason"), answer.reason),
        (gettext("Signed in as"), answer.contact_name),
        (gettext("Time"), format_datetime(answer.answered_at)),
        (gettext("Address of origin (IP)"), answer.address),
        (gettext("SHA-256 of the PDF"), answer.paper_sha256),
        (gettext("SHA-256 of the data"), answer.terms_sha256),
    ]
    return [(name, text) for name, text in said if text]


def certificate_name(answer: Agreement) -> str:
    """What the certificate is called as a file."""
    what = gettext("certificate")  # inside of the text below it would not be found for translation
    return label(f"{answer.paper_name.removesuffix('.pdf')} - {what}.pdf")


def data_name(answer: Agreement) -> str:
    """What the data that was accepted is called as a file."""
    what = gettext("data")
    return label(f"{answer.paper_name.removesuffix('.pdf')} - {what}.json")


def certificate(answer: Agreement, store: Store, kind: str, name: str, ours: Mapping[str, Any]) -> bytes:
    """The certificate of an acceptance as a PDF. `kind` and `name` are what the record is called; `ours` is what
    every document says beside it: `firm` and `language`."""
    drawn = store.get(answer.signature_key) if answer.signature_key else b""
    told = gettext("This certifies how it was accepted in the portal. The PDF that was accepted is kept unchanged.")
    check = gettext(
        "Whoever computes the SHA-256 of that file gets the number above. The data is what the record said, field by "
        "field, when it was accepted."
    )
    data = {
        "title": f"{gettext('Certificate of acceptance')}: {kind} {name}",
        "heading": gettext("Certificate of acceptance"),
        "record": f"{kind} {name}",
        "told": told,
        "facts": facts(answer),
        "signature_label": gettext("Signature"),
        "signature": list(drawn),
        "signer": answer.signer,
        "check": check,
    }
    return make_pdf(_TEMPLATE, {**data, **ours})
