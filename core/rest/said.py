"""The schemas of what is said on a record."""

from typing import Any

from marshmallow import Schema, fields, validate

from core.conversations.text import LONGEST
from core.db.viewer import Kind, Sight
from core.i18n import lazy_gettext
from core.records.typed import no_text
from core.rest.inputs import Input, InputSchema
from core.rest.kinds import flag_reading
from core.rest.schemas import FileSchema
from core.rest.values import Moment

_MESSAGE, _INTERNAL = lazy_gettext("Your message"), lazy_gettext("Internal note")


def _read(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(no_text(_MESSAGE))
    return value


class AuthorSchema(Schema):
    """Who wrote: the name, and whether that is a contact, one of the staff, or the portal itself."""

    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("contact", "staff", "system")))


class ChangeSchema(Schema):
    """What was done: the field's label, and what it was and became; "" for nothing."""

    field = fields.String(required=True)
    from_ = fields.String(required=True, data_key="from", attribute="from")
    to = fields.String(required=True)


class MessageSchema(Schema):
    """What was said or (`change`) done on a record."""

    id = fields.Integer(required=True)
    at = Moment(required=True)
    author = fields.Nested(AuthorSchema, required=True)
    mine = fields.Boolean(required=True)
    text = fields.String(required=True)
    change = fields.Nested(ChangeSchema, required=True, allow_none=True)
    files = fields.List(fields.Nested(FileSchema), required=True)


class StaffMessageSchema(MessageSchema):
    """The same for staff, who see internal notes too."""

    internal = fields.Boolean(required=True)


class MessagesSchema(Schema):
    """The latest messages of a record, and where those before them are."""

    messages = fields.List(fields.Nested(MessageSchema), required=True)
    earlier = fields.String(required=True, allow_none=True)


class StaffMessagesSchema(MessagesSchema):
    """The same for staff."""

    messages = fields.List(fields.Nested(StaffMessageSchema), required=True)


class FilesSchema(Schema):
    """The files of a record."""

    files = fields.List(fields.Nested(FileSchema), required=True)


class MessageInputSchema(InputSchema):
    """What is said."""

    text = Input(_MESSAGE, _read, {"type": "string", "maxLength": LONGEST}, required=True)


class StaffMessageInputSchema(MessageInputSchema):
    """What staff say: to the client too, or (`internal`) to each other alone."""

    internal = Input(_INTERNAL, *flag_reading(_INTERNAL))


def message_schema(sight: Sight) -> Schema:
    """The schema of a message for a reader."""
    return MessageSchema() if sight.viewer.kind is Kind.CONTACT else StaffMessageSchema()


def messages_schema(sight: Sight) -> Schema:
    """The schema of the messages of a record for a reader."""
    return MessagesSchema() if sight.viewer.kind is Kind.CONTACT else StaffMessagesSchema()


def message_input(sight: Sight) -> Schema:
    """What a reader may send to say something."""
    return MessageInputSchema() if sight.viewer.kind is Kind.CONTACT else StaffMessageInputSchema()
