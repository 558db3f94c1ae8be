"""The seeded world, for the tests of this folder."""

from tests.worlds.fixtures import world

__all__ = ["world"]
