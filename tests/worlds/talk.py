"""Cases of every ownership, with what is said on them, files, and grants: added to a seeded world."""

from core.conversations.models import Message
from core.db.grant import Grant
from core.db.session import WalledSession
from core.files.models import File
from core.files.storage import attach
from core.modules.switches import set_switch
from plugins.cases.models import Case
from tests.worlds.seed import owners
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World

STATES = ("open", "in_progress", "waiting", "closed")
#: case -> to whom it is granted (an account or a contact), and whether by a colleague
GRANTS: tuple[tuple[str, str, bool], ...] = (
    ("gamma", "whole", False), ("gamma", "ended", False), ("g1", "alpha", False), ("beta", "nobodys", False),
    ("deep", "beta", False), ("alpha", "site", True), ("alpha", "nobodys", True), ("a1", "two_sites", True),
    ("north", "deep", False), ("only_whole", "child", False), ("b1_hidden", "whole", False), ("b1", "mixed", True),
    ("nobody", "site", False), ("n1", "family", True), ("b2", "outsider", True), ("only_ended", "gamma", False),
)  # fmt: skip


def talk(world: World) -> World:
    """The world, with cases on in both tenants."""
    for made in world.tenancies.values():
        with world.writing(made.slug) as session:
            set_switch(session, world.registry, "cases", "tenant", made.id, True)
            for n, (name, owner) in enumerate(owners(made)):
                _case(session, world, made, name, n, published=True, **owner)
                if n % 3 == 0:
                    _case(session, world, made, f"{name}_hidden", n, published=False, **owner)
            for case, to, of_colleague in GRANTS:
                session.add(Grant(parent_id=made.cases[case], of_colleague=of_colleague, name=to, **grantee(made, to)))
    return world


def grantee(made: Tenancy, name: str) -> dict[str, int]:
    """The columns of a grant to an account or a contact of that name."""
    return {"contact_id": made.people[name]} if name in made.people else {"account_id": made.accounts[name]}


def words(message_id: int, record_id: int) -> str:
    """What a message says: a word that is found nowhere else."""
    return f"word-{message_id}-of-{record_id}"


def say(session: WalledSession, record_id: int, published: bool) -> int:
    """Say something that is found again, without telling anybody."""
    message = Message(parent_id=record_id, published=published, author_name="Somebody")
    session.add(message)
    session.flush()
    message.body = words(message.id, record_id)
    return message.id


def _case(
    session: WalledSession, world: World, made: Tenancy, name: str, n: int, published: bool, **owner: int
) -> None:
    case = Case(
        number=f"C-{made.slug}-{name}", subject=f"{made.slug} {name}", description=f"about {made.slug} {name}",
        state=STATES[n % 4], published=published, **owner,
    )  # fmt: skip
    session.add(case)
    session.flush()
    made.cases[name] = case.id
    for k in range(n % 3):
        say(session, case.id, published=(n + k) % 2 == 0)
    if n % 2 == 0:
        file: File = attach(session, world.store, case.id, "plan.txt", f"plan of {name}".encode(), "text/plain")
        file.published = n % 4 == 0
        made.files[file.id] = case.id
