"""Resources whose rows are parts of a record (tasks of a project): how staff write what clients have as a table of
that record's page."""

from core.db.wall import Part, Recorded
from core.records.resource import Resource


def part_of(resource: Resource) -> type[Recorded] | None:
    """The class of records that the resource's rows are part of; None where they are no parts of any."""
    of = resource.model.part_of if issubclass(resource.model, Part) else None
    return of if of is not None and issubclass(of, Recorded) else None
