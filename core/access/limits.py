"""How often sign-in may be tried, counted in rows of our own, so that it holds across processes.

Tries are counted under the identifier together with the client's address, so that whoever tries from
elsewhere does not lock the owner out; and under the address alone, so that nobody tries every
identifier. Each is counted before the password is looked at."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Engine, case, delete, update
from sqlalchemy.exc import IntegrityError

from core.access.models import Attempt
from core.access.sweep import sweep
from core.access.tokens import hash_of
from core.db.model import now
from core.db.session import WalledSession, open_session
from core.db.viewer import system

WINDOW = timedelta(minutes=15)
MOST_PER_PAIR, MOST_PER_ADDRESS = 10, 100
# Two who are the first under one key at the same moment collide, once.
_RETRIES = 5


@dataclass(frozen=True)
class Tried:
    """A try that was counted, and whether it is within the limits."""

    allowed: bool
    pair: str
    address: str


def count_try(engine: Engine, tenant_id: int, identifier: str, address: str) -> Tried:
    """Count a try to sign in as `identifier` (its key, or whatever was typed) from `address`, in a
    transaction of its own."""
    place = _place(address)
    pair, alone = hash_of(json.dumps([identifier, place])), hash_of(json.dumps([place]))
    at_address = _count(engine, tenant_id, alone)
    if at_address == 1:
        sweep(engine, tenant_id)
    # Beyond its limit an address adds no more rows.
    allowed = at_address <= MOST_PER_ADDRESS and _count(engine, tenant_id, pair) <= MOST_PER_PAIR
    return Tried(allowed, pair, alone)


def is_within(engine: Engine, tenant_id: int, what: str, person_id: int, most: int) -> bool:
    """Count a try of somebody who is signed in at something else, in a transaction of its own, and say whether
    there were no more than `most` since the window began."""
    return _count(engine, tenant_id, _key_of(what, person_id)) <= most


def is_within_here(session: WalledSession, what: str, person_id: int, most: int) -> bool:
    """The same in the session's own transaction, for what is undone with it. The session is the system's and writes."""
    for _ in range(_RETRIES):
        try:
            with session.begin_nested():
                return _add_one(session, _key_of(what, person_id), now()) <= most
        except IntegrityError:
            continue  # another process has just made the row: now it can be updated
    return False


def _key_of(what: str, person_id: int) -> str:
    return hash_of(json.dumps([what, person_id]))


def forget(session: WalledSession, tried: Tried) -> None:
    """After a sign-in that succeeded: the pair starts anew, and the address gets its try back, so that
    an office behind one address can sign in. The session is the system's and writes."""
    session.execute(delete(Attempt).where(Attempt.key_hash == tried.pair))
    session.execute(
        update(Attempt).where(Attempt.key_hash == tried.address, Attempt.count > 0).values(count=Attempt.count - 1)
    )


def _count(engine: Engine, tenant_id: int, key: str) -> int:
    """Add one under the key and give the count since its window began."""
    for _ in range(_RETRIES):
        try:
            with open_session(engine, system(tenant_id), writes=True) as session:
                count = _add_one(session, key, now())
                session.commit()
                return count
        except IntegrityError:
            continue  # another process has just made the row: now it can be updated
    return MOST_PER_ADDRESS + 1


def _add_one(session: WalledSession, key: str, moment: datetime) -> int:
    stale = Attempt.started_at <= moment - WINDOW
    counted = (
        update(Attempt)
        .where(Attempt.key_hash == key)
        .values(
            count=case((stale, 1), else_=Attempt.count + 1),
            started_at=case((stale, moment), else_=Attempt.started_at),
        )
        .returning(Attempt.count)
    )
    count = session.scalar(counted)
    if count is None:
        session.add(Attempt(key_hash=key, started_at=moment))
        session.flush()
    return count or 1


def _place(address: str) -> str:
    """Where a client is: an IPv4 address, or the /64 network that one household has of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)
