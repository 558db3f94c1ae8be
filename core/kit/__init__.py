"""The contract kit: what every module has to pass, checked on a world of its own with rows that could leak.

Authors meet `ModuleContract`, through `core.api`; the rest is how it does it."""
