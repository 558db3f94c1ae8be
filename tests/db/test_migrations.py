
from core.db.engine import make_engine
from core.db.migrations import pending
from core.modules.registry import Registry
from tests.databases import Database
from tools.revision import differences, load_models


def test_models_and_migrations_agree(database: Database) -> None:
    load_models()
    engine = make_engine(database.owner_url, guarded=False)
    assert differences(engine, Registry(), "core") == []
    assert pending(engine, Registry()) == []
    engine.dispose()
