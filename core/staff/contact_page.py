"""What the page of one contact shows, read in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from sqlalchemy import func, select

from core.access import sessions
from core.access.activation import usable_by
from core.access.mails import FIRST
from core.access.models import Activation, LoginSession
from core.access.passwords import is_inside
from core.access.people import shared_identifiers
from core.crm.models import Account, Contact, ExternalId, Membership, Site
from core.crm.rules import Access
from core.crm.window import one_year_on
from core.formats import format_datetime
from core.i18n import LANGUAGES, gettext, today
from core.installation import installation
from core.modules.entry import entry, is_member
from core.modules.reach import Ties, reach, read_standing
from core.modules.switches import PORTAL, Switches
from core.outbox.models import Mail
from core.outbox.states import WAITING
from core.staff import switchboard, words
from core.staff.forms import PortalForm
from core.staff.roles import is_administrator

#: so many sessions, and numbers in CRMs, stand on the page
_MOST = 20


@dataclass(frozen=True)
class Seen:
    """A contact with all that decides on their access."""

    contact: Contact
    ties: Ties
    switches: Switches
    verdict: Access
    shared: Sequence[str]
    #: the last mail with which they first come in, where there is one: id, state, and when it is to leave
    mail: tuple[int, str, datetime] | None

    @property
    def mail_due(self) -> datetime | None:
        """When that mail is to leave, where it is waiting."""
        return self.mail[2] if self.mail is not None and self.mail[1] == WAITING else None

    @property
    def why_no_link(self) -> str | None:
        """Why no activation link is made; None where one may be."""
        if not self.verdict.granted:
            return words.sentence(self.verdict, self.contact)
        if not words.can_be_known(self.contact):
            return words.no_identifier()
        # Whoever has the link can be this contact, and sign in their name: of somebody who is inside, that is not for
        # everyone who works there.
        return words.for_administrators() if is_inside(self.contact) and not is_administrator() else None

    @property
    def may_mail(self) -> bool:
        """Whether the mail with which they first come in may be sent because staff ask for it."""
        ready = self.verdict.granted or self.verdict.why == "not_started"
        return ready and not is_inside(self.contact) and self.mail_due is None and self.contact.email_key is not None


def see(contact: Contact) -> Seen:
    """Read what decides on a contact's access."""
    ties, switches = read_standing(g.session, contact.id)
    portal = reach(PORTAL, contact.id, ties, switches)
    member = g.session.scalar(select(is_member()).where(Contact.id == contact.id))
    verdict = entry(contact, g.tenant, today(), is_member=bool(member), portal=portal)
    shared = [s.identifier for s in shared_identifiers(g.session) if contact.id in {c.id for c in s.contacts}]
    return Seen(contact, ties, switches, verdict, shared, _last_mail(contact))


def _last_mail(contact: Contact) -> tuple[int, str, datetime] | None:
    wanted = select(Mail.id, Mail.state, Mail.due_at).where(Mail.contact_id == contact.id, Mail.kind.in_(FIRST))
    row = g.session.execute(wanted.order_by(Mail.id.desc()).limit(1)).first()
    return None if row is None else (row.id, row.state, row.due_at)


def page_of(
    seen: Seen,
    form: PortalForm | None = None,
    theirs: list[dict[str, Any]] | None = None,
    link: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The context of staff/contact.html: `form` with what was typed, `theirs` what another saved
    meanwhile, `link` the activation link that has just been made."""
    contact = seen.contact
    registry = installation().registry
    return {
        "page_title": contact.name or gettext("Contact"),
        "contact": contact,
        "state": words.state(seen.verdict),
        "why": words.sentence(seen.verdict, contact),
        "warnings": [] if link else _warnings(seen),
        "facts": _facts(contact),
        "form": form or portal_form(contact),
        "theirs": theirs,
        "memberships": _memberships(contact),
        "switches": switchboard.of_contact(registry, seen.switches, seen.ties, contact.id),
        "activation": {
            "link": link["link"] if link else None,
            "until": link["until"] if link else None,
            "open": _open_links(contact),
            "may": seen.why_no_link is None,
            "why_not": seen.why_no_link,
            "waiting": words.waiting_sentence(seen.mail_due),
            "mail_url": url_for("staff.mail", mail_id=seen.mail[0]) if seen.mail else None,
            "may_mail": seen.may_mail,
        },
        "sessions": [_session(login) for login in sessions.list_of(g.session, contact)[:_MOST]],
    }


def portal_form(contact: Contact) -> PortalForm:
    """The three fields as they are; days that are missing are proposed, from today for one year."""
    start = contact.support_start or today()
    shown = {
        "portal_user": contact.portal_user,
        "support_start": start,
        "portal_end": contact.portal_end or one_year_on(today()),
        "version": str(contact.version),
    }
    return PortalForm(formdata=None, data=shown)


def _warnings(seen: Seen) -> list[str]:
    contact = seen.contact
    warnings = [
        gettext("%(identifier)s belongs to somebody else too, so nobody can sign in with it.", identifier=shared)
        for shared in seen.shared
    ]
    if seen.verdict.granted and not words.can_be_known(contact):
        warnings.append(words.no_identifier())
    elif seen.verdict.granted and not is_inside(contact) and not seen.mail_due:
        warnings.append(gettext("Has not chosen a password yet: send the mail, or make a link and hand it over."))
    return warnings


def _facts(contact: Contact) -> list[dict[str, Any]]:
    language = LANGUAGES.get(contact.language) or gettext("As the company")
    chosen = gettext("Chosen") if is_inside(contact) else gettext("Not chosen yet")
    if contact.password_until is not None:
        chosen = gettext("A temporary one, until %(when)s", when=format_datetime(contact.password_until))
    facts = [
        {"label": gettext("E-mail"), "text": contact.email},
        {"label": gettext("Phone"), "text": words.as_read(contact.phone, contact.phone_key)},
        {"label": gettext("Mobile phone"), "text": words.as_read(contact.mobile, contact.mobile_key)},
        {"label": gettext("Language"), "text": language},
        {"label": gettext("Password"), "text": chosen},
    ]
    return facts + external_facts("core.contact", contact.id)


def external_facts(kind: str, local_id: int) -> list[dict[str, Any]]:
    """Which rows of which CRMs a row of ours came from, as facts."""
    known = select(ExternalId).where(ExternalId.kind == kind, ExternalId.local_id == local_id)
    rows = g.session.scalars(known.order_by(ExternalId.source, ExternalId.id).limit(_MOST))
    return [{"label": gettext("Number in %(source)s", source=row.source), "text": row.external} for row in rows]


def _memberships(contact: Contact) -> list[dict[str, Any]]:
    named = (
        select(Membership, Account.name.label("account"), Site.name.label("site"))
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(Site, Site.id == Membership.site_id)
        .where(Membership.contact_id == contact.id)
        .order_by(Account.name, Membership.id)
    )
    return [
        {
            "id": row.Membership.id,
            "account": row.account,
            "account_url": url_for("staff.account", account_id=row.Membership.account_id),
            "site": row.site,
            "subsidiaries": row.Membership.with_subsidiaries,
        }
        for row in g.session.execute(named)
    ]


def _open_links(contact: Contact) -> int:
    return g.session.scalar(select(func.count(Activation.id)).where(*usable_by(contact))) or 0


def _session(login: LoginSession) -> dict[str, Any]:
    device = login.device or gettext("Unknown device")
    return {"device": device, "address": login.address, "last_seen": login.last_seen_at}
