"""Worlds that tests look at: built through the product's own sessions, told apart by name."""
