"""What the tenant has set about the fields of a resource, and what modules that are on say of the fields
of others: read into the plain values of a `Sight`, and written by staff."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.db.flags import NO_FLAGS, FieldFlags, Flags, Labels, merged
from core.db.session import WalledSession
from core.modules.models import FieldSettings

if TYPE_CHECKING:
    from core.modules.registry import Registry
    from core.modules.switches import Switches


@dataclass(frozen=True)
class PortalField:
    """What a module says of a field of another module's resource, for tenants that have it on.

    `resource` is "invoices.invoice", `field` one of its fields ("lines.discount" for a column of a child
    table); flags that are None stay as they are. What the tenant sets goes before it."""

    resource: str
    field: str
    seen: bool | None = None
    filled: bool | None = None
    required: bool | None = None


def field_flags(registry: "Registry", switches: "Switches") -> Mapping[str, FieldFlags]:
    """The flags of each resource of which anything is said: first by modules that are on for the tenant,
    in their order, then by the tenant."""
    layers: dict[str, list[FieldFlags]] = {}
    for name, said in registry.portal_fields.items():
        if switches.on_for_tenant(name):
            for resource, flags in said.items():
                layers.setdefault(resource, []).append(flags)
    for resource, text in switches.fields.items():
        layers.setdefault(resource, []).append(parse(text))
    return {resource: merged(found) for resource, found in layers.items()}


def as_layers(said: Iterable[PortalField]) -> dict[str, FieldFlags]:
    """What a module says of the fields of others, by resource."""
    found: dict[str, FieldFlags] = {}
    for each in said:
        one = FieldFlags(((each.field, Flags(each.seen, each.filled, each.required)),))
        found[each.resource] = one.over(found.get(each.resource, NO_FLAGS))
    return found


@lru_cache(maxsize=2000)
def parse(text: str) -> FieldFlags:
    """Flags out of the text of a `FieldSettings` row."""
    said: dict[str, Any] = json.loads(text)
    return FieldFlags(tuple((name, _flags(of)) for name, of in said["fields"].items()), tuple(said["order"]))


def _flags(of: dict[str, Any]) -> Flags:
    choices = tuple((value, _labels(labels)) for value, labels in sorted(of.get("choices", {}).items()))
    return Flags(of.get("seen"), of.get("filled"), of.get("required"), _labels(of.get("labels", {})), choices)


def _labels(said: dict[str, str]) -> Labels:
    return tuple(sorted(said.items()))


def render(flags: FieldFlags) -> str:
    """The text of a `FieldSettings` row; `parse` reads it back."""
    fields = {name: _said(each) for name, each in flags.fields if each != Flags()}
    return json.dumps({"order": flags.order, "fields": fields}, ensure_ascii=False)


def _said(flags: Flags) -> dict[str, Any]:
    said = {
        "seen": flags.seen,
        "filled": flags.filled,
        "required": flags.required,
        "labels": dict(flags.labels),
        "choices": {value: dict(labels) for value, labels in flags.choices},
    }
    return {name: value for name, value in said.items() if value not in (None, {})}


def find_settings(session: WalledSession, module: str, resource: str) -> FieldSettings | None:
    """The tenant's row for one resource, or None where nothing is set. The session is the staff's."""
    same = (FieldSettings.module == module, FieldSettings.resource == resource)
    found: FieldSettings | None = session.scalar(select(FieldSettings).where(*same))
    return found


def save_flags(session: WalledSession, module: str, resource: str, flags: FieldFlags) -> None:
    """Set the tenant's flags of one resource; `NO_FLAGS` puts it back to what is declared. Felt by the next
    request in every process."""
    row, text = find_settings(session, module, resource), render(flags)
    if row is None:
        session.add(FieldSettings(module=module, resource=resource, settings=text, previous=render(NO_FLAGS)))
    else:
        row.previous, row.settings = row.settings, text
    session.flush()


def undo_flags(session: WalledSession, row: FieldSettings) -> None:
    """Put back what was set before the last change. Doing it again brings the change back."""
    row.previous, row.settings = row.settings, row.previous
    session.flush()
