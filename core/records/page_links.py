"""How the links of pages with records are made: these are what client and staff pages differ in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Download:
    """What a whole list can be taken as: the address, without the list's parameters, and what a page
    calls it. Of a list with more than `most` records, the page says that there are too many."""

    url: str
    label: Any
    icon: str = "download"
    most: int | None = None


@dataclass(frozen=True)
class PartLinks:
    """How staff come to the parts of a record: the address of each, and buttons that begin one."""

    record: Callable[[int], str]
    actions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Links:
    """How a page's links are made: the list's own address, a record's, a file's and a document's
    (download or not), an action's (by name, on a record or to begin one), and what the list can be taken as."""

    listing: str
    record: Callable[[int], str]
    file: Callable[[int, int, bool], str]
    document: Callable[[int, bool], str]
    action: Callable[[str, int | None], str]
    #: asked by lists alone
    downloads: Callable[[], Sequence[Download]] = tuple
    #: where what is said on a record is sent to
    say: Callable[[int], str] | None = None
    #: where a record's file is published or withdrawn; the staff's alone
    publish: Callable[[int, int], str] | None = None
    #: where the certificate of an acceptance is
    certificate: Callable[[int], str] | None = None
    #: how staff come to the rows of a child table, by its class and the record
    parts: Callable[[Any, int], PartLinks | None] | None = None
