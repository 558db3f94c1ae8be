"""A profile as plain data: how a CRM's export feeds the tables of the core and of the modules."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.imports.folder import columns_of


@dataclass(frozen=True)
class OneOf:
    """What a column must hold for a condition: one of `values`, none of `none`, a text that begins with `begins`,
    or one that the look-up of that name knows."""

    values: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    begins: str = ""
    lookup: str = ""


#: column name -> what it must hold, each of them
When = Mapping[str, OneOf]


@dataclass(frozen=True)
class Source:
    """One way to come by a field's text: a column of the row (through look-ups and a map), a fixed
    `value`, or the `product` of columns, if the row meets `when`. With `sum`, it is added up over the
    rows that become one. `missing` is what a factor counts as that is empty; `seconds` says that the column counts
    them since 1970, `per` how many of what it counts make one."""

    column: str = ""
    value: str | None = None
    product: tuple[str, ...] = ()
    missing: str = ""
    #: columns whose texts stand one after the other
    join: tuple[str, ...] = ()
    sum: bool = False
    whole: bool = False
    seconds: bool = False
    #: whether a day may be told by how far it is from the day of the import: "TODAY[-3M]"
    from_today: bool = False
    per: int = 1
    when: When = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    lookup: tuple[str, ...] = ()
    map: Mapping[str, str] | None = None
    otherwise: str | None = None


@dataclass(frozen=True)
class Lookup:
    """Another table that gives the text in `value` for the one in `key`, out of its rows that meet `when`; or, of
    all rows with that key, what the products of `sum` come to, in which an empty factor counts as `missing`."""

    file: str
    key: str
    value: str = ""
    when: tuple[tuple[str, OneOf], ...] = ()
    sum: tuple[str, ...] = ()
    missing: str = ""


#: the format of a folder of texts
MARKDOWN = "markdown"


@dataclass(frozen=True)
class Only:
    """Rows that do not meet `when` are listed with `reason` and not taken."""

    when: When
    reason: str


@dataclass(frozen=True)
class Check:
    """Rows in which `sum` does not add up to `equals` are taken for staff alone, with `reason`."""

    sum: tuple[str, ...]
    equals: str
    reason: str


@dataclass(frozen=True)
class Document:
    """A file of the export that belongs to a row: the first of `paths` that is there, as `name`."""

    paths: tuple[str, ...]
    name: str
    type: str


@dataclass(frozen=True)
class Table:
    """One file of the export, and what each of its rows becomes. Without an `id`, rows are told apart by
    what they say; with `group`, all rows of one id become one."""

    file: str
    into: str
    id: str
    fields: Mapping[str, tuple[Source, ...]]
    only: tuple[Only, ...] = ()
    checks: tuple[Check, ...] = ()
    documents: tuple[Document, ...] = ()
    member_of: tuple[Source, ...] = ()
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    group: bool = False
    #: "" for CSV, or "markdown": `file` is then a folder of texts, without what lies in folders of these names
    format: str = ""
    leave_out: tuple[str, ...] = ()
    #: the id of all rows, where they become one
    one: str = ""
    #: the profile's file and the table's place in it, for messages
    origin: str = ""

    def columns(self) -> set[str]:
        """Every column of the file that the table speaks of."""
        return self.said() | {
            c for f in self.sums() for s in self.fields[f] for c in (s.column, *s.product, *s.join) if c
        }

    def said(self) -> set[str]:
        """The columns that say what a row is, apart from those that are only added up."""
        sums = self.sums()
        sources = [s for name, each in self.fields.items() if name not in sums for s in each]
        sources += self.member_of
        found = {c for s in sources for c in (s.column, *s.product, *s.join) if c} | ({self.id} if self.id else set())
        found |= {c for s in self._sources() for c in s.when} | {c for each in self.only for c in each.when}
        patterns = [p for d in self.documents for p in (*d.paths, d.name)]
        return found | {c for pattern in patterns for c in columns_of(pattern)}

    def sums(self) -> list[str]:
        """The fields that are added up over the rows that become one."""
        return sorted(name for name, sources in self.fields.items() if any(s.sum for s in sources))

    def used_lookups(self) -> dict[str, Lookup]:
        """The look-ups that its fields and conditions go through."""
        return {name: self.lookups[name] for name in self.named_lookups()}

    def named_lookups(self) -> list[str]:
        """The names of those look-ups, as the profile says them."""
        found = {name for s in self._sources() for name in s.lookup}
        conditions = [*(s.when for s in self._sources()), *(only.when for only in self.only)]
        return sorted(found | {each.lookup for when in conditions for each in when.values() if each.lookup})

    def _sources(self) -> list[Source]:
        return [s for each in (*self.fields.values(), self.member_of) for s in each]


@dataclass(frozen=True)
class LinkTable:
    """One file of the export whose rows name two records that have to do with each other: by their ids in the CRM, and
    by what it calls their kinds. Each becomes a link of this `kind` from `source` to `target`, which are columns."""

    file: str
    id: str
    source: str
    source_kind: str
    target: str
    target_kind: str
    kind: str
    origin: str = ""

    def columns(self) -> tuple[str, ...]:
        """The columns of the file that it speaks of: the id, and each end with its kind."""
        return (self.id, self.source, self.source_kind, self.target, self.target_kind)


@dataclass(frozen=True)
class Profile:
    """All that is known of one CRM's export. Its name is the source that external ids are kept under. `called` is what
    the CRM calls kinds of record where it links them, and the kind that each is here."""

    name: str
    tables: tuple[Table, ...]
    links: tuple[LinkTable, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
