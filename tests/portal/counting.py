"""Counts the statements that a request sends to its database, as the contract kit does."""

from core.kit.statements import statements

__all__ = ["statements"]
