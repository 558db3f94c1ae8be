"""What a reader's words want of the index: the words in the fields that the reader sees, of the records that they may
see, as far as the index knows them."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from core.db.entry import term_of
from core.db.found import NO_LIMIT, Every, Sought, Term, Wanted, either
from core.db.record import EVERYBODY
from core.db.viewer import Kind, Reach, Scope, Sight
from core.modules.registry import Registry
from core.records.fields import effective, full_name, staff_only
from core.records.resource import Resource

#: shorter words are taken as they are: too many begin with one or two letters
SHORTEST_BEGINNING = 3
#: of so many accounts, sites and granted records in all, the match is narrowed to each; of more, the wall alone narrows
MOST_KEYS = 500


def searched(registry: Registry, sight: Sight, modules: Collection[str] | None = None) -> list[Resource]:
    """The resources that whoever looks can search, of all modules or of those named."""
    found = []
    for name, resources in registry.resources.items():
        if modules is not None and name not in modules:
            continue
        if sight.viewer.kind is Kind.CONTACT and not sight.reach(name).open:
            continue
        found += [each for each in resources.values() if not staff_only(each) and seen_fields(each, sight)]
    return found


def seen_fields(resource: Resource, sight: Sight) -> tuple[str, ...]:
    """The fields of a resource that whoever looks can search by."""
    seen = {field.name for field in effective(resource, sight)}
    return tuple(name for name in resource.model.portal_searched if name in seen)


def sought(sight: Sight, resource: Resource, words: Sequence[str], most: int, first_most: int) -> Sought:
    """What is looked for among the records of one resource: all the words, each at the beginning of a word in a field
    that is seen; and, however old, what has the very words in its number or title."""
    kind, names = full_name(resource), seen_fields(resource, sight)
    called = [name for name in (resource.number, resource.title_field) if name in names]
    theirs = list(_theirs(sight, resource))
    found = [_in_fields(kind, names, word, begins=len(word) >= SHORTEST_BEGINNING) for word in words]
    first = [_in_fields(kind, called, word, begins=False) for word in words]
    if not is_narrowed(sight.reach(resource.model.portal_module)):
        most = first_most = NO_LIMIT
    return Sought(kind, Every((*theirs, *found)), most, Every((*theirs, *first)), first_most)


def is_narrowed(reach: Reach) -> bool:
    """Whether the match itself meets no record that the wall would take out."""
    return len(reach.keys) + len(reach.sites) + len(reach.granted) + len(reach.segments) <= MOST_KEYS


def _in_fields(kind: str, names: Iterable[str], word: str, *, begins: bool) -> Wanted:
    return either(Term(term_of(kind, name, word), begins) for name in names)


def _theirs(sight: Sight, resource: Resource) -> Iterator[Wanted]:
    """Of the tenant, and for a contact within their reach: the same that the wall asks of a record's row."""
    yield Term(f"t{sight.viewer.tenant_id}")
    reach = sight.reach(resource.model.portal_module)
    if sight.viewer.kind is Kind.CONTACT and is_narrowed(reach):
        yield either(_reached(reach, sight.viewer.person_id))


def _reached(reach: Reach, person: int | None) -> Iterator[Wanted]:
    yield Term(f"o{EVERYBODY}")
    yield from (Term(f"g{segment}") for segment in reach.segments)
    yield from (Term(f"r{record}") for record in reach.granted)
    of_accounts = [*(Term(f"o{key}") for key in reach.keys), *(Term(f"s{site}") for site in reach.sites)]
    if reach.scope is Scope.CONTACT:
        yield Every((Term(f"c{person}"), either(of_accounts)))
    else:
        yield from of_accounts
