"""What pages, lists and search know of an asset."""

from core.api import Action, Child, Choice, Field, Kind, Resource, lazy_gettext, lazy_pgettext
from plugins.assets import domain
from plugins.assets.models import (
    EQUIPMENT,
    IN_REPAIR,
    IN_SERVICE,
    LICENCE,
    OTHER,
    OUT_OF_ORDER,
    PLACE,
    RETIRED,
    Asset,
    Work,
)

KINDS = {
    EQUIPMENT: Choice(lazy_gettext("Equipment"), ""),
    LICENCE: Choice(lazy_gettext("Licence"), ""),
    PLACE: Choice(lazy_pgettext("kind of asset", "Place"), ""),
    OTHER: Choice(lazy_pgettext("kind of asset", "Other"), ""),
}
STATES = {
    IN_SERVICE: Choice(lazy_gettext("In service"), "ok", "check"),
    OUT_OF_ORDER: Choice(lazy_gettext("Out of order"), "danger", "warning"),
    IN_REPAIR: Choice(lazy_gettext("In repair"), "warn", "clock"),
    RETIRED: Choice(lazy_gettext("Retired"), "neutral", "ban"),
}
WARRANTIES = {
    domain.COVERED: Choice(lazy_gettext("Under warranty"), "ok", "check"),
    domain.LAPSED: Choice(lazy_gettext("Warranty over"), "neutral", "clock"),
}
_STAFF = (Kind.STAFF,)


_WORK = (
    Field("done_on", lazy_gettext("Date"), listed=True, sortable=True, filled=True, required=True),
    Field("text", lazy_gettext("What was done"), listed=True, searchable=True, filled=True, required=True),
    Field("by_whom", lazy_gettext("By whom"), listed=True, filled=True),
)

ASSET = Resource(
    name="asset",
    title=lazy_gettext("Assets"),
    singular=lazy_gettext("Asset"),
    model=Asset,
    title_field="name",
    status="state",
    order="number",
    empty=lazy_gettext("Your equipment, licences and whatever else we look after for you will appear here."),
    conversation=True,
    fields=(
        Field("number", lazy_gettext("Number"), "code", listed=True, sortable=True, searchable=True, filled=True),
        Field("name", lazy_gettext("Name"), listed=True, searchable=True, filled=True, required=True),
        Field("state", lazy_gettext("Status"), listed=True, filterable=True, filled=True, choices=STATES),
        Field("account_id", lazy_gettext("Client"), listed=True),
        Field("site_id", lazy_gettext("Site"), listed=True, filled=True),
        Field("unit_id", lazy_gettext("Part of"), "record", filled=True),
        Field("kind", lazy_gettext("Type"), filterable=True, filled=True, choices=KINDS),
        Field("category", lazy_gettext("Category"), listed=True, searchable=True, filled=True),
        Field("maker", lazy_gettext("Manufacturer"), searchable=True, filled=True),
        Field("model", lazy_gettext("Model"), searchable=True, filled=True),
        Field("serial_number", lazy_gettext("Serial number"), searchable=True, filled=True),
        Field("installed_on", lazy_gettext("Installed on"), sortable=True, filterable=True, filled=True),
        Field("warranty_until", lazy_gettext("Warranty until"), listed=True, sortable=True, filled=True),
        Field(
            "warranty", lazy_gettext("Warranty"), "choice", filterable=True, choices=WARRANTIES,
            expression=domain.warranty,
        ),
        Field("contact_id", lazy_gettext("Contact"), seen=False),
        Field("note", lazy_gettext("Note"), filled=True),
    ),
    children=(Child("works", lazy_gettext("Work done"), Work, _WORK, order="done_on"),),
    actions=(
        Action(
            "write", lazy_gettext("Add an asset"), fields=None, by=_STAFF, run=domain.write, creates=True,
            done=lazy_gettext("The asset was added."),
        ),
        Action(
            "part", lazy_gettext("Add a part"), None, domain.is_kept, _STAFF, run=domain.write, creates=True,
            about=("assets.asset",), under="unit_id", done=lazy_gettext("The part was added."),
            closed=lazy_gettext("This asset is retired: it gets no more parts."),
        ),
        Action("edit", lazy_gettext("Edit"), fields=None, by=_STAFF, run=domain.change, edits=True),
        Action(
            "state", lazy_gettext("Change the status"), ("state",), by=_STAFF,
            done=lazy_gettext("The status was changed."),
        ),
        Action(
            "retire", lazy_gettext("Retire"), when=domain.is_kept, by=_STAFF, run=domain.retire,
            confirm=lazy_gettext("Is this no longer in use? It stays in the list, as retired."),
            done=lazy_gettext("The asset is retired."),
        ),
    ),
)  # fmt: skip

WORK = Resource(
    name="work",
    title=lazy_gettext("Work done"),
    singular=lazy_gettext("Work"),
    model=Work,
    number="done_on",
    title_field="text",
    order="-done_on",
    fields=(*_WORK, Field("published", lazy_gettext("Clients see it"), listed=True)),
    actions=(
        Action("edit", lazy_gettext("Edit"), fields=None, by=_STAFF),
        Action(
            "hide",
            lazy_gettext("Hide from clients"),
            when=domain.is_shown,
            by=_STAFF,
            run=domain.hide_or_show,
            done=lazy_gettext("Clients see it no longer."),
        ),
        Action(
            "show",
            lazy_gettext("Show to clients"),
            when=domain.is_hidden,
            by=_STAFF,
            run=domain.hide_or_show,
            done=lazy_gettext("Clients see it now."),
        ),
        Action(
            "remove",
            lazy_gettext("Delete"),
            by=_STAFF,
            run=domain.remove,
            confirm=lazy_gettext("Delete this line?"),
            done=lazy_gettext("It was deleted."),
        ),
        Action(
            "record",
            lazy_gettext("Record work"),
            fields=None,
            by=_STAFF,
            creates=True,
            done=lazy_gettext("The work was recorded."),
        ),
    ),
)
