"""invoices"""

import sqlalchemy as sa
from alembic import op

revision = "0001_invoices"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "invoices_payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_invoices_payment_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices_payment")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invoices_payment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invoices_payment_tenant_id_paid_on_id"), ["tenant_id", "paid_on", "id"], unique=False
        )

    op.create_table(
        "invoices_invoice",
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("local_tax_1", sa.BigInteger(), nullable=False),
        sa.Column("local_tax_2", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("status <> 'draft' OR NOT published", name=op.f("ck_invoices_invoice_draft_unpublished")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invoices_invoice_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_invoices_invoice_contact_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["invoices_invoice.id"], name=op.f("fk_invoices_invoice_corrects_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_invoices_invoice_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_invoices_invoice_site_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_invoices_invoice_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices_invoice")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invoices_invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoices_invoice_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invoices_invoice_tenant_id_contact_id_issued_on_id"),
            ["tenant_id", "contact_id", "issued_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_invoice_tenant_id_owner_issued_on_id"),
            ["tenant_id", "owner", "issued_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_invoice_tenant_id_owner_status"), ["tenant_id", "owner", "status"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_invoice_tenant_id_site_id_issued_on_id"),
            ["tenant_id", "site_id", "issued_on", "id"],
            unique=False,
        )

    op.create_table(
        "invoices_allocation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["invoices_invoice.id"], name=op.f("fk_invoices_allocation_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["invoices_payment.id"], name=op.f("fk_invoices_allocation_payment_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_invoices_allocation_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices_allocation")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invoices_allocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoices_allocation_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoices_allocation_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "invoices_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["invoices_invoice.id"], name=op.f("fk_invoices_line_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_invoices_line_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices_line")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invoices_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoices_line_parent_id"), ["parent_id"], unique=False)
