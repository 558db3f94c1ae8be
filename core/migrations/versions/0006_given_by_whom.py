"""given by whom"""

import sqlalchemy as sa
from alembic import op

revision = "0006_given_by_whom"
down_revision = "0005_ways_in"


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("record_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("of_colleague", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column("by_contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("by_name", sa.String(length=250), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_record_grant_by_contact_id"), ["by_contact_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_record_grant_by_contact_id"), "contact", ["by_contact_id"], ["id"], ondelete="SET NULL"
        )
