"""What a module's part of the demonstration is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from core.crm.models import Account, Contact, Site, Tenant


@dataclass(frozen=True)
class World:
    """The made-up firm and its clients, for a module to add its records to.

    A module with a part in the demonstration has a package `demo` with a function
    `load(session, world) -> None`. It adds rows to `session`, the system's, and commits nothing; with
    `rng` in place of chance it writes the same each time, but for the dates, which count from `today`."""

    tenant: Tenant
    today: date
    rng: Random
    #: by the keys of `core.demo.people`; sites as "account/site"
    accounts: Mapping[str, Account]
    sites: Mapping[str, Site]
    contacts: Mapping[str, Contact]
    #: hangs a file on a record: its id, the file's name, the bytes, the media type
    store_file: Callable[[int, str, bytes, str], None]
