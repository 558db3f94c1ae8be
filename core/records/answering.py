"""What clients type when they accept or decline a record, in forms and through the API alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from core.files.drawing import read_drawing
from core.files.uploads import UploadRefused
from core.i18n import lazy_gettext
from core.records.actions import Action
from core.records.agreements import Terms
from core.records.controls import Choices, control
from core.records.models import Agreement
from core.records.resource import Field, Resource

SIGNATURE, TERMS = "signature", "terms"
SIGNATURE_LABEL = lazy_gettext("Signature")
_ACCEPTS = (
    Field(
        "signer",
        lazy_gettext("Your name"),
        hint=lazy_gettext("First name and surname. Typed here, they stand for your signature."),
        required=True,
    ),
    Field("order_number", lazy_gettext("Your order number"), hint=lazy_gettext("If your purchases have one.")),
)
_DECLINES = (Field("reason", lazy_gettext("Reason"), required=True),)
#: the fields of answers, as those of records are declared
ANSWER = Resource(
    name="agreement",
    title=lazy_gettext("Answers"),
    singular=lazy_gettext("Answer"),
    model=Agreement,
    fields=_ACCEPTS + _DECLINES,
)


@dataclass(frozen=True)
class Said:
    """What a client answers with. `terms` is the hash of what they were shown."""

    signer: str = ""
    order_number: str = ""
    reason: str = ""
    signature: bytes | None = None
    terms: str = ""


@dataclass(frozen=True)
class Answer:
    """An action that answers, and how to read what would be agreed to by it now."""

    action: Action
    read_terms: Callable[[], Terms]


class SignatureField(StringField):
    """A signature that may be drawn; `picture` is what was. Without JavaScript there is nothing to draw on."""

    picture: bytes | None = None

    def pre_validate(self, form: Any) -> None:
        """Look at what was sent."""
        try:
            self.picture = read_drawing(self.data or "")
        except UploadRefused as reason:
            self.process_data("")  # what cannot be read is not sent once more
            raise ValidationError(str(reason)) from None


def answer_fields(action: Action) -> Sequence[Field]:
    """The fields that an action asks for beside the record's own: none, unless it answers."""
    return _ACCEPTS if action.accepts else _DECLINES if action.declines else ()


def answer_controls(action: Action) -> dict[str, Any]:
    """The controls for these, by name; with the signature, and the hash of what was shown."""
    made = {f"a_{f.name}": control(ANSWER, f, Choices(), None) for f in answer_fields(action)}
    if action.accepts:
        made[f"a_{SIGNATURE}"] = SignatureField(SIGNATURE_LABEL)
        made[TERMS] = HiddenField()
    return made


def said_in(action: Action, form: Any) -> Said:
    """What was typed into these controls."""
    typed: dict[str, Any] = {f.name: form[f"a_{f.name}"].data or "" for f in answer_fields(action)}
    if not action.accepts:
        return Said(**typed)
    return Said(**typed, signature=form[f"a_{SIGNATURE}"].picture, terms=form[TERMS].data or "")
