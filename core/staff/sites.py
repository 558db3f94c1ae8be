"""The sites of an account: list, add, edit, remove."""

from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from sqlalchemy import select

from core.crm.models import Account, Site
from core.crm.ties import TieError, remove_site, what_hangs_on
from core.i18n import gettext, ngettext
from core.staff import paging, search
from core.staff.account import address_of
from core.staff.blueprint import again, blueprint, done, found
from core.staff.forms import SiteForm
from core.web.led import Answer

_TEMPLATE = "staff/form.html"


@blueprint.get("/accounts/<id:account_id>/sites/")
def sites(account_id: int) -> Answer:
    """All sites of an account, searched."""
    account, text = found(Account, account_id), search.typed()
    wanted = select(Site).where(Site.account_id == account.id, *search.sites(text))
    page = paging.page(wanted, paging.BY_SITE_NAME, url_for("staff.sites", account_id=account.id))
    rows = [{"name": s.name, "address": address_of(s), "url": _url(s)} for (s, *_) in page.rows]
    return render_template(
        "staff/sites.html",
        page_title=gettext("Sites"),
        account=account,
        back=_back(account),
        search=text,
        rows=rows,
        count=page.count,
        pager=page.pager,
    )


@blueprint.route("/accounts/<id:account_id>/sites/new", methods=["GET", "POST"])
def new_site(account_id: int) -> Answer:
    """Add a site."""
    account, form = found(Account, account_id), SiteForm()
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(form, account))
    if not form.validate():
        return again(_TEMPLATE, _page(form, account))
    site = Site(account_id=account.id, **form.values())
    g.session.add(site)
    g.session.flush()
    return done(_account_url(account), gettext("The site %(name)s was added.", name=site.name))


@blueprint.route("/accounts/<id:account_id>/sites/<id:site_id>", methods=["GET", "POST"])
def edit_site(account_id: int, site_id: int) -> Answer:
    """Change a site's facts, or remove it where nothing hangs on it."""
    account, site = found(Account, account_id), found(Site, site_id)
    if site.account_id != account.id:
        abort(404)
    if request.method != "POST":
        return render_template(_TEMPLATE, **_page(SiteForm(obj=site), account, site))
    if request.form.get("do") == "remove":
        return _remove(account, site)
    form = SiteForm()
    if not form.validate():
        return again(_TEMPLATE, _page(form, account, site))
    if form.stale(site):
        theirs = form.theirs(site)
        form.shown_version(site)
        return again(_TEMPLATE, _page(form, account, site, theirs))
    for name, value in form.values().items():
        setattr(site, name, value)
    g.session.flush()
    return done(_account_url(account), gettext("The site %(name)s was saved.", name=site.name))


def _remove(account: Account, site: Site) -> Answer:
    undo = {name: getattr(site, name) for name in ("name", "address", "postcode", "town", "country")}
    try:
        remove_site(g.session, site)
    except TieError:
        flash(_kept(what_hangs_on(g.session, site)), "error")
        return again(_TEMPLATE, _page(SiteForm(formdata=None, obj=site), account, site))
    text = gettext("The site %(name)s was removed.", name=site.name)
    return done(_account_url(account), text, undo, undo_url=url_for("staff.new_site", account_id=account.id))


def _kept(hanging: dict[str, int]) -> str:
    """Why a site stays, in one sentence."""
    parts = []
    if number := hanging.get("records"):
        parts.append(ngettext("%(num)s record belongs to it", "%(num)s records belong to it", number))
    if number := hanging.get("memberships"):
        parts.append(ngettext("%(num)s contact belongs to it", "%(num)s contacts belong to it", number))
    if hanging.get("sources"):
        parts.append(gettext("it comes from your CRM"))
    return gettext("The site cannot be removed: %(reasons)s.", reasons=", ".join(parts))


def _url(site: Site) -> str:
    return url_for("staff.edit_site", account_id=site.account_id, site_id=site.id)


def _account_url(account: Account) -> str:
    return url_for("staff.account", account_id=account.id)


def _back(account: Account) -> dict[str, str]:
    return {"url": _account_url(account), "label": account.name}


def _page(
    form: SiteForm, account: Account, site: Site | None = None, theirs: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    hanging = what_hangs_on(g.session, site) if site else {}
    return {
        "page_title": gettext("Edit site") if site else gettext("New site"),
        "back": _back(account),
        "form": form,
        "hints": {},
        "theirs": theirs,
        "rows": [["name"], ["address"], ["postcode", "town", "country"]],
        "submit": gettext("Save") if site else gettext("Add site"),
        "remove": {"may": not hanging, "why_not": _kept(hanging) if hanging else None} if site else None,
    }
