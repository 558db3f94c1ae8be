"""Changes of the other modules' records, of what is for segments, and of links between records."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.crm.segments import SegmentAccount
from core.records.links import link, unlink
from plugins.assets.models import Work
from plugins.knowledge_base.models import Article
from plugins.projects.models import Milestone, Task
from tests.visibility.talking import nth
from tests.worlds.plenty import AUDIENCES, KINDS, add_record, audience
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World

#: parts that staff may keep to themselves
KEPT: tuple[Any, ...] = (Task, Milestone, Work)


def add(world: World, made: Tenancy, module: str, columns: Mapping[str, Any]) -> None:
    """A new record with its parts, a word and a file."""
    with world.writing(made.slug) as session:
        kind, names = KINDS[module], dict(made.records[module])
        add_record(session, world, made, module, "alpha_new", kind.states[0], True, columns)
        made.records[module] = names  # which the world, once it is put back, has again


def change(world: World, made: Tenancy, module: str, which: int, columns: Mapping[str, Any], state: int) -> None:
    """Give a record to somebody else, and set its state: of its states, the last is what clients do not see."""
    with world.writing(made.slug) as session:
        kind = KINDS[module]
        row = nth(session, kind.model, which)
        for name, value in columns.items():
            setattr(row, name, value)
        states = (*kind.states, "draft" if module != "assets" else kind.states[0])
        setattr(row, kind.state, states[state % len(states)])
        row.published = state % len(states) < len(kind.states)


def publish_part(world: World, made: Tenancy, kind: int, which: int, published: bool) -> None:
    """Show a part of a record to clients, or keep it among staff."""
    with world.writing(made.slug) as session:
        nth(session, KEPT[kind % len(KEPT)], which).published = published


def change_article(world: World, made: Tenancy, which: int, meant: int, state: str) -> None:
    """Write an article for others, and give it out or take it back."""
    with world.writing(made.slug) as session:
        row = nth(session, Article, which)
        row.audience = audience(made, AUDIENCES[meant % len(AUDIENCES)])
        row.state, row.published = state, state == "published"


def join(world: World, made: Tenancy, segment: str, account: str, is_in: bool) -> None:
    """Put an account into a segment, or take it out."""
    with world.writing(made.slug) as session:
        ids = {"segment_id": made.segments[segment], "account_id": made.accounts[account]}
        found = session.scalars(select(SegmentAccount).filter_by(**ids)).first()
        if is_in and found is None:
            session.add(SegmentAccount(**ids))
        elif not is_in and found is not None:
            session.delete(found)


def tie_records(world: World, made: Tenancy, ends: tuple[str, str], which: tuple[int, int], on: bool) -> None:
    """Link two records of any modules, or take their link away."""
    with world.writing(made.slug) as session:
        rows = [nth(session, KINDS[module].model, n) for module, n in zip(ends, which, strict=True)]
        if rows[0].id != rows[1].id:
            (link if on else unlink)(session, *rows, "about")
