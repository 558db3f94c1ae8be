"""What clients see stands in the index"""

from alembic import op

revision = "0002_what_clients_see_in_the_"
down_revision = "0001_invoices"


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("invoices_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoices_invoice_tenant_id_owner_issued_on_id"))
        batch_op.create_index(
            batch_op.f("ix_invoices_invoice_tenant_id_owner_published_issued_on_id"),
            ["tenant_id", "owner", "published", "issued_on", "id"],
            unique=False,
        )
