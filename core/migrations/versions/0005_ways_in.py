"""ways in"""

import sqlalchemy as sa
from alembic import op

revision = "0005_ways_in"
down_revision = "0004_mails_messages_grants"


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "access_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_access_request_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("activation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email_hash", sa.String(length=64), server_default="", nullable=False))
