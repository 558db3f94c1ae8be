"""Answers to what was offered: written, told of, and shown to whoever has to prove them."""
