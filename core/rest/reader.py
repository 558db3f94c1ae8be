"""What of the API is there for the request's reader."""

from collections.abc import Iterator

from flask import abort, g, request

from core.db.viewer import Kind
from core.installation import installation
from core.records.errors import BadQuery
from core.records.fields import staff_only
from core.records.query import Query, read_query
from core.records.resource import Resource


def resources() -> Iterator[tuple[str, Resource]]:
    """Every resource that is there, with its module's name: for staff all, for contacts those of modules that are
    on and have something for clients."""
    for module, found in installation().registry.resources.items():
        for resource in found.values():
            if is_there(module, resource):
                yield module, resource


def is_there(module: str, resource: Resource) -> bool:
    """Whether the request's reader has such records at all."""
    if g.viewer.kind is Kind.STAFF:
        return True
    return bool(g.sight.reach(module).open) and not staff_only(resource)


def find(module: str, name: str) -> Resource:
    """The resource of that name; the one 404 where it is not there for the reader."""
    found = installation().registry.resource(module, name)
    if found is None or not is_there(module, found):
        abort(404)
    return found


def take_query(resource: Resource) -> Query:
    """What is asked of a list. Forms of pages send what was left empty; a program that does means something else:
    for any parameter but the search, BadQuery is raised."""
    given = request.args.to_dict(flat=False)
    for name, values in given.items():
        if "" in values and name != "q":
            raise BadQuery(name[:60])
    return read_query(resource, g.sight, given)


def take_no_parameters() -> None:
    """Raise BadQuery where the address has any."""
    for name in request.args:
        raise BadQuery(name[:60])
