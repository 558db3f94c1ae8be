"""All staff pages, on one blueprint."""

from core.staff import (  # noqa: F401 - each puts its pages on the blueprint
    access,
    account,
    account_edit,
    accounts,
    audit,
    contact,
    contact_edit,
    contacts,
    contacts_access,
    dashboard,
    fields,
    health,
    home,
    memberships,
    modules,
    outbox,
    outbox_mail,
    people,
    replies,
    search_page,
    segments,
    sites,
    texts,
)
from core.staff.blueprint import blueprint
from core.staff.records import add_record_pages

__all__ = ["blueprint"]

add_record_pages(blueprint)
