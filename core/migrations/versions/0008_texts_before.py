"""texts before"""

import sqlalchemy as sa
from alembic import op

revision = "0008_texts_before"
down_revision = "0007_numbers"


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "mail_text_before",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_mail_text_before_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text_before")),
        sa.UniqueConstraint("tenant_id", "kind", "language", name=op.f("uq_mail_text_before_tenant_id_kind_language")),
        sqlite_autoincrement=True,
    )
