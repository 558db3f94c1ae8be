"""Let the search find texts in Markdown by what a reader has of them"""

from alembic import op

revision = "0014_search_as_read"
down_revision = "0013_search_by_kind"


def upgrade() -> None:
    """Apply this revision. Entries are made anew after the upgrade: they had the words of where links lead."""
    op.execute("DELETE FROM search_entry")
