"""What staff write on a contract's page: its services, what was used of them, and the sites that it covers. Clients
have them as the tables of that page."""

from dataclasses import replace

from core.api import Field, Resource, lazy_gettext, line_fields, part_actions, remove_line
from plugins.contracts import domain, parts
from plugins.contracts.models import Covered, Service, Use

#: what whoever wrote into a contract reads who comes after its end
_OVER = lazy_gettext("This contract is over: nothing is written into it any more.")
_OF_SERVICE = (
    *line_fields("description"),
    Field("position", lazy_gettext("Line number"), hint=lazy_gettext("The next one, where 0 is typed.")),
    *line_fields("quantity"),
    Field("unit", lazy_gettext("Unit"), listed=True, hint=lazy_gettext("Such as “hours” or “visits”.")),
    Field("counted", lazy_gettext("What is used of it is counted")),
    *line_fields("unit_price", "discount", "tax_rate"),
    Field("starts_on", lazy_gettext("From")),
    Field("ends_on", lazy_gettext("Until")),
)

SERVICE = Resource(
    name="service",
    title=lazy_gettext("Services"),
    singular=lazy_gettext("Service"),
    model=Service,
    number="description",
    fields=(*_OF_SERVICE, Field("total", lazy_gettext("Total"))),
    actions=part_actions(
        Service,
        lazy_gettext("Add a service"),
        lazy_gettext("Take this service out of the contract?"),
        [field.name for field in _OF_SERVICE],
        write=parts.write_service,
        remove=remove_line,
        when=domain.takes_parts,
        closed=_OVER,
        removable=parts.unused,
    ),
)

*_USES, _ADD_USE = part_actions(
    Use,
    lazy_gettext("Record what was used"),
    lazy_gettext("Take back what was used? The units are left again."),
    write=parts.write_use,
    when=domain.takes_parts,
    closed=_OVER,
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
            lazy_gettext("Service"),
            filled=True,
            required=True,
            among=parts.counted,
        ),
        Field("units", lazy_gettext("Units"), "quantity", listed=True, filled=True, required=True),
        Field("what_for", lazy_gettext("For"), listed=True, filled=True),
    ),
    actions=(
        *_USES,
        replace(
            _ADD_USE,
            when=parts.takes_uses,
            closed=lazy_gettext("Nothing can be recorded: this contract is over, or counts nothing of what it covers."),
        ),
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
            among=parts.sites,
        ),
        Field("what", lazy_gettext("What of it"), listed=True, filled=True),
    ),
    actions=part_actions(
        Covered,
        lazy_gettext("Add a site"),
        lazy_gettext("Take this site out of the contract?"),
        write=parts.write_covered,
        when=domain.takes_parts,
        closed=_OVER,
    ),
)
