"""What records that begin here are numbered by"""

import sqlalchemy as sa
from alembic import op

revision = "0007_numbers"
down_revision = "0006_given_by_whom"


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "counter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=90), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_counter_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_counter_tenant_id_name")),
        sqlite_autoincrement=True,
    )
