"""Sums out of the indexes"""

from alembic import op

revision = "0003_sums_out_of_the_indexes"
down_revision = "0002_what_clients_see_in_the_"


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("invoices_allocation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_invoices_allocation_sums", ["parent_id", "currency", "amount", "paid_on", "tenant_id"], unique=False
        )

    with op.batch_alter_table("invoices_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoices_invoice_tenant_id_owner_published_issued_on_id"))
        batch_op.drop_index(batch_op.f("ix_invoices_invoice_tenant_id_owner_status"))
        batch_op.create_index(
            "ix_invoices_invoice_listed",
            ["tenant_id", "owner", "published", "issued_on", "id", "status", "currency", "total"],
            unique=False,
        )
        batch_op.create_index(
            "ix_invoices_invoice_open",
            ["tenant_id", "owner", "status", "published", "currency", "due_on", "total"],
            unique=False,
        )
