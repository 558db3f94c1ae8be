"""The form over the text of a mail, and the made-up values with which it is looked at."""

from typing import Any

from flask import g
from flask_babel import force_locale
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from core.access.activation import LIFETIME
from core.access.links import public_url
from core.db.model import now
from core.formats import format_datetime
from core.i18n import gettext, lazy_gettext, ngettext
from core.installation import installation
from core.outbox.kinds import MailKind
from core.outbox.texts import CODE, LONGEST_SUBJECT, unknown_codes
from core.records.typed import Fits, required, tidy

_LONGEST_BODY = 20_000


class TextForm(FlaskForm):
    """Subject and body of one kind of mail in one language."""

    version = HiddenField()
    subject = StringField(lazy_gettext("Subject"), [required, Fits(LONGEST_SUBJECT, lines=False)], filters=[tidy])
    body = TextAreaField(lazy_gettext("Text"), [required, Fits(_LONGEST_BODY, lines=True)], filters=[tidy])

    def __init__(self, kind: MailKind, **options: Any) -> None:
        super().__init__(**options)
        self._kind = kind

    def text(self) -> tuple[str, str]:
        """Subject and body as they were typed."""
        return self.subject.data, self.body.data

    def validate_subject(self, field: Any) -> None:
        """Refuse codes that stand for nothing, and those that are kept out of what a mail list shows."""
        self._refuse_unknown(field)
        if secret := [code for code in CODE.findall(field.data) if code in self._kind.secret]:
            raise ValidationError(gettext("{%(code)s} is secret: write it in the text alone.", code=secret[0]))

    def validate_body(self, field: Any) -> None:
        """Refuse codes that stand for nothing, and a text without what its reader needs."""
        self._refuse_unknown(field)
        if missing := sorted(self._kind.secret - set(CODE.findall(field.data))):
            raise ValidationError(gettext("Write {%(code)s} somewhere: its reader needs it.", code=missing[0]))

    def _refuse_unknown(self, field: Any) -> None:
        wrong = unknown_codes(field.data, self._kind)
        if wrong:
            named = ", ".join(f"{{{code[:60]}}}" for code in wrong[:10])
            raise ValidationError(
                ngettext(
                    "There is no code %(named)s. Those that there are stand on this page.",
                    "There are no codes %(named)s. Those that there are stand on this page.",
                    len(wrong),
                    named=named,
                )
            )


def samples(kind: MailKind, language: str) -> dict[str, str]:
    """Values for the codes of a kind, of a recipient who is made up, in a language. What a module's code would be is
    told in its own words."""
    with force_locale(language):
        address = public_url(g.tenant, installation().settings.port)
        known = {
            "tenant": g.tenant.name,
            "phone": g.tenant.phone,
            "email": g.tenant.email,
            "name": "Ana",
            "user": "ana@example.com",
            "password": "abcd-efgh-jkmn",
            "link": f"{address}/…",
            "until": format_datetime(now() + LIFETIME),
        }
        return {code: known.get(code) or f"[{str(told).rstrip('.')}]" for code, told in kind.codes.items()}
