"""Segments of accounts, and which records are for which of them"""

import sqlalchemy as sa
from alembic import op

revision = "0010_segments"
down_revision = "0009_links"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "segment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_segment_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_segment_tenant_id_name")),
        sqlite_autoincrement=True,
    )
    _members("segment_account", "account_id", "account", "CASCADE")
    _members("record_segment", "record_id", "record", None)


def _members(table: str, column: str, of: str, segment_gone: str | None) -> None:
    """Which rows are in, or for, a segment."""
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("segment_id", _ID, nullable=False),
        sa.Column(column, _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f(f"fk_{table}_segment_id"), ondelete=segment_gone
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sqlite_autoincrement=True,
    )
    unique = {"segment_account": ["account_id", "segment_id"], "record_segment": ["segment_id", "record_id"]}[table]
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(f"uq_{table}_{'_'.join(unique)}", unique, unique=True)
        batch_op.create_index(batch_op.f(f"ix_{table}_{unique[1]}"), [unique[1]], unique=False)
