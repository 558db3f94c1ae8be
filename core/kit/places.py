"""Who is in the kit's world, to whom its rows belong, and a naive rule of who sees which: written for
itself, so that it can disagree with the product's."""

from dataclasses import dataclass, field
from typing import Any

SLUGS = ("one", "two")
#: account -> its parent
ACCOUNTS: dict[str, str | None] = {"Alpha": None, "North": "Alpha", "Beta": None}
#: site -> its account
SITES = {"A1": "Alpha", "A2": "Alpha", "B1": "Beta"}
#: the account that the segment of each tenant holds
SEGMENT = "Alpha"
#: contact -> what they are a member of ("+" with subsidiaries), and how a sentence names them
PEOPLE: dict[str, tuple[tuple[str, ...], str]] = {
    "whole": (("Alpha",), "a contact of account Alpha"),
    "site": (("A1",), "a contact of site A1 of account Alpha"),
    "other": (("Beta",), "a contact of account Beta"),
    "family": (("Alpha+",), "a contact of account Alpha with its subsidiary North"),
    "nobody": ((), "a contact without an account"),
}
_SITES_OF_SEGMENT = [site for site, account in SITES.items() if account == SEGMENT]


@dataclass(frozen=True)
class Place:
    """To whom a row belongs: an account, a site of it, a contact, several of them, or nobody."""

    account: str | None = None
    site: str | None = None
    contact: str | None = None

    def __str__(self) -> str:
        named = f"contact {self.contact!r}" if self.contact else ""
        if self.account is None:
            return f"the {named} alone" if named else "nobody"
        where = f"site {self.site} of account {self.account}" if self.site else f"account {self.account}"
        return f"{where} and names the {named}" if named else where


PLACES = (
    Place(),
    *(Place(account) for account in ACCOUNTS),
    *(Place(account, site) for site, account in SITES.items()),
    *(Place(contact=name) for name in ("whole", "site", "other", "nobody")),
    Place("Alpha", None, "whole"),
    Place("Alpha", "A1", "site"),
    Place("Beta", "B1", "other"),
)


@dataclass(frozen=True, repr=False)
class Viewer:
    """One who looks: a contact by name, "staff" or "visitor", of one tenant."""

    name: str
    slug: str = "one"

    @property
    def is_contact(self) -> bool:
        """Whether it is one of the contacts."""
        return self.name in PEOPLE

    def __repr__(self) -> str:
        return f"{self.name}-of-{self.slug}"

    def __str__(self) -> str:
        said = PEOPLE[self.name][1] if self.is_contact else {"staff": "the staff", "visitor": "a visitor"}[self.name]
        return said if self.slug == "one" else f"{said} of another tenant"


CONTACTS = (*(Viewer(name) for name in PEOPLE), Viewer("whole", "two"))
VIEWERS = (*CONTACTS, *(Viewer("staff", slug) for slug in SLUGS), Viewer("visitor"))


@dataclass(frozen=True, eq=False)
class Row:
    """A row that the kit made: its number, which its texts carry, and to whom it belongs (what is part of
    another row, to whom that belongs)."""

    number: int
    slug: str
    model: type[Any]
    id: int
    place: Place
    published: bool
    #: how its owners see it: "owned", "shared" (by all), "segment" (by its account's people) or "staff"
    rule: str = "owned"
    #: columns by the number that their texts carry
    columns: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    files: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        tenant = "" if self.slug == "one" else " of another tenant"
        if self.rule == "staff":
            return f"is the staff's alone{tenant}"
        meant = {"shared": "is for all clients", "segment": f"is for a segment with {self.place}"}
        owner = meant.get(self.rule, f"belongs to {self.place}")
        return f"{owner}{tenant}" + ("" if self.published else " and is not published")


def sees(viewer: Viewer, row: Row, *, only_named: bool = False) -> bool:
    """Whether a viewer sees a row; `only_named` where contacts see what names them alone."""
    if viewer.slug != row.slug or viewer.name == "visitor":
        return False
    if viewer.name == "staff":
        return True
    if row.rule == "staff" or not row.published:
        return False
    if row.rule == "segment":
        return any(tie.rstrip("+") in (SEGMENT, *_SITES_OF_SEGMENT) for tie in PEOPLE[viewer.name][0])
    return row.rule == "shared" or _owns(viewer, row.place, only_named)


def _owns(viewer: Viewer, place: Place, only_named: bool) -> bool:
    if only_named and place.contact != viewer.name:
        return False
    if place.account is None:
        return place.contact == viewer.name
    ties = PEOPLE[viewer.name][0]
    below = f"{ACCOUNTS[place.account]}+" in ties
    return place.account in ties or f"{place.account}+" in ties or below or place.site in ties
