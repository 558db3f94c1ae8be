"""Links between two records"""

import sqlalchemy as sa
from alembic import op

revision = "0009_links"
down_revision = "0008_texts_before"


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "record_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["record.id"], name=op.f("fk_record_link_from_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_record_link_tenant_id")),
        sa.ForeignKeyConstraint(["to_id"], ["record.id"], name=op.f("fk_record_link_to_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_link")),
        sa.UniqueConstraint("from_id", "to_id", "kind", name=op.f("uq_record_link_from_id_to_id_kind")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("record_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_link_to_id"), ["to_id"], unique=False)
