"""The forms of the door."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, ValidationError

from core.access.passwords import problem, verify
from core.access.people import Person
from core.i18n import gettext, lazy_gettext


class LoginForm(FlaskForm):
    """Signing in."""

    identifier = StringField(
        lazy_gettext("E-mail or phone"), [InputRequired(lazy_gettext("Enter your e-mail address or phone number."))]
    )
    password = PasswordField(lazy_gettext("Password"), [InputRequired(lazy_gettext("Enter your password."))])
    next = HiddenField()


class ForgottenForm(FlaskForm):
    """Asking for a new password."""

    identifier = StringField(
        lazy_gettext("E-mail or phone"), [InputRequired(lazy_gettext("Enter your e-mail address or phone number."))]
    )


class PasswordForm(FlaskForm):
    """Choosing a password, behind a one-time link."""

    password = PasswordField(lazy_gettext("New password"))
    again = PasswordField(lazy_gettext("The same password again"))

    def __init__(self, person: Person) -> None:
        super().__init__()
        self._person = person

    def validate_password(self, field: Any) -> None:
        """The rules for a new password."""
        wrong = problem(field.data or "", self._person)
        if wrong is not None:
            raise ValidationError(wrong)

    def validate_again(self, field: Any) -> None:
        """Typed twice, because it cannot be seen."""
        if field.data != self.password.data:
            raise ValidationError(gettext("The two passwords are not the same."))


class OwnPasswordForm(PasswordForm):
    """Choosing a password in place of a temporary one."""

    def validate_password(self, field: Any) -> None:
        """The rules for a new password; the temporary one itself is none."""
        super().validate_password(field)
        if verify(self._person.password_hash, field.data or ""):
            raise ValidationError(gettext("Choose another password than the temporary one."))
