"""What was in the index before a release is found after it as if that release had written it."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core.db import migrations
from core.db.engine import make_engine
from core.db.entry import SearchEntry, entry_of, kind_of_class, term_of, write_entries
from core.db.migrations import CORE, History
from core.modules.switches import set_switch
from core.upgrade import bring_up_to_date
from plugins.knowledge_base.models import PUBLISHED, Article
from tests.search.asking import ids
from tests.worlds.world import World

HERE = Path(migrations.__file__).parents[1] / "migrations" / "versions"
#: the release, and the one before it
BEFORE, AFTER = "0013_search_by_kind", "0014_search_as_read"


@pytest.fixture
def before(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, whose database says that it is of the release before, with the migrations until that release."""
    (tmp_path / "versions").mkdir()
    for file in HERE.glob("*.py"):
        if file.stem <= AFTER:
            shutil.copy(file, tmp_path / "versions")
    monkeypatch.setattr(migrations, "histories", lambda registry: [History(CORE, tmp_path)])
    owning = make_engine(world.database.owner_url, guarded=False)
    with owning.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": BEFORE})
    owning.dispose()
    return world


def article(world: World, slug: str) -> int:
    """An article for all, which stands in the index as it did before: found by where its link leads, too."""
    with world.writing(slug) as session:
        set_switch(session, world.registry, "knowledge_base", "tenant", world.tenancies[slug].id, True)
        row = Article(title="quartz", next_title="quartz", body="See [gypsum](article:feldspar.md).", audience="all",
                      state=PUBLISHED, published=True, language="en")  # fmt: skip
        session.add(row)
        session.flush()
        entry = entry_of(Article, {column.key: getattr(row, column.key) for column in Article.__table__.columns})
        where = term_of(kind_of_class(Article), "body", "feldspar")
        write_entries(session, [{**entry, "terms": [*entry["terms"], where]}])
        return row.id


def entries(world: World, slug: str) -> set[int]:
    """The records of a tenant that have an entry."""
    with world.writing(slug) as session:
        return set(session.scalars(select(SearchEntry.id)))


def test_the_index_is_made_anew_of_all_tenants_rows_by_what_a_reader_has_of_them(before: World) -> None:
    written = {slug: article(before, slug) for slug in ("one", "two")}
    there = {slug: entries(before, slug) for slug in written}
    assert all(len(found) > 10 for found in there.values())
    for slug, record_id in written.items():
        assert ids(before, "whole", "feldspar", slug) == [record_id], "as it was before"
    assert bring_up_to_date(before.settings, before.registry) == []
    for slug, record_id in written.items():
        assert ids(before, "whole", "feldspar", slug) == []
        assert ids(before, "whole", "gypsum", slug) == [record_id]
        assert entries(before, slug) == there[slug], "every record is found again"
    owning = make_engine(before.database.owner_url, guarded=False)
    with owning.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == AFTER
    owning.dispose()
