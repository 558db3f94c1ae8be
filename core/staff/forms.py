"""Forms of the staff's pages, and what may be typed into each field. Lengths are those of the columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from core.access.mails import BY_LINK, BY_PASSWORD
from core.crm.identifiers import email_key
from core.crm.models import Account, Contact, Site
from core.crm.rules import FIELDS, MEMBERS
from core.i18n import LANGUAGES, gettext, lazy_gettext
from core.records.typed import Fits, required, tidy

_LONGEST_TEXT = 1000


def text_of(column: Any, label: Any, *checks: Any, kind: Any = StringField, **more: Any) -> Any:
    """A field for a text column."""
    length = getattr(column.type, "length", None) or _LONGEST_TEXT
    fits = Fits(length, lines=kind is TextAreaField)
    return kind(label, [*checks, fits], filters=[tidy], **more)


def readable_email(form: Any, field: Any) -> None:
    """Refuse text that is no e-mail address; nothing at all is one's right."""
    if field.data and email_key(field.data) is None:
        raise ValidationError(gettext("This is no e-mail address: write it like name@example.com."))


def country_code(form: Any, field: Any) -> None:
    """Refuse what is not two letters."""
    if field.data and not (len(field.data) == 2 and field.data.isascii() and field.data.isalpha()):
        raise ValidationError(gettext("Write the country as two letters, such as ES."))


def _upper(text: str) -> str:
    return text.upper()


def not_before_start(form: Any, field: Any) -> None:
    """Refuse an end that comes before the form's support start."""
    start = form.support_start.data
    if field.data and start and field.data < start:
        raise ValidationError(gettext("Portal end must not be before support start."))


class RowForm(FlaskForm):
    """A form over one row. `version` is the row's as it was when the form was shown: where another has
    saved meanwhile, it tells."""

    version = HiddenField()

    def values(self) -> dict[str, Any]:
        """What was typed, by column."""
        return {f.name: f.data for f in self if f.name not in ("version", "csrf_token")}

    def stale(self, row: Any) -> bool:
        """Whether the row was saved by another since this form was shown."""
        return bool(self.version.data != str(row.version))

    def theirs(self, row: Any) -> list[dict[str, Any]]:
        """Where the row as it is now differs from what was typed: label and text of each."""
        differing = [f for f in self if f.name in self.values() and f.data != getattr(row, f.name)]
        return [{"label": f.label.text, "text": shown(getattr(row, f.name))} for f in differing]

    def shown_version(self, row: Any) -> None:
        """Write the row's present version into the form, so that saving again is a decision."""
        self.version.data = str(row.version)


def shown(value: Any) -> str:
    """A value in words, for the list of differences."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(value or gettext("nothing"))


class ContactForm(RowForm):
    """The basic facts of a contact."""

    first_name = text_of(Contact.first_name, lazy_gettext("First name"))
    last_name = text_of(Contact.last_name, lazy_gettext("Last name"))
    email = text_of(Contact.email, lazy_gettext("E-mail"), readable_email, kind=EmailField)
    phone = text_of(Contact.phone, lazy_gettext("Phone"), kind=TelField)
    mobile = text_of(Contact.mobile, lazy_gettext("Mobile phone"), kind=TelField)
    language = SelectField(lazy_gettext("Language"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [("", gettext("As the company")), *LANGUAGES.items()]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Refuse a contact that nobody could recognise."""
        well: bool = super().validate(extra_validators)
        if well and not (self.first_name.data or self.last_name.data or self.email.data):
            self.first_name.errors = [gettext("Write a name or an e-mail address.")]
            return False
        return well


class _Window:
    """The three portal fields; none may be blank."""

    portal_user = BooleanField(lazy_gettext("Portal user"))
    support_start = DateField(lazy_gettext("Support start"), [required])
    portal_end = DateField(lazy_gettext("Portal end"), [required, not_before_start])


class PortalForm(_Window, RowForm):
    """The three portal fields of a contact."""


class SeveralForm(_Window, FlaskForm):
    """The three portal fields of several contacts, and whether those who had access before are sent the mail too."""

    remind = BooleanField(lazy_gettext("Send it also to those who had access before"))

    def window(self) -> dict[str, Any]:
        """The three fields, by column."""
        return {f.name: f.data for f in (self.portal_user, self.support_start, self.portal_end)}


class UndoPortalForm(RowForm):
    """The three portal fields as they were before they were saved, when they may have been blank."""

    portal_user = BooleanField()
    support_start = DateField(validators=[Optional()])
    portal_end = DateField(validators=[Optional()])


class AccountForm(RowForm):
    """The facts of an account."""

    name = text_of(Account.name, lazy_gettext("Name"), required)
    code = text_of(Account.code, lazy_gettext("Number"))
    tax_number = text_of(Account.tax_number, lazy_gettext("Tax number"))
    email = text_of(Account.email, lazy_gettext("E-mail"), readable_email, kind=EmailField)
    phone = text_of(Account.phone, lazy_gettext("Phone"), kind=TelField)
    address = text_of(Account.address, lazy_gettext("Address"), kind=TextAreaField)
    postcode = text_of(Account.postcode, lazy_gettext("Postcode"))
    town = text_of(Account.town, lazy_gettext("Town"))
    country = StringField(lazy_gettext("Country"), [country_code], filters=[tidy, _upper])


class SiteForm(RowForm):
    """The facts of a site."""

    name = text_of(Site.name, lazy_gettext("Name"), required)
    address = text_of(Site.address, lazy_gettext("Address"), kind=TextAreaField)
    postcode = text_of(Site.postcode, lazy_gettext("Postcode"))
    town = text_of(Site.town, lazy_gettext("Town"))
    country = StringField(lazy_gettext("Country"), [country_code], filters=[tidy, _upper])


class ModeForm(FlaskForm):
    """How the tenant lets contacts in."""

    mode = RadioField(lazy_gettext("Contacts with access"), [required])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mode.choices = [
            (FIELDS, gettext("Those whose three portal fields say so")),
            (MEMBERS, gettext("Also everyone with an e-mail who belongs to a client")),
        ]


class FirstEntryForm(FlaskForm):
    """How contacts first come in."""

    first_entry = RadioField(lazy_gettext("What the mail brings"), [required])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_entry.choices = [
            (BY_LINK, gettext("A link that works once")),
            (BY_PASSWORD, gettext("User name and a temporary password")),
        ]
