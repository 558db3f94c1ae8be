"""Staff of one tenant, with ids of the other in every place of an address and of a form: nonsense, and
nothing of the other tenant's changes."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from core.conversations.models import CannedReply
from core.crm.models import Membership
from core.db.grant import Grant
from core.kit.crm import segment
from core.outbox.enqueue import enqueue
from tests.visibility.test_links import NONSENSE, answer
from tests.worlds.snapshot import Rows, Snapshot, connect
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import Browser, World

#: what the forms of the staff's pages do, each by its name; without one, they save what was typed
ACTS = ("switch", "fields", "activation", "end_sessions", "add_membership", "remove_membership", "remove", "")
ACTS += ("again", "arrived", "insert", "mail")
#: tables of which nothing may change for another tenant
TABLES = ("account", "site", "contact", "membership", "staff", "switch", "module_scope", "record", "file", "mail")
TABLES += ("invoices_invoice", "cases_case", "message", "record_grant", "canned_reply")
#: fields of forms that take an id, each with what the form does then
FIELDS: dict[str, tuple[str, ...]] = {
    "account": ("add_membership", ""), "parent": ("",), "site": ("add_membership", ""),
    "membership": ("remove_membership",), "contact": ("",), "grant": ("remove",), "id": ("",), "canned": ("insert",),
    "assignee_id": ("",),
}  # fmt: skip


def ids(world: World, made: Tenancy) -> dict[str, int]:
    """An id of one tenant's for each argument of an address, and for each field of a form that takes one."""
    file_id, record_id = next((f, r) for f, r in made.files.items() if r == made.cases["beta"])
    account, contact = made.accounts["alpha"], made.people["whole"]
    with world.writing(made.slug) as session:
        membership = session.scalars(select(Membership.id).where(Membership.contact_id == contact)).one()
        grant = session.scalars(select(Grant.id).where(Grant.parent_id == record_id)).one()
        mail, reply = enqueue(session, "core.trial", staff_id=made.staff), CannedReply(title="Hello", body="Hello")
        session.add(reply)
        session.flush()
        made_now = {"mail_id": mail.id, "reply_id": reply.id, "segment_id": segment(session, f"Gold {mail.id}").id}
    arguments = {"account_id": account, "site_id": made.sites["a1"], "contact_id": contact, "record_id": record_id}
    arguments |= {"staff_id": made.staff, "file_id": file_id, **made_now}
    fields = (account, account, made.sites["a1"], membership, contact, grant, record_id, reply.id, made.staff)
    return {**arguments, **dict(zip(FIELDS, fields, strict=True))}


def routes(world: World) -> Iterator[tuple[Rule, set[str]]]:
    """Every address of the staff's, and the names of the ids in it."""
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint.startswith("staff."):
            yield rule, {name for name in rule.arguments if name.endswith("_id")}


def url(world: World, rule: Rule, values: dict[str, Any]) -> str:
    """One address, with these values for its arguments."""
    given = {
        "module": "cases",
        "resource": "case",
        "action": "assign",
        "kind": "core.reply",
        "language": "es",
        **values,
    }
    wanted = rule.arguments - set(rule.defaults or ())
    return world.app.url_map.bind("one.localhost").build(rule.endpoint, {name: given[name] for name in wanted})


def token(browser: Browser) -> str:
    """The form token of a page."""
    page = browser.get("/sessions/").get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def of_the_other(world: World) -> Rows:
    """All rows of the other tenant."""
    found = {}
    connection = connect(world.database)
    for name in TABLES:
        found[name] = [
            tuple(r) for r in connection.execute(f"SELECT * FROM {name} WHERE tenant_id = {world.two.id} ORDER BY id")
        ]
    connection.close()
    return found


@pytest.fixture(scope="module")
def staff(world: World) -> Browser:
    """A staff user of the first tenant."""
    world.sign_everybody_in()
    return world.staff()


def test_an_id_of_the_other_tenant_anywhere_in_an_address_is_nonsense(world: World, staff: Browser) -> None:
    own, other, asked = ids(world, world.one), ids(world, world.two), 0
    for rule, names in routes(world):
        if "GET" not in (rule.methods or ()):
            continue
        for name in names:
            theirs = answer(staff, url(world, rule, {**own, name: other[name]}))
            nothing = answer(staff, url(world, rule, {**own, name: int(NONSENSE)}))
            assert theirs == nothing, (rule, name)
            assert theirs[0] == 404, (rule, name)
            asked += 1
    assert asked > 12


def test_nothing_is_written_to_an_id_of_the_other_tenant(world: World, staff: Browser) -> None:
    own, other = ids(world, world.one), ids(world, world.two)
    before = of_the_other(world)
    sent = {"csrf_token": token(staff), "version": "1", "name": "Taken", "first_name": "Taken"}
    for rule, names in routes(world):
        if "POST" not in (rule.methods or ()):
            continue
        for do in ACTS:
            form = {**sent, "do": do, "module": "cases", "body": "x", "choice": "off", "portal_user": "y"}
            for name in names:
                target = url(world, rule, {**own, name: other[name]})
                assert staff.post(target, data=form).status_code == 404, (target, do)
    assert of_the_other(world) == before


@pytest.mark.parametrize("field", FIELDS)
def test_an_id_of_the_other_tenant_in_a_form_is_nonsense(world: World, staff: Browser, field: str) -> None:
    own, other = ids(world, world.one), ids(world, world.two)
    base = Snapshot(world)
    before = of_the_other(world)
    sent = {"csrf_token": token(staff), "version": "1", "name": "Mine", "first_name": "Mine"}
    for rule, _ in routes(world):
        if "POST" not in (rule.methods or ()):
            continue
        for do in FIELDS[field]:
            form = {**sent, "do": do, "module": "cases", "body": "x", "choice": "off"}
            target = url(world, rule, own)
            theirs = staff.post(target, data={**form, field: str(other[field])}).status_code
            if theirs == 303:
                base.restore()  # something of their own was saved, and is of another version since
            nothing = staff.post(target, data={**form, field: NONSENSE}).status_code
            assert theirs == nothing, (target, do)
            assert theirs < 500, (target, do)
        base.restore()
    assert of_the_other(world) == before
