"""Adding a contact to a client: first the client is found, then all of it or one of its sites is chosen."""

from typing import Any

from flask import abort, g, render_template, url_for
from sqlalchemy import select

from core.crm.models import Account, Contact, Membership, Site
from core.crm.ties import TieError
from core.i18n import gettext
from core.staff import paging, search
from core.staff.blueprint import blueprint, found, posted_id
from core.web.led import Answer


@blueprint.get("/contacts/<id:contact_id>/memberships/")
def memberships(contact_id: int) -> Answer:
    """Find the client that a contact belongs to."""
    contact = found(Contact, contact_id)
    here = url_for("staff.memberships", contact_id=contact.id)
    return render_template(
        "staff/choose_account.html",
        page_title=gettext("Add a client"),
        heading=gettext("Which client does %(name)s belong to?", name=contact.name),
        back=_back(contact),
        choices=None,
        **account_choices(here, lambda a: url_for("staff.membership", contact_id=contact.id, account_id=a)),
    )


def account_choices(here: str, url: Any, *conditions: Any) -> dict[str, Any]:
    """The rows of staff/choose_account.html: accounts by name, as searched. `url` gives the address that
    an account's id leads to."""
    text = search.typed()
    wanted = select(Account.id, Account.name, Account.town, Account.code).where(*search.accounts(text), *conditions)
    page = paging.page(wanted, paging.BY_ACCOUNT_NAME, here)
    rows = [
        {"id": row.id, "name": row.name, "note": " · ".join(filter(None, (row.code, row.town))), "url": url(row.id)}
        for row in page.rows
    ]
    return {"search": text, "here": here, "rows": rows, "count": page.count, "pager": page.pager}


@blueprint.get("/contacts/<id:contact_id>/memberships/<id:account_id>")
def membership(contact_id: int, account_id: int) -> Answer:
    """Choose all of a client, or one of its sites."""
    contact, account = found(Contact, contact_id), found(Account, account_id)
    text = search.typed()
    here = url_for("staff.membership", contact_id=contact.id, account_id=account.id)
    wanted = select(Site.id, Site.name, Site.town).where(Site.account_id == account.id, *search.sites(text))
    page = paging.page(wanted, paging.BY_SITE_NAME, here)
    return render_template(
        "staff/membership.html",
        page_title=gettext("Add a client"),
        contact=contact,
        account=account,
        search=text,
        sites=[{"id": row.id, "name": row.name, "town": row.town} for row in page.rows],
        pager=page.pager,
        back={"url": url_for("staff.memberships", contact_id=contact.id), "label": gettext("Choose another client")},
        post_url=url_for("staff.contact", contact_id=contact.id),
    )


def _back(contact: Contact) -> dict[str, str]:
    return {"url": url_for("staff.contact", contact_id=contact.id), "label": contact.name or gettext("Contact")}


def tied_place() -> tuple[Account, Site | None]:
    """The account and the site that the posted form names; 404 for what is not there."""
    account = found(Account, posted_id("account"))
    site_id = posted_id("site")
    return account, None if site_id is None else found(Site, site_id)


def remove(contact: Contact, membership_id: int | None) -> tuple[str, dict[str, Any]]:
    """Remove one of the contact's memberships; gives the account's name and the fields that undo it."""
    tie = found(Membership, membership_id)
    if tie.contact_id != contact.id:
        abort(404)
    account = found(Account, tie.account_id)
    undo = {"do": "add_membership", "account": tie.account_id, "site": tie.site_id}
    undo["subsidiaries"] = "1" if tie.with_subsidiaries else None
    g.session.delete(tie)
    g.session.flush()
    return account.name, undo


def tie_fault(error: TieError) -> str:
    """Why a tie could not be made, in one sentence."""
    sentences = {
        "already": gettext("That is so already; nothing was changed."),
        "not_its_site": gettext("That site is not one of the client's. Choose again."),
        "site_with_subsidiaries": gettext("Subsidiaries come with a whole client only, not with one of its sites."),
    }
    return sentences[error.why]
