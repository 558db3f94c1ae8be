"""What a reader's words want of the index: the words in the fields that the reader sees, of the records that they may
see, as far as the index knows them."""

from collections.abc import Collection, Iterator, Sequence

from core.db.entry import kind_key
from core.db.found import Either, Every, Term, Wanted, either
from core.db.viewer import Kind, Reach, Scope, Sight
from core.modules.registry import Registry
from core.records.fields import effective, full_name, staff_only
from core.records.resource import Resource

#: shorter words are taken as they are: too many begin with one or two letters
SHORTEST_BEGINNING = 3
#: of so many accounts, sites or granted records in all, the match is narrowed to each; of more, the wall alone narrows
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


def wanted(sight: Sight, resources: Sequence[Resource], words: Sequence[str], *, any_word: bool = False) -> Wanted:
    """What is looked for: all the words (or any), each at the beginning of a word in a field that is seen."""
    found = []
    for names, alike in _alike(resources, sight):
        parts: list[Wanted] = [Either(tuple(_in_fields(word, names) for word in words))] if any_word else []
        parts = parts or [_in_fields(word, names) for word in words]
        found.append(Every((either(_of_kinds(sight, alike)), *parts)))
    return Either(tuple(found))


def exactly(sight: Sight, resources: Sequence[Resource], words: Sequence[str]) -> Wanted:
    """The records whose number or title has all these words, each as it is typed."""
    found = []
    for resource in resources:
        seen = seen_fields(resource, sight)
        names = [name for name in (resource.number, resource.title_field) if name in seen]
        parts = [either(Term(f"{name}:{word}") for name in names) for word in words]
        if names:
            found.append(Every((either(_of_kinds(sight, [resource])), *parts)))
    return Either(tuple(found))


def is_narrowed(sight: Sight) -> bool:
    """Whether the match itself meets no record that the wall would take out."""
    return all(_count(reach) <= MOST_KEYS for reach, _ in sight.groups)


def _alike(resources: Sequence[Resource], sight: Sight) -> Iterator[tuple[tuple[str, ...], list[Resource]]]:
    """Resources that may be searched by the same names of fields, with these names: where one hides a field that
    another shows, the two stand apart."""
    groups: list[tuple[set[str], set[str], list[Resource]]] = []
    for resource in resources:
        seen = set(seen_fields(resource, sight))
        hidden = set(resource.model.portal_searched) - seen
        for names, not_these, together in groups:
            if not (names & hidden or not_these & seen):
                names |= seen
                not_these |= hidden
                together.append(resource)
                break
        else:
            groups.append((seen, hidden, [resource]))
    return ((tuple(sorted(names)), together) for names, _, together in groups)


def _in_fields(word: str, names: Sequence[str]) -> Wanted:
    begins = len(word) >= SHORTEST_BEGINNING
    return either(Term(f"{name}:{word}", begins) for name in names)


def _of_kinds(sight: Sight, resources: Sequence[Resource]) -> Iterator[Wanted]:
    """The records of these resources that the reader may see."""
    tenant = sight.viewer.tenant_id
    if sight.viewer.kind is not Kind.CONTACT:
        yield either(_kind(tenant, each) for each in resources)
        return
    for reach, modules in sight.groups:
        kinds = [_kind(tenant, each) for each in resources if each.model.portal_module in modules]
        if kinds and _count(reach) > MOST_KEYS:
            yield either(kinds)
        elif kinds:
            yield Every((either(kinds), either(_reached(reach, sight.viewer.person_id))))


def _kind(tenant: int | None, resource: Resource) -> Term:
    return Term(kind_key(tenant, *full_name(resource).split(".")))


def _count(reach: Reach) -> int:
    return len(reach.keys) + len(reach.sites) + len(reach.granted) + len(reach.segments)


def _reached(reach: Reach, person: int | None) -> Iterator[Wanted]:
    """Whose records are within a reach: the same that the wall asks of the record's row."""
    yield Term("o0")
    yield from (Term(f"g{segment}") for segment in reach.segments)
    yield from (Term(f"r{record}") for record in reach.granted)
    of_accounts = [*(Term(f"o{key}") for key in reach.keys), *(Term(f"s{site}") for site in reach.sites)]
    if reach.scope is Scope.CONTACT:
        yield Every((Term(f"c{person}"), either(of_accounts)))
    else:
        yield from of_accounts
