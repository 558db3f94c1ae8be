"""What is open of an account, without reading those of all its years"""

from alembic import op

revision = "0002_what_is_open_of_an_accou"
down_revision = "0001_cases"


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("cases_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cases_case_tenant_id_owner_published_state"),
            ["tenant_id", "owner", "published", "state"],
            unique=False,
        )
