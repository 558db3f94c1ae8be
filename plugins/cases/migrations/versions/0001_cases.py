"""cases"""

import sqlalchemy as sa
from alembic import op

revision = "0001_cases"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "cases_case",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("active_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_cases_case_account_id")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff.id"], name=op.f("fk_cases_case_assignee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_cases_case_contact_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_cases_case_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cases_case_site_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_cases_case_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases_case")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("cases_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cases_case_tenant_id_active_at_id"), ["tenant_id", "active_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_cases_case_tenant_id_assignee_id_state"), ["tenant_id", "assignee_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_cases_case_tenant_id_contact_id_active_at_id"),
            ["tenant_id", "contact_id", "active_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_cases_case_tenant_id_owner_published_active_at_id"),
            ["tenant_id", "owner", "published", "active_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_cases_case_tenant_id_site_id_active_at_id"),
            ["tenant_id", "site_id", "active_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_cases_case_tenant_id_state_active_at_id"),
            ["tenant_id", "state", "active_at", "id"],
            unique=False,
        )
