"""What staff write on a contract's page: its services, what was used of them, and the sites that it covers. Clients
have them as the tables of that page."""

from core.api import Action, Field, Kind, Resource, lazy_gettext
from plugins.contracts import parts
from plugins.contracts.models import Covered, Service, Use

_STAFF = (Kind.STAFF,)

SERVICE = Resource(
    name="service",
    title=lazy_gettext("Services"),
    singular=lazy_gettext("Service"),
    model=Service,
    number="description",
    fields=(
        Field("description", lazy_gettext("Description"), listed=True, filled=True, required=True),
        Field("position", lazy_gettext("Line"), filled=True, hint=lazy_gettext("The next one, where 0 is typed.")),
        Field("quantity", lazy_gettext("Quantity"), "quantity", listed=True, filled=True),
        Field(
            "unit", lazy_gettext("Unit"), listed=True, filled=True, hint=lazy_gettext("Such as “hours” or “visits”.")
        ),
        Field("counted", lazy_gettext("What is used of it is counted"), filled=True),
        Field("unit_price", lazy_gettext("Unit price"), "price", filled=True),
        Field("discount", lazy_gettext("Discount (%)"), "quantity", filled=True),
        Field("tax_rate", lazy_gettext("VAT (%)"), "quantity", filled=True),
        Field("starts_on", lazy_gettext("From"), filled=True),
        Field("ends_on", lazy_gettext("Until"), filled=True),
    ),
    actions=(
        Action("edit", lazy_gettext("Edit"), None, by=_STAFF, run=parts.write_service),
        Action(
            "remove",
            lazy_gettext("Take it out"),
            when=parts.unused,
            by=_STAFF,
            confirm=lazy_gettext("Take this service out of the contract?"),
            run=parts.remove_service,
        ),
        Action("add", lazy_gettext("Add a service"), None, by=_STAFF, run=parts.write_service, creates=True),
    ),
)

USE = Resource(
    name="use",
    title=lazy_gettext("What was used"),
    singular=lazy_gettext("Use"),
    model=Use,
    number="what_for",
    fields=(
        Field("used_on", lazy_gettext("Date"), listed=True, filled=True, required=True),
        Field(
            "line",
            lazy_gettext("Line"),
            filled=True,
            required=True,
            hint=lazy_gettext("The number that the service has in the table."),
        ),
        Field("units", lazy_gettext("Units"), "quantity", listed=True, filled=True, required=True),
        Field("what_for", lazy_gettext("For"), listed=True, filled=True),
    ),
    actions=(
        Action("edit", lazy_gettext("Edit"), None, by=_STAFF, run=parts.write_use),
        Action(
            "remove",
            lazy_gettext("Take it back"),
            by=_STAFF,
            confirm=lazy_gettext("Take back what was used? The units are left again."),
            run=parts.remove,
        ),
        Action("add", lazy_gettext("Record what was used"), None, by=_STAFF, run=parts.write_use, creates=True),
    ),
)

COVERED = Resource(
    name="covered",
    title=lazy_gettext("Sites that it covers"),
    singular=lazy_gettext("Site that it covers"),
    model=Covered,
    number="name",
    fields=(
        Field(
            "name",
            lazy_gettext("Site"),
            listed=True,
            filled=True,
            required=True,
            hint=lazy_gettext("As the site is called."),
        ),
        Field("what", lazy_gettext("What of it"), listed=True, filled=True),
    ),
    actions=(
        Action("edit", lazy_gettext("Edit"), None, by=_STAFF, run=parts.write_covered),
        Action(
            "remove",
            lazy_gettext("Take it out"),
            by=_STAFF,
            confirm=lazy_gettext("Take this site out of the contract?"),
            run=parts.remove,
        ),
        Action("add", lazy_gettext("Add a site"), None, by=_STAFF, run=parts.write_covered, creates=True),
    ),
)
