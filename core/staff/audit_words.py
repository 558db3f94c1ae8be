"""What the audit calls things and their fields: as pages call them, not as tables do."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.i18n import lazy_gettext
from core.modules.registry import Registry
from core.records.resource import Field

_KINDS = {
    "contact": lazy_gettext("Contact"),
    "staff": lazy_gettext("Staff"),
    "account": lazy_gettext("Client"),
    "site": lazy_gettext("Site"),
    "membership": lazy_gettext("Membership"),
    "segment": lazy_gettext("Segment"),
    "segment_account": lazy_gettext("Client of a segment"),
    "switch": lazy_gettext("Switch"),
    "module_scope": lazy_gettext("Scope of a module"),
    "field_settings": lazy_gettext("Fields, or the dashboard"),
    "tenant": lazy_gettext("Settings of the company"),
    "mail": lazy_gettext("Mail"),
    "mail_text": lazy_gettext("Text of a mail"),
    "message": lazy_gettext("Message"),
    "file": lazy_gettext("File"),
    "canned_reply": lazy_gettext("Saved reply"),
    "record_grant": lazy_gettext("Access to one record"),
    "record_link": lazy_gettext("Link between two records"),
    "record_segment": lazy_gettext("For whom a record is"),
    "agreement": lazy_gettext("Answer"),
}
#: columns of the core's own tables that people fill in; the others follow from them
_FIELDS = {
    "portal_user": lazy_gettext("Portal user"),
    "support_start": lazy_gettext("Support start"),
    "portal_end": lazy_gettext("Portal end"),
    "password_hash": lazy_gettext("Password"),
    "first_name": lazy_gettext("First name"),
    "last_name": lazy_gettext("Last name"),
    "name": lazy_gettext("Name"),
    "email": lazy_gettext("E-mail"),
    "phone": lazy_gettext("Phone"),
    "mobile": lazy_gettext("Mobile phone"),
    "language": lazy_gettext("Language"),
    "role": lazy_gettext("Role"),
    "active": lazy_gettext("May sign in"),
    "code": lazy_gettext("Number"),
    "tax_number": lazy_gettext("Tax number"),
    "address": lazy_gettext("Address"),
    "postcode": lazy_gettext("Postcode"),
    "town": lazy_gettext("Town"),
    "country": lazy_gettext("Country"),
    "with_subsidiaries": lazy_gettext("With subsidiaries"),
    "access_mode": lazy_gettext("Contacts with access"),
    "first_entry": lazy_gettext("What the mail brings"),
    "title": lazy_gettext("Title"),
    "subject": lazy_gettext("Subject"),
    "body": lazy_gettext("Text"),
    "published": lazy_gettext("Seen by clients"),
    "state": lazy_gettext("Status"),
}


def kind_called(registry: Registry, kind: str) -> str:
    """What pages call what an entry is about: a record or a row by what its module or the core says of it, else by its
    module; as it was noted where nobody says anything (a module that was removed)."""
    if declared := _declared(registry, kind):
        return str(declared[0])
    of_module = (m.title for name, m in registry.modules.items() if kind == name or kind.startswith(f"{name}_"))
    return str(_KINDS.get(kind) or next(of_module, kind))


def fields_called(registry: Registry, kind: str, names: Iterable[str]) -> list[str]:
    """What pages call these columns, each once; of the core's own tables those alone that people fill in."""
    declared = _declared(registry, kind)
    if declared is None and kind in _KINDS:
        return list(dict.fromkeys(str(_FIELDS[name]) for name in names if name in _FIELDS))
    labels = {field.name: field.label for field in declared[1]} if declared else {}
    return list(dict.fromkeys(str(labels.get(name) or _FIELDS.get(name, name)) for name in names))


def _declared(registry: Registry, kind: str) -> tuple[Any, Sequence[Field]] | None:
    """The name and the fields of a record ("cases.case"), or of a row of a module's table ("projects_task")."""
    module, _, resource = kind.partition(".")
    if resource:
        found = registry.resource(module, resource)
        return (found.singular, found.fields) if found is not None else None
    return next(((title, fields) for table, title, fields in _tables(registry) if table == kind), None)


def _tables(registry: Registry) -> Iterator[tuple[str, Any, Sequence[Field]]]:
    declared = [resource for of_module in registry.resources.values() for resource in of_module.values()]
    yield from ((each.model.__tablename__, each.singular, each.fields) for each in declared)
    yield from ((c.model.__tablename__, c.title, c.fields) for each in declared for c in each.children)
