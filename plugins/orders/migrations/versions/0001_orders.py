"""orders"""

import sqlalchemy as sa
from alembic import op

revision = "0001_orders"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "orders_order",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("deliver_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("shipping", sa.String(length=200), nullable=False),
        sa.Column("local_tax_1", sa.BigInteger(), nullable=False),
        sa.Column("local_tax_2", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status <> 'draft' OR NOT published", name=op.f("ck_orders_order_draft_unpublished")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_orders_order_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_orders_order_contact_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_orders_order_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_orders_order_site_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_orders_order_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders_order")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("orders_order", schema=None) as batch_op:
        batch_op.create_index(
            "ix_orders_order_listed", ["tenant_id", "owner", "published", "ordered_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_orders_order_tenant_id_contact_id_ordered_on_id"),
            ["tenant_id", "contact_id", "ordered_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_orders_order_tenant_id_site_id_ordered_on_id"),
            ["tenant_id", "site_id", "ordered_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_orders_order_under_way", ["tenant_id", "owner", "status", "published", "deliver_on"], unique=False
        )

    op.create_table(
        "orders_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("discount", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["orders_order.id"], name=op.f("fk_orders_line_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_orders_line_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders_line")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("orders_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_line_parent_id"), ["parent_id"], unique=False)
