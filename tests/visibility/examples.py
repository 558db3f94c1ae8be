"""Records of one client that have all that an address may name: with a file, and with an answer that waits, or was
accepted."""

from dataclasses import dataclass
from typing import Any

from core.files.storage import attach
from plugins.contracts.models import Contract
from plugins.quotes.models import Quote
from tests.petitions.acting import send
from tests.visibility.sweep import MODULES
from tests.worlds.plenty import KINDS
from tests.worlds.world import World

#: who reaches them all
A = "two_accounts"
#: the classes that clients answer, each with the state in which they may
_ANSWERED: dict[str, tuple[Any, str]] = {"quotes": (Quote, "sent"), "contracts": (Contract, "offered")}


@dataclass(frozen=True)
class Example:
    """A record by its module, its resource and its id, and a file of its; the actions that an address may name."""

    module: str
    resource: str
    record: int
    file: int
    actions: tuple[str, ...]


def examples(world: World, slug: str = "one") -> list[Example]:
    """One record of each module's, at an account of A's and theirs alone, and of what is answered a second that A has
    accepted. Where a module has no action for clients, its addresses name one of the staff's."""
    made = world.tenancies[slug]
    records = {"cases": made.cases["outsider_at_beta"], "invoices": made.invoices["b1"]}
    records |= {module: made.records[module]["two_accounts_at_beta"] for module in KINDS}
    records["knowledge_base"] = made.records["knowledge_base"]["published_2"]
    accepted = {module: made.records[module]["mixed_at_b2"] for module in _ANSWERED}
    for module, (model, state) in _ANSWERED.items():
        with world.writing(slug) as session:
            for record_id in (records[module], accepted[module]):
                row = session.get_one(model, record_id)
                row.status, row.published = state, True
        answer = send(world.contact(A, slug), f"/portal/{module}/{accepted[module]}/do/accept", {"a_signer": "A B"})
        assert answer.status_code == 303, answer.text
    names = {each.module: each.resource for each in MODULES}
    return [
        Example(module, names[module], record, _file(world, slug, record), _actions(world, module, names[module]))
        for module, record in (*records.items(), *accepted.items())
    ]


def _file(world: World, slug: str, record_id: int) -> int:
    """A file of a record, which is no paper: of what is accepted, there is one paper alone."""
    with world.writing(slug) as session:
        return attach(session, world.store, record_id, "notes.txt", b"of %d" % record_id, "text/plain").id


def _actions(world: World, module: str, name: str) -> tuple[str, ...]:
    resource = world.registry.resource(module, name)
    assert resource is not None
    on_records = [action for action in resource.actions if not action.creates]
    theirs = [action.name for action in on_records if "contact" in action.by]
    return tuple(theirs or [on_records[0].name] if on_records else ["none"])
