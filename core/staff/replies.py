"""The replies that staff keep ready: list, add, edit, remove."""

import json
from typing import Any

from flask import g, render_template, request, url_for
from sqlalchemy import select
from wtforms import SelectField, TextAreaField

from core.conversations.models import CannedReply
from core.conversations.text import LONGEST
from core.db.folding import folded
from core.i18n import LANGUAGES, gettext, lazy_gettext
from core.records.typed import Fits, required, tidy
from core.staff import paging
from core.staff.blueprint import LONGEST_UNDO, again, blueprint, done, found
from core.staff.forms import RowForm, text_of
from core.web.led import Answer

_TEMPLATE = "staff/form.html"
_BY_TITLE = (folded(CannedReply.title), CannedReply.id)
_SHOWN = 200


class ReplyForm(RowForm):
    """One reply."""

    title = text_of(CannedReply.title, lazy_gettext("Title"), required)
    language = SelectField(lazy_gettext("Language"), default="")
    body = TextAreaField(
        lazy_gettext("Text"), [required, Fits(LONGEST, lines=True)], filters=[tidy], render_kw={"rows": 10}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [("", gettext("Any")), *LANGUAGES.items()]


@blueprint.get("/replies/")
def replies() -> Answer:
    """All of them, by title."""
    page = paging.page(select(CannedReply), _BY_TITLE, url_for("staff.replies"))
    rows = [
        {
            "url": url_for("staff.edit_reply", reply_id=reply.id),
            "title": reply.title,
            "language": LANGUAGES.get(reply.language),
            "text": reply.body if len(reply.body) <= _SHOWN else f"{reply.body[:_SHOWN].rstrip()}…",
        }
        for reply, *_ in page.rows
    ]
    return render_template(
        "staff/replies.html", page_title=gettext("Saved replies"), rows=rows, count=page.count, pager=page.pager
    )


@blueprint.route("/replies/new", methods=["GET", "POST"])
def new_reply() -> Answer:
    """Keep a reply ready."""
    form = ReplyForm()
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(form))
    if not form.validate():
        return again(_TEMPLATE, _page(form))
    reply = CannedReply(**form.values())
    g.session.add(reply)
    g.session.flush()
    return done(url_for("staff.replies"), gettext("“%(title)s” was saved.", title=reply.title))


@blueprint.route("/replies/<id:reply_id>", methods=["GET", "POST"])
def edit_reply(reply_id: int) -> Answer:
    """Change a reply, or remove it."""
    reply = found(CannedReply, reply_id)
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(ReplyForm(obj=reply), reply))
    if request.form.get("do") == "remove":
        return _remove(reply)
    form = ReplyForm()
    if not form.validate():
        return again(_TEMPLATE, _page(form, reply))
    if form.stale(reply):
        theirs = form.theirs(reply)
        form.shown_version(reply)
        return again(_TEMPLATE, _page(form, reply, theirs=theirs))
    before = {name: getattr(reply, name) for name in form.values()}
    for name, value in form.values().items():
        setattr(reply, name, value)
    g.session.flush()
    here = url_for("staff.edit_reply", reply_id=reply.id)
    undo = {**before, "version": reply.version}
    return done(url_for("staff.replies"), gettext("“%(title)s” was saved.", title=reply.title), undo, undo_url=here)


def _remove(reply: CannedReply) -> Answer:
    """Remove a reply. One that is too long to be brought back by a button is asked for once more."""
    undo = {"title": reply.title, "language": reply.language, "body": reply.body}
    if len(json.dumps(undo)) > LONGEST_UNDO and request.form.get("sure") != "1":
        return again(_TEMPLATE, _page(ReplyForm(formdata=None, obj=reply), reply, sure=True))
    g.session.delete(reply)
    text = gettext("“%(title)s” was removed.", title=reply.title)
    return done(url_for("staff.replies"), text, undo, undo_url=url_for("staff.new_reply"))


def _page(
    form: ReplyForm, reply: CannedReply | None = None, *, theirs: Any = None, sure: bool = False
) -> dict[str, Any]:
    return {
        "page_title": gettext("Edit reply") if reply else gettext("New reply"),
        "back": {"url": url_for("staff.replies"), "label": gettext("Saved replies")},
        "form": form,
        "hints": {"title": gettext("What you choose it by; nobody else reads it.")},
        "theirs": theirs,
        "rows": [["title", "language"], ["body"]],
        "submit": gettext("Save"),
        "remove": {"may": True, "why_not": None, "sure": sure} if reply else None,
    }
