"""Making an account, changing its facts, and putting it under another."""

from typing import Any

from flask import flash, g, render_template, request, url_for

from core.crm.models import Account
from core.crm.ties import TieError, set_parent
from core.i18n import gettext
from core.staff.blueprint import again, blueprint, done, found, posted_id
from core.staff.forms import AccountForm
from core.staff.memberships import account_choices
from core.web.led import Answer

_TEMPLATE = "staff/form.html"


@blueprint.route("/accounts/new", methods=["GET", "POST"])
def new_account() -> Answer:
    """Make an account."""
    form = AccountForm()
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(form, None))
    if not form.validate():
        return again(_TEMPLATE, _page(form, None))
    account = Account(**form.values())
    g.session.add(account)
    g.session.flush()
    return done(_url(account), gettext("%(name)s was added.", name=account.name))


@blueprint.route("/accounts/<id:account_id>/edit", methods=["GET", "POST"])
def edit_account(account_id: int) -> Answer:
    """Change the facts of an account."""
    account = found(Account, account_id)
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(AccountForm(obj=account), account))
    form = AccountForm()
    if not form.validate():
        return again(_TEMPLATE, _page(form, account))
    if form.stale(account):
        theirs = form.theirs(account)
        form.shown_version(account)
        return again(_TEMPLATE, _page(form, account, theirs))
    for name, value in form.values().items():
        setattr(account, name, value)
    g.session.flush()
    return done(_url(account), gettext("Saved."))


@blueprint.get("/accounts/<id:account_id>/parent")
def account_parent(account_id: int) -> Answer:
    """Find the account that this one is part of."""
    return render_template("staff/choose_account.html", **_parents(found(Account, account_id)))


@blueprint.post("/accounts/<id:account_id>/parent")
def set_account_parent(account_id: int) -> Answer:
    """Put an account under another, or under none."""
    account, parent_id = found(Account, account_id), posted_id("parent")
    parent, before = None if parent_id is None else found(Account, parent_id), account.parent_id
    try:
        set_parent(g.session, account, parent)
    except TieError as error:
        sentences = {
            "itself": gettext("A client cannot be part of itself."),
            "below": gettext("That client is itself part of this one. Choose another."),
        }
        flash(sentences[error.why], "error")
        return again("staff/choose_account.html", _parents(account))
    stands_alone = gettext("%(name)s is part of no other client now.", name=account.name)
    if parent is None:
        return _moved(account, stands_alone, before)
    text = gettext("%(name)s is now part of %(parent)s.", name=account.name, parent=parent.name)
    return _moved(account, text, before)


def _moved(account: Account, text: str, before: int | None) -> Answer:
    """Back to the account, with an undo that posts to the page of the parent."""
    undo = {"parent": before if before is not None else ""}
    return done(_url(account), text, undo, undo_url=url_for("staff.account_parent", account_id=account.id))


def _parents(account: Account) -> dict[str, Any]:
    here = url_for("staff.account_parent", account_id=account.id)
    return {
        "page_title": gettext("Part of"),
        "heading": gettext("Which client is %(name)s part of?", name=account.name),
        "back": {"url": _url(account), "label": account.name},
        "post": {"url": here, "name": "parent", "none": account.parent_id is not None},
        **account_choices(here, lambda a: None, Account.id != account.id),
    }


def _url(account: Account) -> str:
    return url_for("staff.account", account_id=account.id)


def _page(form: AccountForm, account: Account | None, theirs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    listing = {"url": url_for("staff.accounts"), "label": gettext("Clients")}
    return {
        "page_title": gettext("Edit client") if account else gettext("New client"),
        "back": {"url": _url(account), "label": account.name} if account else listing,
        "form": form,
        "hints": {"code": gettext("Your own number for this client.")},
        "theirs": theirs,
        "rows": [["name"], ["code", "tax_number"], ["email", "phone"], ["address"], ["postcode", "town", "country"]],
        "submit": gettext("Save") if account else gettext("Add client"),
    }
