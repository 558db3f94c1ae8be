"""The commands for people: staff, and contacts of clients."""

from datetime import datetime

import click
from sqlalchemy import select

from core.access.activation import make_link
from core.access.invite import Sent, plan, standing
from core.commands.opening import Work, of_tenant, work
from core.crm.identifiers import email_key
from core.crm.models import Contact, Staff
from core.crm.window import one_year_on
from core.i18n import today_in

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def staff() -> None:
    """Staff: people of the tenant who run its portal."""


@staff.command("create")
@click.argument("email")
@of_tenant
@click.option("--name", default="", help="The person's name.")
def staff_create(email: str, slug: str, name: str) -> None:
    """Make a staff user, and print the one-time link with which they choose a password.

    For somebody who is there already this makes another link.
    """
    with work(slug) as at:
        person = at.session.scalar(select(Staff).where(Staff.email_key == _key(email)))
        if person is None:
            person = Staff(email=email.strip(), email_key=_key(email), name=name.strip())
            at.session.add(person)
            at.session.flush()
        elif not person.active:
            raise click.ClickException(f"{email} is a staff user who has been deactivated.")
        link = make_link(at.session, at.tenant, person, at.settings.port)
    click.echo("With this link, good for 7 days and one use, they choose a password:", err=True)
    click.echo(link)


@click.group()
def contact() -> None:
    """Contacts: people of the tenant's clients."""


@contact.command("activate")
@click.argument("email")
@of_tenant
@click.option("--from", "since", type=_DAY, metavar="DATE", help="First day (2026-01-31); today unless it is set.")
@click.option("--until", type=_DAY, metavar="DATE", help="Last day; one year from today unless given.")
def contact_activate(email: str, slug: str, since: datetime | None, until: datetime | None) -> None:
    """Let a contact into the portal, and print the one-time link with which they choose a password.

    Where their access begins by it, the mail that lets them in is queued as well; a first day that lies ahead leaves
    it to that mail alone.
    """
    with work(slug) as at:
        person = contact_of(at, email)
        before = standing(at.session, at.tenant, person)
        today = today_in(at.tenant.time_zone)
        start = since.date() if since else person.support_start or today
        end = until.date() if until else one_year_on(today)
        if end < start:
            raise click.ClickException("The end comes before the start.")
        if end < today:
            raise click.ClickException("The last day has passed already.")
        person.portal_user, person.support_start, person.portal_end = True, start, end
        at.session.flush()
        sent = plan(at.session, at.tenant, before)
        link = "" if start > today else make_link(at.session, at.tenant, person, at.settings.port)
    click.echo(f"{person.name} may come in from {start} until {end}.", err=True)
    if sent in (Sent.NOW, Sent.LATER):
        when = "now" if link else f"on {start}"
        click.echo(f"The mail that lets them in leaves for {person.email} {when}.", err=True)
    if link:
        click.echo("With this link, good for 7 days and one use, they choose a password:", err=True)
        click.echo(link)


def contact_of(at: Work, email: str) -> Contact:
    """The tenant's contact with that e-mail; an error for none and for several."""
    found = at.session.scalars(select(Contact).where(Contact.email_key == _key(email)).limit(2)).all()
    if len(found) != 1:
        many = "Several contacts have" if found else "No contact has"
        raise click.ClickException(f"{many} the e-mail {email}.")
    return found[0]


def _key(email: str) -> str:
    """What sign-in looks for; an error for what is no e-mail address."""
    key = email_key(email)
    if key is None:
        raise click.ClickException(f"{email!r} is no e-mail address.")
    return key
