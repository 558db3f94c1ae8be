"""Ids of files and grants are given once on SQLite, as those of all else: 0004 and 0006 remade their tables, and what a
table is remade without is that word."""

from alembic import op

revision = "0015_no_id_twice"
down_revision = "0014_search_as_read"


def upgrade() -> None:
    """Apply this revision."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in ("file", "record_grant"):
        with op.batch_alter_table(name, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
