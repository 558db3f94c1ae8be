"""projects"""

import sqlalchemy as sa
from alembic import op

revision = "0001_projects"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "projects_project",
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("stated_progress", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("status <> 'draft' OR NOT published", name=op.f("ck_projects_project_draft_unpublished")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_projects_project_account_id")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff.id"], name=op.f("fk_projects_project_assignee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_projects_project_contact_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_projects_project_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_projects_project_site_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_projects_project_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects_project")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("projects_project", schema=None) as batch_op:
        batch_op.create_index(
            "ix_projects_project_listed", ["tenant_id", "owner", "published", "starts_on", "id", "status"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_projects_project_tenant_id_assignee_id_status"),
            ["tenant_id", "assignee_id", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_projects_project_tenant_id_contact_id_starts_on_id"),
            ["tenant_id", "contact_id", "starts_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_projects_project_tenant_id_site_id_starts_on_id"),
            ["tenant_id", "site_id", "starts_on", "id"],
            unique=False,
        )

    op.create_table(
        "projects_milestone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["projects_project.id"], name=op.f("fk_projects_milestone_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_projects_milestone_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects_milestone")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("projects_milestone", schema=None) as batch_op:
        batch_op.create_index("ix_projects_milestone_due", ["parent_id", "due_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_milestone_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "projects_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("planned_hours", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["projects_project.id"], name=op.f("fk_projects_task_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_projects_task_tenant_id")),
        sa.ForeignKeyConstraint(
            ["within_id"], ["projects_task.id"], name=op.f("fk_projects_task_within_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects_task")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("projects_task", schema=None) as batch_op:
        batch_op.create_index("ix_projects_task_ordered", ["parent_id", "position", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_task_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_task_within_id"), ["within_id"], unique=False)
