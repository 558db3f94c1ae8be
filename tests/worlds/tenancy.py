"""The names of what one tenant of a world holds."""

from dataclasses import dataclass, field


@dataclass
class Tenancy:
    """One tenant of a world, with the ids of its rows by name."""

    slug: str
    id: int
    accounts: dict[str, int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)
    #: contacts by kind ("whole", "deep", "site", …)
    people: dict[str, int] = field(default_factory=dict)
    staff: int = 0
    invoices: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    #: records of the other modules, by module and name; and segments
    records: dict[str, dict[str, int]] = field(default_factory=dict)
    segments: dict[str, int] = field(default_factory=dict)
    payments: dict[str, int] = field(default_factory=dict)
    #: file id -> id of its record
    files: dict[int, int] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host name that leads here."""
        return f"{self.slug}.localhost" if self.slug != "demo" else "localhost"
