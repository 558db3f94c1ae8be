"""The module's migrations: they make what its models say, give no id twice, can run again, need no other module, and
keep what is there."""

from core.db.compare import missing_steps, tables_giving_ids_twice
from core.db.engine import make_engine
from core.db.migrations import pending, upgrade
from core.kit.carried import carried
from core.kit.world import World
from core.modules.registry import Registry


def migrations(world: World) -> list[str]:
    """Complaints of the migrations, which have run once on an empty database and are run again here."""
    name, address = world.name, world.address
    complaints = []
    engine = make_engine(address.owner_url, guarded=False)
    try:
        if steps := missing_steps(engine, world.registry, name):
            complaints.append(f"The migrations of {name!r} do not make what its models say. What is missing:\n{steps}")
        if twice := [table for table in tables_giving_ids_twice(engine) if table.startswith(f"{name}_")]:
            complaints.append(
                f"The migrations of {name!r} make tables that give ids of deleted rows again: {', '.join(twice)}; say"
                ' sqlite_autoincrement=True in create_table, and table_kwargs={"sqlite_autoincrement": True} in a batch'
            )
        alone = Registry()
        alone.modules[name] = world.module
        for registry, what in ((world.registry, "run again"), (alone, "run without the other modules")):
            complaints += [
                f"The migrations fail when they {what}: {f.message}" for f in upgrade(engine, registry, address.role)
            ]
            if name in pending(engine, registry):
                complaints.append(f"The migrations of {name!r} never come to an end")
    finally:
        engine.dispose()
    return complaints + carried(world.module)
