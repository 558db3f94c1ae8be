"""Conversations on a record's page: what was said, the form that says something, and what is done with it. The same
for clients and staff."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, flash, g, request
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from core.conversations.canned import canned_choices, canned_text
from core.conversations.read import Said, read_thread
from core.conversations.say import Newer, say
from core.conversations.text import MessageRefused, linked
from core.db.ids import id_in
from core.db.record import Record
from core.db.viewer import Kind
from core.formats import format_datetimes
from core.i18n import gettext, lazy_gettext
from core.records.attached import file_context
from core.records.detail import Detail
from core.records.errors import BadQuery
from core.records.page_links import Links
from core.records.resource import Resource
from core.records.sending import FilesField
from core.records.typed import required
from core.web.led import Answer, led_to

PUBLIC, INTERNAL = "public", "internal"
#: what the button that fills in a canned reply is called
_INSERT = "insert"
#: a page, or a page with its status, for the form that it shows
Page = Callable[["MessageForm"], str]


class MessageForm(FlaskForm):
    """What a client says. `seen` is the newest message that stood on the page."""

    seen = HiddenField()
    body = TextAreaField(lazy_gettext("Your message"))
    files = FilesField()
    #: whether somebody wrote since the page was shown
    newer = False

    @property
    def is_public(self) -> bool:
        """Whether clients may read it."""
        return True

    @property
    def last_seen(self) -> int:
        """`seen` as a number: 0 for what is none."""
        return id_in(self.seen.data or "") or 0


class StaffMessageForm(MessageForm):
    """What staff say: to the client, or to each other. The saved replies are asked for when the form is shown: until
    files were looked at, nothing keeps others from writing."""

    visibility = RadioField(lazy_gettext("Who reads it?"), [required], default=PUBLIC)
    canned = SelectField(lazy_gettext("Saved reply"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visibility.choices = [
            (PUBLIC, gettext("The client: this is a reply")),
            (INTERNAL, gettext("Only us: this is an internal note")),
        ]

    def of_hidden(self) -> None:
        """Say that a reply on a record which clients do not see yet waits for that."""
        self.visibility.choices = [
            (PUBLIC, gettext("The client, once they see this: until then nobody tells them")),
            *self.visibility.choices[1:],
        ]

    @property
    def is_public(self) -> bool:
        """Whether clients may read it."""
        return bool(self.visibility.data == PUBLIC)


def message_form() -> MessageForm:
    """The form for whoever looks, with what they typed where they sent it."""
    return StaffMessageForm() if g.viewer.kind is Kind.STAFF else MessageForm()


def conversation(
    resource: Resource, detail: Detail, links: Links, form: MessageForm | None = None
) -> dict[str, Any] | None:
    """The `conversation` of portal/detail.html and staff/detail.html; None where such records cannot be talked about.
    `form` is the one that was sent, where the page comes back with it."""
    if not resource.conversation or links.say is None:
        return None
    record_id = detail.row.id
    before = _before() if form is None else None
    thread = read_thread(g.session, resource, record_id, before)
    if before is None:
        form = form or message_form()
        form.seen.data = str(thread.newest)
        if isinstance(form, StaffMessageForm):
            form.canned.choices = canned_choices(g.session)
            if not detail.published:
                form.of_hidden()
    files: dict[int | None, list[dict[str, Any]]] = {}
    for file in detail.files:
        files.setdefault(file.message_id, []).append(file_context(file, record_id, links))
    page = links.record(record_id)
    return {
        "url": links.say(record_id),
        "messages": _messages(thread.said, files),
        "earlier_url": f"{page}?before={thread.said[0].id}#conversation" if thread.earlier and thread.said else None,
        "latest_url": f"{page}#conversation" if before is not None else None,
        "form": form if before is None else None,
    }


def speak(resource: Resource, record_id: int, links: Links, page: Page) -> Answer:
    """Say what was sent, and lead to it; or give the page with the form once more, with what is wrong with it, or with
    what others have said meanwhile. Nothing that was typed is lost. Raises NotHere where there is no such record."""
    if not resource.conversation:
        abort(404)
    form = message_form()
    if request.form.get("do") == _INSERT and isinstance(form, StaffMessageForm):
        text = canned_text(g.session, form.canned.data or "")
        form.body.data = "\n\n".join(part for part in ((form.body.data or "").rstrip(), text) if part)
        return page(form)
    uploads = form.files.take() if form.validate() else None
    if uploads is not None:
        try:
            said = say(
                g.session,
                resource,
                record_id,
                form.body.data or "",
                published=form.is_public,
                uploads=uploads,
                seen=form.last_seen,
            )
        except MessageRefused as reason:
            form.body.errors = [str(reason)]
        except Newer:
            form.newer = True
        else:
            flash(_told(form, record_id), "success")
            return led_to(f"{links.record(record_id)}#message-{said.id}")
    g.session.rollback()
    return page(form), 409 if form.newer else 422


def _told(form: MessageForm, record_id: int) -> str:
    """What becomes of what was said."""
    if not form.is_public:
        return gettext("Your note was kept.")
    if _is_shown(record_id):
        return gettext("Your message was sent.")
    return gettext("Your message was kept. The client reads it once they see this.")


def _is_shown(record_id: int) -> bool:
    """Whether clients see a record that whoever looks sees."""
    return bool(g.session.scalar(select(Record.published).where(Record.id == record_id)))


def _before() -> int | None:
    text = request.args.get("before")
    if text is None:
        return None
    if (before := id_in(text)) is None:
        raise BadQuery("before")
    return before


def _messages(said: Sequence[Said], files: Mapping[int | None, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    by_staff, moments = g.viewer.kind is Kind.STAFF, format_datetimes(each.at for each in said)
    return [
        {
            "id": each.id,
            "author": each.author,
            "mine": each.mine,
            # Staff read the whole house as one side; a client, themselves.
            "ours": each.mine or (by_staff and each.by == "staff"),
            "of_firm": each.by == "staff" and not by_staff,
            "internal": not each.published,
            "at": each.at.isoformat(),
            "when": when,
            "text": linked(each.body),
            "done": _sentence(each),
            "files": files.get(each.id, []),
        }
        for each, when in zip(said, moments, strict=True)
    ]


def _sentence(said: Said) -> str | None:
    """What was done, as a sentence."""
    if said.change is None:
        return None
    who, what = said.author, {"field": said.change.label, "before": said.change.before, "after": said.change.after}
    if not said.change.after:
        if who:
            return gettext("%(who)s removed “%(field)s”: it was %(before)s.", who=who, **what)
        return gettext("“%(field)s” was removed: it was %(before)s.", **what)
    if not said.change.before:
        if who:
            return gettext("%(who)s set “%(field)s” to %(after)s.", who=who, **what)
        return gettext("“%(field)s” was set to %(after)s.", **what)
    if who:
        return gettext("%(who)s changed “%(field)s” from %(before)s to %(after)s.", who=who, **what)
    return gettext("“%(field)s” changed from %(before)s to %(after)s.", **what)
