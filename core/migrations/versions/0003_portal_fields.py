"""portal fields"""

import sqlalchemy as sa
from alembic import op

revision = "0003_portal_fields"
down_revision = "0002_who_comes_in"


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "field_settings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_field_settings_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_settings")),
        sa.UniqueConstraint(
            "tenant_id", "module", "resource", name=op.f("uq_field_settings_tenant_id_module_resource")
        ),
        sqlite_autoincrement=True,
    )
