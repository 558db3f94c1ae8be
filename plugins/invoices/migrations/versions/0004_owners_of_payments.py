"""Owners of payments"""

import sqlalchemy as sa
from alembic import op

revision = "0004_owners_of_payments"
down_revision = "0003_sums_out_of_the_indexes"


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("invoices_allocation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner", sa.BigInteger(), nullable=True))

    op.execute(
        "UPDATE invoices_allocation SET owner = "
        "(SELECT owner FROM invoices_invoice WHERE invoices_invoice.id = invoices_allocation.parent_id)"
    )

    with op.batch_alter_table("invoices_allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoices_allocation_sums"))
        batch_op.create_index(
            "ix_invoices_allocation_sums",
            ["parent_id", "currency", "amount", "paid_on", "tenant_id", "owner"],
            unique=False,
        )
        batch_op.create_index(
            "ix_invoices_allocation_mine", ["owner", "parent_id", "currency", "amount", "tenant_id"], unique=False
        )
        batch_op.create_index(
            "ix_invoices_allocation_paid",
            ["owner", "paid_on", "parent_id", "currency", "amount", "tenant_id"],
            unique=False,
        )

    with op.batch_alter_table("invoices_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoices_invoice_listed"))
        batch_op.create_index(
            "ix_invoices_invoice_listed",
            [
                "tenant_id",
                "owner",
                "published",
                "issued_on",
                "id",
                "status",
                "currency",
                "total",
                "due_on",
                "kind",
                "number",
            ],
            unique=False,
        )
