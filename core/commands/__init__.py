"""The commands that work on an installation's data: each opens the session that it needs, and calls the room that
does the work."""
