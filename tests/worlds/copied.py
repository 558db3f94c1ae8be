"""Worlds that are made once for all tests of a process, on each kind of database, and copied: to fill one takes a
hundred times as long."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.worlds.snapshot import analyse
from tests.worlds.world import World, bare, seed_all

Databases = SqliteDatabases | PostgresDatabases
Fill = Callable[[World], World]


@contextmanager
def copied(databases: Databases, homes: Callable[[str], Path], *fills: Fill) -> Iterator[World]:
    """The seeded world, with what each of `fills` adds to it; who changes it changes a copy. `homes` makes folders."""
    name = " ".join(["seeded", *(fill.__qualname__ for fill in fills)])
    if name not in databases.filled:
        database, home = databases.to_copy(), homes("filled")
        with bare(database, home) as world:
            seed_all(world)
            for fill in fills:
                fill(world)
        analyse(database)
        databases.filled[name] = database, home, world.tenancies
    database, home, tenancies = databases.filled[name]
    shutil.copytree(home, mine := homes("home"), dirs_exist_ok=True)
    with databases.copy(database) as copy, bare(copy, mine) as world:
        world.tenancies = deepcopy(tenancies)
        yield world
