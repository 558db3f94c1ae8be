"""Segments: named sets of accounts, for what is meant for some clients. Agents read them, administrators keep them."""

from typing import Any

from flask import g, render_template, request, url_for
from sqlalchemy import func, select

from core.crm.models import Account
from core.crm.segments import Segment, SegmentAccount
from core.db.folding import folded
from core.db.shared import RecordSegment
from core.i18n import gettext, lazy_gettext, ngettext
from core.records.typed import required
from core.staff import paging
from core.staff.blueprint import again, blueprint, done, found, posted_id
from core.staff.forms import RowForm, text_of
from core.staff.memberships import account_choices
from core.staff.roles import administrators_alone
from core.web.led import Answer

_FORM = "staff/form.html"
_BY_NAME = (folded(Segment.name), Segment.id)


class SegmentForm(RowForm):
    """What a segment is called."""

    name = text_of(Segment.name, lazy_gettext("Name"), required)

    def free(self, segment_id: int | None = None) -> bool:
        """Whether no other segment is called so; else the form says it."""
        same = select(Segment.id).where(Segment.name == self.name.data, Segment.id != (segment_id or 0))
        if g.session.scalar(same) is None:
            return True
        self.name.errors = [gettext("There is a segment of this name.")]
        return False


@blueprint.get("/segments/")
def segments() -> Answer:
    """All of them, by name, with how many clients each has."""
    number = select(func.count(SegmentAccount.id)).where(SegmentAccount.segment_id == Segment.id)
    wanted = select(Segment.id, Segment.name, number.scalar_subquery().label("number"))
    page = paging.page(wanted, _BY_NAME, url_for("staff.segments"))
    rows = [
        {"name": row.name, "url": _url(row.id), "note": ngettext("%(num)d client", "%(num)d clients", row.number)}
        for row in page.rows
    ]
    shown = {"rows": rows, "count": page.count, "pager": page.pager}
    return render_template("staff/segments.html", page_title=gettext("Segments"), **shown)


@blueprint.route("/segments/new", methods=["GET", "POST"])
def new_segment() -> Answer:
    """Begin a segment."""
    form = SegmentForm()
    if request.method != "POST":
        return render_template(_FORM, **_page(form))
    if not (form.validate() and form.free()):
        return again(_FORM, _page(form))
    segment = Segment(**form.values())
    g.session.add(segment)
    g.session.flush()
    return done(_url(segment.id), gettext("The segment “%(name)s” was added.", name=segment.name))


@blueprint.route("/segments/<id:segment_id>", methods=["GET", "POST"])
def segment(segment_id: int) -> Answer:
    """The clients of a segment; those that leave it are posted here."""
    row = found(Segment, segment_id)
    if request.method == "POST":
        return _leave(row)
    in_it = select(SegmentAccount.account_id).where(SegmentAccount.segment_id == row.id)
    wanted = select(Account.id, Account.name, Account.code).where(Account.id.in_(in_it))
    page = paging.page(wanted, paging.BY_ACCOUNT_NAME, _url(row.id))
    rows = [
        {"id": each.id, "name": each.name, "note": each.code, "url": url_for("staff.account", account_id=each.id)}
        for each in page.rows
    ]
    return render_template(
        "staff/segment.html",
        page_title=row.name,
        back={"url": url_for("staff.segments"), "label": gettext("Segments")},
        segment=row,
        rows=rows,
        count=page.count,
        pager=page.pager,
        used=_used(row),
    )


@blueprint.route("/segments/<id:segment_id>/edit", methods=["GET", "POST"])
def edit_segment(segment_id: int) -> Answer:
    """Call a segment otherwise, or remove it."""
    administrators_alone()
    row = found(Segment, segment_id)
    if request.method != "POST":
        return render_template(_FORM, **_page(SegmentForm(obj=row), row))
    if request.form.get("do") == "remove":
        return _remove(row)
    form = SegmentForm()
    if not (form.validate() and form.free(row.id)):
        return again(_FORM, _page(form, row))
    if form.stale(row):
        theirs = form.theirs(row)
        form.shown_version(row)
        return again(_FORM, _page(form, row, theirs=theirs))
    row.name = form.name.data
    g.session.flush()
    return done(_url(row.id), gettext("“%(name)s” was saved.", name=row.name))


@blueprint.route("/segments/<id:segment_id>/accounts", methods=["GET", "POST"])
def segment_accounts(segment_id: int) -> Answer:
    """Choose a client that joins a segment."""
    administrators_alone()
    row = found(Segment, segment_id)
    here = url_for("staff.segment_accounts", segment_id=row.id)
    in_it = select(SegmentAccount.account_id).where(SegmentAccount.segment_id == row.id)
    if request.method != "POST":
        page = {
            "page_title": gettext("Add a client"),
            "heading": gettext("Which client joins “%(name)s”?", name=row.name),
            "back": {"url": _url(row.id), "label": row.name},
            "post": {"url": here, "name": "account", "none": False},
            **account_choices(here, lambda a: None, Account.id.not_in(in_it)),
        }
        return render_template("staff/choose_account.html", **page)
    account = found(Account, posted_id("account"))
    if g.session.scalar(in_it.where(SegmentAccount.account_id == account.id)) is None:
        g.session.add(SegmentAccount(segment_id=row.id, account_id=account.id))
        g.session.flush()
    undo = {"account": account.id}
    return done(_url(row.id), gettext("%(name)s is in the segment now.", name=account.name), undo)


def _leave(row: Segment) -> Answer:
    administrators_alone()
    account = found(Account, posted_id("account"))
    of = SegmentAccount.segment_id == row.id, SegmentAccount.account_id == account.id
    tie = g.session.scalar(select(SegmentAccount).where(*of))
    if tie is not None:
        g.session.delete(tie)
        g.session.flush()
    text = gettext("%(name)s is in the segment no longer.", name=account.name)
    back = url_for("staff.segment_accounts", segment_id=row.id)
    return done(_url(row.id), text, {"account": account.id}, undo_url=back)


def _remove(row: Segment) -> Answer:
    """Remove a segment that nothing is meant for; asked once more, since clients would have to be added anew."""
    if _used(row) or request.form.get("sure") != "1":
        return again(_FORM, _page(SegmentForm(formdata=None, obj=row), row, sure=not _used(row)))
    g.session.delete(row)
    g.session.flush()
    return done(url_for("staff.segments"), gettext("“%(title)s” was removed.", title=row.name))


def _used(row: Segment) -> int:
    """How many records are meant for a segment."""
    return g.session.scalar(select(func.count(RecordSegment.id)).where(RecordSegment.segment_id == row.id)) or 0


def _url(segment_id: int) -> str:
    return url_for("staff.segment", segment_id=segment_id)


def _page(form: SegmentForm, row: Segment | None = None, *, theirs: Any = None, sure: bool = False) -> dict[str, Any]:
    listing = {"url": url_for("staff.segments"), "label": gettext("Segments")}
    used = _used(row) if row else 0
    why_not = ngettext(
        "%(num)d record is for this segment. Choose for whom it is first; then the segment can be removed.",
        "%(num)d records are for this segment. Choose for whom they are first; then the segment can be removed.",
        used,
    )
    return {
        "page_title": gettext("Edit segment") if row else gettext("New segment"),
        "back": {"url": _url(row.id), "label": row.name} if row else listing,
        "form": form,
        "hints": {},
        "theirs": theirs,
        "rows": [["name"]],
        "submit": gettext("Save"),
        "remove": {"may": not used, "why_not": why_not, "sure": sure} if row else None,
    }
