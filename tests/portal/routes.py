"""Every address of the application with an example, and what each kind of viewer gets there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from werkzeug.routing import Rule

from core.conversations.models import CannedReply
from core.kit.crm import segment
from core.outbox.enqueue import enqueue
from tests.worlds.world import World

#: what an address answers to (visitor, contact, staff)
Policy = tuple[int, int, int]
ALL, NOBODY, PROGRAMS = (200, 200, 200), (405, 405, 405), (401, 200, 200)
CLIENTS, STAFF, PEOPLE = (303, 200, 303), (303, 404, 200), (303, 200, 200)
#: invoices take no action: the example is of one that is not there
NOTHING_DONE, NOTHING_FOR_STAFF = (303, 404, 303), (303, 404, 404)
#: a page of a module that is off here
OFF = (303, 404, 303)
VIEWERS = ("visitor", "contact", "staff")

POLICIES: dict[str, Policy] = {
    "access.start": (302, 302, 302),
    "access.activate": (410, 410, 410),  # the example is a link that was never given out
    "access.login": (200, 302, 302),
    "access.log_in": (200, 302, 302),  # the same address
    "access.forgot": ALL,
    "access.forgot_sent": ALL,
    "access.change_password": (303, 303, 303),  # nobody here has a temporary password
    "access.language": NOBODY,
    "access.logout": NOBODY,
    "access.sessions": PEOPLE,
    "access.end_session": (303, 405, 405),
    "access.end_other_sessions": (303, 405, 405),
    "assets.static": ALL,
    "assets.theme": ALL,
    "healthz": ALL,
    "portal.act": NOTHING_DONE,
    "portal.begin": NOTHING_DONE,
    "portal.answers": NOTHING_DONE,
    "knowledge_base.home": OFF,
    "knowledge_base.rate": OFF,
    "portal.colleagues": NOTHING_DONE,  # nor are they shared
    "portal.home": CLIENTS,
    "portal.module": CLIENTS,
    "portal.listing": CLIENTS,
    "portal.certificate": NOTHING_DONE,
    "portal.detail": CLIENTS,
    "portal.document": CLIENTS,
    "portal.documents": CLIENTS,
    "portal.export": CLIENTS,
    "portal.file": CLIENTS,
    "portal.say": (303, 405, 303),
    "portal.search": CLIENTS,
    "staff.act": NOTHING_FOR_STAFF,
    "staff.begin": NOTHING_FOR_STAFF,
    "staff.certificate": NOTHING_FOR_STAFF,
    "staff.say": (303, 404, 405),
    "staff.several": NOTHING_FOR_STAFF,
    "staff.sharing": NOTHING_FOR_STAFF,
    "rest.act": (401, 405, 405),
    "rest.create": PROGRAMS,  # at the address of the list
    "rest.detail": PROGRAMS,
    "rest.edit": PROGRAMS,  # at the address of the record
    "rest.files": PROGRAMS,
    "rest.listing": PROGRAMS,
    "rest.messages": (401, 404, 404),  # invoices are not talked about
    "rest.openapi": PROGRAMS,
    "rest.say": (401, 404, 404),
    "rest.search": (401, 400, 400),  # for nothing
    "rest.token": PROGRAMS,
    "rest.upload": PROGRAMS,  # at the address of the files
}


@dataclass(frozen=True)
class Address:
    """One route with an example of it."""

    endpoint: str
    url: str
    methods: frozenset[str]
    policy: Policy


def _values(world: World) -> dict[str, Any]:
    made = world.one
    file_id, record_id = next((f, r) for f, r in made.files.items() if r == made.invoices["alpha"])
    return {
        "module": "invoices", "record_id": record_id, "file_id": file_id, "token": "never-given-out", "session_id": 1,
        "account_id": made.accounts["alpha"], "site_id": made.sites["a1"], "contact_id": made.people["whole"],
        "action": "nothing", "kind": "core.activation", "language": "en", "mail_id": _mail(world),
        "staff_id": made.staff, "reply_id": _reply(world), "segment_id": _segment(world),
    }  # fmt: skip


def _reply(world: World) -> int:
    """A reply that staff keep ready."""
    with world.writing() as session:
        session.add(reply := CannedReply(title="Thanks", body="Thank you."))
        session.flush()
        return reply.id


def _segment(world: World) -> int:
    """A segment of clients."""
    with world.writing() as session:
        return segment(session, f"Gold {token_hex(4)}").id


def _mail(world: World) -> int:
    """A mail of the outbox."""
    with world.writing() as session:
        return enqueue(session, "core.reset", contact_id=world.one.people["whole"]).id


def _example(world: World, rule: Rule, values: dict[str, Any]) -> dict[str, Any]:
    """Values for one rule's arguments. A new argument without an example is a KeyError, in the test."""
    found = {}
    for name in rule.arguments - set(rule.defaults or ()):
        if name == "path":
            found[name] = "postigo.css"
        elif name == "resource":
            staff_detail = rule.endpoint == "staff.detail"
            found[name] = "payment" if staff_detail else "invoice"
        else:
            found[name] = values[name]
    if found.get("resource") == "payment":
        found["record_id"] = world.one.payments["P-1"]
    return found


def addresses(world: World) -> Iterator[Address]:
    """Every route of the application. Staff pages share one policy; the others are named one by one."""
    values = _values(world)
    with world.app.test_request_context(base_url="http://one.localhost"):
        adapter = world.app.url_map.bind("one.localhost")
        for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
            of_staff = rule.endpoint.startswith("staff.") and rule.endpoint not in POLICIES
            policy = STAFF if of_staff else POLICIES[rule.endpoint]
            url = adapter.build(rule.endpoint, _example(world, rule, values))
            yield Address(rule.endpoint, url, frozenset(rule.methods or ()), policy)


def browsers(world: World) -> Iterator[tuple[str, Any]]:
    """A browser for each kind of viewer."""
    makers: dict[str, Callable[[], Any]] = {
        "visitor": world.visitor, "contact": lambda: world.contact("whole"), "staff": world.staff
    }  # fmt: skip
    for name in VIEWERS:
        yield name, makers[name]()
