"""No index in the order of lists without whose the cases are: SQLite walked along it through those of everybody"""

from alembic import op

revision = "0003_no_order_without_an_owne"
down_revision = "0002_what_is_open_of_an_accou"


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("cases_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_case_tenant_id_active_at_id"))
        batch_op.drop_index(batch_op.f("ix_cases_case_tenant_id_state_active_at_id"))
