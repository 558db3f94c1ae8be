"""Whether a contact may come in: the three portal fields, or the tenant's wider choice."""

from dataclasses import dataclass
from datetime import date

from core.crm.models import Contact, Tenant

FIELDS, MEMBERS = "fields", "members"
#: the roles of staff
ADMINISTRATOR, AGENT = "administrator", "agent"


@dataclass(frozen=True)
class Access:
    """A verdict, and the sentence of the rule that gave it (`why` is a key: see `explain`)."""

    granted: bool
    why: str


def access(contact: Contact, tenant: Tenant, today: date, *, is_member: bool) -> Access:
    """Whether `contact` has access on `today`, a day in the tenant's time zone.

    `is_member` says whether they have a membership, which counts where the tenant lets in every
    contact with an e-mail and a membership. A contact whose three fields grant access has it in
    either mode; a blank field grants nothing."""
    if tenant.access_mode == MEMBERS and contact.email_key and is_member:
        return Access(True, "members")
    if not contact.portal_user:
        return Access(False, "not_portal_user")
    if contact.support_start is None or contact.portal_end is None:
        return Access(False, "dates_missing")
    if contact.support_start > today:
        return Access(False, "not_started")
    if contact.portal_end < today:
        return Access(False, "ended")
    return Access(True, "fields")
