"""assets"""

import sqlalchemy as sa
from alembic import op

revision = "0001_assets"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "assets_asset",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("maker", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("serial_number", sa.String(length=120), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assets_asset_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_assets_asset_contact_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_assets_asset_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_assets_asset_site_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_assets_asset_tenant_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["assets_asset.id"], name=op.f("fk_assets_asset_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets_asset")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("assets_asset", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assets_asset_listed",
            ["tenant_id", "owner", "published", "number", "id", "kind", "state", "installed_on", "warranty_until"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_assets_asset_tenant_id_contact_id_number_id"),
            ["tenant_id", "contact_id", "number", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_assets_asset_tenant_id_owner_published_state_number_id"),
            ["tenant_id", "owner", "published", "state", "number", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_assets_asset_tenant_id_owner_published_warranty_until_id"),
            ["tenant_id", "owner", "published", "warranty_until", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_assets_asset_tenant_id_site_id_number_id"),
            ["tenant_id", "site_id", "number", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_assets_asset_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assets_work",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_whom", sa.String(length=120), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["assets_asset.id"], name=op.f("fk_assets_work_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_assets_work_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets_work")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("assets_work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assets_work_parent_id"), ["parent_id"], unique=False)
