"""knowledge base"""

import sqlalchemy as sa
from alembic import op

revision = "0001_knowledge_base"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "knowledge_base_category",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=400), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_knowledge_base_category_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_knowledge_base_category_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_base_category")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("knowledge_base_category", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_knowledge_base_category_tenant_id_position_id"),
            ["tenant_id", "position", "id"],
            unique=False,
        )

    op.create_table(
        "knowledge_base_article",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("next_title", sa.String(length=200), nullable=False),
        sa.Column("next_body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("not_helped", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=400), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["knowledge_base_category.id"],
            name=op.f("fk_knowledge_base_article_category_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_knowledge_base_article_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_knowledge_base_article_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_base_article")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("knowledge_base_article", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_knowledge_base_article_tenant_id_category_id_title"),
            ["tenant_id", "category_id", "title"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_knowledge_base_article_tenant_id_key"), ["tenant_id", "key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_knowledge_base_article_tenant_id_published_at_id"),
            ["tenant_id", "published_at", "id"],
            unique=False,
        )

    op.create_table(
        "knowledge_base_feedback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["knowledge_base_article.id"],
            name=op.f("fk_knowledge_base_feedback_article_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_knowledge_base_feedback_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_knowledge_base_feedback_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_base_feedback")),
        sa.UniqueConstraint(
            "article_id", "contact_id", "edition", name=op.f("uq_knowledge_base_feedback_article_id_contact_id_edition")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("knowledge_base_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_knowledge_base_feedback_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_knowledge_base_feedback_tenant_id_article_id_said_at"),
            ["tenant_id", "article_id", "said_at"],
            unique=False,
        )

    op.create_table(
        "knowledge_base_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff.id"], name=op.f("fk_knowledge_base_revision_assignee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["knowledge_base_article.id"],
            name=op.f("fk_knowledge_base_revision_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_knowledge_base_revision_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_base_revision")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("knowledge_base_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_knowledge_base_revision_parent_id"), ["parent_id"], unique=False)
